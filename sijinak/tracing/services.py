"""Whoever looks where animals went leaves a line in the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal
from sijinak.animals.queries import standing_animal_id
from sijinak.areas.models import Region
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import events
from sijinak.core.model import Model
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.tracing.following import (
    MOST,
    Found,
    Trace,
    from_animal,
    from_area,
    from_holding,
)
from sijinak.tracing.moves import Bounds, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceMovements:
    """From one of the three, around a day: ``days`` back or forward, or both.

    ``contact_days`` is how long a holding stays suspect, ``depth`` how many contacts are followed.
    """

    animal_id: UUID | None = None
    keeper_id: UUID | None = None
    region: str = ""
    ways: tuple[Way, ...] = (Way.BACK, Way.FORWARD)
    day: date
    days: int
    contact_days: int
    depth: int

    def bounds(self, way: Way) -> Bounds:
        far = timedelta(days=self.days)
        forward = way is Way.FORWARD
        return Bounds(
            first=self.day if forward else self.day - far,
            last=self.day + far if forward else self.day,
            contact_days=self.contact_days,
            depth=self.depth,
        )


@dataclass(frozen=True, slots=True)
class Traced:
    """``start``: the animal, the keeper or the region from which it was followed."""

    start: Animal | Keeper | Region
    trace: Trace


def trace_movements(command: TraceMovements, *, by: Actor) -> Traced:
    """Raises NotFound for what is out of reach."""
    require(by, Permission.MOVEMENT_TRACE)
    start = _start(command, by)
    each = [_follow(start, way, command.bounds(way)) for way in dict.fromkeys(command.ways)]
    found = [one for trace in each for one in _nearest(trace, command.day)]
    is_cut = any(trace.is_cut for trace in each)
    _tell(command, start, len(found), by)
    return Traced(start, Trace(tuple(sorted(found, key=lambda one: one.in_time)), is_cut))


def _nearest(trace: Trace, day: date) -> Sequence[Found]:
    """Of what is too much, the fewest contacts from the start and the fewest days."""
    if not trace.is_cut:
        return trace.found
    return sorted(trace.found, key=lambda one: (one.level, abs(one.move.on - day)))[:MOST]


def _start(command: TraceMovements, by: Actor) -> Animal | Keeper | Region:
    asked: Model | None
    if command.animal_id is not None:
        reach = within_reach(by, Permission.MOVEMENT_TRACE, Animal.village)
        stands = standing_animal_id(command.animal_id)
        asked = db.session.scalar(select(Animal).where(Animal.id == stands, reach))
    elif command.keeper_id is not None:
        reach = within_reach(by, Permission.MOVEMENT_TRACE, Keeper.village)
        asked = db.session.scalar(select(Keeper).where(Keeper.id == command.keeper_id, reach))
    else:
        reach = within_reach(by, Permission.MOVEMENT_TRACE, Region.code)
        asked = db.session.scalar(select(Region).where(Region.code == command.region, reach))
    if asked is None:
        raise NotFound
    return asked


def _follow(start: Animal | Keeper | Region, way: Way, bounds: Bounds) -> Trace:
    match start:
        case Animal():
            return from_animal(start, way, bounds)
        case Keeper():
            return from_holding(start.id, way, bounds)
        case Region():
            return from_area(start.code, way, bounds)


def _tell(command: TraceMovements, start: Animal | Keeper | Region, found: int, by: Actor) -> None:
    where = start.code if isinstance(start, Region) else start.village
    events.record(
        "movement.traced", start, by=by, region=where, day=command.day.isoformat(),
        days=command.days, depth=command.depth, movements=found,
    )  # fmt: skip
