"""Who applied before whom, who waits for quota, and who was served before their turn."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

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
    asked = select(Permit).where(Permit.complete_at.is_not(None), Permit.state.in_(QUEUING))
    if any(reach.keeper_id is None for reach in by.reaches(Permission.PERMIT_READ)):
        asked = asked.where(within_reach(by, Permission.PERMIT_READ, Permit.region))
    found = list(db.session.scalars(asked.order_by(Permit.complete_at, Permit.id).limit(MOST_ROWS)))
    claims = _claims([permit.id for permit in found])
    return [_place(no, found, claims, by=by) for no in range(1, len(found) + 1)]


def was_passed(older: Permit, later: Permit) -> bool:
    """The desk took the later one while the older one lay before it."""
    if older.submitted_at is None or later.accepted_at is None:
        return False
    was_there = older.submitted_at <= later.accepted_at and older.state is not S.RETURNED
    return was_there and (older.accepted_at is None or older.accepted_at > later.accepted_at)


def _place(no: int, queue: list[Permit], claims: Mapping[UUID, QuotaClaim], *, by: Actor) -> Place:
    permit, claim = queue[no - 1], claims.get(queue[no - 1].id)
    waiting = {i for i, held in claims.items() if held.state is ClaimState.WAITING}
    earlier = [p for p in queue[: no - 1] if p.id not in waiting]
    later = queue[no:] if permit.id not in waiting else []
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
