"""What an animal is, what names it, and how lists of animals came in."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
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


class AnimalState(StrEnum):
    """Only the present are counted, sold, vaccinated or shipped. All stay readable for ever."""

    PRESENT = "present"
    STOLEN = "stolen"  # reported to the police; may be found again
    DEAD = "dead"
    SLAUGHTERED = "slaughtered"
    SHIPPED = "shipped"  # out of the regency, with a permit
    MERGED = "merged"  # it was registered twice: ``merged_into_id`` goes on
    WITHDRAWN = "withdrawn"  # its registration was a mistake, and was undone


class Origin(StrEnum):
    BORN_HERE = "born-here"
    BOUGHT = "bought"
    AID = "government-aid"
    OTHER = "other"


class Use(StrEnum):
    """What it is kept for."""

    BREEDING = "breeding"  # bibit
    SLAUGHTER = "slaughter"  # potong
    WORK = "work"  # kerja
    RACING = "racing"  # pacuan


class IdentifierKind(StrEnum):
    TAG = "tag"  # our QR tag
    EARTAG = "eartag"  # the printed number of the national ear tag
    RFID = "rfid"  # 15 digits, ISO 11784
    OLD_CARD = "old-card"  # the number of a card from before the SKKT


class EndReason(StrEnum):
    """Why an identifier names its animal no longer. Its number still leads to the record."""

    LOST = "lost"
    BROKEN = "broken"
    STOLEN = "stolen"
    REPRINTED = "reprinted"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    MISTAKE = "mistake"


class ObservationKind(StrEnum):
    REGISTERED = "registered"
    SEEN = "seen"
    MUTATED = "mutated"
    CORRECTED = "corrected"
    UPDATED = "updated"  # by a list
    UNDONE = "undone"
    MERGED = "merged"
    UNMERGED = "unmerged"
    SHIPPED = "shipped"  # left the regency with a permit
    RETURNED = "returned"  # came back: refused where it was to go


class WeighingMethod(StrEnum):
    SCALE = "scale"
    TAPE = "tape"  # from the girth of the chest
    ESTIMATE = "estimate"


class Animal(Model):
    """As it is known now; how that came to be known stands in its observations.

    Its id outlives every tag. ``keeper_id`` owns it; ``raiser_id`` keeps it for the owner, when
    that is somebody else (gaduhan). The marks are what the ownership letter (SKKT) lists.
    """

    __tablename__ = "animals"
    __table_args__ = (
        CheckConstraint("verification <> 'seen' OR seen_at IS NOT NULL", name="seen"),
        CheckConstraint("teeth BETWEEN 0 AND 4", name="teeth"),
        CheckConstraint("calvings BETWEEN 0 AND 20", name="calvings"),
        CheckConstraint("state <> 'merged' OR merged_into_id IS NOT NULL", name="merged"),
        CheckConstraint("raiser_id IS NULL OR raiser_id <> keeper_id", name="raiser"),
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
    registered_by: Mapped[UUID | None]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    state: Mapped[AnimalState] = mapped_column(default=AnimalState.PRESENT)
    state_at: Mapped[datetime | None]  # when it came into a state other than present
    raiser_id: Mapped[UUID | None] = mapped_column(ForeignKey("keepers.id"), index=True)
    origin: Mapped[Origin | None]
    use: Mapped[Use | None]
    dam_id: Mapped[UUID | None] = mapped_column(ForeignKey("animals.id"), index=True)
    sire_id: Mapped[UUID | None] = mapped_column(ForeignKey("animals.id"), index=True)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("animals.id"), index=True)


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
    given_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None]
    replaced_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("identifiers.id"))


class Observation(Model):
    """What somebody learned or changed about an animal, where, and on what evidence.

    Inserted, never updated: a correction is one more. ``after`` holds the columns of Animal that it
    set, ``before`` what they were; both are empty when it confirmed what was known.
    """

    __tablename__ = "observations"

    animal_id: Mapped[UUID] = mapped_column(ForeignKey(Animal.id), index=True)
    kind: Mapped[ObservationKind]
    basis: Mapped[Verification]
    made_at: Mapped[datetime]  # when it was so, or was seen
    recorded_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    village: Mapped[str] = mapped_column(RegionCode)
    latitude: Mapped[float | None]  # degrees, WGS 84
    longitude: Mapped[float | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(default="")
    cause_id: Mapped[UUID | None]  # the mutation, list or merge that it belongs to


class Weighing(Model):
    """Inserted, never updated."""

    __tablename__ = "weighings"
    __table_args__ = (CheckConstraint("kg BETWEEN 1 AND 2000", name="kg"),)

    animal_id: Mapped[UUID] = mapped_column(ForeignKey(Animal.id), index=True)
    kg: Mapped[int]
    method: Mapped[WeighingMethod]
    girth_cm: Mapped[int | None]
    weighed_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    village: Mapped[str] = mapped_column(RegionCode)


class BatchState(StrEnum):
    TAKING = "taking"
    DONE = "done"
    UNDONE = "undone"


class ImportBatch(Model):
    """A village list that is taken in. The digest is keyed: the list holds NIKs."""

    __tablename__ = "import_batches"
    __table_args__ = (
        Index(
            "uq_import_batches_digest_standing",
            "digest",
            unique=True,
            sqlite_where=text("state <> 'undone'"),
            postgresql_where=text("state <> 'undone'"),
        ),
    )

    digest: Mapped[bytes]
    file_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    state: Mapped[BatchState]
    rows: Mapped[int]
    rows_done: Mapped[int]
    animals: Mapped[int]  # new ones
    updated: Mapped[int]  # known ones that the list changed
    same: Mapped[int]  # rows that say what is known
    put_aside: Mapped[int]  # rows that met something that came between rehearsal and taking in
    aside: Mapped[list[Any]] = mapped_column(JSON)  # the first of them: row, column, code, facts
    new_keepers: Mapped[int]
    imported_at: Mapped[datetime]
    imported_by: Mapped[UUID]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]
    undone_because: Mapped[str] = mapped_column(default="")
