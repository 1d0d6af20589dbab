"""Which doses animals got, for many of them at once."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select, union_all

from sijinak.animals.models import Animal
from sijinak.core.asking import Among, Question, ask
from sijinak.vaccinations.models import Disease, Vaccination
from sijinak.vaccinations.queries import COUNTS


def doses_of(animal_ids: Collection[UUID]) -> dict[UUID, dict[Disease, list[date]]]:
    """The days on which each animal got its doses, oldest first; only those that count."""
    found: dict[UUID, dict[Disease, list[date]]] = {animal_id: {} for animal_id in animal_ids}
    standing = records_of(animal_ids)
    for record_id, disease, given_on in ask(_doses, ids=list(standing)):
        days = found[standing[record_id]].setdefault(disease, [])
        if given_on not in days[-1:]:  # a day once: of two records of one both may have the dose
            days.append(given_on)
    return found


def records_of(animal_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Every record of the animals, with the animal: what was merged counts for what stands.

    Asked apart, for joined to the doses the condition would read the whole table of them.
    """
    ids = list(animal_ids)
    return {row[0]: row[1] for row in ask(_records, ids=ids, others=ids)}


def _records(among: Among) -> Question:
    """Two questions in one, for either has its index."""
    itself = select(Animal.id, Animal.id.label("animal_id"))
    merged = select(Animal.id, Animal.merged_into_id)
    return union_all(
        itself.where(among(Animal.id, "ids"), Animal.merged_into_id.is_(None)),
        merged.where(among(Animal.merged_into_id, "others")),
    )


def _doses(among: Among) -> Question:
    asked = select(Vaccination.animal_id, Vaccination.disease, Vaccination.given_on)
    return asked.where(among(Vaccination.animal_id, "ids"), COUNTS).order_by(Vaccination.given_on)
