"""From what the other side said to money that came: the same, in whatever order it is heard.

A fact is kept once. Money that is certain becomes a collection, once for each id of theirs, and in
the same transaction it is booked, ends its attempt, and pays its bills or waits for two people.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.events import events
from sijinak.core.inserting import insert_new
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Actor
from sijinak.payments.adapters.base import CERTAIN, IDR, Kind, Observation
from sijinak.payments.billing import billing
from sijinak.payments.booking import amount_taken_back, book_money, book_taken_back, into
from sijinak.payments.discrepancies.queries import money_cases_of
from sijinak.payments.discrepancies.services import Found, open_discrepancy, settle_cases_of
from sijinak.payments.models import (
    LIVE,
    Attempt,
    AttemptState,
    Collection,
    DiscrepancyKind,
    Fact,
)
from sijinak.payments.queries import (
    attempt_meant,
    collection_called,
    collection_of,
    collections_by,
    hold_money,
    taken_back,
)
from sijinak.payments.refunds.ending import fail_without_money, is_our_refund
from sijinak.payments.refunds.queries import refundable
from sijinak.payments.steps import take_step

# Said again and again, each time of another moment: kept once.
_TIMELESS = frozenset({Kind.PENDING, Kind.NOT_FOUND, Kind.EXPIRED, Kind.CANCELLED, Kind.FAILED})


def reduce(
    adapter: str, seen: Iterable[Observation], *, by: Actor, message_id: UUID | None = None
) -> list[Collection]:
    """Keep what is new of it; the answer is the money that was not known. The caller has asked."""
    in_order = sorted(seen, key=lambda one: (one.ref, one.pay_code, one.happened_at))
    new = []
    for one in in_order:  # always in this order, so that two who say the same do not lock crosswise
        attempt = attempt_meant(adapter, one.ref, one.pay_code)
        fact = _kept(adapter, one, attempt, message_id)
        money = None if fact is None else _weigh(one, fact, attempt, by=by)
        if money is not None:
            new.append(money)
    return new


def _kept(
    adapter: str, one: Observation, attempt: Attempt | None, message_id: UUID | None
) -> Fact | None:
    """None when the same was said before."""
    fact = Fact(
        adapter=adapter,
        digest=digest_of(one),
        ref=attempt.ref if attempt else one.ref or one.pay_code,
        kind=one.kind,
        money_id=one.money_id,
        amount=one.amount,
        currency=one.currency,
        happened_at=one.happened_at,
        seen_at=now(),
        trust=one.trust,
        message_id=message_id,
    )
    return fact if insert_new(fact, "adapter", "digest") else None


def digest_of(one: Observation) -> bytes:
    """Of all that counts: not of names, nor of the moment of what has none."""
    said = asdict(one) | {"payer": "", "channel": ""}
    if one.kind in _TIMELESS:
        said["happened_at"] = ""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).digest()


def _weigh(
    one: Observation, fact: Fact, attempt: Attempt | None, *, by: Actor
) -> Collection | None:
    """What a new fact changes. Only certain words move money."""
    if one.kind is Kind.PAID and one.trust in CERTAIN:
        return _paid(one, fact, attempt, by=by)
    if one.kind is Kind.REFUNDED and is_our_refund(one, by=by):
        return None
    if one.kind in {Kind.REVERSED, Kind.REFUNDED} and one.trust in CERTAIN:
        _went_back(fact, by=by)
    return None


def _paid(one: Observation, fact: Fact, attempt: Attempt | None, *, by: Actor) -> Collection | None:
    if one.currency != IDR or one.amount <= 0:
        _differs(DiscrepancyKind.CURRENCY, fact, by=by)
        return None
    purpose = _purpose_of(attempt)
    money = keep_money(fact.adapter, one, purpose, by=by)
    if money is None:
        known = collection_called(fact.adapter, one.money_id)
        if known.amount != one.amount or _is_of_other(known, fact):
            _differs(DiscrepancyKind.CONFLICTING, fact, known, by=by)
        return None
    book_money(money, into(money), by=by)
    if attempt is not None:
        _succeed(attempt, by=by)
    before = taken_back(money.adapter, money.money_id)
    if before is not None and not _is_of_other(money, before):
        _take_back(money, before, by=by)
        return money
    settle(money, purpose.bills, by=by)
    if before is not None:
        _differs(DiscrepancyKind.CONFLICTING, before, money, by=by)
    return money


def _is_of_other(money: Collection, fact: Fact) -> bool:
    """One number, and two orders: people find out whether it is one money, and whose."""
    return fact.ref not in {"", money.ref}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What money is for, as far as anybody knows."""

    bills: Sequence[UUID] = ()
    region: str = ""
    attempt_id: UUID | None = None
    ref: str = ""


