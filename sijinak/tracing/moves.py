"""What moved, and when one movement may have carried a disease on to another. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Self
from uuid import UUID


class Way(StrEnum):
    FORWARD = "forward"  # where it went
    BACK = "back"  # where it came from


class MoveKind(StrEnum):
    """Mutations are named as in the register; these come beside them."""

    BIRTH = "birth"
    SHIPMENT = "shipment"  # with a permit
    RETURN = "return"  # its receiver rejected it


class Why(StrEnum):
    """How a movement came into a trace."""

    START = "start"
    SAME_ANIMAL = "same-animal"  # it moved on, or calved
    GATHERING = "gathering"  # on one permit
    HOLDING = "holding"  # on one holding within the days of contact


class Move(NamedTuple):
    """One animal's. ``source_id`` is the animal it comes from: itself, or for a birth its dam."""

    kind: StrEnum
    row_id: UUID  # with the kind it names the movement
    on: date
    animal_id: UUID
    source_id: UUID
    from_holding: UUID | None = None
    to_holding: UUID | None = None
    from_place: str = ""
    to_place: str = ""
    group: UUID | None = None  # the permit on which it stood with others

    @property
    def key(self) -> tuple[str, UUID]:
        return str.__str__(self.kind), self.row_id  # .value takes ten times as long


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """From day to day, so many contacts deep; ``contact_days`` a holding stays suspect."""

    first: date
    last: date
    contact_days: int
    depth: int

    @property
    def contact(self) -> timedelta:
        return timedelta(days=self.contact_days)


@dataclass(slots=True)
class Asked:
    """Whom a trace has asked about already: nobody is asked twice for the same days."""

    animals: dict[UUID, date] = field(default_factory=dict)
    holdings: dict[UUID, set[date]] = field(default_factory=dict)
    groups: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Front:
    """What one level of a trace asks the next: who may have carried it on, and when."""

    way: Way
    animals: Mapping[UUID, date]  # forward: since when; back: until when
    holdings: Mapping[UUID, list[date]]  # sorted: when it came in (forward), when it left (back)
    groups: frozenset[UUID]

    @classmethod
    def of(cls, moves: Iterable[Move], way: Way) -> Self:
        animals: dict[UUID, date] = {}
        holdings: dict[UUID, list[date]] = {}
        groups: set[UUID] = set()
        better, forward = (min, True) if way is Way.FORWARD else (max, False)
        for move in moves:
            animal = move.animal_id if forward else move.source_id
            animals[animal] = better(animals.get(animal, move.on), move.on)
            holding = move.to_holding if forward else move.from_holding
            if holding is not None:
                holdings.setdefault(holding, []).append(move.on)
            if move.group is not None:
                groups.add(move.group)
        for days in holdings.values():
            days.sort()
        return cls(way, animals, holdings, frozenset(groups))

    def unasked(self, asked: Asked) -> "Front":
        """What is new in it; from here on it is asked, too."""
        forward = self.way is Way.FORWARD
        animals = {
            animal: on
            for animal, on in self.animals.items()
            if (had := asked.animals.get(animal)) is None or (on < had if forward else on > had)
        }
        holdings: dict[UUID, list[date]] = {}
        for holding, days in self.holdings.items():
            had_days = asked.holdings.setdefault(holding, set())
            if new := sorted(set(days) - had_days):
                holdings[holding] = new
                had_days.update(new)
        groups = self.groups - asked.groups
        asked.animals |= animals
        asked.groups |= groups
        return replace(self, animals=animals, holdings=holdings, groups=groups)

    def why(self, move: Move, contact: timedelta) -> Why | None:
        """How this movement follows from the level; None when it does not."""
        forward = self.way is Way.FORWARD
        met = self.animals.get(move.source_id if forward else move.animal_id)
        if met is not None and (move.on >= met if forward else move.on <= met):
            return Why.SAME_ANIMAL
        if move.group in self.groups:
            return Why.GATHERING
        holding = move.from_holding if forward else move.to_holding
        days = self.holdings.get(holding, []) if holding is not None else []
        earliest = move.on - contact if forward else move.on
        latest = move.on if forward else move.on + contact
        at = bisect_left(days, earliest)
        return Why.HOLDING if at < len(days) and days[at] <= latest else None
