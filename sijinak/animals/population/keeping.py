"""Each change of an animal that counts leaves its difference."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sijinak.animals.models import Animal, AnimalState, Sex, Species
from sijinak.animals.population.models import PopulationChange
from sijinak.animals.population.queries import last_count, reckoning_since
from sijinak.core.db import db

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an animal stands in the counts."""

    village: str
    species: Species
    sex: Sex
    birth_date: date | None
    seen_at: datetime | None


def place_of(animal: Animal) -> Place | None:
    """None for an animal that is not counted: dead, stolen, merged or withdrawn."""
    if animal.state is not AnimalState.PRESENT:
        return None
    seen_at = animal.seen_at if animal.verification == "seen" else None
    return Place(animal.village, animal.species, animal.sex, animal.birth_date, seen_at)


def note_difference(before: Place | None, after: Place | None) -> None:
    if before == after:
        return
    for place, heads in ((before, -1), (after, 1)):
        if place is not None:
            db.session.add(_change(place, heads))


def note_loaded(animals: Columns) -> None:
    """Many animals that were written in bulk: a few rows for each village.

    Their birth and last sighting are noted as precisely as the counts ask for, no more.
    """
    reckoning = reckoning_since(last_count())
    births = {
        birth: reckoning.birth_in(reckoning.age_class(birth))
        for birth in set(animals["birth_date"])
    }
    recent = reckoning.recent
    earlier = recent - timedelta(days=1)
    moments = (
        moment and (recent if moment >= recent else earlier) for moment in animals["seen_at"]
    )
    rows = zip(
        animals["village"], animals["species"], animals["sex"],
        (births[birth] for birth in animals["birth_date"]), moments, strict=True,
    )  # fmt: skip
    for row, heads in Counter(rows).items():
        db.session.add(_change(Place(*row), heads))


def _change(place: Place, heads: int) -> PopulationChange:
    return PopulationChange(
        village=place.village,
        species=place.species,
        sex=place.sex,
        birth_date=place.birth_date,
        seen_at=place.seen_at,
        heads=heads,
    )
