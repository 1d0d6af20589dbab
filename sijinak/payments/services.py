"""Beginning to pay, and money that came. How an attempt goes on: see progress."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.ledger import chart
from sijinak.ledger.services import Line
from sijinak.payments.adapters.base import (
    CERTAIN,
    LIFETIME,
    Can,
    Kind,
    Observation,
    PaymentAdapter,
    Trust,
)
from sijinak.payments.adapters.registry import NotOffered, registry
from sijinak.payments.booking import book_money, into
from sijinak.payments.models import Attempt, AttemptBill, AttemptState, Collection
from sijinak.payments.queries import attempt_meant, collection_called, live_attempt_of
from sijinak.payments.reducing import Purpose, keep_money, reduce, settle
from sijinak.payments.steps import ask_soon, next_question, record_attempt

CASH, STATEMENT = "cash", "statement"
# Who pays at a machine or a counter needs more than minutes; a transfer may take days off.
LIFETIMES = {"va": timedelta(days=1), "transfer": timedelta(days=3)}


class PaymentUnderway(Conflict):
    """Somebody is paying this bill just now."""

    code = "payment-underway"


class TooMuchForWay(Invalid):
    """A way to pay takes only so much."""

    code = "too-much-for-way"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillToPay:
    bill_id: UUID
    number: str
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAttempt:
    """``way`` is one of the adapter's; the first when it is empty."""

    id: UUID = field(default_factory=uuid7)
    bills: Sequence[BillToPay]
    region: str
    payer_id: UUID
    payer_name: str = ""
    adapter: str
    way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCash:
    id: UUID = field(default_factory=uuid7)
    bill_id: UUID
    bill_number: str
    region: str
    amount: Rupiah


def start_attempt(command: StartAttempt, *, by: Actor) -> Attempt:
    """Write the attempt and its ref down; the adapter is asked after that is committed."""
    require(by, Permission.PAYMENT_START, region=command.region, keeper_id=command.payer_id)
    if not first_time(command, by=by):
        return db.session.get_one(Attempt, command.id)
    way = _way(registry.offered(command.adapter), command)
    for bill in command.bills:
        if live_attempt_of(bill.bill_id):
            raise PaymentUnderway(number=bill.number)
    moment, several = now(), len(command.bills) > 1
    attempt = Attempt(
        id=command.id,
        ref=f"SJ-{uuid7().hex}",
        title=f"{len(command.bills)} SKRD" if several else command.bills[0].number,
        region=command.region,
        adapter=command.adapter,
        way=way,
        amount=_total(command),
        state=AttemptState.CREATED,
        payer_name=command.payer_name,
        started_by=by.id,
        started_at=moment,
        expires_at=moment + LIFETIMES.get(way, LIFETIME),
        asked=0,
        bills=[_bill(place, bill) for place, bill in enumerate(command.bills, start=1)],
    )
    attempt.ask_again_at = next_question(attempt)
    db.session.add(attempt)
    record_attempt("payment.started", attempt, by=by)
    return attempt


def take_notice(
    adapter: str,
    seen: Iterable[Observation],
    *,
    by: Actor,
    message_id: UUID | None = None,
) -> list[Collection]:
    """What the other side told us by itself: certain money counts, the rest is a reason to ask."""
    require(by, Permission.PAYMENT_SETTLE)
    seen = list(seen)
    new = reduce(adapter, seen, by=by, message_id=message_id)
    for one in seen:
        if one.kind is Kind.PAID and one.trust in CERTAIN:
            continue
        attempt = attempt_meant(adapter, one.ref, one.pay_code)
        if attempt is not None:
            ask_soon(attempt)
    return new


def record_observations(
    adapter: str, seen: Iterable[Observation], *, by: Actor
) -> list[Collection]:
    """Write down all money that was not known yet; what a state said before does not matter."""
    require(by, Permission.PAYMENT_SETTLE)
    return reduce(adapter, seen, by=by)


def collect_from_statement(
    one: Observation, bill_ids: Sequence[UUID], region: str, *, by: Actor
) -> Collection:
    """Money that only the bank's statement knows: what its line names is what it is for."""
    if not may(by, Permission.PAYMENT_SETTLE, region=region):
        require(by, Permission.MONEY_RESOLVE, region=region)
    money = keep_money(STATEMENT, one, Purpose(bills=bill_ids, region=region), by=by)
    if money is None:
        return collection_called(STATEMENT, one.money_id)
    book_money(money, into(money), by=by)
    settle(money, bill_ids, by=by)
    return money


def take_cash(command: TakeCash, *, by: Actor) -> Collection:
    """Money over the counter, as the person who counted it says. The caller settles the bill."""
    require(by, Permission.CASH_RECEIVE, region=command.region)
    counted = Observation(
        ref=command.bill_number,
        kind=Kind.PAID,
        money_id=str(command.id),
        amount=command.amount,
        happened_at=now(),
        trust=Trust.HUMAN,
        channel=registry.offered(CASH).name,
    )
    purpose = Purpose(bills=[command.bill_id], region=command.region)
    money = keep_money(CASH, counted, purpose, by=by)
    if money is None:
        return collection_called(CASH, counted.money_id)
    book_money(money, Line(chart.CASH, money.amount, by.id), by=by)
    return money


def _way(adapter: PaymentAdapter, command: StartAttempt) -> str:
    """Raises NotOffered, TooMuchForWay."""
    way = command.way or next(iter(adapter.ways), "")
    if Can.OFFLINE in adapter.can or (way and way not in adapter.ways):
        raise NotOffered(channel=command.adapter)
    most = adapter.most(way)
    if most is not None and _total(command) > most:
        raise TooMuchForWay(most=rupiah_text(most))
    return way


def _total(command: StartAttempt) -> Rupiah:
    return Rupiah(sum(bill.amount for bill in command.bills))


def _bill(place: int, bill: BillToPay) -> AttemptBill:
    return AttemptBill(
        position=place,
        bill_id=bill.bill_id,
        bill_number=bill.number,
        amount=bill.amount,
        is_live=True,
    )
