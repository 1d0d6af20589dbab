"""Mutations, the animals in them, and who agreed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.permissions import Permission


class MutationKind(StrEnum):
    BIRTH = "birth"
    PURCHASE = "purchase"  # from outside the register
    SALE = "sale"
    GIFT = "gift"
    INHERITANCE = "inheritance"  # warisan
    SHARING = "sharing"  # gaduhan: another raises it
    SHARING_END = "sharing-end"
    MOVE = "move"
    DEATH = "death"
    SLAUGHTER = "slaughter"
    THEFT = "theft"
    FOUND = "found"
    RETAG = "retag"
    CORRECTION = "correction"


K = MutationKind
# Both sides and the village head agree, animal by animal.
AGREED_KINDS = frozenset({K.SALE, K.GIFT, K.INHERITANCE, K.SHARING, K.SHARING_END})


class MutationState(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"  # by both sides; the village head is next
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNDONE = "undone"


M = MutationState
P = Permission
OPEN = frozenset({M.PROPOSED, M.AGREED})
MUTATION_FLOW = Flow(
    Step(M.PROPOSED, "agree", M.AGREED, P.MUTATION_ANSWER),
    Step(M.PROPOSED, "refuse", M.REFUSED, P.MUTATION_ANSWER),
    Step(M.PROPOSED, "cancel", M.CANCELLED, P.MUTATION_PROPOSE),
    Step(M.PROPOSED, "expire", M.EXPIRED, P.MUTATION_RECORD),
    Step(M.AGREED, "acknowledge", M.DONE, P.MUTATION_ACKNOWLEDGE),
    Step(M.AGREED, "turn down", M.REFUSED, P.MUTATION_ACKNOWLEDGE),
    Step(M.AGREED, "cancel", M.CANCELLED, P.MUTATION_PROPOSE),
    Step(M.AGREED, "expire", M.EXPIRED, P.MUTATION_RECORD),
    Step(M.DONE, "undo", M.UNDONE, P.MUTATION_RECORD),
)


class Side(StrEnum):
    GIVER = "giver"
    RECEIVER = "receiver"
    VILLAGE = "village"


class AnswerWay(StrEnum):
    """How somebody answered."""

    ACCOUNT = "account"
    LINK = "link"  # on their own phone, by the link that was handed to them
    OFFICE = "office"  # before an officer, who says so


class Mutation(Model):
    """``region`` is the animals' village; the register numbers are given when it is done."""

    __tablename__ = "mutations"
    __table_args__ = (
        UniqueConstraint("region", "year", "village_no"),
        CheckConstraint("from_keeper_id IS NULL OR from_keeper_id <> to_keeper_id", name="sides"),
        Index("ix_mutations_region_state", "region", "state"),
        Index("ix_mutations_recorded_at", "recorded_at", "id"),
    )

    kind: Mapped[MutationKind]
    state: Mapped[MutationState]
    region: Mapped[str] = mapped_column(RegionCode)
    from_keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("keepers.id"), index=True)
    to_keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("keepers.id"), index=True)
    to_village: Mapped[str | None] = mapped_column(RegionCode, index=True)
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    recorded_by_name: Mapped[str]
    expires_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    year: Mapped[int | None]
    village_no: Mapped[int | None]  # in the village's register of mutations
    kecamatan_no: Mapped[int | None]  # in the kecamatan's
    reason: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # by kind: cause, police number, price …
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    ended_at: Mapped[datetime | None]  # refused, cancelled, expired or undone
    ended_by_name: Mapped[str | None]
    ended_because: Mapped[str] = mapped_column(default="")

    animals: Mapped[list["MutationAnimal"]] = relationship(
        order_by="MutationAnimal.id", viewonly=True
    )
    consents: Mapped[list["Consent"]] = relationship(order_by="Consent.id", viewonly=True)


class MutationAnimal(Model):
    """One animal in a mutation. An animal is in one open mutation at most."""

    __tablename__ = "mutation_animals"
    __table_args__ = (
        UniqueConstraint("mutation_id", "animal_id"),
        Index(
            "uq_mutation_animals_open",
            "animal_id",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    mutation_id: Mapped[UUID] = mapped_column(ForeignKey(Mutation.id))
    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)
    is_open: Mapped[bool]
    refused_by: Mapped[Side | None]
    refused_because: Mapped[str] = mapped_column(default="")
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observations.id"))


class Consent(Model):
    """One side's answer. Inserted, never updated; which animals it refused stands at these."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("mutation_id", "side"),)

    mutation_id: Mapped[UUID] = mapped_column(ForeignKey(Mutation.id))
    side: Mapped[Side]
    way: Mapped[AnswerWay]
    answered_at: Mapped[datetime]
    by_id: Mapped[UUID]  # the account, the officer, or the keeper who held the link
    by_name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class ConsentLink(Model):
    """A secret of 160 bits that lets one side answer; only its digest is kept."""

    __tablename__ = "consent_links"

    mutation_id: Mapped[UUID] = mapped_column(ForeignKey(Mutation.id), index=True)
    side: Mapped[Side]
    digest: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    expires_at: Mapped[datetime]
    tries: Mapped[int]  # wrong last digits of the NIK
    ended_at: Mapped[datetime | None]
