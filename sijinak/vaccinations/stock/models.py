"""Cold stores and bags, the lots in them, and every dose that went from one to another."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode
from sijinak.vaccinations.models import Product


class MoveKind(StrEnum):
    """What happened to doses. From and to say between which holdings."""

    RECEIVED = "received"  # from the province or a maker into a store
    TRANSFERRED = "transferred"  # store to store
    ISSUED = "issued"  # store to an officer's bag
    RETURNED = "returned"  # bag to store
    USED = "used"
    WASTED = "wasted"  # with a reason
    DESTROYED = "destroyed"  # with minutes (berita acara)
    COUNTED = "counted"  # a count found more or fewer: the difference, with a reason


class WasteReason(StrEnum):
    BROKEN = "broken"
    ANIMAL_FOUGHT = "animal-fought"
    OPENED_TOO_LONG = "opened-too-long"
    TOO_WARM = "too-warm"
    FROZEN = "frozen"
    EXPIRED = "expired"
    OTHER = "other"


WHY_DESTROYED = (
    WasteReason.EXPIRED, WasteReason.BROKEN, WasteReason.TOO_WARM, WasteReason.FROZEN,
    WasteReason.OTHER,
)  # fmt: skip


class Store(Model):
    """A refrigerator of the office or of a field office (UPT)."""

    __tablename__ = "vaccine_stores"

    name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    is_active: Mapped[bool] = mapped_column(default=True)


class Lot(Model):
    """What the maker filled at one time."""

    __tablename__ = "vaccine_lots"
    __table_args__ = (UniqueConstraint("product_id", "number"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id))
    number: Mapped[str]  # in capitals and without blanks, so that two spellings are one
    expires_on: Mapped[date]  # the last day on which it may be given


class Holding(Model):
    """How many doses of a lot lie in a store, or in an officer's bag.

    A store never holds less than nothing. A bag may: what was injected was injected, whatever
    the books say; a finding tells the office.
    """

    __tablename__ = "vaccine_holdings"
    __table_args__ = (
        CheckConstraint("(store_id IS NULL) <> (officer_id IS NULL)", name="place"),
        CheckConstraint("officer_id IS NOT NULL OR doses >= 0", name="doses"),
        Index("uq_vaccine_holdings_store", "lot_id", "store_id", unique=True),
        Index("uq_vaccine_holdings_officer", "lot_id", "officer_id", unique=True),
    )

    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id))
    store_id: Mapped[UUID | None] = mapped_column(ForeignKey(Store.id), index=True)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    doses: Mapped[int] = mapped_column(default=0)


class Minutes(Model):
    """The minutes of a destruction (berita acara pemusnahan)."""

    __tablename__ = "vaccine_destructions"

    number: Mapped[str] = mapped_column(unique=True)
    store_id: Mapped[UUID] = mapped_column(ForeignKey(Store.id))
    destroyed_on: Mapped[date]
    place: Mapped[str]
    method: Mapped[str]
    witnesses: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    recorded_at: Mapped[datetime]


class DoseMove(Model):
    """Inserted, never updated: the balance of a holding is the sum of its moves."""

    __tablename__ = "dose_moves"
    __table_args__ = (
        CheckConstraint("doses > 0", name="doses"),
        CheckConstraint(
            "from_holding_id IS NOT NULL OR to_holding_id IS NOT NULL", name="somewhere"
        ),
    )

    kind: Mapped[MoveKind]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id), index=True)
    from_holding_id: Mapped[UUID | None] = mapped_column(ForeignKey(Holding.id), index=True)
    to_holding_id: Mapped[UUID | None] = mapped_column(ForeignKey(Holding.id), index=True)
    doses: Mapped[int]
    reason: Mapped[WasteReason | None]
    note: Mapped[str] = mapped_column(default="")
    paper: Mapped[str] = mapped_column(default="")  # number of the delivery note or the minutes
    act_id: Mapped[UUID | None] = mapped_column(ForeignKey("vaccination_acts.id"), index=True)
    minutes_id: Mapped[UUID | None] = mapped_column(ForeignKey(Minutes.id))
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    moved_on: Mapped[date]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    recorded_at: Mapped[datetime]


class ColdReading(Model):
    """What a thermometer showed, of a store or of an officer's cool box. Never updated."""

    __tablename__ = "cold_readings"
    __table_args__ = (CheckConstraint("(store_id IS NULL) <> (officer_id IS NULL)", name="place"),)

    store_id: Mapped[UUID | None] = mapped_column(ForeignKey(Store.id), index=True)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    tenths: Mapped[int]  # of a degree Celsius
    read_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    recorded_at: Mapped[datetime]
