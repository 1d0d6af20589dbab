"""Questions about attempts to pay, what was said of them, and money that came."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.payments.adapters.base import CERTAIN, Kind
from sijinak.payments.models import LIVE, Attempt, AttemptBill, Collection, Fact

DUE_AT_ONCE = 50
LONGEST_WAIT = timedelta(days=2)
_FRESH = {"populate_existing": True}
_WRITTEN_AT_ONCE = {"autoflush": False}  # facts never wait in the session

# Asked for each payment, so they are put together once.
_MEANT = (
    select(Attempt)
    .where(Attempt.ref == bindparam("named"), Attempt.adapter == bindparam("by_adapter"))
    .with_for_update(of=Attempt)
)
_TAKEN_BACK = (
    select(Fact)
    .where(Fact.adapter == bindparam("by_adapter"), Fact.money_id == bindparam("money"))
    .where(Fact.kind.in_((Kind.REVERSED, Kind.REFUNDED)), Fact.trust.in_(CERTAIN))
    .order_by(Fact.id)
    .limit(1)
)


def attempt_for_update(attempt_id: UUID) -> Attempt:
    """The attempt as it is now, with its row locked until the transaction ends."""
    attempt = _locked(select(Attempt).where(Attempt.id == attempt_id))
    if attempt is None:
        raise NotFound(attempt_id=str(attempt_id))
    return attempt


def attempt_by_ref_for_update(ref: str) -> Attempt | None:
    return _locked(select(Attempt).where(Attempt.ref == ref))


def attempt_meant(adapter: str, ref: str, pay_code: str) -> Attempt | None:
    """The attempt that somebody outside speaks of, locked. Only its own adapter may."""
    if ref:
        told = {"named": ref, "by_adapter": adapter}
        return db.session.scalar(_MEANT, told, execution_options=_FRESH)
    found = attempt_by_pay_code(adapter, pay_code)
    return None if found is None else attempt_for_update(found.id)


def attempt_by_pay_code(adapter: str, pay_code: str) -> Attempt | None:
    """Of those with this code the one that can still be paid, else the newest."""
    if not pay_code:
        return None
    asked = select(Attempt).where(Attempt.adapter == adapter, Attempt.pay_code == pay_code)
    newest = asked.order_by(Attempt.state.in_(LIVE).desc(), Attempt.id.desc()).limit(1)
    return db.session.scalar(newest, execution_options=_FRESH)


def attempts_of(bill_id: UUID) -> Sequence[Attempt]:
    """All attempts to pay a bill, newest first. The caller has asked who may see the bill."""
    asked = select(Attempt).where(Attempt.bills.any(AttemptBill.bill_id == bill_id))
    return db.session.scalars(asked.order_by(Attempt.id.desc())).all()


def live_attempt_of(bill_id: UUID) -> Attempt | None:
    asked = select(Attempt).join(AttemptBill, AttemptBill.attempt_id == Attempt.id)
    asked = asked.where(AttemptBill.bill_id == bill_id, AttemptBill.is_live)
    return db.session.scalar(asked, execution_options=_FRESH)


def collections_of(bill_id: UUID) -> Sequence[Collection]:
    """All money that came for a bill, first first."""
    tried = select(AttemptBill.attempt_id).where(AttemptBill.bill_id == bill_id)
    meant = or_(Collection.bill_id == bill_id, Collection.attempt_id.in_(tried))
    asked = select(Collection).where(meant)
    return db.session.scalars(asked.order_by(Collection.seen_at, Collection.id)).all()


def collections_by(attempt_id: UUID) -> Sequence[Collection]:
    """All money that one attempt brought, first first."""
    asked = select(Collection).where(Collection.attempt_id == attempt_id)
    return db.session.scalars(asked.order_by(Collection.seen_at, Collection.id)).all()


def collection_of(adapter: str, money_id: str) -> Collection | None:
    asked = select(Collection).where(Collection.adapter == adapter, Collection.money_id == money_id)
    return db.session.scalar(asked)


def collection_called(adapter: str, money_id: str) -> Collection:
    """For those who know that it is there."""
    asked = select(Collection).where(Collection.adapter == adapter, Collection.money_id == money_id)
    return db.session.scalars(asked).one()


def hold_money(collection_id: UUID) -> None:
    """Nobody else decides about this money until the transaction ends.

    The same lock as that of the table of refunds. SQLite lets one write at a time anyhow.
    """
    if db.engine.dialect.name == "postgresql":
        key = func.hashtextextended(str(collection_id), 0)
        db.session.execute(select(func.pg_advisory_xact_lock(key)))


def taken_back(adapter: str, money_id: str) -> Fact | None:
    """The first certain word that this money, which we did not know, was taken back.

    Nor did we ask for a refund of what we did not know.
    """
    told = {"by_adapter": adapter, "money": money_id}
    return db.session.scalar(_TAKEN_BACK, told, execution_options=_WRITTEN_AT_ONCE)


def due_attempts() -> Sequence[UUID]:
    """Attempts that it is time to ask about, the longest due first."""
    # Nothing waits for days: what is due later was written by a clock that ran ahead.
    due = or_(Attempt.ask_again_at <= now(), Attempt.ask_again_at > now() + LONGEST_WAIT)
    asked = select(Attempt.id).where(due)
    return db.session.scalars(asked.order_by(Attempt.ask_again_at).limit(DUE_AT_ONCE)).all()


def _locked(asked: Select[Attempt]) -> Attempt | None:
    return db.session.scalar(asked.with_for_update(of=Attempt), execution_options=_FRESH)
