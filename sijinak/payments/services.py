"""What happens to an attempt to pay, and to money that is seen. Nobody is called here: see jobs."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.adapters.base import LIFETIME, Can, Instructions, Kind, Observation
from sijinak.payments.adapters.cash import CashAdapter
from sijinak.payments.adapters.registry import NotOffered, registry
from sijinak.payments.models import ATTEMPT_FLOW, LIVE, Attempt, AttemptState, Collection
from sijinak.payments.queries import (
    attempt_by_ref_for_update,
    attempt_for_update,
    collection_of,
    live_attempt_of,
)

# The pause grows with the attempt's age: a payer waits seconds, late money may need days.
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_LIVE = timedelta(minutes=1)
LONGEST = timedelta(days=1)
ASKED_FOR = timedelta(days=14)
_NOT_STARTED = (AttemptState.CREATED, AttemptState.SUBMITTED, AttemptState.UNKNOWN)
_OVER = {Kind.EXPIRED, Kind.FAILED, Kind.CANCELLED}


class PaymentUnderway(Conflict):
    """Somebody is paying this bill just now."""

    code = "payment-underway"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAttempt:
    id: UUID = field(default_factory=uuid7)
    bill_id: UUID
    bill_number: str
    region: str
    payer_id: UUID
    adapter: str
    amount: Rupiah


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
    if Can.OFFLINE in registry.offered(command.adapter).can:
        raise NotOffered(channel=command.adapter)
    if live_attempt_of(command.bill_id):
        raise PaymentUnderway(number=command.bill_number)
    ref, moment = f"SJ-{uuid7().hex}", now()
    attempt = Attempt(
        id=command.id,
        ref=ref,
        bill_id=command.bill_id,
        bill_number=command.bill_number,
        region=command.region,
        adapter=command.adapter,
        amount=command.amount,
        state=AttemptState.CREATED,
        started_by=by.id,
        started_at=moment,
        expires_at=moment + LIFETIME,
        ask_again_at=moment + FIRST_PAUSE,
        asked=0,
    )
    db.session.add(attempt)
    _record("payment.started", attempt, by=by)
    return attempt


def submit(attempt_id: UUID, *, by: Actor) -> Attempt | None:
    """The attempt, if its adapter is to be called (again) to start it; else None."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state not in _NOT_STARTED:
        return None
    if attempt.state is AttemptState.CREATED:
        _step(attempt, "submit", by=by)
    if now() < attempt.expires_at:
        return attempt
    return None


def note_accepted(attempt_id: UUID, instructions: Instructions, *, by: Actor) -> Attempt:
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state in _NOT_STARTED:
        _step(attempt, "accept", by=by)
    if attempt.state is AttemptState.PENDING:
        attempt.instructions = json.dumps(asdict(instructions))
    return attempt


def note_lost(attempt_id: UUID, *, by: Actor) -> Attempt:
    """Nobody knows whether the other side accepted: it will be asked."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state is AttemptState.SUBMITTED:
        _step(attempt, "lose", by=by)
    return attempt


def note_rejected(attempt_id: UUID, *, by: Actor) -> Attempt:
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state in _NOT_STARTED:
        _step(attempt, "reject", by=by)
    return attempt


def note_asked(attempt_id: UUID, *, by: Actor) -> Attempt:
    """Count the question before it is put, so that one who dies asking does not ask for ever."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    attempt.asked += 1
    attempt.ask_again_at = _next_question(attempt)
    return attempt


def note_answer(attempt_id: UUID, seen: Iterable[Observation], *, by: Actor) -> Attempt:
    """Money first; only when there is none do the other words of the adapter count."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    seen = [one for one in seen if one.ref == attempt.ref]
    record_observations(attempt.adapter, seen, by=by)
    kinds = {one.kind for one in seen}
    if attempt.state in LIVE and Kind.PENDING not in kinds:
        _close(attempt, kinds, by=by)
    return attempt


def expire_unasked(attempt_id: UUID, *, by: Actor) -> Attempt:
    """For adapters that cannot be asked: the time is up."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state in LIVE and now() >= attempt.expires_at:
        _close(attempt, {Kind.EXPIRED}, by=by)
    return attempt


