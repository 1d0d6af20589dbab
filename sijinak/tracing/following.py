"""Breadth first through the movements, level by level and each level with a few questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sijinak.animals.models import Animal
from sijinak.tracing.moves import Asked, Bounds, Front, Move, Way, Why
from sijinak.tracing.queries import (
    holder_on,
    moves_near,
    moves_of_animal,
    moves_of_area,
    moves_of_holding,
)

# Movements in one direction: nobody reads more, and a server must not choke on one trace.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """A movement in a trace, how it came in, and how many contacts from the start."""

    move: Move
    way: Way
    why: Why
    level: int

    @property
    def in_time(self) -> tuple[date, int, tuple[str, UUID]]:
        return self.move.on, self.level, self.move.key


@dataclass(frozen=True, slots=True)
class Trace:
    """In the order of time. ``is_cut``: there is more than an answer may hold."""

    found: tuple[Found, ...]
    is_cut: bool = False


def follow(seeds: Iterable[Found], way: Way, bounds: Bounds) -> Trace:
    """Each movement once, by its shortest way from the start: no circle goes on for ever."""
    found = {one.move.key: one for one in seeds}
    level = [one.move for one in found.values()]
    asked = Asked()
    for depth in range(1, bounds.depth + 1):
        if not level or len(found) > MOST:
            break
        level = _next(found, Front.of(level, way).unasked(asked), bounds, depth)
    return Trace(tuple(sorted(found.values(), key=lambda one: one.in_time)), len(found) > MOST)


def from_holding(keeper_id: UUID, way: Way, bounds: Bounds) -> Trace:
    return follow(_started(moves_of_holding(keeper_id, way, bounds), way), way, bounds)


def from_area(region: str, way: Way, bounds: Bounds) -> Trace:
    return follow(_started(moves_of_area(region, way, bounds), way), way, bounds)


def from_animal(animal: Animal, way: Way, bounds: Bounds) -> Trace:
    """Its own movements, and what met it on the holding where it stood at first."""
    seeds = _started(moves_of_animal(animal.id, way, bounds), way)
    holder = holder_on(animal, bounds.first if way is Way.FORWARD else bounds.last)
    if holder is None:
        return follow(seeds, way, bounds)
    met = moves_of_holding(holder, way, _at_first(way, bounds))
    own = {one.move.key for one in seeds}
    seeds += [Found(move, way, Why.HOLDING, 0) for move in met if move.key not in own]
    return follow(seeds, way, bounds)


def _at_first(way: Way, bounds: Bounds) -> Bounds:
    """The days of contact at the end where the trace begins."""
    first, last = bounds.first, bounds.last
    if way is Way.FORWARD:
        last = min(last, first + timedelta(days=bounds.contact_days))
    else:
        first = max(first, last - timedelta(days=bounds.contact_days))
    return Bounds(first=first, last=last, contact_days=bounds.contact_days, depth=bounds.depth)


def _started(moves: Iterable[Move], way: Way) -> list[Found]:
    return [Found(move, way, Why.START, 0) for move in {m.key: m for m in moves}.values()]


def _next(
    found: dict[tuple[str, UUID], Found], front: Front, bounds: Bounds, depth: int
) -> list[Move]:
    fresh: list[Move] = []
    contact = bounds.contact
    for move in moves_near(front, bounds):
        if len(found) > MOST:
            break
        key = move.key
        if key not in found and (why := front.why(move, contact)):
            found[key] = Found(move, front.way, why, depth)
            fresh.append(move)
    return fresh
