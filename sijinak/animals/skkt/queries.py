"""Questions about sheets of ownership."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select

from sijinak.animals.skkt.models import Sheet, SheetLine, SheetState
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach

# A literal: the index of the drafts is only used when the question names its condition.
IS_DRAFT = Sheet.state == literal_column("'draft'")


def sheet_by_id(sheet_id: UUID, *, by: Actor) -> Sheet:
    require(by, Permission.SHEET_READ)
    sheet = db.session.scalar(select(Sheet).where(Sheet.id == sheet_id, _seen(by)))
    if sheet is None:
        raise NotFound(sheet_id=str(sheet_id))
    return sheet


def sheets(
    *,
    by: Actor,
    keeper_id: UUID | None = None,
    village: str = "",
    state: SheetState | None = None,
    place: Place = START,
) -> Page[Sheet]:
    """Newest first. Drafts that came to nothing are left out, unless they are asked for."""
    require(by, Permission.SHEET_READ)
    query = select(Sheet).where(_seen(by))
    if keeper_id is not None:
        query = query.where(Sheet.keeper_id == keeper_id)
    if village:
        query = query.where(Sheet.village == village)
    if state is None:
        query = query.where(or_(Sheet.state != SheetState.VOID, Sheet.number.is_not(None)))
    else:
        query = query.where(Sheet.state == state)
    return page_of(query, Sheet.id, place)


def set_of(sheet: Sheet) -> list[Sheet]:
    """The sheets that were prepared together, in their order."""
    asked = select(Sheet).where(
        Sheet.keeper_id == sheet.keeper_id, Sheet.prepared_at == sheet.prepared_at
    )
    return list(db.session.scalars(asked.order_by(Sheet.part)))


def standing_sheets(keeper_id: UUID, state: SheetState = SheetState.ISSUED) -> list[Sheet]:
    asked = select(Sheet).where(Sheet.keeper_id == keeper_id, Sheet.state == state)
    return list(db.session.scalars(asked.order_by(Sheet.part)))


def own_keeper(by: Actor) -> UUID | None:
    """The keeper that the actor is, or works for; machines are nobody."""
    found: UUID | None = getattr(by, "keeper_id", None)
    return found


def sheets_waiting(*, by: Actor, most: int = 200) -> list[Sheet]:
    """The first sheets of the drafts that the actor may sign, the oldest first."""
    require(by, Permission.SHEET_SIGN)
    return list(db.session.scalars(_waiting(by).order_by(Sheet.id).limit(most)))


def heads_on(sheet_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many animals each sheet lists, struck ones too."""
    asked = select(SheetLine.sheet_id, func.count()).where(SheetLine.sheet_id.in_(sheet_ids))
    return {row[0]: row[1] for row in db.session.execute(asked.group_by(SheetLine.sheet_id))}


def sheet_by_public_code(code: str) -> Sheet | None:
    """Only what was signed is public."""
    asked = select(Sheet).where(Sheet.public_code == code.upper(), Sheet.number.is_not(None))
    return db.session.scalar(asked)


def newer_than(sheet: Sheet) -> Sheet | None:
    """The first of the sheets that replaced it."""
    return db.session.get(Sheet, sheet.superseded_by_id) if sheet.superseded_by_id else None


def listings_of(animal_ids: Collection[UUID]) -> list[tuple[SheetLine, Sheet]]:
    """Where the animals stand or stood, on sheets that were signed."""
    asked = select(SheetLine, Sheet).join(Sheet, Sheet.id == SheetLine.sheet_id)
    signed = asked.where(SheetLine.animal_id.in_(animal_ids), Sheet.number.is_not(None))
    return [(line, sheet) for line, sheet in db.session.execute(signed.order_by(Sheet.id))]


def listed_since(animal_ids: Collection[UUID], since: datetime, cause_id: UUID | None) -> set[UUID]:
    """Animals on a standing sheet that was signed later; what the cause struck is not listed."""
    asked = (
        select(SheetLine.animal_id)
        .join(Sheet, Sheet.id == SheetLine.sheet_id)
        .where(SheetLine.animal_id.in_(animal_ids))
        .where(Sheet.state == SheetState.ISSUED, Sheet.signed_at >= since)
    )
    if cause_id is not None:
        asked = asked.where(or_(SheetLine.cause_id.is_(None), SheetLine.cause_id != cause_id))
    return set(db.session.scalars(asked))


def _waiting(by: Actor) -> Select[Sheet]:
    """Whoever prepared a sheet, or whose it is, does not sign it."""
    reach = within_reach(by, Permission.SHEET_SIGN, Sheet.village)
    asked = select(Sheet).where(IS_DRAFT, Sheet.part == 1, Sheet.prepared_by != by.id, reach)
    own = own_keeper(by)
    return asked.where(Sheet.keeper_id != own) if own else asked


def _seen(by: Actor) -> ColumnElement[bool]:
    """What was never signed is for those who prepare and sign."""
    reach = within_reach(by, Permission.SHEET_READ, Sheet.village, Sheet.keeper_id)
    at_work = [
        within_reach(by, permission, Sheet.village)
        for permission in (Permission.SHEET_PREPARE, Permission.SHEET_SIGN)
    ]
    return and_(reach, or_(Sheet.number.is_not(None), *at_work))
