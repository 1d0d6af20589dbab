"""What is owed: set, withdrawn, paid, owed again. Whoever calls below holds the row's lock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile
from uuid import UUID

from sijinak.core.clock import today
from sijinak.core.codes import check_character
from sijinak.core.db import db
from sijinak.core.errors import Conflict, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.numbering import next_number
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.ledger.chart import RECEIVABLE, WRITTEN_OFF, revenue
from sijinak.ledger.services import Entry, Line, post, reverse
from sijinak.payments.billing import billing
from sijinak.payments.discrepancies.queries import held_bills
from sijinak.payments.models import Attempt
from sijinak.payments.queries import live_attempt_of
from sijinak.payments.services import BillToPay, PaymentUnderway, StartAttempt, start_attempt
from sijinak.retribution.models import SKRD_FLOW, BillKind, Skrd, SkrdLine, SkrdState
from sijinak.retribution.queries import (
    open_strds_of,
    skrd_for_update,
    skrd_of_permit,
    skrds_for_update,
)
from sijinak.retribution.tariffs.queries import Herd, PriceLine, price_of


class AlreadyBilled(Conflict):
    code = "already-billed"


class MoneyInQuestion(Conflict):
    """Money came for it that does not fit; two people decide about it first."""

    code = "money-in-question"


class SkrdNotOpen(Conflict):
    """Paid, withdrawn, or its money waits for the bank: no other may be taken for it."""

    code = "skrd-not-open"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSkrd:
    id: UUID = field(default_factory=uuid7)
    permit_id: UUID
    keeper_id: UUID
    payer_name: str
    region: str
    herd: Herd
    due_days: int = 30
    took_part: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSkrd:
    id: UUID = field(default_factory=uuid7)
    skrd_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPayment:
    """One bill, or several at once by ``skrd_ids``; ``way`` is one of the adapter's."""

    id: UUID = field(default_factory=uuid7)
    skrd_id: UUID | None = None
    skrd_ids: tuple[UUID, ...] = ()
    adapter: str
    way: str = ""

    @property
    def bills(self) -> tuple[UUID, ...]:
        one = () if self.skrd_id is None else (self.skrd_id,)
        return tuple(dict.fromkeys(one + self.skrd_ids))


def issue_skrd(command: IssueSkrd, *, by: Actor) -> Skrd:
    """Set what a permit's animals cost by today's tariffs. Raises AlreadyBilled, NoTariff."""
    require(by, Permission.SKRD_ISSUE, region=command.region)
    if not first_time(command, by=by):
        return db.session.get_one(Skrd, command.id)
    if skrd_of_permit(command.permit_id):
        raise AlreadyBilled
    day = today()
    skrd = Skrd(
        id=command.id,
        kind=BillKind.SKRD,
        permit_id=command.permit_id,
        keeper_id=command.keeper_id,
        payer_name=command.payer_name,
        region=command.region,
        heads=sum(command.herd.heads.values()),
        due_on=day + timedelta(days=command.due_days),
        took_part=[str(person) for person in command.took_part],
        lines=[_line(n, line) for n, line in enumerate(price_of(command.herd, day), start=1)],
    )
    return enter_bill(skrd, by=by)


def enter_bill(skrd: Skrd, *, by: Actor) -> Skrd:
    """Number a bill that has its lines, and owe it in the books."""
    require(by, Permission.SKRD_ISSUE, region=skrd.region)
    skrd.issued_on = today()
    skrd.issued_by, skrd.issued_by_name = by.id, by.name
    skrd.state = SkrdState.OPEN
    skrd.total = Rupiah(sum(line.amount for line in skrd.lines))
    series, skrd.year = skrd.kind.upper(), skrd.issued_on.year
    skrd.no = next_number(series, skrd.year)
    skrd.number = _with_check(f"{series}/{skrd.year}/{skrd.no:06}")
    db.session.add(skrd)
    db.session.flush()
    _owe(skrd, by=by)
    _record("issued", skrd, by=by, total=skrd.total)
    return skrd


def cancel_skrd(command: CancelSkrd, *, by: Actor) -> Skrd:
    """Withdraw what nobody has paid or is paying, and the interest on it.

    Raises PaymentUnderway, SkrdNotOpen.
    """
    skrd = skrd_for_update(command.skrd_id)
    require(by, Permission.SKRD_ISSUE, region=skrd.region)
    if first_time(command, by=by):
        for strd in open_strds_of(skrd.id):
            withdraw_bill(strd, reason=command.reason, by=by)
        withdraw_bill(skrd, reason=command.reason, by=by)
    return skrd


def withdraw_bill(skrd: Skrd, *, reason: str, by: Actor, replaced_by: UUID | None = None) -> None:
    """Raises PaymentUnderway, SkrdNotOpen, WrongState."""
    require(by, Permission.SKRD_ISSUE, region=skrd.region)
    step = SKRD_FLOW.step(skrd.state, "cancel")
    _refuse_being_paid(skrd)
    skrd.state = step.target
    reverse(f"skrd.issued:{skrd.id}", reason=reason, by=by)
    replaced = {} if replaced_by is None else {"replaced_by": str(replaced_by)}
    _record("cancelled", skrd, by=by, reason=reason, **replaced)


