"""Products by their labels, and the acts of vaccination."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.animals.models import Species
from sijinak.core.model import Model, RegionCode
from sijinak.health.diseases import Disease

__all__ = ["Disease"]  # its place is below, where tests and bans name it too


class Route(StrEnum):
    INTRAMUSCULAR = "im"
    SUBCUTANEOUS = "sc"


class PregnancyAdvice(StrEnum):
    """What the label says of pregnant animals."""

    ALLOWED = "allowed"
    AVOID = "avoid"
    FORBIDDEN = "forbidden"


class Standing(StrEnum):
    """Whether a dose counts for its animal."""

    COUNTS = "counts"
    DOUBLE = "double"  # the same disease was done that day already
    WITHDRAWN = "withdrawn"  # taken back by who gave it, or by the office


class ReadBy(StrEnum):
    """How the animal's code came into the record."""

    SCAN = "scan"
    TYPED = "typed"


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
    least_age_days: Mapped[int | None]
    pregnancy: Mapped[PregnancyAdvice | None]
    route: Mapped[Route | None]
    doses_per_vial: Mapped[int | None]
    coldest: Mapped[int | None]  # the cold chain, in tenths of a degree Celsius
    warmest: Mapped[int | None]
    source: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)

    doses: Mapped[list["ProductDose"]] = relationship(
        back_populates="product", lazy="selectin", order_by="ProductDose.species"
    )

    def next_due(self, day: date, *, is_first: bool) -> date | None:
        """When the label asks for the next dose; None where nobody has read the label yet."""
        days = self.second_dose_days if is_first else None
        days = days or self.interval_days
        return day + timedelta(days=days) if days else None


class ProductDose(Model):
    """How much of a product an animal of a species gets, in microlitres."""

    __tablename__ = "vaccine_product_doses"
    __table_args__ = (
        UniqueConstraint("product_id", "species"),
        CheckConstraint("microlitres > 0", name="microlitres"),
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id))
    species: Mapped[Species]
    microlitres: Mapped[int]

    product: Mapped[Product] = relationship(back_populates="doses")


class VaccinationAct(Model):
    """One visit: a product and lot, given by one person to one or many animals.

    ``lot`` is what was read from the bottle; ``lot_id`` the lot in the books, where it is known.
    """

    __tablename__ = "vaccination_acts"

    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id))
    lot: Mapped[str]
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("vaccine_lots.id"), index=True)
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    given_at: Mapped[datetime]
    given_on: Mapped[date]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    vaccinator_id: Mapped[UUID] = mapped_column(index=True)
    vaccinator_name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]

    product: Mapped[Product] = relationship(lazy="joined", innerjoin=True)


class Vaccination(Model):
    """One animal's share in an act. What a phone sent has the id that the phone gave it."""

    __tablename__ = "vaccinations"
    __table_args__ = (
        Index(  # one dose a day counts, whoever else gave another
            "uq_vaccinations_counting",
            "animal_id",
            "disease",
            "given_on",
            unique=True,
            postgresql_where=text("standing = 'counts'"),
            sqlite_where=text("standing = 'counts'"),
        ),
        Index("ix_vaccinations_animal_id", "animal_id", "given_on"),
        Index("ix_vaccinations_village", "village", "disease", "given_on"),
    )

    act_id: Mapped[UUID] = mapped_column(ForeignKey(VaccinationAct.id))
    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"))
    disease: Mapped[Disease]
    village: Mapped[str] = mapped_column(RegionCode)  # where it was given
    given_at: Mapped[datetime]
    given_on: Mapped[date] = mapped_column(index=True)
    next_due: Mapped[date | None] = mapped_column(index=True)
    standing: Mapped[Standing] = mapped_column(default=Standing.COUNTS)
    read_by: Mapped[ReadBy | None]  # None: recorded at a desk
    latitude: Mapped[float | None]  # degrees, WGS 84
    longitude: Mapped[float | None]
    accuracy_m: Mapped[float | None]
