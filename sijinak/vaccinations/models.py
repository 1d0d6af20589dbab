"""Products by their labels, and the acts of vaccination."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.model import Model, RegionCode


class Disease(StrEnum):
    PMK = "pmk"
    LSD = "lsd"
    SE = "se"
    ANTHRAX = "anthrax"
    BRUCELLOSIS = "brucellosis"
    RABIES = "rabies"
    JEMBRANA = "jembrana"


class Product(Model):
    """What the label says, with its source; what nobody has checked is None.

    After an animal's first dose against the disease the next is due in ``second_dose_days``,
    where the label asks for two; after that every ``interval_days``.
    """

    __tablename__ = "vaccine_products"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    disease: Mapped[Disease]
    second_dose_days: Mapped[int | None]
    interval_days: Mapped[int | None]
    withdrawal_days: Mapped[int | None]
    source: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)

    def next_due(self, day: date, *, is_first: bool) -> date | None:
        """When the label asks for the next dose; None where nobody has read the label yet."""
        days = self.second_dose_days if is_first else None
        days = days or self.interval_days
        return day + timedelta(days=days) if days else None


class VaccinationAct(Model):
    """One visit: a product and lot, given by one person to one or many animals."""

    __tablename__ = "vaccination_acts"

    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id))
    lot: Mapped[str]
    given_at: Mapped[datetime]
    given_on: Mapped[date]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    vaccinator_id: Mapped[UUID] = mapped_column(index=True)
    vaccinator_name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]

    product: Mapped[Product] = relationship(lazy="joined", innerjoin=True)


class Vaccination(Model):
    """One animal's share in an act. ``is_double``: the same disease was done that day already."""

    __tablename__ = "vaccinations"
    __table_args__ = (
        UniqueConstraint("act_id", "animal_id"),
        Index("ix_vaccinations_animal_id", "animal_id", "given_on"),
    )

    act_id: Mapped[UUID] = mapped_column(ForeignKey(VaccinationAct.id))
    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"))
    disease: Mapped[Disease]
    given_on: Mapped[date] = mapped_column(index=True)
    next_due: Mapped[date | None] = mapped_column(index=True)
    is_double: Mapped[bool] = mapped_column(default=False)
