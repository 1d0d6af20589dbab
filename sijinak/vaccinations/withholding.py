"""How long an animal waits after a dose before it may be slaughtered: the label says so."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.vaccinations.models import Product, Standing, Vaccination, VaccinationAct

Withheld = tuple[str, date | None]  # the product, and the last day; None: nobody read the label


def withheld_until(animal_ids: Collection[UUID]) -> dict[UUID, list[Withheld]]:
    """Of each product that an animal got, its last dose. The caller asked for the animals."""
    standing = _records(animal_ids)
    asked = (
        select(Vaccination.animal_id, Vaccination.given_on, Product.name, Product.withdrawal_days)
        .join(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
        .join(Product, Product.id == VaccinationAct.product_id)
        .where(Vaccination.animal_id.in_(standing))
        .where(Vaccination.standing == Standing.COUNTS, Vaccination.given_on <= today())
        .order_by(Vaccination.given_on)
    )
    last: dict[UUID, dict[str, date | None]] = {}
    for record_id, given_on, name, days in db.session.execute(asked):
        until = None if days is None else given_on + timedelta(days=days)
        last.setdefault(standing[record_id], {})[name] = until
    return {animal_id: list(products.items()) for animal_id, products in last.items()}


def _records(animal_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Every record of the animals, with the animal: what was merged counts for what stands.

    Asked apart, for joined to the doses the condition would read the whole table of them.
    """
    merged = select(Animal.id, Animal.merged_into_id).where(Animal.merged_into_id.in_(animal_ids))
    into = {record: animal for record, animal in db.session.execute(merged) if animal is not None}
    return {animal_id: animal_id for animal_id in animal_ids} | into
