"""One step of an attempt, and when it is asked about again."""

from datetime import datetime, timedelta

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.permissions import Actor, require
from sijinak.payments.models import ATTEMPT_FLOW, LIVE, Attempt

# A payer waits seconds. Money that comes late, twice, or is taken back, may need days.
SOONEST, LONGEST_LIVE = timedelta(seconds=5), timedelta(minutes=1)
LONGEST_STUCK = timedelta(hours=1)
AFTERWARDS = tuple(timedelta(minutes=pause) for pause in (1, 5, 15, 60))
DAILY, ASKED_FOR = timedelta(days=1), timedelta(days=14)
SHARE_OF_AGE = 10


def take_step(attempt: Attempt, action: str, *, by: Actor) -> None:
    """One step of ATTEMPT_FLOW. What ends is asked about afterwards, from the first pause on."""
    step = ATTEMPT_FLOW.step(attempt.state, action)
    require(by, step.needs)
    attempt.state = step.target
    db.session.flush()  # the database looks at each step, also of two at once
    is_live = step.target in LIVE
    for bill in attempt.bills:
        bill.is_live = is_live
    if not is_live:
        attempt.asked = 0
        attempt.ask_again_at = next_question(attempt)
    record_attempt(f"payment.{action}", attempt, by=by)


def record_attempt(name: str, attempt: Attempt, *, by: Actor) -> None:
    events.record(
        name,
        attempt,
        by=by,
        region=attempt.region,
        bills=[str(bill.bill_id) for bill in attempt.bills],
        adapter=attempt.adapter,
        amount=attempt.amount,
    )


def ask_soon(attempt: Attempt) -> None:
    attempt.ask_again_at = now()


def next_question(attempt: Attempt) -> datetime | None:
    moment, age = now(), now() - attempt.started_at
    if attempt.state not in LIVE:
        if age > ASKED_FOR:
            return None
        is_first = attempt.asked < len(AFTERWARDS)
        return moment + (AFTERWARDS[attempt.asked] if is_first else DAILY)
    pause = max(age / SHARE_OF_AGE, SOONEST)
    if moment >= attempt.expires_at:
        return moment + min(pause, LONGEST_STUCK)
    return min(moment + min(pause, LONGEST_LIVE), attempt.expires_at)
