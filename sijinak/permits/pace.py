"""How long each step takes, beside what the office has promised."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from statistics import median

from sqlalchemy import ColumnElement, func, select, true

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.permissions import Actor, Permission, RegionColumn, require, within_reach
from sijinak.permits.models import PERMIT_FLOW, Permit, PermitState
from sijinak.permits.policy import policy

# Which state an event leads to; what leads nowhere else takes no time from its state.
TARGETS = {
    f"permit.{step.action}": step.target for step in PERMIT_FLOW if step.source is not step.target
}
AN_HOUR = timedelta(hours=1)
LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    state: PermitState
    promised: int  # hours
    done: int
    median_hours: float | None
    here: int  # are in this state now
    late: int


def due_at(permit: Permit) -> datetime | None:
    """When its step should be done; None where nobody promised anything."""
    hours = policy.step_hours.get(permit.state)
    return permit.state_at + timedelta(hours=hours) if hours else None


def is_late(permit: Permit) -> bool:
    due = due_at(permit)
    return due is not None and due < now()


def paces(*, by: Actor) -> list[Pace]:
    """Of each step with a promise: how it went in the last three months, and how it stands."""
    require(by, Permission.PERMIT_READ)
    took = _took(by=by)
    here, late = _standing(by=by)
    return [
        Pace(
            state=state,
            promised=hours,
            done=len(took[state]),
            median_hours=median(took[state]) if took[state] else None,
            here=here.get(state, 0),
            late=late.get(state, 0),
        )
        for state, hours in policy.step_hours.items()
    ]


def _took(*, by: Actor) -> dict[PermitState, list[float]]:
    """The hours that permits spent in each state that they left again."""
    asked = (
        select(Event.subject_id, Event.name, Event.happened_at)
        .where(Event.subject_type == Permit.__tablename__, Event.name.in_(TARGETS))
        .where(Event.happened_at >= now() - LOOKED_BACK)
        .where(_counts_for(by, Event.region))
        .order_by(Event.subject_id, Event.id)
    )
    found: dict[PermitState, list[float]] = defaultdict(list)
    for _, told in groupby(db.session.execute(asked), key=lambda row: row[0]):
        for (_, name, began), (_, _, ended) in pairwise(told):
            found[TARGETS[name]].append((ended - began) / AN_HOUR)
    return found


def _standing(*, by: Actor) -> tuple[dict[PermitState, int], dict[PermitState, int]]:
    """How many are in each state now, and how many of them longer than was promised."""
    reach = _counts_for(by, Permit.region)
    asked = select(Permit.state, func.count()).where(reach, Permit.submitted_at.is_not(None))
    here = _counted(db.session.execute(asked.group_by(Permit.state)))
    late: dict[PermitState, int] = {}
    for state, hours in policy.step_hours.items():
        over = asked.where(Permit.state == state, Permit.state_at < now() - timedelta(hours=hours))
        late |= _counted(db.session.execute(over.group_by(Permit.state)))
    return here, late


def _counts_for(by: Actor, region: RegionColumn) -> ColumnElement[bool]:
    """An officer's own area; an applicant is told how the whole office does, as in the queue."""
    if all(reach.keeper_id for reach in by.reaches(Permission.PERMIT_READ)):
        return true()
    return within_reach(by, Permission.PERMIT_READ, region)


def _counted(rows: Iterable[tuple[PermitState, int]]) -> dict[PermitState, int]:
    return {row[0]: row[1] for row in rows}
