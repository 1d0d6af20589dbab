"""The drafts that wait for a signature, and which of them are out of date."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.skkt.herd import Listed, differences, herds_of
from sijinak.animals.skkt.models import Sheet, SheetLine
from sijinak.animals.skkt.queries import IS_DRAFT, sheets_waiting
from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.keepers.models import Keeper


@dataclass(frozen=True, slots=True)
class Waiting:
    """``sheet`` is the first of the draft; ``heads`` are on all of them."""

    sheet: Sheet
    heads: int
    is_stale: bool


def drafts_waiting(*, by: Actor) -> list[Waiting]:
    """Those that the actor may sign, the oldest first; asked for all of them together."""
    firsts = sheets_waiting(by=by)
    if not firsts:
        return []
    owners = {sheet.keeper_id for sheet in firsts}
    herds, lines, keepers = herds_of(owners), _lines(firsts), _keepers(owners)
    found = []
    for sheet in firsts:
        listed = lines[sheet.keeper_id]
        is_stale = not is_owner_as_written(sheet, keepers[sheet.keeper_id]) or bool(
            differences(listed, herds[sheet.keeper_id])
        )
        found.append(Waiting(sheet, len(listed), is_stale))
    return found


def count_waiting(*, by: Actor) -> int:
    """Those that can be signed as they are."""
    return sum(not draft.is_stale for draft in drafts_waiting(by=by))


def is_owner_as_written(sheet: Sheet, keeper: Keeper) -> bool:
    return (keeper.name, keeper.village) == (sheet.owner_name, sheet.village)


def _lines(firsts: Sequence[Sheet]) -> dict[UUID, list[Listed]]:
    """By owner: each has one draft."""
    asked = (
        select(
            Sheet.keeper_id, SheetLine.animal_id, SheetLine.basis, SheetLine.tag, SheetLine.facts
        )
        .join(Sheet, Sheet.id == SheetLine.sheet_id)
        .where(Sheet.keeper_id.in_({sheet.keeper_id for sheet in firsts}), IS_DRAFT)
    )
    found: dict[UUID, list[Listed]] = defaultdict(list)
    for keeper_id, *line in db.session.execute(asked):
        found[keeper_id].append(Listed(*line))
    return found


def _keepers(ids: set[UUID]) -> dict[UUID, Keeper]:
    return {one.id: one for one in db.session.scalars(select(Keeper).where(Keeper.id.in_(ids)))}
