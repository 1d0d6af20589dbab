"""Decrees, accounts with every move ever made in them, and the claims of permits."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.animals.models import Species
from sijinak.core.model import Model, RegionCode
from sijinak.files.models import StoredFile
from sijinak.permits.models import Permit
from sijinak.permits.rules.models import Purpose, Scope


class EntryKind(StrEnum):
    """What moved an account: the first six by decree, the last three by a permit."""

    GRANT = "grant"
    ADJUST = "adjust"
    TRANSFER_IN = "transfer-in"
    TRANSFER_OUT = "transfer-out"
    FREEZE = "freeze"  # what is left stays, and nobody gets any of it
    THAW = "thaw"
    RESERVE = "reserve"
    CONSUME = "consume"  # the animals left: what was reserved is used
    RELEASE = "release"


class ClaimState(StrEnum):
    WAITING = "waiting"
    RESERVED = "reserved"
    CONSUMED = "consumed"
    RELEASED = "released"


HOLDING = (ClaimState.RESERVED, ClaimState.CONSUMED)
_CAP, _CLAIM = "reserved_change = 0 AND used_change = 0", "cap_change = 0"
_SHAPES = {
    "kind IN ('grant', 'transfer-in')": f"cap_change > 0 AND {_CAP}",
    "kind = 'adjust'": f"cap_change <> 0 AND {_CAP}",
    "kind = 'transfer-out'": f"cap_change < 0 AND {_CAP}",
    "kind IN ('freeze', 'thaw')": f"cap_change = 0 AND {_CAP}",
    "kind = 'reserve'": f"{_CLAIM} AND reserved_change > 0 AND used_change = 0",
    "kind = 'consume'": f"{_CLAIM} AND used_change > 0 AND reserved_change = -used_change",
    "kind = 'release'": f"{_CLAIM} AND reserved_change < 0 AND used_change = 0",
}
SHAPE = " OR ".join(f"({kind} AND {changes})" for kind, changes in _SHAPES.items())


class QuotaDecree(Model):
    """The paper that gives, takes or moves quota. ``source`` says where we know it from."""

    __tablename__ = "quota_decrees"
    __table_args__ = (UniqueConstraint("number", "year"),)

    number: Mapped[str]
    dated_on: Mapped[date | None]  # None: the source does not say
    year: Mapped[int]  # of the quota
    legal_basis: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey(StoredFile.id))
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    recorded_at: Mapped[datetime]


class QuotaAccount(Model):
    """One line of a year. ``held`` is what is reserved or used; it never exceeds ``cap``.

    Changed by sijinak.permits.quota.books alone, each time together with an entry.
    """

    __tablename__ = "quota_accounts"
    __table_args__ = (
        UniqueConstraint("year", "origin", "species", "purpose", "scope"),
        CheckConstraint("cap >= 0", name="cap"),
        CheckConstraint("held >= 0 AND held <= cap", name="held"),
        CheckConstraint("used >= 0 AND used <= held", name="used"),
    )

    year: Mapped[int]  # of the planned departure
    origin: Mapped[str] = mapped_column(RegionCode, index=True)  # a regency
    species: Mapped[Species]
    purpose: Mapped[Purpose]
    scope: Mapped[Scope]
    cap: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    used: Mapped[int] = mapped_column(default=0)
    last_no: Mapped[int] = mapped_column(default=0)  # of its entries, which have no gap
    is_frozen: Mapped[bool] = mapped_column(default=False)

    @property
    def reserved(self) -> int:
        return self.held - self.used

    @property
    def left(self) -> int:
        return self.cap - self.held


class QuotaClaim(Model):
    """What one permit wants or has. ``ticket`` is its place in the order of application."""

    __tablename__ = "quota_claims"
    __table_args__ = (
        UniqueConstraint("account_id", "ticket"),
        CheckConstraint("heads >= 0", name="heads"),
        CheckConstraint("heads > 0 OR state = 'released'", name="live_has_heads"),
        Index("ix_quota_claims_queue", "account_id", "state", "ticket"),
    )

    permit_id: Mapped[UUID] = mapped_column(ForeignKey(Permit.id), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(QuotaAccount.id))
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    region: Mapped[str] = mapped_column(RegionCode)
    state: Mapped[ClaimState]
    heads: Mapped[int]
    ticket: Mapped[int]
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # when it left the queue
    let_by: Mapped[UUID | None]  # who let it go before others, and why
    let_by_name: Mapped[str] = mapped_column(default="")
    let_why: Mapped[str] = mapped_column(default="")


class QuotaEntry(Model):
    """Inserted, never updated: an account is the sum of its entries."""

    __tablename__ = "quota_entries"
    __table_args__ = (
        UniqueConstraint("account_id", "no"),
        CheckConstraint(SHAPE, name="shape"),
        CheckConstraint("(claim_id IS NULL) <> (decree_id IS NULL)", name="why"),
        CheckConstraint(
            "(claim_id IS NULL) = (kind NOT IN ('reserve', 'consume', 'release'))", name="whose"
        ),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey(QuotaAccount.id))
    no: Mapped[int]
    kind: Mapped[EntryKind]
    cap_change: Mapped[int] = mapped_column(default=0)
    reserved_change: Mapped[int] = mapped_column(default=0)
    used_change: Mapped[int] = mapped_column(default=0)
    claim_id: Mapped[UUID | None] = mapped_column(ForeignKey(QuotaClaim.id), index=True)
    decree_id: Mapped[UUID | None] = mapped_column(ForeignKey(QuotaDecree.id), index=True)
    other_origin: Mapped[str] = mapped_column(default="")  # of a transfer: the other regency
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    recorded_at: Mapped[datetime]

    @property
    def heads(self) -> int:
        """How many animals it is about."""
        return abs(self.cap_change or self.used_change or self.reserved_change)
