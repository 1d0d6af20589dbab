"""Blank tags that were printed beforehand: who holds which, and each dated step of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.permissions import Permission


class TagState(StrEnum):
    PRINTED = "printed"
    RECEIVED = "received"  # in an office's cupboard
    ISSUED = "issued"  # in an officer's bag
    APPLIED = "applied"  # an animal wears it
    REPLACED = "replaced"
    LOST = "lost"
    BROKEN = "broken"
    RETIRED = "retired"
    STOLEN = "stolen"


S = TagState
_STOCK, _HOLD, _REGISTER = Permission.TAG_STOCK, Permission.TAG_HOLD, Permission.ANIMAL_REGISTER
_LOSSES = {"lose": S.LOST, "break": S.BROKEN, "steal": S.STOLEN}
TAG_FLOW = Flow(
    Step(S.PRINTED, "receive", S.RECEIVED, _STOCK),
    Step(S.RECEIVED, "issue", S.ISSUED, _STOCK),
    Step(S.ISSUED, "return", S.RECEIVED, _STOCK),
    Step(S.ISSUED, "apply", S.APPLIED, _REGISTER),
    # Bound by somebody it was never issued to: it counts, and an alarm says so.
    Step(S.RECEIVED, "apply", S.APPLIED, _REGISTER),
    Step(S.PRINTED, "apply", S.APPLIED, _REGISTER),
    Step(S.APPLIED, "replace", S.REPLACED, _REGISTER),
    Step(S.APPLIED, "take off", S.ISSUED, _REGISTER),  # the binding was a mistake, and is undone
    *(Step(S.APPLIED, action, target, _REGISTER) for action, target in _LOSSES.items()),
    *(Step(source, "put back", S.APPLIED, _REGISTER)
      for source in (S.REPLACED, S.LOST, S.BROKEN, S.STOLEN)),
    *(Step(source, action, target, _STOCK) for action, target in _LOSSES.items()
      for source in (S.PRINTED, S.RECEIVED)),
    *(Step(S.ISSUED, action, target, _HOLD) for action, target in _LOSSES.items()),
    *(Step(source, "retire", S.RETIRED, _STOCK) for source in (S.PRINTED, S.RECEIVED)),
    *(Step(source, "find", S.RECEIVED, _STOCK) for source in (S.LOST, S.STOLEN)),
)  # fmt: skip


# The steps that the office and the officers take, as their events call them; the other steps
# belong to animals.
VERBS = {
    "receive": "received",
    "issue": "issued",
    "return": "returned",
    "lose": "lost",
    "break": "broken",
    "steal": "stolen",
    "retire": "retired",
    "find": "found",
}


class TagRun(Model):
    """One print job of blank tags."""

    __tablename__ = "tag_runs"

    region: Mapped[str] = mapped_column(RegionCode, index=True)
    layout: Mapped[str]
    count: Mapped[int]
    printed_at: Mapped[datetime]
    printed_by: Mapped[UUID]
    note: Mapped[str] = mapped_column(default="")


class Tag(Model):
    """One printed blank. ``animal_id`` names the animal that wears it, or wore it last."""

    __tablename__ = "tags"
    __table_args__ = (
        UniqueConstraint("run_id", "position"),
        Index("ix_tags_holder_id_state", "holder_id", "state"),
        Index("ix_tags_region_state", "region", "state"),
        CheckConstraint("state <> 'applied' OR animal_id IS NOT NULL", name="applied"),
        CheckConstraint("state <> 'issued' OR holder_id IS NOT NULL", name="issued"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey(TagRun.id))
    position: Mapped[int]
    state: Mapped[TagState]
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    region: Mapped[str] = mapped_column(RegionCode)  # of the cupboard, the bag or the animal
    animal_id: Mapped[UUID | None] = mapped_column(ForeignKey("animals.id"), index=True)
    changed_at: Mapped[datetime]


class TagStep(Model):
    """What happened to a tag. Inserted, never updated.

    ``holder_id`` is who holds it after the step, or who hands it in by it.
    """

    __tablename__ = "tag_steps"

    tag_id: Mapped[UUID] = mapped_column(ForeignKey(Tag.id), index=True)
    action: Mapped[str]
    state: Mapped[TagState]  # after the step
    holder_id: Mapped[UUID | None]
    region: Mapped[str] = mapped_column(RegionCode)
    animal_id: Mapped[UUID | None]
    taken_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    cause_id: Mapped[UUID | None] = mapped_column(index=True)  # the command that moved many at once
    note: Mapped[str] = mapped_column(default="")
