"""Questions about attempts to pay and money that came."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.payments.models import LIVE, Attempt, Collection

DUE_AT_ONCE = 50
LONGEST_WAIT = timedelta(days=2)


def attempt_for_update(attempt_id: UUID) -> Attempt:
    """The attempt as it is now, with its row locked until the transaction ends."""
    asked = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    attempt = db.session.scalar(asked, execution_options={"populate_existing": True})
    if attempt is None:
        raise NotFound(attempt_id=str(attempt_id))
    return attempt


def attempt_by_ref_for_update(ref: str) -> Attempt | None:
    asked = select(Attempt).where(Attempt.ref == ref).with_for_update()
    return db.session.scalar(asked, execution_options={"populate_existing": True})


def attempts_of(bill_id: UUID) -> Sequence[Attempt]:
    """All attempts to pay a bill, newest first. The caller has asked who may see the bill."""
    asked = select(Attempt).where(Attempt.bill_id == bill_id).order_by(Attempt.started_at.desc())
    return db.session.scalars(asked).all()


def live_attempt_of(bill_id: UUID) -> Attempt | None:
    asked = select(Attempt).where(Attempt.bill_id == bill_id, Attempt.state.in_(LIVE))
    return db.session.scalar(asked, execution_options={"populate_existing": True})


def collections_of(bill_id: UUID) -> Sequence[Collection]:
    """All money that came for a bill, first first."""
    asked = select(Collection).where(Collection.bill_id == bill_id).order_by(Collection.seen_at)
    return db.session.scalars(asked).all()


def collection_of(adapter: str, money_id: str) -> Collection | None:
    asked = select(Collection).where(Collection.adapter == adapter, Collection.money_id == money_id)
    return db.session.scalar(asked)


def due_attempts() -> Sequence[UUID]:
    """Attempts that it is time to ask about, the longest due first."""
    # Nothing waits for days: what is due later was written by a clock that ran ahead.
    due = or_(Attempt.ask_again_at <= now(), Attempt.ask_again_at > now() + LONGEST_WAIT)
    asked = select(Attempt.id).where(due)
    return db.session.scalars(asked.order_by(Attempt.ask_again_at).limit(DUE_AT_ONCE)).all()
