"""Who keeps livestock: people with a NIK, firms with a NIB, and groups of keepers."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.crypto import Sealed
from sijinak.core.model import Model, RegionCode

# Compared byte by byte, so that a range holds all words that begin alike.
Word = String().with_variant(String(collation="C"), "postgresql")


class KeeperKind(StrEnum):
    PERSON = "person"
    FIRM = "firm"
    GROUP = "group"  # kelompok ternak


class LegalForm(StrEnum):
    """As the NIB states it."""

    PT = "pt"
    CV = "cv"
    UD = "ud"  # usaha dagang: a trader's own business
    COOPERATIVE = "cooperative"  # koperasi
    BUMDES = "bumdes"  # badan usaha milik desa
    FOUNDATION = "foundation"  # yayasan
    OTHER = "other"


class Keeper(Model):
    """NIK and telephone are sealed; a keyed digest beside each finds the row again."""

    __tablename__ = "keepers"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'person' AND nik_lookup IS NOT NULL) OR (kind = 'firm' AND nib IS NOT NULL)"
            " OR kind = 'group'",
            name="number",
        ),
    )

    kind: Mapped[KeeperKind]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    village: Mapped[str] = mapped_column(RegionCode, index=True)
    hamlet: Mapped[str] = mapped_column(default="")
    birth_date: Mapped[date | None]
    is_woman: Mapped[bool | None]
    nik_sealed: Mapped[bytes | None]
    nik_lookup: Mapped[bytes | None] = mapped_column(unique=True)
    nik_tail: Mapped[str] = mapped_column(default="", index=True)
    phone_sealed: Mapped[bytes | None]
    phone_lookup: Mapped[bytes | None] = mapped_column(index=True)
    nib: Mapped[str | None] = mapped_column(unique=True)
    npwp: Mapped[str | None]  # of firms and groups only: a person's is the NIK
    legal_form: Mapped[LegalForm | None]
    licence: Mapped[str] = mapped_column(default="")  # number of the trading licence
    licence_until: Mapped[date | None]
    group_no: Mapped[str | None] = mapped_column(unique=True)  # in the register of farmers' groups
    registered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]  # the registration was a mistake, and was undone
    erased_at: Mapped[datetime | None]  # as its owner wished: nothing tells any more who it was

    nik = Sealed()
    phone = Sealed()


class Membership(Model):
    """A keeper in a group, from one day to another."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_open",
            "group_id",
            "keeper_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey(Keeper.id))
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey(Keeper.id), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    added_by: Mapped[UUID]


class Suspension(Model):
    """A firm that may not trade, from one day to another, by a decree."""

    __tablename__ = "suspensions"
    __table_args__ = (CheckConstraint("until IS NULL OR until >= since", name="days"),)

    keeper_id: Mapped[UUID] = mapped_column(ForeignKey(Keeper.id), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    decree: Mapped[str]
    reason: Mapped[str]
    suspended_by: Mapped[UUID]
    suspended_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    lifted_because: Mapped[str] = mapped_column(default="")


class BrandPlace(StrEnum):
    """Where on the body a brand is."""

    LEFT_THIGH = "left-thigh"
    RIGHT_THIGH = "right-thigh"
    LEFT_SHOULDER = "left-shoulder"
    RIGHT_SHOULDER = "right-shoulder"
    LEFT_CHEEK = "left-cheek"
    RIGHT_CHEEK = "right-cheek"
    NECK = "neck"
    OTHER = "other"


class Brand(Model):
    """A keeper's registered hot-iron brand (cap bakar)."""

    __tablename__ = "brands"

    keeper_id: Mapped[UUID] = mapped_column(ForeignKey(Keeper.id), index=True)
    letters: Mapped[str]  # what it reads, or what it looks like in words
    place: Mapped[BrandPlace]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    is_drawing: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime]
    registered_by: Mapped[UUID]
    ended_at: Mapped[datetime | None]


class ErasedValue(Model):
    """A field that an erasure emptied. Inserted, never updated.

    Only with such a line, and once the person's key is destroyed, do the guards let a name go.
    """

    __tablename__ = "erased_values"
    __table_args__ = (UniqueConstraint("row_id", "field", "kind"),)

    keeper_id: Mapped[UUID] = mapped_column(ForeignKey(Keeper.id), index=True)
    kind: Mapped[str]  # the table of the row
    row_id: Mapped[UUID]
    field: Mapped[str]


class NameWord(Model):
    """Every word that occurs in a keeper's name, once: misspellings are looked up here."""

    __tablename__ = "name_words"

    word: Mapped[str] = mapped_column(Word, unique=True)


class KeeperWord(Model):
    """A word of a keeper's name. It knows the village, so that a search stays in its part."""

    __tablename__ = "keeper_words"
    __table_args__ = (
        UniqueConstraint("keeper_id", "word"),
        Index("ix_keeper_words_word_village", "word", "village", "keeper_id"),
    )

    keeper_id: Mapped[UUID] = mapped_column(ForeignKey(Keeper.id))
    word: Mapped[str] = mapped_column(Word)
    village: Mapped[str] = mapped_column(RegionCode)
