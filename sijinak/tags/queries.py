"""Questions about labels."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, select

from sijinak.animals.models import Animal, Identifier, IdentifierKind
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.tags.models import Label, LabelSheet

MOST_LABELS = 480

LabelRow = tuple[Identifier, Animal]
_ROW = select(Identifier, Animal).join(Animal, Animal.id == Identifier.animal_id)


def tags_to_print(
    *,
    by: Actor,
    village: str = "",
    keeper_id: UUID | None = None,
    batch_id: UUID | None = None,
    again: bool = False,
) -> list[LabelRow]:
    """Live tags of a village, keeper or list; without ``again`` only those never printed."""
    require(by, Permission.TAG_PRINT)
    query = _live(by)
    if village:
        query = query.where(Animal.village == village)
    if keeper_id is not None:
        query = query.where(Animal.keeper_id == keeper_id)
    if batch_id is not None:
        query = query.where(Animal.batch_id == batch_id)
    if not again:
        query = query.where(~exists().where(Label.identifier_id == Identifier.id))
    rows = db.session.execute(query.order_by(Animal.id).limit(MOST_LABELS))
    return [(row[0], row[1]) for row in rows]


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


def _sheets_of(by: Actor) -> Select[LabelSheet]:
    return select(LabelSheet).where(within_reach(by, Permission.TAG_PRINT, LabelSheet.region))


def _live(by: Actor) -> Select[Identifier, Animal]:
    return _ROW.where(
        and_(Identifier.kind == IdentifierKind.TAG, Identifier.ended_at.is_(None)),
        within_reach(by, Permission.TAG_PRINT, Animal.village, Animal.keeper_id),
    )
