"""What readings of codes tell: where an animal was, and that it cannot have been in both places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import asin, cos, radians, sin, sqrt
from typing import Protocol
from uuid import UUID, uuid5

from sqlalchemy import and_, func, select

from sijinak.animals.models import Animal, Observation, ObservationKind
from sijinak.core.clock import local
from sijinak.core.db import db
from sijinak.tags.alarms import Raised, alarms_of_readings, raise_alarm
from sijinak.tags.models import AlarmKind, Sighting

EARTH_KM = 6371.0
LEAST_KM = 20.0  # below this a phone's guess and a wide pasture explain it
KECAMATAN = 8  # letters of its dotted code
# They say where an animal was already, not that it was brought there.
NO_MOVE = frozenset({ObservationKind.REGISTERED, ObservationKind.UNDONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A code that was read; ``event_id`` is what says so, once for each animal."""

    animal_id: UUID
    code: str
    seen_at: datetime
    village: str
    latitude: float | None = None
    longitude: float | None = None
    by_id: UUID
    by_name: str
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Limits:
    """A lorry's speed; and the hours in which no animal comes into another kecamatan."""

    kmh: int
    hours: int


def note_sightings(seen: Sequence[Seen], limits: Limits) -> None:
    """Write them down and raise what they tell; those that are written already are passed over."""
    ids = {one: uuid5(one.event_id, str(one.animal_id)) for one in seen}
    known = set(db.session.scalars(select(Sighting.id).where(Sighting.id.in_(ids.values()))))
    new = {_sighting(ids[one], one): one for one in seen if ids[one] not in known}
    for _moment, some in groupby(sorted(new, key=_seen_at), key=_seen_at):
        sightings = list(some)
        for sighting, other in _neighbours(sightings):
            _compare(sighting, other, new[sighting], limits)
        db.session.add_all(sightings)
        db.session.flush()
    told = alarms_of_readings({one.code for one in new.values()})
    for one in new.values():
        if one.code in told:
            raise_alarm(told[one.code].by(one.by_name, one.by_id, one.event_id))


class Spot(Protocol):
    """Where and when something was read."""

    @property
    def seen_at(self) -> datetime: ...

    @property
    def village(self) -> str: ...

    @property
    def latitude(self) -> float | None: ...

    @property
    def longitude(self) -> float | None: ...


def kilometres(one: Spot, other: Spot) -> float | None:
    """As the crow flies (haversine); None when one of the places is only a village."""
    ends = (one.latitude, one.longitude, other.latitude, other.longitude)
    if None in ends:
        return None
    lat1, lon1, lat2, lon2 = (radians(degrees or 0) for degrees in ends)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def too_far(one: Spot, other: Spot, limits: Limits) -> bool:
    apart = abs(other.seen_at - one.seen_at)
    km = kilometres(one, other)
    if km is not None:
        return km >= LEAST_KM and km > limits.kmh * (apart / timedelta(hours=1))
    elsewhere = one.village[:KECAMATAN] != other.village[:KECAMATAN]
    return elsewhere and apart < timedelta(hours=limits.hours)


def _compare(sighting: Sighting, other: Sighting, one: Seen, limits: Limits) -> None:
    if not too_far(sighting, other, limits) or _moved_between(sighting, other):
        return
    first, second = sorted((sighting, other), key=_seen_at)
    km = kilometres(first, second)
    facts = {
        "villages": [first.village, second.village],
        "moments": [first.seen_at.isoformat(), second.seen_at.isoformat()],
        "km": None if km is None else round(km),
    }
    home = db.session.get_one(Animal, one.animal_id).village
    two_places = Raised(
        kind=AlarmKind.TWO_PLACES, code=one.code, animal_id=one.animal_id, region=home, facts=facts
    )
    raise_alarm(two_places.by(one.by_name, one.by_id, one.event_id))


def _neighbours(sightings: Sequence[Sighting]) -> Iterator[tuple[Sighting, Sighting]]:
    """Each with the ones before and after it, for news may come late. All are of one moment."""
    seen = {sighting.animal_id: sighting for sighting in sightings}
    at = sightings[0].seen_at
    for side, nearest in ((Sighting.seen_at <= at, func.max), (Sighting.seen_at > at, func.min)):
        next_to = (
            select(Sighting.animal_id, nearest(Sighting.seen_at).label("seen_at"))
            .where(Sighting.animal_id.in_(seen), side)
            .group_by(Sighting.animal_id)
            .subquery()
        )
        same = and_(
            Sighting.animal_id == next_to.c.animal_id, Sighting.seen_at == next_to.c.seen_at
        )
        for other in db.session.scalars(select(Sighting).join(next_to, same)).all():
            yield seen[other.animal_id], other


def _seen_at(sighting: Sighting) -> datetime:
    return sighting.seen_at


def _moved_between(one: Sighting, other: Sighting) -> bool:
    """Whether the register was told of a move; its hour is seldom known, so its day counts."""
    first, last = sorted((one.seen_at, other.seen_at))
    day = timedelta(days=1)
    asked = select(Observation).where(
        Observation.animal_id == one.animal_id,
        Observation.made_at.between(first - day, last + day),
        Observation.kind.not_in(NO_MOVE),
    )
    days = (local(first).date(), local(last).date())
    return any(
        "village" in seen.after and days[0] <= local(seen.made_at).date() <= days[1]
        for seen in db.session.scalars(asked)
    )


def _sighting(sighting_id: UUID, one: Seen) -> Sighting:
    return Sighting(
        id=sighting_id,
        animal_id=one.animal_id,
        code=one.code,
        seen_at=one.seen_at,
        village=one.village,
        latitude=one.latitude,
        longitude=one.longitude,
        by_id=one.by_id,
        event_id=one.event_id,
    )