def take_notice(adapter: str, seen: Iterable[Observation], *, by: Actor) -> None:
    """What the other side told us by itself: money counts, the rest is a reason to ask soon."""
    require(by, Permission.PAYMENT_SETTLE)
    seen = list(seen)
    record_observations(adapter, seen, by=by)
    for one in seen:
        attempt = attempt_by_ref_for_update(one.ref)
        if attempt is not None and attempt.adapter == adapter and attempt.state in LIVE:
            attempt.ask_again_at = now()


def record_observations(
    adapter: str, seen: Iterable[Observation], *, by: Actor
) -> list[Collection]:
    """Write down all money that was not known yet; what a state said before does not matter."""
    require(by, Permission.PAYMENT_SETTLE)
    new = []
    for one in seen:
        if one.kind is not Kind.PAID:
            continue
        attempt = attempt_by_ref_for_update(one.ref)
        attempt = attempt if attempt is not None and attempt.adapter == adapter else None
        if collection_of(adapter, one.money_id) is None:
            new.append(_collect(adapter, one, attempt, by=by))
        if attempt is not None and attempt.state is not AttemptState.SUCCEEDED:
            _step(attempt, "succeed", by=by)
            attempt.ask_again_at = None
    return new


def take_cash(command: TakeCash, *, by: Actor) -> Collection:
    """Money over the counter, as the person who counted it says."""
    require(by, Permission.CASH_RECEIVE, region=command.region)
    cash = registry.offered(CashAdapter.name)
    one = CashAdapter().counted(command.bill_number, str(command.id), command.amount, now())
    collection = _money(cash.name, one, by=by)
    collection.bill_id = command.bill_id
    _announce(collection, command.region, by=by)
    return collection


def _collect(adapter: str, one: Observation, attempt: Attempt | None, *, by: Actor) -> Collection:
    collection = _money(adapter, one, by=by)
    if attempt is not None:
        collection.attempt_id, collection.bill_id = attempt.id, attempt.bill_id
    _announce(collection, attempt.region if attempt else "", by=by)
    return collection


def _money(adapter: str, one: Observation, *, by: Actor) -> Collection:
    return Collection(
        adapter=adapter,
        money_id=one.money_id,
        ref=one.ref,
        amount=one.amount,
        happened_at=one.happened_at,
        seen_at=now(),
        trust=one.trust,
        seen_by=by.id,
    )


def _announce(collection: Collection, region: str, *, by: Actor) -> None:
    db.session.add(collection)
    events.record(
        "money.received",
        collection,
        by=by,
        region=region,
        bill_id=collection.bill_id and str(collection.bill_id),
        adapter=collection.adapter,
        amount=collection.amount,
        trust=collection.trust,
    )
    db.session.flush()  # the next observation may speak of the same money


def _close(attempt: Attempt, kinds: set[Kind], *, by: Actor) -> None:
    """End an attempt that can no longer be paid. ``not found`` counts only when time is up."""
    missing = Kind.NOT_FOUND in kinds and now() >= attempt.expires_at
    if not missing and not kinds & _OVER:
        return
    if attempt.state is AttemptState.CREATED:
        _step(attempt, "submit", by=by)
    if attempt.state is not AttemptState.PENDING:
        _step(attempt, "reject", by=by)
    else:
        _step(attempt, "cancel" if Kind.CANCELLED in kinds else "expire", by=by)


def _next_question(attempt: Attempt) -> datetime | None:
    moment, is_live = now(), attempt.state in LIVE
    age = moment - attempt.started_at
    pause = min(max(age, FIRST_PAUSE), LONGEST_LIVE if is_live else LONGEST)
    if is_live and moment < attempt.expires_at:
        return min(moment + pause, attempt.expires_at)
    if attempt.state is AttemptState.SUCCEEDED or age > ASKED_FOR:
        return None
    return moment + pause


def _step(attempt: Attempt, action: str, *, by: Actor) -> None:
    step = ATTEMPT_FLOW.step(attempt.state, action)
    require(by, step.needs)
    attempt.state = step.target
    _record(f"payment.{action}", attempt, by=by)


def _record(name: str, attempt: Attempt, *, by: Actor) -> None:
    events.record(
        name,
        attempt,
        by=by,
        region=attempt.region,
        bill_id=str(attempt.bill_id),
        adapter=attempt.adapter,
        amount=attempt.amount,
    )
