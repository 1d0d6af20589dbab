"""Checks at a post, as the officer's phone made them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.crypto import Sealed
from sijinak.core.model import Model, RegionCode


class PaperVerdict(StrEnum):
    """What a phone said of a paper."""

    VALID = "valid"
    ALTERED = "altered"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED = "used"
    REPLACED = "replaced"
    WRONG_KEY = "wrong-key"
    WRONG_HOST = "wrong-host"
    UNREADABLE = "unreadable"


class CheckDecision(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    HOLD = "hold"
    REFUSE = "refuse"


class CheckOutcome(StrEnum):
    """What a check came to when it reached the office."""

    DEPARTED = "departed"  # it used the permit up
    DOUBLE_USE = "double-use"  # it let pass what another check had used up
    NOT_DEPARTED = "not-departed"  # it let pass what could not leave; ``why`` is a code
    STOPPED = "stopped"  # held or refused


class CheckpointCheck(Model):
    """Inserted, never updated; the id is the phone's. One departure for each permit.

    ``paper`` is what the code said, ``permit_id`` what was signed in it: no permit of ours if it
    is forged. ``proved`` says whether the office read the same out of the paper. ``positions``
    are drawn from ``seed``; ``draw_holds`` says whether the office draws the same. What the
    officer wrote may name a driver, so it is sealed.
    """

    __tablename__ = "checkpoint_checks"
    __table_args__ = (
        Index(
            "uq_checkpoint_checks_departed",
            "permit_id",
            unique=True,
            sqlite_where=text("outcome = 'departed'"),
            postgresql_where=text("outcome = 'departed'"),
        ),
        Index("ix_checkpoint_checks_region", "region", "checked_at"),
        CheckConstraint("decision <> 'pass' OR outcome <> 'stopped'", name="passed_is_not_stopped"),
        CheckConstraint("decision = 'pass' OR outcome = 'stopped'", name="stopped_did_not_pass"),
    )

    permit_id: Mapped[UUID | None] = mapped_column(index=True)
    number: Mapped[str]
    paper: Mapped[str]
    verdict: Mapped[PaperVerdict]
    proved: Mapped[bool]
    decision: Mapped[CheckDecision]
    outcome: Mapped[CheckOutcome]
    why: Mapped[str] = mapped_column(default="")
    reasons: Mapped[list[str]] = mapped_column(JSON)
    note_sealed: Mapped[bytes | None]
    plate: Mapped[str]
    males: Mapped[int]
    females: Mapped[int]
    others: Mapped[int]
    seed: Mapped[str]
    heads: Mapped[int]
    positions: Mapped[list[int]] = mapped_column(JSON)
    draw_holds: Mapped[bool]
    scanned: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    listed_at: Mapped[datetime | None]
    port: Mapped[str]
    post: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    device_id: Mapped[UUID | None]
    officer_id: Mapped[UUID] = mapped_column(index=True)
    officer_name: Mapped[str]
    checked_at: Mapped[datetime]
    received_at: Mapped[datetime]

    note = Sealed()

    @property
    def counted(self) -> int:
        return self.males + self.females
