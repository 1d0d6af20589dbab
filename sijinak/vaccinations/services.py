"""What is done with vaccinations."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal, AnimalState, Species
from sijinak.animals.services import NotPresent
from sijinak.areas.queries import region_of_all
from sijinak.core.clock import local, now
from sijinak.core.db import db
from sijinak.core.errors import Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.vaccinations.campaigns.queries import check_campaign
from sijinak.vaccinations.giving import product_to_give
from sijinak.vaccinations.models import (
    Disease,
    PregnancyAdvice,
    Product,
    ProductDose,
    Route,
    Standing,
    VaccinationAct,
)
from sijinak.vaccinations.queries import done_before, done_on
from sijinak.vaccinations.remarks import Given, Officer, lots_of, note_doses
from sijinak.vaccinations.writing import write_doses

LIST = Path(__file__).parent / "data" / "products.csv"
MOST_ANIMALS = 200
# A phone may have been without signal for weeks; what is older is a correction, not a record.
MOST_DAYS_BACK = 30


class NoAnimals(Invalid):
    code = "no-animals"


class TooManyAnimals(Invalid):
    """Facts: ``most``."""

    code = "too-many-animals"


class AnimalTwice(Invalid):
    code = "animal-twice"


class GivenInTheFuture(Invalid):
    code = "given-in-the-future"


class GivenTooLongAgo(Invalid):
    """Facts: ``days``."""

    code = "given-too-long-ago"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVaccinations:
    """One product and lot, given at one time. Who sends chooses the id: sent twice, done once."""

    id: UUID = field(default_factory=uuid7)
    product_id: UUID
    lot: str
    given_at: datetime
    animal_ids: tuple[UUID, ...]
    note: str = ""
    campaign_id: UUID | None = None


def record_vaccinations(command: RecordVaccinations, *, by: Actor) -> VaccinationAct:
    """Raises NotFound when one of the animals is out of reach, and the errors above.

    A second act against the same disease on the same day is kept, and marked as a double.
    """
    require(by, Permission.VACCINATION_RECORD)
    if not first_time(command, by=by):
        return db.session.get_one(VaccinationAct, command.id)
    product = check_vaccinations(command, by=by)
    animals = _animals_to_change(command.animal_ids, by=by)
    act = _act_of(command, product, region_of_all(animal.village for animal in animals), by=by)
    doses = _give(act, animals, by=by)
    events.record(
        "vaccination.recorded",
        act,
        by=by,
        region=act.region,
        animals=len(doses),
        doubles=sum(doses.values()),
        product=product.code,
    )
    return act


def check_vaccinations(command: RecordVaccinations, *, by: Actor) -> Product:
    """What is to be given, when nothing but the animals can stand in the way. Changes nothing."""
    require(by, Permission.VACCINATION_RECORD)
    _check_list(command.animal_ids)
    _check_time(command.given_at)
    product = product_to_give(command.product_id, command.lot)
    check_campaign(command.campaign_id, product.disease)
    return product


def load_products(*, by: Actor) -> int:
    """Add the products that are not there yet; what the office changed is left as it is."""
    require(by, Permission.USER_MANAGE)
    known = set(db.session.scalars(select(Product.code)))
    with LIST.open(encoding="utf-8", newline="") as file:
        added = [_product(row) for row in csv.DictReader(file) if row["code"] not in known]
    db.session.add_all(added)
    return len(added)


def _check_list(animal_ids: Sequence[UUID]) -> None:
    if not animal_ids:
        raise NoAnimals
    if len(animal_ids) > MOST_ANIMALS:
        raise TooManyAnimals(most=MOST_ANIMALS)
    if len(set(animal_ids)) < len(animal_ids):
        raise AnimalTwice


def _check_time(given_at: datetime) -> None:
    if given_at > now():
        raise GivenInTheFuture
    if given_at < now() - timedelta(days=MOST_DAYS_BACK):
        raise GivenTooLongAgo(days=MOST_DAYS_BACK)


def _animals_to_change(animal_ids: Collection[UUID], *, by: Actor) -> list[Animal]:
    """Held until the end, in one order: of two vets at one animal the second sees the first."""
    asked = (
        select(Animal)
        .where(Animal.id.in_(animal_ids))
        .where(within_reach(by, Permission.VACCINATION_RECORD, Animal.village))
        .order_by(Animal.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    animals = list(db.session.scalars(asked))
    if len(animals) < len(animal_ids):
        raise NotFound
    for animal in animals:
        if animal.state is not AnimalState.PRESENT:
            raise NotPresent(state=animal.state)
    return animals


def _act_of(
    command: RecordVaccinations, product: Product, region: str, *, by: Actor
) -> VaccinationAct:
    name = command.lot.strip()
    lot = lots_of([(product.id, name)]).get((product.id, name))
    act = VaccinationAct(
        id=command.id,
        product=product,
        lot=name,
        lot_id=lot.id if lot else None,
        campaign_id=command.campaign_id,
        given_at=command.given_at,
        given_on=local(command.given_at).date(),
        region=region,
        vaccinator_id=by.id,
        vaccinator_name=by.name,
        note=command.note,
        recorded_at=now(),
    )
    db.session.add(act)
    db.session.flush()
    return act


def _give(act: VaccinationAct, animals: Collection[Animal], *, by: Actor) -> dict[UUID, bool]:
    """The doses that were written, and whether each is a double."""
    rows = _doses_of(act, animals)
    written = write_doses(rows)
    label = act.product
    given = [
        Given(
            row["id"], act.id, animal, label, act.lot, act.region, act.given_on, written[row["id"]]
        )
        for row, animal in zip(rows, animals, strict=True)
    ]
    note_doses(given, lots_of([(label.id, act.lot)]), Officer(by.id, by.name))
    return written


def _doses_of(act: VaccinationAct, animals: Collection[Animal]) -> list[dict[str, Any]]:
    disease, day = act.product.disease, act.given_on
    animal_ids = [animal.id for animal in animals]
    done, had_one = done_on(day, disease, animal_ids), done_before(day, disease, animal_ids)
    return [
        {
            "id": uuid7(),
            "act_id": act.id,
            "animal_id": animal.id,
            "disease": disease,
            "village": animal.village,
            "given_at": act.given_at,
            "given_on": day,
            "next_due": act.product.next_due(day, is_first=animal.id not in had_one),
            "standing": Standing.DOUBLE if animal.id in done else Standing.COUNTS,
        }
        for animal in animals
    ]


def _product(row: dict[str, str]) -> Product:
    return Product(
        code=row["code"],
        name=row["name"],
        disease=Disease(row["disease"]),
        second_dose_days=_days(row["second_dose_days"]),
        interval_days=_days(row["interval_days"]),
        withdrawal_days=_days(row["withdrawal_days"]),
        least_age_days=_days(row["least_age_days"]),
        pregnancy=PregnancyAdvice(row["pregnancy"]) if row["pregnancy"] else None,
        route=Route(row["route"]) if row["route"] else None,
        doses_per_vial=_days(row["doses_per_vial"]),
        coldest=_days(row["coldest"]),
        warmest=_days(row["warmest"]),
        doses=[
            ProductDose(species=species, microlitres=int(row[species]))
            for species in Species
            if row[species]
        ],
        source=row["source"],
        is_active=row["is_active"] == "yes",
    )


def _days(text: str) -> int | None:
    return int(text) if text else None
