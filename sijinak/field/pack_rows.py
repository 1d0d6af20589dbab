"""What stands in a work pack, one set-based question for each part of it.

Only columns that the work needs are asked for: no NIK, no telephone, no full name of a person.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.animals.models import Animal, AnimalState, Identifier, IdentifierKind
from sijinak.core.db import db
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.vaccinations.campaigns.models import Outbreak
from sijinak.vaccinations.models import Product, Standing, Vaccination
from sijinak.vaccinations.stock.models import Holding, Lot

Asked = Select[*tuple[Any, ...]]
# The stolen travel too, so that who meets one is told.
TRAVELLING = (AnimalState.PRESENT, AnimalState.STOLEN)
PARTICLE = 2  # letters of a first word that is no name by itself
_RECORD = aliased(Animal)  # what an identifier or a dose was written down at
_LIVE_TAG = and_(Identifier.kind == IdentifierKind.TAG, Identifier.ended_at.is_(None))


def count_animals(villages: Collection[str]) -> dict[str, int]:
    asked = select(Animal.village, func.count()).where(*_travel(villages)).group_by(Animal.village)
    return {row[0]: row[1] for row in db.session.execute(asked)}


def animal_rows(villages: Collection[str]) -> list[Any]:
    """Each with its live tag, if it has one."""
    asked = (
        select(
            Animal.id,
            Identifier.value,
            Animal.keeper_id,
            Animal.village,
            Animal.species,
            Animal.sex,
            Animal.birth_date,
            Animal.is_pregnant,
            Animal.state,
        )
        .outerjoin(Identifier, and_(Identifier.animal_id == Animal.id, _LIVE_TAG))
        .where(*_travel(villages))
        .order_by(Animal.id)
    )
    return list(db.session.execute(asked))


def owner_rows(villages: Collection[str]) -> list[Any]:
    """Who owns one of the animals, or lives there: id, kind, name, village, hamlet."""
    owners = select(Animal.keeper_id).where(*_travel(villages))
    here = and_(Keeper.village.in_(villages), Keeper.withdrawn_at.is_(None))
    asked = select(Keeper.id, Keeper.kind, Keeper.name, Keeper.village, Keeper.hamlet)
    return list(
        db.session.execute(asked.where(or_(Keeper.id.in_(owners), here)).order_by(Keeper.id))
    )


def short_name(kind: KeeperKind, name: str) -> str:
    """Abdul R., of Abdul Gani Rahman. Firms and groups are called by their names.

    "I", "Ni" or "M." alone tells nobody apart, so the next word stays: I Made S.
    """
    words = name.split()
    if kind is not KeeperKind.PERSON or not words:
        return name
    first = 2 if len(words[0].rstrip(".")) <= PARTICLE else 1
    called = " ".join(words[:first])
    return f"{called} {words[-1][0]}." if len(words) > first else called


def other_numbers(villages: Collection[str]) -> dict[UUID, list[str]]:
    """Ear tags, chips, old cards and former tags, those of merged records with them."""
    own = _written_at(select(Animal.id, Identifier.value), villages).where(~_LIVE_TAG)
    own = own.join(Identifier, Identifier.animal_id == Animal.id)
    merged = _merged(select(Animal.id, Identifier.value), villages)
    merged = merged.join(Identifier, Identifier.animal_id == _RECORD.id)
    found: dict[UUID, list[str]] = {}
    for asked in (own, merged):
        for animal_id, value in db.session.execute(asked.order_by(Identifier.id)):
            found.setdefault(animal_id, []).append(value)
    return found


def last_doses(villages: Collection[str]) -> dict[UUID, dict[str, list[str | None]]]:
    """The last dose against each disease that counts, and when the label asks for the next."""
    columns = (Vaccination.disease, Vaccination.given_on, Vaccination.next_due)
    counts = Vaccination.standing == Standing.COUNTS
    own = _written_at(select(Animal.id, *columns), villages)
    own = own.join(Vaccination, Vaccination.animal_id == Animal.id)
    merged = _merged(select(Animal.id, *columns), villages)
    merged = merged.join(Vaccination, Vaccination.animal_id == _RECORD.id)
    found: dict[UUID, dict[str, list[str | None]]] = {}
    for asked in (own, merged):
        _keep_later(found, db.session.execute(asked.where(counts)))
    return found


def _keep_later(found: dict[UUID, dict[str, list[str | None]]], rows: Iterable[Any]) -> None:
    for animal_id, disease, given_on, next_due in rows:
        doses, day = found.setdefault(animal_id, {}), given_on.isoformat()
        known = doses.get(disease.value)
        if known is None or (known[0] or "") < day:
            doses[disease.value] = [day, day_or_none(next_due)]


def outbreaks_in(villages: Collection[str]) -> dict[str, list[str]]:
    """Which diseases were found there before."""
    asked = select(Outbreak.village, Outbreak.disease).distinct()
    found: dict[str, list[str]] = {}
    rows = db.session.execute(asked.where(Outbreak.village.in_(villages)))
    for village, disease in sorted(rows, key=tuple):
        found.setdefault(village, []).append(disease.value)
    return found


def product_entry(product: Product) -> dict[str, Any]:
    """The label, as far as anybody has read it."""
    return {
        "id": str(product.id),
        "name": product.name,
        "disease": product.disease,
        "doses": {dose.species.value: dose.microlitres for dose in product.doses},
        "route": product.route,
        "second": product.second_dose_days,
        "interval": product.interval_days,
        "withdrawal": product.withdrawal_days,
        "least_age": product.least_age_days,
        "pregnancy": product.pregnancy,
        "per_vial": product.doses_per_vial,
    }


def bag_of(officer_id: UUID) -> list[dict[str, Any]]:
    """The lots that the officer carries, those that expire first before the others."""
    asked = (
        select(Lot.product_id, Lot.number, Lot.expires_on, Holding.doses)
        .join(Holding, Holding.lot_id == Lot.id)
        .where(Holding.officer_id == officer_id, Holding.doses > 0)
        .order_by(Lot.expires_on, Lot.number)
    )
    return [
        {"product": str(product), "number": number, "expires_on": str(day), "doses": doses}
        for product, number, day, doses in db.session.execute(asked)
    ]


def day_or_none(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _travel(villages: Collection[str]) -> tuple[Any, ...]:
    return Animal.village.in_(villages), Animal.state.in_(TRAVELLING)


def _written_at(asked: Asked, villages: Collection[str]) -> Asked:
    return asked.select_from(Animal).where(*_travel(villages))


def _merged(asked: Asked, villages: Collection[str]) -> Asked:
    """What was written down at records that became one with an animal that travels."""
    joined = asked.select_from(Animal).join(_RECORD, _RECORD.merged_into_id == Animal.id)
    return joined.where(*_travel(villages))
