"""Interest on what is late, billed by an STRD; and bills that the office gives up by decree."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.retribution.claims.interest import interest_on, percent_text
from sijinak.retribution.claims.models import WriteOff
from sijinak.retribution.claims.queries import (
    days_in_question,
    interest_due,
    interest_until,
    is_being_paid,
    months_due,
    waiting_write_off,
    write_off_for_update,
)
from sijinak.retribution.models import BillKind, Skrd, SkrdLine, SkrdState
from sijinak.retribution.policy import policy
from sijinak.retribution.queries import open_strds_of, skrd_for_update
from sijinak.retribution.services import (
    enter_bill,
    withdraw_bill,
    write_off_bill,
)

# Papers of law are in Indonesian.
BASIS = "PP 35/2023 (bunga atas retribusi yang terlambat dibayar)"
REPLACED = "Diganti STRD yang lebih baru"


class NothingLate(Invalid):
    """No month of delay, or its interest is paid. Facts: ``number``."""

    code = "nothing-late"


class StrdStands(Conflict):
    """The open one says the same. Facts: ``number``."""

    code = "strd-stands"


class WriteOffWaits(Conflict):
    """Somebody asked for it before. Facts: ``number``."""

    code = "write-off-waits"


class WriteOffEnded(Conflict):
    code = "write-off-ended"


class OwnWriteOff(Forbidden):
    """Four eyes: another person approves it."""

    code = "own-write-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStrd:
    id: UUID = field(default_factory=uuid7)
    skrd_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SquareInterest:
    id: UUID = field(default_factory=uuid7)
    skrd_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeWriteOff:
    id: UUID = field(default_factory=uuid7)
    skrd_id: UUID
    decree: str
    decree_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveWriteOff:
    id: UUID = field(default_factory=uuid7)
    write_off_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseWriteOff:
    id: UUID = field(default_factory=uuid7)
    write_off_id: UUID
    reason: str


def issue_strd(command: IssueStrd, *, by: Actor) -> Skrd:
    """Bill the interest to this day, or to the one on which the late bill was paid.

    Raises NothingLate, StrdStands.
    """
    late = skrd_for_update(command.skrd_id)
    require(by, Permission.SKRD_ISSUE, region=late.region)
    if not first_time(command, by=by):
        return db.session.get_one(Skrd, command.id)
    if not interest_due(late, interest_until(late)):
        raise NothingLate(number=late.number)
    strd = _claim(command.id, late, by=by)
    if strd is None:
        raise StrdStands(number=late.number)
    return strd


def square_interest(command: SquareInterest, *, by: Actor) -> Skrd | None:
    """An SKRD was paid: bill what the delay comes to. None when nothing is left to bill."""
    late = skrd_for_update(command.skrd_id)
    require(by, Permission.SKRD_ISSUE, region=late.region)
    if not first_time(command, by=by):
        return db.session.get(Skrd, command.id)
    return _claim(command.id, late, by=by) if late.state is SkrdState.PAID else None


def propose_write_off(command: ProposeWriteOff, *, by: Actor) -> WriteOff:
    """Raises WriteOffWaits, WrongState."""
    skrd = skrd_for_update(command.skrd_id)
    require(by, Permission.MONEY_RESOLVE, region=skrd.region)
    if not first_time(command, by=by):
        return db.session.get_one(WriteOff, command.id)
    if waiting_write_off(skrd.id):
        raise WriteOffWaits(number=skrd.number)
    asked = WriteOff(
        id=command.id,
        skrd_id=skrd.id,
        region=skrd.region,
        decree=command.decree,
        decree_on=command.decree_on,
        reason=command.reason,
        proposed_by=by.id,
        proposed_by_name=by.name,
        proposed_at=now(),
    )
    db.session.add(asked)
    _record("write-off.proposed", asked, by=by, skrd=skrd.number, decree=command.decree)
    return asked


def approve_write_off(command: ApproveWriteOff, *, by: Actor) -> WriteOff:
    """The bill and the interest on it are given up. Raises OwnWriteOff, WriteOffEnded."""
    asked = write_off_for_update(command.write_off_id)
    require(by, Permission.MONEY_RESOLVE, region=asked.region)
    if not first_time(command, by=by):
        return asked
    if asked.proposed_by == by.id:
        raise OwnWriteOff
    _end(asked)
    asked.approved_by, asked.approved_by_name = by.id, by.name
    skrd = skrd_for_update(asked.skrd_id)
    for bill in (*open_strds_of(skrd.id), skrd):
        write_off_bill(bill, decree=asked.decree, reason=asked.reason, by=by)
    _record("write-off.approved", asked, by=by, skrd=skrd.number, decree=asked.decree)
    return asked


def refuse_write_off(command: RefuseWriteOff, *, by: Actor) -> WriteOff:
    """Also for whoever asked for it. Raises WriteOffEnded."""
    asked = write_off_for_update(command.write_off_id)
    require(by, Permission.MONEY_RESOLVE, region=asked.region)
    if first_time(command, by=by):
        _end(asked)
        asked.refused_why = command.reason
        _record("write-off.refused", asked, by=by, reason=command.reason)
    return asked


def _claim(strd_id: UUID, late: Skrd, *, by: Actor) -> Skrd | None:
    """The new letter; None when the open ones say the same, or nothing is due.

    It takes the place of older ones. One that is being paid stands, and only the rest is billed.
    """
    opened = open_strds_of(late.id)
    free = [older for older in opened if not is_being_paid(older)]
    replaceable = sum(older.total for older in free)
    standing = sum(older.total for older in opened) - replaceable
    amount = Rupiah(max(0, interest_due(late, interest_until(late)) - standing))
    if amount == replaceable:
        return None
    new = enter_bill(_strd(strd_id, late, amount), by=by) if amount else None
    for older in free:
        withdraw_bill(older, reason=REPLACED, by=by, replaced_by=new.id if new else None)
    return new


def _strd(strd_id: UUID, late: Skrd, amount: Rupiah) -> Skrd:
    line = SkrdLine(
        position=1,
        component=_how(late, amount),
        legal_basis=BASIS,
        law_code=policy.interest_law_code,
        heads=1,
        unit_amount=amount,
        amount=amount,
    )
    return Skrd(
        id=strd_id,
        kind=BillKind.STRD,
        late_id=late.id,
        keeper_id=late.keeper_id,
        payer_name=late.payer_name,
        region=late.region,
        due_on=today() + timedelta(days=policy.strd_due_days),
        took_part=[*late.took_part, str(late.issued_by)],
        lines=[line],
    )


def _how(late: Skrd, amount: Rupiah) -> str:
    """How it is worked out, in one line."""
    until = interest_until(late)
    months = min(months_due(late, until), policy.most_months)
    percent = percent_text(policy.interest_tenths)
    text = f"Bunga {percent}% × {months} bulan × {rupiah_text(late.total)} atas {late.number}"
    if days := days_in_question(late, until):
        text += f", tanpa {days} hari selama uangnya ditelusuri"
    before = interest_on(late.total, months) - amount
    return f"{text}, dikurangi {rupiah_text(before)} yang ditagih sebelumnya" if before else text


def _end(asked: WriteOff) -> None:
    if asked.ended_at is not None:
        raise WriteOffEnded
    asked.ended_at = now()


def _record(name: str, asked: WriteOff, *, by: Actor, **facts: str) -> None:
    events.record(name, asked, by=by, region=asked.region, **facts)
