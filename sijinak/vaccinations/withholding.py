"""How long an animal waits after a dose before it may be slaughtered: the label says so."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select

from sijinak.core.asking import Among, Question, ask
from sijinak.core.clock import today
from sijinak.vaccinations.doses import records_of
from sijinak.vaccinations.models import Product, Standing, Vaccination, VaccinationAct

Withheld = tuple[str, date | None]  # the product, and the last day; None: nobody read the label


def withheld_until(animal_ids: Collection[UUID]) -> dict[UUID, list[Withheld]]:
    """Of each product that an animal got, its last dose. The caller asked for the animals."""
    standing = records_of(animal_ids)
    last: dict[UUID, dict[str, date | None]] = {}
    for record_id, given_on, name, days in ask(_given, ids=list(standing), today=today()):
        until = None if days is None else given_on + timedelta(days=days)
        last.setdefault(standing[record_id], {})[name] = until
    return {animal_id: list(products.items()) for animal_id, products in last.items()}


def _given(among: Among) -> Question:
    return (
        select(Vaccination.animal_id, Vaccination.given_on, Product.name, Product.withdrawal_days)
        .join(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
        .join(Product, Product.id == VaccinationAct.product_id)
        .where(among(Vaccination.animal_id, "ids"))
        .where(Vaccination.standing == Standing.COUNTS, Vaccination.given_on <= bindparam("today"))
        .order_by(Vaccination.given_on)
    )
