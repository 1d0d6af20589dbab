"""How an attempt goes on, by what its adapter answers. Nobody is called here: see jobs."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.adapters.base import Instructions, Kind, Observation
from sijinak.payments.discrepancies.services import Found, open_discrepancy
from sijinak.payments.models import ENDED, LIVE, Attempt, AttemptState, DiscrepancyKind
from sijinak.payments.queries import attempt_for_update
from sijinak.payments.reducing import reduce
from sijinak.payments.steps import next_question, record_attempt, take_step

STARTS_WITHIN = timedelta(seconds=30)  # a call to a bank ends long before
COOL_OFF = timedelta(seconds=120)  # nobody knows it, and so long after still nobody
GRACE, GIVEN_UP = timedelta(minutes=2), timedelta(minutes=15)  # after the time was up
_NOT_STARTED = (AttemptState.CREATED, AttemptState.SUBMITTED, AttemptState.UNKNOWN)
_OVER = {Kind.EXPIRED: "expire", Kind.FAILED: "fail", Kind.CANCELLED: "cancel"}


def submit(attempt_id: UUID, *, by: Actor) -> Attempt | None:
    """The attempt, if its adapter is to be called now, for the first time; else None."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state is not AttemptState.CREATED:
        return None
    take_step(attempt, "submit", by=by)
    if attempt.is_unwanted or now() >= attempt.expires_at:
        take_step(attempt, "reject", by=by)  # nobody was called, and nobody will be
        return None
    attempt.ask_again_at = now() + STARTS_WITHIN
    return attempt


def submit_again(attempt_id: UUID, *, by: Actor) -> Attempt | None:
    """The attempt, if whoever called its adapter died, or got nothing to show the payer."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.is_unwanted or now() >= attempt.expires_at:
        return None
    shows_nothing = attempt.state is AttemptState.PENDING and not attempt.instructions
    if attempt.state is not AttemptState.SUBMITTED and not shows_nothing:
        return None
    attempt.missing_since = None  # it may be there from now on
    return attempt


def note_accepted(attempt_id: UUID, instructions: Instructions, *, by: Actor) -> Attempt:
    """What the payer is to do. Nobody waits for an order that has ended: it is called back."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state in _NOT_STARTED:
        take_step(attempt, "accept", by=by)
    attempt.pay_code = attempt.pay_code or instructions.pay_code
    if attempt.state is AttemptState.PENDING:
        attempt.instructions = json.dumps(asdict(instructions))
        attempt.ask_again_at = next_question(attempt)
    if attempt.state in ENDED:
        attempt.is_unwanted = True
    return attempt


def note_untrue(attempt_id: UUID, fault: str, *, by: Actor) -> Attempt:
    """Accepted, with a code for another amount or merchant: nobody may see it."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state is AttemptState.SUBMITTED:
        take_step(attempt, "lose", by=by)
    attempt.is_unwanted = True
    record_attempt("payment.untrue", attempt, by=by)
    found = Found(
        kind=DiscrepancyKind.BAD_CODE,
        about=attempt,
        region=attempt.region,
        amount=attempt.amount,
        bill_id=attempt.bills[0].bill_id if len(attempt.bills) == 1 else None,
        facts={"adapter": attempt.adapter, "ref": attempt.ref, "fault": fault},
    )
    open_discrepancy(found, by=by)
    return attempt


def note_lost(attempt_id: UUID, *, by: Actor) -> Attempt:
    """Nobody knows whether the other side accepted: it will be asked."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state is AttemptState.SUBMITTED:
        take_step(attempt, "lose", by=by)
        attempt.ask_again_at = next_question(attempt)
    return attempt


def note_rejected(attempt_id: UUID, *, by: Actor) -> Attempt:
    """The other side certainly did not accept."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state in _NOT_STARTED:
        take_step(attempt, "reject", by=by)
    return attempt


def note_asked(attempt_id: UUID, *, by: Actor) -> Attempt:
    """Count the question before it is put, so that one who dies asking does not ask for ever."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    attempt.asked += 1
    attempt.ask_again_at = next_question(attempt)
    return attempt


def note_answer(attempt_id: UUID, seen: Iterable[Observation], *, by: Actor) -> Attempt:
    """Money first; only when there is none do the other words of the adapter count."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    seen = [one for one in seen if _is_about(one, attempt)]
    reduce(attempt.adapter, seen, by=by)
    kinds = {one.kind for one in seen}
    if Kind.NOT_FOUND not in kinds:
        attempt.missing_since = None
    if Kind.PENDING in kinds:
        _note_pending(attempt, by=by)
    elif attempt.state in LIVE:
        _close(attempt, kinds, by=by)
    if attempt.state not in LIVE and Kind.PENDING not in kinds:
        attempt.is_unwanted = False  # nothing is left to call back
    return attempt


def note_unwanted(attempt_id: UUID, *, by: Actor) -> Attempt:
    """The payer, or the office, wants no money from it any more; the other side is to be told."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    attempt.is_unwanted = attempt.state in LIVE
    return attempt


def expire_unasked(attempt_id: UUID, *, by: Actor) -> Attempt:
    """For adapters that cannot be asked: the time is up."""
    require(by, Permission.PAYMENT_SETTLE)
    attempt = attempt_for_update(attempt_id)
    if attempt.state in LIVE and now() >= attempt.expires_at:
        _end(attempt, "expire", by=by)
    return attempt


def _is_about(one: Observation, attempt: Attempt) -> bool:
    return one.ref == attempt.ref or bool(
        not one.ref and one.pay_code and one.pay_code == attempt.pay_code
    )


def _note_pending(attempt: Attempt, *, by: Actor) -> None:
    """It waits for its payer, but not for ever, though the other side may."""
    if attempt.state in (AttemptState.SUBMITTED, AttemptState.UNKNOWN):
        take_step(attempt, "accept", by=by)
    overdue = now() - attempt.expires_at
    if attempt.state in ENDED:
        attempt.is_unwanted = True
    elif attempt.state is not AttemptState.PENDING or overdue <= GRACE:
        return
    elif attempt.is_unwanted and overdue > GIVEN_UP:
        take_step(attempt, "expire", by=by)
    else:
        attempt.is_unwanted = True


def _close(attempt: Attempt, kinds: set[Kind], *, by: Actor) -> None:
    """End an attempt that can no longer be paid."""
    if over := next((action for kind, action in _OVER.items() if kind in kinds), None):
        _end(attempt, over, by=by)
    elif Kind.NOT_FOUND in kinds:
        # The other side may be slow to know it: only the same answer, long enough after, counts.
        attempt.missing_since = attempt.missing_since or now()
        if now() - attempt.missing_since >= COOL_OFF:
            _end(attempt, "fail", by=by)


def _end(attempt: Attempt, action: str, *, by: Actor) -> None:
    if attempt.state is AttemptState.CREATED:
        take_step(attempt, "submit", by=by)
    take_step(attempt, action if attempt.state is AttemptState.PENDING else "reject", by=by)
