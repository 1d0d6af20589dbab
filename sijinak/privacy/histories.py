"""Whose an animal was when something was observed of it, and whose hamlet was written down then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, union

from sijinak.animals.models import Animal, Observation, ObservationKind
from sijinak.core.db import db

HOLDERS = ("keeper_id", "raiser_id")
AT_ONCE = 500
# They put back a word that stood before.
_BACK = frozenset({ObservationKind.UNDONE, ObservationKind.UNMERGED})
People = frozenset[UUID]
# Of one animal's observations: the animal, the row, its kind, before and after.
_Line = tuple[UUID, UUID, ObservationKind, dict[str, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """One observation: who had the animal, and whose the hamlets in it are."""

    id: UUID
    held_by: People
    before_of: People
    after_of: People


@dataclass(frozen=True, slots=True)
class History:
    """``hamlet_of``: whose the hamlet is that stands at the animal now, however it was sold on."""

    animal_id: UUID
    steps: Sequence[Step]
    hamlet_of: People


def histories_of(keeper_id: UUID) -> Iterator[History]:
    """Of each animal that the keeper owned or raised at any time."""
    for some in slices(_animals_of(keeper_id)):
        asked = select(Animal.id, Animal.keeper_id, Animal.raiser_id).where(Animal.id.in_(some))
        now = {row[0]: {"keeper_id": row[1], "raiser_id": row[2]} for row in _rows(asked)}
        lines = select(
            Observation.animal_id,
            Observation.id,
            Observation.kind,
            Observation.before,
            Observation.after,
        ).where(Observation.animal_id.in_(some))
        ordered = lines.order_by(Observation.animal_id, Observation.recorded_at, Observation.id)
        for animal_id, of_it in groupby(_rows(ordered), key=lambda line: line[0]):
            yield _walk(animal_id, [tuple(line) for line in of_it], now[animal_id])


def slices(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """No question has more parameters than the databases take."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _animals_of(keeper_id: UUID) -> list[UUID]:
    """Whoever has an animal changes with an observation; the first owners stand in it, too."""
    had = [
        side[name].as_string() == str(keeper_id)
        for side in (Observation.before, Observation.after)
        for name in HOLDERS
    ]
    has = or_(Animal.keeper_id == keeper_id, Animal.raiser_id == keeper_id)
    found = union(select(Animal.id).where(has), select(Observation.animal_id).where(or_(*had)))
    return sorted(db.session.scalars(found))


def _walk(animal_id: UUID, lines: Sequence[_Line], now: Mapping[str, UUID | None]) -> History:
    had = {name: _first(name, lines, now[name]) for name in HOLDERS}
    hamlet_of = _people(had)
    said: dict[str, People] = {}
    steps = []
    for _animal, row_id, kind, before, after in lines:
        then, before_of = _people(had), hamlet_of
        had |= {name: _id(after[name]) for name in HOLDERS if name in after}
        if word := before.get("hamlet"):
            said.setdefault(word, before_of)
        if "hamlet" in after:
            known = said.get(after["hamlet"]) if kind in _BACK else None
            hamlet_of = known or _people(had)
            said[after["hamlet"]] = hamlet_of
        steps.append(Step(row_id, then | _people(had), before_of, hamlet_of))
    return History(animal_id, steps, hamlet_of)


def _first(name: str, lines: Sequence[_Line], now: UUID | None) -> UUID | None:
    """Who it was at the beginning: the first change of it says so, or nothing ever changed."""
    for _animal, _row_id, _kind, before, after in lines:
        for side in (before, after):
            if name in side:
                return _id(side[name])
    return now


def _people(had: Mapping[str, UUID | None]) -> People:
    return frozenset(one for one in had.values() if one is not None)


def _id(said: str | None) -> UUID | None:
    return UUID(said) if said else None


def _rows(asked: Any) -> Any:
    return db.session.execute(asked)
