"""Questions about labels."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from sijinak.animals.models import Animal, AnimalState, EndReason, Identifier, IdentifierKind
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.tags.models import Label, LabelSheet
from sijinak.tagstock.models import Tag

MOST_LABELS = 480

LabelRow = tuple[Identifier, Animal]
_ROW = select(Identifier, Animal).join(Animal, Animal.id == Identifier.animal_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Whose labels; without ``again`` only those that were never printed."""

    village: str = ""
    keeper_id: UUID | None = None
    batch_id: UUID | None = None
    animal_ids: tuple[UUID, ...] = ()
    again: bool = False


def tags_to_print(wanted: Chosen, *, by: Actor) -> list[LabelRow]:
    """Live tags of the animals that are present, at most MOST_LABELS."""
    require(by, Permission.TAG_PRINT)
    query = _live(by)
    for name in ("village", "keeper_id", "batch_id"):
        if value := getattr(wanted, name):
            query = query.where(getattr(Animal, name) == value)
    if wanted.animal_ids:
        query = query.where(Animal.id.in_(wanted.animal_ids))
    if not wanted.again:
        query = query.where(~_was_printed())
    as_it_is_now = query.order_by(Animal.id).limit(MOST_LABELS).execution_options(
        populate_existing=True
    )  # fmt: skip
    return [(row[0], row[1]) for row in db.session.execute(as_it_is_now)]


def printed_before(identifier_ids: Collection[UUID]) -> set[UUID]:
    """Those with a label, or that were printed as blank tags."""
    asked = select(Identifier.id).where(Identifier.id.in_(identifier_ids), _was_printed())
    return set(db.session.scalars(asked))


def relabelled_since(
    animal_ids: Collection[UUID],
    since: datetime,
    cause_id: UUID | None,  # noqa: ARG001 - no cause of an undoing prints labels
) -> set[UUID]:
    """Animals that got a new code because their label was printed again."""
    asked = select(Identifier.animal_id).where(
        Identifier.animal_id.in_(animal_ids),
        Identifier.end_reason == EndReason.REPRINTED,
        Identifier.ended_at >= since,
    )
    return set(db.session.scalars(asked))


def sheets(*, by: Actor, place: Place = START) -> Page[LabelSheet]:
    require(by, Permission.TAG_PRINT)
    return page_of(_sheets_of(by), LabelSheet.id, place)


def label_counts(sheet_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many labels each sheet has."""
    asked = select(Label.sheet_id, func.count()).where(Label.sheet_id.in_(sheet_ids))
    return {row[0]: row[1] for row in db.session.execute(asked.group_by(Label.sheet_id))}


def sheet_by_id(sheet_id: UUID, *, by: Actor) -> tuple[LabelSheet, list[LabelRow]]:
    """A sheet and its labels in the order they were printed."""
    require(by, Permission.TAG_PRINT)
    sheet = db.session.scalar(_sheets_of(by).where(LabelSheet.id == sheet_id))
    if sheet is None:
        raise NotFound(sheet_id=str(sheet_id))
    rows = db.session.execute(
        _ROW.join(Label, Label.identifier_id == Identifier.id)
        .where(Label.sheet_id == sheet_id)
        .order_by(Label.position)
    )
    return sheet, [(row[0], row[1]) for row in rows]


def _was_printed() -> ColumnElement[bool]:
    return or_(
        exists().where(Label.identifier_id == Identifier.id),
        exists().where(Tag.code == Identifier.value),
    )


def _sheets_of(by: Actor) -> Select[LabelSheet]:
    return select(LabelSheet).where(within_reach(by, Permission.TAG_PRINT, LabelSheet.region))


def _live(by: Actor) -> Select[Identifier, Animal]:
    return _ROW.where(
        and_(Identifier.kind == IdentifierKind.TAG, Identifier.ended_at.is_(None)),
        Animal.state == AnimalState.PRESENT,
        within_reach(by, Permission.TAG_PRINT, Animal.village, Animal.keeper_id),
    )