def start_payment(command: StartPayment, *, by: Actor) -> Attempt:
    """Begin to pay bills through one channel.

    Raises SkrdNotOpen, MoneyInQuestion, PaymentUnderway, NotFound.
    """
    found = {skrd.id: skrd for skrd in skrds_for_update(command.bills)}
    if not found or len(found) < len(command.bills):
        raise NotFound(skrd_ids=[str(one) for one in command.bills])
    skrds = [found[one] for one in command.bills]
    for skrd in skrds:
        require(by, Permission.PAYMENT_START, region=skrd.region, keeper_id=skrd.keeper_id)
    if db.session.get(Attempt, command.id) is None:
        for skrd in skrds:
            if not billing.bills.are_open([skrd.id]):
                raise SkrdNotOpen(number=skrd.number)
            if held_bills([skrd.id]):
                raise MoneyInQuestion(number=skrd.number)
    return start_attempt(_attempt_for(command, skrds), by=by)


def mark_paid(skrd: Skrd, *, receipt: str, paid_on: date, by: Actor) -> None:
    """Its exact money came: ``paid_on`` is the day on which the payer moved it."""
    _require_one(_SETTLES, skrd, by)
    skrd.state = SKRD_FLOW.step(skrd.state, "settle").target
    facts = {"receipt": receipt, "amount": skrd.total, "paid_on": paid_on.isoformat()}
    _record("paid", skrd, by=by, **facts)


def reopen(skrd: Skrd, *, reason: str, by: Actor) -> None:
    """Its money was taken back, or its receipt voided: it is owed again."""
    _require_one((Permission.PAYMENT_SETTLE, Permission.RECEIPT_VOID), skrd, by)
    skrd.state = SKRD_FLOW.step(skrd.state, "reopen").target
    _record("reopened", skrd, by=by, reason=reason)


def write_off_bill(skrd: Skrd, *, decree: str, reason: str, by: Actor) -> None:
    """Given up by decree; two people have said so. Raises PaymentUnderway, SkrdNotOpen."""
    require(by, Permission.MONEY_RESOLVE, region=skrd.region)
    step = SKRD_FLOW.step(skrd.state, "write-off")
    _refuse_being_paid(skrd)
    skrd.state = step.target
    lines = [Line(WRITTEN_OFF, skrd.total, skrd.id), Line(RECEIVABLE, -skrd.total, skrd.id)]
    _post("written-off", skrd, lines, reason=reason, by=by)
    _record("written-off", skrd, by=by, decree=decree, reason=reason)


_SETTLES = (Permission.PAYMENT_SETTLE, Permission.CASH_RECEIVE, Permission.MONEY_RESOLVE)


def _require_one(permissions: Sequence[Permission], skrd: Skrd, by: Actor) -> None:
    held = (one for one in permissions if may(by, one, region=skrd.region))
    require(by, next(held, permissions[0]), region=skrd.region)


def _refuse_being_paid(skrd: Skrd) -> None:
    if live_attempt_of(skrd.id):
        raise PaymentUnderway(number=skrd.number)
    if not billing.bills.are_open([skrd.id]):
        raise SkrdNotOpen(number=skrd.number)


def _owe(skrd: Skrd, *, by: Actor) -> None:
    lines = [Line(RECEIVABLE, skrd.total, skrd.id)]
    lines += [Line(revenue(line.law_code), -line.amount) for line in skrd.lines]
    _post("issued", skrd, lines, by=by)


def _post(verb: str, skrd: Skrd, lines: Sequence[Line], *, by: Actor, reason: str = "") -> None:
    entry = Entry(
        idem=f"skrd.{verb}:{skrd.id}",
        kind=f"{skrd.kind}.{verb}",
        on=today(),
        region=skrd.region,
        lines=lines,
        reason=reason,
    )
    post(entry, by=by)


def _attempt_for(command: StartPayment, skrds: Sequence[Skrd]) -> StartAttempt:
    """Who owes the first one stands for all; the region is what all of theirs lie in."""
    first, others = skrds[0], {skrd.payer_name for skrd in skrds} - {skrds[0].payer_name}
    return StartAttempt(
        id=command.id,
        bills=[BillToPay(bill_id=one.id, number=one.number, amount=one.total) for one in skrds],
        region=_common([skrd.region for skrd in skrds]),
        payer_id=first.keeper_id,
        payer_name=f"{first.payer_name} (+{len(others)})" if others else first.payer_name,
        adapter=command.adapter,
        way=command.way,
    )


def _common(regions: Sequence[str]) -> str:
    levels = zip(*(region.split(".") for region in regions), strict=False)
    return ".".join(level[0] for level in takewhile(lambda one: len(set(one)) == 1, levels))


def _record(verb: str, skrd: Skrd, *, by: Actor, **facts: object) -> None:
    """The name begins with what it is about: permits hear only of an SKRD."""
    events.record(
        f"{skrd.kind}.{verb}",
        skrd,
        by=by,
        region=skrd.region,
        number=skrd.number,
        permit_id=str(skrd.permit_id) if skrd.permit_id else None,
        **facts,
    )


def _with_check(text: str) -> str:
    return f"{text}-{check_character(text)}"


def _line(position: int, line: PriceLine) -> SkrdLine:
    return SkrdLine(
        position=position,
        tariff_id=line.tariff_id,
        component=line.component,
        legal_basis=line.legal_basis,
        law_code=line.law_code,
        heads=line.heads,
        unit_amount=line.unit_amount,
        amount=line.amount,
    )
