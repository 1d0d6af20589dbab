"""Issuing what is owed, and turning the exact money into one receipt."""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.core.numbering import next_number
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.adapters.base import Trust
from sijinak.payments.models import Attempt, Collection
from sijinak.payments.queries import live_attempt_of
from sijinak.payments.services import (
    PaymentUnderway,
    StartAttempt,
    TakeCash,
    start_attempt,
    take_cash,
)
from sijinak.retribution.models import SKRD_FLOW, Receipt, Skrd, SkrdLine, SkrdState, Tariff, When
from sijinak.retribution.queries import (
    PriceLine,
    price_of,
    receipt_of,
    skrd_for_update,
    skrd_of_permit,
)

LISTS = Path(__file__).parent / "data"
SERIES = "SBW-01"


class AlreadyBilled(Conflict):
    code = "already-billed"


class SkrdNotOpen(Conflict):
    """Paid or cancelled: no money may be taken for it."""

    code = "skrd-not-open"


class WrongAmount(Invalid):
    """Neither less nor more than what the SKRD says."""

    code = "wrong-amount"


class BillerMayNotCash(Forbidden):
    """Four eyes: who sets the amount, inspects or signs never takes the money."""

    code = "biller-may-not-cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSkrd:
    id: UUID = field(default_factory=uuid7)
    permit_id: UUID
    keeper_id: UUID
    payer_name: str
    region: str
    species: str
    heads: int
    needs_rbt: bool
    due_days: int = 30
    took_part: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSkrd:
    id: UUID = field(default_factory=uuid7)
    skrd_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPayment:
    id: UUID = field(default_factory=uuid7)
    skrd_id: UUID
    adapter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveCash:
    id: UUID = field(default_factory=uuid7)
    skrd_id: UUID
    amount: Rupiah


def issue_skrd(command: IssueSkrd, *, by: Actor) -> Skrd:
    """Set what a permit's animals cost by today's tariffs. Raises NoTariff."""
    require(by, Permission.SKRD_ISSUE, region=command.region)
    if not first_time(command, by=by):
        return db.session.get_one(Skrd, command.id)
    if skrd_of_permit(command.permit_id):
        raise AlreadyBilled
    day = today()
    lines = price_of(command.species, command.heads, command.needs_rbt, day)
    no = next_number("SKRD", day.year)
    skrd = Skrd(
        id=command.id,
        number=_with_check(f"SKRD/{day.year}/{no:06}"),
        year=day.year,
        no=no,
        permit_id=command.permit_id,
        keeper_id=command.keeper_id,
        payer_name=command.payer_name,
        region=command.region,
        total=Rupiah(sum(line.amount for line in lines)),
        state=SkrdState.OPEN,
        issued_on=day,
        due_on=day + timedelta(days=command.due_days),
        issued_by=by.id,
        issued_by_name=by.name,
        took_part=[str(person) for person in command.took_part],
        lines=[_line(position, line) for position, line in enumerate(lines, start=1)],
    )
    db.session.add(skrd)
    _record("skrd.issued", skrd, by=by, total=skrd.total)
    return skrd


def cancel_skrd(command: CancelSkrd, *, by: Actor) -> Skrd:
    """Withdraw an SKRD that nobody has paid or is paying."""
    skrd = skrd_for_update(command.skrd_id)
    require(by, Permission.SKRD_ISSUE, region=skrd.region)
    if not first_time(command, by=by):
        return skrd
    step = SKRD_FLOW.step(skrd.state, "cancel")
    if live_attempt_of(skrd.id):
        raise PaymentUnderway(number=skrd.number)
    skrd.state = step.target
    _record("skrd.cancelled", skrd, by=by, reason=command.reason)
    return skrd


def start_payment(command: StartPayment, *, by: Actor) -> Attempt:
    """Begin to pay an SKRD through one channel."""
    skrd = skrd_for_update(command.skrd_id)
    require(by, Permission.PAYMENT_START, region=skrd.region, keeper_id=skrd.keeper_id)
    if skrd.state is not SkrdState.OPEN and db.session.get(Attempt, command.id) is None:
        raise SkrdNotOpen(number=skrd.number)
    attempt = StartAttempt(
        id=command.id,
        bill_id=skrd.id,
        bill_number=skrd.number,
        region=skrd.region,
        payer_id=skrd.keeper_id,
        adapter=command.adapter,
        amount=skrd.total,
    )
    return start_attempt(attempt, by=by)


