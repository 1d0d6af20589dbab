"""Findings: opened by the program, settled by a person with a word of explanation."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode


class FindingKind(StrEnum):
    DOUBLE = "double"  # two doses against one disease on one day
    LOT_UNKNOWN = "lot-unknown"
    LOT_EXPIRED = "lot-expired"
    STOCK_SHORT = "stock-short"  # more doses given than the bag held
    TOO_YOUNG = "too-young"
    PREGNANT = "pregnant"
    TOO_FAST = "too-fast"  # more animals in ten minutes than hands can do
    ELSEWHERE = "elsewhere"  # recorded far from the village it names
    ONLY_TYPED = "only-typed"  # most codes of a round were typed, not scanned
    NOT_PRESENT = "not-present"  # sold, dead or stolen before it was vaccinated
    OWNER_DENIES = "owner-denies"
    NOT_FOUND_AGAIN = "not-found-again"  # a re-visit did not find what was recorded
    CLOCK = "clock"  # the phone's clock was wrong
    LATE = "late"  # recorded long after it was done
    CHAIN = "chain"  # the phone's records do not follow each other


class Outcome(StrEnum):
    """What the person who looked into it decided."""

    EXPLAINED = "explained"  # it was strange, and there is a good reason
    MENDED = "mended"  # there was a mistake, and it was put right
    PROVEN = "proven"  # it is as bad as it looked: a superior was told
    OTHER_COUNTS = "other-counts"  # of two doses another one counts now
    TAKEN_BACK = "taken-back"  # one of two doses was a mistake in writing


class Finding(Model):
    """``subject_id`` is the vaccination, act, head count or phone record that it is about."""

    __tablename__ = "vaccination_findings"
    __table_args__ = (
        Index("uq_vaccination_findings_kind_subject", "kind", "subject_id", unique=True),
        Index("ix_vaccination_findings_open", "settled_at", "region"),
    )

    kind: Mapped[FindingKind]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    act_id: Mapped[UUID | None] = mapped_column(ForeignKey("vaccination_acts.id"), index=True)
    animal_id: Mapped[UUID | None] = mapped_column(ForeignKey("animals.id"), index=True)
    officer_id: Mapped[UUID] = mapped_column(index=True)
    officer_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None]
    settled_by_name: Mapped[str] = mapped_column(default="")
    decision: Mapped[Outcome | None]
    words: Mapped[str] = mapped_column(default="")  # why, in a person's words
