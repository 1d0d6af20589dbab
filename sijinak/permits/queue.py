"""Who applied before whom, who waits for quota, and who was served before their turn."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.quota.models import ClaimState, QuotaClaim

S = PermitState
# From the complete application to the letter.
QUEUING = (
    *(S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.IN_LAB, S.INSPECTED, S.BILLED, S.PAID),
    S.APPROVED,
)
MOST_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """``permit`` is told to whoever may see it; to others only that there is one."""

    no: int
    permit: Permit | None
    complete_at: datetime
    state: PermitState
    waits_for_quota: bool
    passed_by: int  # how many later ones were served before this one
    passes: int  # how many earlier ones wait, that this one was served before
    let_ahead: str  # why the office let it ahead; only officers are told the words


def queue_for(*, by: Actor) -> list[Place]:
    """In the order of complete applications. An officer sees those in reach, an applicant all."""
    require(by, Permission.PERMIT_READ)
    asked = _complete(by).where(Permit.state.in_(QUEUING))
    found = list(db.session.scalars(asked.order_by(Permit.complete_at, Permit.id).limit(MOST_ROWS)))
    if not found:
        return []
    claims, served = _claims([permit.id for permit in found]), _served(found[0], by=by)
    return [_place(no, found, served, claims, by=by) for no in range(1, len(found) + 1)]


def was_passed(older: Permit, later: Permit) -> bool:
    """The desk took the later one while the older one lay before it."""
    if older.submitted_at is None or later.accepted_at is None:
        return False
    was_there = older.submitted_at <= later.accepted_at and older.state is not S.RETURNED
    return was_there and (older.accepted_at is None or older.accepted_at > later.accepted_at)


def _complete(by: Actor) -> Select[Permit]:
    asked = select(Permit).where(Permit.complete_at.is_not(None))
    if any(reach.keeper_id is None for reach in by.reaches(Permission.PERMIT_READ)):
        asked = asked.where(within_reach(by, Permission.PERMIT_READ, Permit.region))
    return asked


def _served(first: Permit, *, by: Actor) -> list[Permit]:
    """Those that came later than the first and have left the queue, their letter in hand."""
    asked = _complete(by).where(Permit.state.not_in(QUEUING), Permit.accepted_at.is_not(None))
    return list(db.session.scalars(asked.where(Permit.complete_at > first.complete_at)))


def _after(permit: Permit, served: list[Permit]) -> list[Permit]:
    at = permit.complete_at
    return [one for one in served if at and one.complete_at and one.complete_at > at]


def _place(
    no: int,
    queue: list[Permit],
    served: list[Permit],
    claims: Mapping[UUID, QuotaClaim],
    *,
    by: Actor,
) -> Place:
    permit, claim = queue[no - 1], claims.get(queue[no - 1].id)
    waiting = {i for i, held in claims.items() if held.state is ClaimState.WAITING}
    earlier = [p for p in queue[: no - 1] if p.id not in waiting]
    later = [] if permit.id in waiting else [*queue[no:], *_after(permit, served)]
    is_theirs = may(by, Permission.PERMIT_READ, region=permit.region, keeper_id=permit.keeper_id)
    assert permit.complete_at  # noqa: S101 - asked for above
    return Place(
        no=no,
        permit=permit if is_theirs else None,
        complete_at=permit.complete_at,
        state=permit.state,
        waits_for_quota=permit.id in waiting,
        passed_by=sum(was_passed(permit, one) for one in later),
        passes=sum(was_passed(one, permit) for one in earlier),
        let_ahead=claim.let_why if claim and claim.let_by else "",
    )


def _claims(permit_ids: Collection[UUID]) -> dict[UUID, QuotaClaim]:
    asked = select(QuotaClaim).where(QuotaClaim.permit_id.in_(permit_ids))
    return {claim.permit_id: claim for claim in db.session.scalars(asked)}
