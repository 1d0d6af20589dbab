"""What an animal is, what names it, and how lists of animals came in."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode


class Species(StrEnum):
    CATTLE = "cattle"
    BUFFALO = "buffalo"
    HORSE = "horse"
    GOAT = "goat"
    SHEEP = "sheep"
    PIG = "pig"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Precision(StrEnum):
    """How well the day of birth is known."""

    EXACT = "exact"
    MONTH = "month"
    ESTIMATED = "estimated"


class Verification(StrEnum):
    """Data 1: shown to an officer who took its marks. Data 2: the owner says that it exists."""

    SEEN = "seen"
    DECLARED = "declared"


class IdentifierKind(StrEnum):
    TAG = "tag"  # our QR tag
    EARTAG = "eartag"  # the printed number of the national ear tag


class Animal(Model):
    """Its id outlives every tag. The marks are what the ownership letter (SKKT) lists."""

    __tablename__ = "animals"
    __table_args__ = (
        CheckConstraint("verification <> 'seen' OR seen_at IS NOT NULL", name="seen"),
        CheckConstraint("teeth BETWEEN 0 AND 4", name="teeth"),
        CheckConstraint("calvings BETWEEN 0 AND 20", name="calvings"),
    )

    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    village: Mapped[str] = mapped_column(RegionCode, index=True)
    hamlet: Mapped[str] = mapped_column(default="")
    species: Mapped[Species]
    breed: Mapped[str] = mapped_column(default="")
    sex: Mapped[Sex]
    birth_date: Mapped[date | None]
    birth_precision: Mapped[Precision | None]
    teeth: Mapped[int | None]  # pairs of permanent incisors (poel), 0 to 4
    colour: Mapped[str] = mapped_column(default="")
    horns: Mapped[str] = mapped_column(default="")
    ears: Mapped[str] = mapped_column(default="")
    whorls: Mapped[str] = mapped_column(default="")
    brand: Mapped[str] = mapped_column(default="")
    special_marks: Mapped[str] = mapped_column(default="")
    calvings: Mapped[int | None]
    is_pregnant: Mapped[bool | None]
    verification: Mapped[Verification]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[UUID | None]
    registered_at: Mapped[datetime]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_batches.id"), index=True)


class Identifier(Model):
    """A tag or number that leads to an animal; a code is never given to a second one."""

    __tablename__ = "identifiers"
    __table_args__ = (
        UniqueConstraint("value", "kind"),
        Index(
            "uq_identifiers_live_tag",
            "animal_id",
            unique=True,
            sqlite_where=text("kind = 'tag' AND ended_at IS NULL"),
            postgresql_where=text("kind = 'tag' AND ended_at IS NULL"),
        ),
        Index("ix_identifiers_animal_id", "animal_id"),
    )

    animal_id: Mapped[UUID] = mapped_column(ForeignKey(Animal.id))
    kind: Mapped[IdentifierKind]
    value: Mapped[str]
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ImportBatch(Model):
    """A village list that was taken in, whole. The digest is keyed: the list holds NIKs."""

    __tablename__ = "import_batches"

    digest: Mapped[bytes] = mapped_column(unique=True)
    file_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    animals: Mapped[int]
    new_keepers: Mapped[int]
    imported_at: Mapped[datetime]
    imported_by: Mapped[UUID]
