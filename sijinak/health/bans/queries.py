"""Questions about bans on moving animals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from sijinak.animals.models import Species
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, region_lies_in, require
from sijinak.health.bans.models import Ban, Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What a ban is asked about. ``via``: regions on the way, such as that of the port."""

    origin: str
    destination: str
    species: Species
    via: Collection[str] = ()


class Closing(Protocol):
    """A ban, or one that is about to be entered."""

    @property
    def region(self) -> str: ...
    @property
    def species(self) -> Species | None: ...
    @property
    def directions(self) -> Sequence[str]: ...


def bans_on(
    origin: str, destination: str, species: Species, day: date, *, via: Collection[str] = ()
) -> list[Ban]:
    """The bans that forbid this journey on that day, the oldest first."""
    trip = Trip(origin=origin, destination=destination, species=species, via=via)
    found = db.session.scalars(select(Ban).where(in_force(day)).order_by(Ban.valid_from, Ban.id))
    return [ban for ban in found if forbids(ban, trip)]


def forbids(ban: Closing, trip: Trip) -> bool:
    """Whether the ban is about this journey, whatever the day."""
    if ban.species is not None and ban.species is not trip.species:
        return False
    return direction_of(ban.region, trip) in ban.directions


def direction_of(region: str, trip: Trip) -> Direction | None:
    """How a journey meets an area; None when it does not touch it."""
    begins, ends = region_lies_in(trip.origin, region), region_lies_in(trip.destination, region)
    match begins, ends:
        case True, True:
            return Direction.WITHIN
        case True, False:
            return Direction.OUT
        case False, True:
            return Direction.INTO
    passes = any(region_lies_in(place, region) for place in trip.via)
    return Direction.THROUGH if passes else None


def bans_in_force(day: date | None = None) -> list[Ban]:
    """For everybody: a ban that nobody knows stops nobody."""
    return list(
        db.session.scalars(
            select(Ban).where(in_force(day or today())).order_by(Ban.region, Ban.valid_from)
        )
    )


def bans(*, by: Actor, place: Place = START) -> Page[Ban]:
    """All there ever were, newest first."""
    require(by, Permission.BAN_MANAGE)
    return page_of(select(Ban), Ban.id, place)


def ban_by_id(ban_id: UUID, *, by: Actor, hold: bool = False) -> Ban:
    """Raises NotFound."""
    require(by, Permission.BAN_MANAGE)
    asked = select(Ban).where(Ban.id == ban_id)
    if hold:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(asked)
    if found is None:
        raise NotFound(ban_id=str(ban_id))
    return found


def holds_on(ban: Ban, day: date) -> bool:
    ends = min(filter(None, (ban.valid_until, ban.lifted_on)), default=None)
    is_over = ends is not None and (ends < day or ends == ban.lifted_on == day)
    return ban.valid_from <= day and not is_over


def in_force(day: date) -> ColumnElement[bool]:
    return and_(
        Ban.valid_from <= day,
        or_(Ban.valid_until.is_(None), Ban.valid_until >= day),
        or_(Ban.lifted_on.is_(None), Ban.lifted_on > day),
    )
