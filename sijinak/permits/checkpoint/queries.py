"""Questions about checks at posts."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, func, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.permits.checkpoint.models import CheckDecision, CheckOutcome, CheckpointCheck

LATELY = timedelta(days=30)
FOUND = (CheckOutcome.DOUBLE_USE, CheckOutcome.NOT_DEPARTED)


def checks(
    *,
    by: Actor,
    outcomes: Collection[CheckOutcome] = (),
    decisions: Collection[CheckDecision] = (),
    place: Place = START,
) -> Page[CheckpointCheck]:
    """Newest first; in what they came to, or all."""
    asked = _seen_by(by)
    if outcomes:
        asked = asked.where(CheckpointCheck.outcome.in_(outcomes))
    if decisions:
        asked = asked.where(CheckpointCheck.decision.in_(decisions))
    return page_of(asked, CheckpointCheck.id, place, first=(CheckpointCheck.checked_at,))


def check_by_id(check_id: UUID, *, by: Actor) -> CheckpointCheck:
    """Raises NotFound."""
    found = db.session.scalar(_seen_by(by).where(CheckpointCheck.id == check_id))
    if found is None:
        raise NotFound(check_id=str(check_id))
    return found


def checks_of_permit(permit_id: UUID, *, by: Actor) -> list[CheckpointCheck]:
    """The first first."""
    asked = _seen_by(by).where(CheckpointCheck.permit_id == permit_id)
    return list(db.session.scalars(asked.order_by(CheckpointCheck.checked_at, CheckpointCheck.id)))


def first_pass_of(permit_id: UUID | None) -> CheckpointCheck | None:
    """The check that used a permit up, or else the first that let it pass.

    The caller has asked for what leads here.
    """
    asked = select(CheckpointCheck).where(
        CheckpointCheck.permit_id == permit_id,
        CheckpointCheck.proved,
        CheckpointCheck.outcome.in_((CheckOutcome.DEPARTED, CheckOutcome.NOT_DEPARTED)),
    )
    # "departed" comes before "not-departed".
    asked = asked.order_by(CheckpointCheck.outcome, CheckpointCheck.received_at)
    return db.session.scalar(asked.limit(1))


def count_found(*, by: Actor) -> int:
    """Double uses and passes that were no departure, of the last thirty days."""
    since = now() - LATELY
    asked = _seen_by(by).where(CheckpointCheck.outcome.in_(FOUND))
    asked = asked.where(CheckpointCheck.received_at >= since)
    return db.session.scalar(select(func.count()).select_from(asked.subquery())) or 0


def _seen_by(by: Actor) -> Select[CheckpointCheck]:
    require(by, Permission.PERMIT_READ)
    near = within_reach(by, Permission.PERMIT_READ, CheckpointCheck.region)
    return select(CheckpointCheck).where(near)


def told_of(check: CheckpointCheck) -> dict[str, str]:
    """What the phone hears of it; of a double use also when and where the first was."""
    told = {"outcome": str(check.outcome), "why": check.why}
    first = first_pass_of(check.permit_id) if check.outcome is CheckOutcome.DOUBLE_USE else None
    if first is None:
        return told
    return {**told, "first_at": first.checked_at.isoformat(), "first_post": first.post}