def receive_cash(command: ReceiveCash, *, by: Actor, series: str = SERIES) -> Receipt:
    """Money, paid bill and receipt, together or not at all. Raises WrongAmount."""
    skrd = skrd_for_update(command.skrd_id)
    require(by, Permission.CASH_RECEIVE, region=skrd.region)
    if skrd.issued_by == by.id or str(by.id) in skrd.took_part:
        raise BillerMayNotCash(number=skrd.number)
    known = receipt_of(skrd.id)
    if not first_time(command, by=by) and known is not None:
        return known
    if skrd.state is not SkrdState.OPEN:
        raise SkrdNotOpen(number=skrd.number)
    if command.amount != skrd.total:
        raise WrongAmount(due=rupiah_text(skrd.total), given=rupiah_text(command.amount))
    money = TakeCash(
        id=command.id,
        bill_id=skrd.id,
        bill_number=skrd.number,
        region=skrd.region,
        amount=command.amount,
    )
    return _settle(skrd, take_cash(money, by=by), series, by=by)


def allocate_money(collection_id: UUID, *, by: Actor, series: str = SERIES) -> Receipt | None:
    """The exact money for an open SKRD pays it; all other money waits for a person: None."""
    require(by, Permission.PAYMENT_SETTLE)
    money = db.session.get_one(Collection, collection_id)
    if money.bill_id is None or money.trust is Trust.HUMAN:
        return None
    skrd = skrd_for_update(money.bill_id)
    if skrd.state is not SkrdState.OPEN or money.amount != skrd.total:
        return None
    return _settle(skrd, money, series, by=by)


def load_tariffs(*, by: Actor) -> int:
    """Add the tariffs that come with the program; a code the office has is left as it is."""
    require(by, Permission.USER_MANAGE)
    known = set(db.session.scalars(select(Tariff.code)))
    with (LISTS / "tariffs.csv").open(encoding="utf-8", newline="") as file:
        rows = [_tariff(row) for row in csv.DictReader(file) if row["code"] not in known]
    db.session.add_all(rows)
    return len(rows)


def _settle(skrd: Skrd, money: Collection, series: str, *, by: Actor) -> Receipt:
    """The caller has asked whether it may, and holds the lock of the SKRD."""
    skrd.state = SKRD_FLOW.step(skrd.state, "settle").target
    year = today().year
    no = next_number(f"TBP/{series}", year)
    receipt = Receipt(
        number=_with_check(f"TBP/{series}/{year}/{no:07}"),
        series=series,
        year=year,
        no=no,
        skrd_id=skrd.id,
        collection_id=money.id,
        keeper_id=skrd.keeper_id,
        region=skrd.region,
        amount=money.amount,
        payer_name=skrd.payer_name,
        channel=money.adapter,
        issued_at=now(),
        issued_by=by.id,
        issued_by_name=by.name,
    )
    db.session.add(receipt)
    _record("skrd.paid", skrd, by=by, receipt=receipt.number, amount=receipt.amount)
    events.record(
        "receipt.issued",
        receipt,
        by=by,
        region=receipt.region,
        number=receipt.number,
        skrd=skrd.number,
        amount=receipt.amount,
        channel=receipt.channel,
    )
    return receipt


def _record(name: str, skrd: Skrd, *, by: Actor, **facts: object) -> None:
    permit_id = str(skrd.permit_id)
    events.record(
        name, skrd, by=by, region=skrd.region, number=skrd.number, permit_id=permit_id, **facts
    )


def _with_check(text: str) -> str:
    return f"{text}-{check_character(text)}"


def _line(position: int, line: PriceLine) -> SkrdLine:
    return SkrdLine(
        position=position,
        tariff_id=line.tariff_id,
        component=line.component,
        legal_basis=line.legal_basis,
        heads=line.heads,
        unit_amount=line.unit_amount,
        amount=line.amount,
    )


def _tariff(row: dict[str, str]) -> Tariff:
    return Tariff(
        code=row["code"],
        component=row["component"],
        species=row["species"],
        applies=When(row["applies"]),
        amount=Rupiah(int(row["amount"])),
        legal_basis=row["legal_basis"],
        source=row["source"],
        is_example=row["is_example"] == "true",
        valid_from=date.fromisoformat(row["valid_from"]),
    )