def keep_money(adapter: str, one: Observation, purpose: Purpose, *, by: Actor) -> Collection | None:
    """Write it down. The caller books it and finds its bill. None when it is known."""
    bills, moment = purpose.bills, now()
    money = Collection(
        adapter=adapter,
        money_id=one.money_id,
        ref=purpose.ref or one.ref or one.pay_code,
        attempt_id=purpose.attempt_id,
        bill_id=bills[0] if len(bills) == 1 else None,
        keeper_id=billing.bills.keeper_of(bills) if bills else None,
        region=purpose.region or billing.region,
        amount=one.amount,
        payer=one.payer,
        channel=one.channel,
        happened_at=min(one.happened_at, moment),  # their clock may run ahead, for years
        seen_at=moment,
        trust=one.trust,
        seen_by=by.id,
    )
    if not insert_new(money, "adapter", "money_id"):
        return None
    events.record(
        "money.received",
        money,
        by=by,
        region=money.region,
        adapter=adapter,
        amount=money.amount,
        trust=money.trust,
        bills=[str(bill) for bill in bills],
    )
    return money


def _purpose_of(attempt: Attempt | None) -> Purpose:
    if attempt is None:
        return Purpose()
    return Purpose(
        bills=[bill.bill_id for bill in attempt.bills],
        region=attempt.region,
        attempt_id=attempt.id,
        ref=attempt.ref,
    )


def _succeed(attempt: Attempt, *, by: Actor) -> None:
    if attempt.state is not AttemptState.SUCCEEDED:
        take_step(attempt, "succeed" if attempt.state in LIVE else "succeed-late", by=by)


def settle(money: Collection, bills: Sequence[UUID], *, by: Actor) -> None:
    """Exact money pays its bills; all other waits for two people."""
    wrong = billing.bills.settle(money, bills, by=by) if bills else DiscrepancyKind.UNKNOWN_BILL
    if wrong is None:
        return
    found = Found(
        kind=wrong,
        about=money,
        region=money.region,
        amount=money.amount,
        collection_id=money.id,
        bill_id=bills[0] if len(bills) == 1 else None,
        facts={"adapter": money.adapter, "ref": money.ref},
    )
    open_discrepancy(found, by=by)


def _went_back(fact: Fact, *, by: Actor) -> None:
    """Taken back before it was seen to come: the fact waits for its money."""
    money = collection_of(fact.adapter, fact.money_id)
    if money is None:
        return
    before, is_other = amount_taken_back(money), _is_of_other(money, fact)
    if before is None and not is_other:
        _take_back(money, fact, by=by)
    elif is_other or before != _share_taken(money, fact):
        _differs(DiscrepancyKind.CONFLICTING, fact, money, by=by)


def _take_back(money: Collection, fact: Fact, *, by: Actor) -> None:
    """What it paid is owed again; of what is left two people decide anew."""
    amount = _share_taken(money, fact)
    hold_money(money.id)
    settle_cases_of(money.id, by=by)
    billing.bills.reopen(money, by=by)
    book_taken_back(money, amount, by=by)
    fail_without_money(money.id, by=by)
    attempt = attempt_meant(money.adapter, money.ref, "")
    if attempt and attempt.state is AttemptState.SUCCEEDED and not _has_other_money(attempt):
        take_step(attempt, "reverse", by=by)
    events.record("money.taken-back", money, by=by, region=money.region, amount=amount)
    _differs(DiscrepancyKind.REVERSED, fact, money, amount=-amount, by=by)
    cases = money_cases_of(money.id)  # of a refund that failed just now
    left = refundable(money) - sum(case.amount for case in cases)
    if left > 0:
        _differs(DiscrepancyKind.PART_LEFT, fact, money, amount=left, by=by)


def _has_other_money(attempt: Attempt) -> bool:
    """It was paid twice, and the bank left one of them."""
    return any(amount_taken_back(one) is None for one in collections_by(attempt.id))


def _share_taken(money: Collection, fact: Fact) -> Rupiah:
    """All of it, unless the bank names a part."""
    return Rupiah(fact.amount) if 0 < fact.amount < money.amount else money.amount


def _differs(
    kind: DiscrepancyKind,
    fact: Fact,
    money: Collection | None = None,
    *,
    by: Actor,
    amount: int | None = None,
) -> None:
    """``amount`` is the fact's when it is not given."""
    attempt = attempt_meant(fact.adapter, fact.ref, "")
    bills = attempt.bills if attempt else []
    region = attempt.region if attempt else money.region if money else billing.region
    found = Found(
        kind=kind,
        about=fact,
        region=region,
        amount=fact.amount if amount is None else amount,
        collection_id=money.id if money else None,
        bill_id=bills[0].bill_id if len(bills) == 1 else None,
        facts={"adapter": fact.adapter, "ref": fact.ref, "currency": fact.currency},
    )
    open_discrepancy(found, by=by)
