"""What the page of a sheet shows, to whoever looks at it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sijinak.animals.models import Verification
from sijinak.animals.skkt import labels
from sijinak.animals.skkt.herd import Difference, differences, herd_of
from sijinak.animals.skkt.models import SHEET_FLOW, Sheet, SheetState
from sijinak.animals.skkt.queries import (
    newer_than,
    own_keeper,
    set_of,
    sheet_by_id,
    standing_sheets,
)
from sijinak.animals.skkt.sealing import is_intact
from sijinak.animals.skkt.waiting import is_owner_as_written
from sijinak.areas.queries import full_name
from sijinak.core.db import db
from sijinak.core.permissions import may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper
from sijinak.keepers.showing import shows
from sijinak.web.access import actor
from sijinak.web.io import Form, blank


def view_of(sheet_id: UUID, forms: Mapping[str, Form[Any]] | None = None) -> dict[str, Any]:
    """All that skkt/show.html needs; ``forms`` are those that were sent and refused."""
    sheet = sheet_by_id(sheet_id, by=actor())
    shows(sheet.keeper_id, sheet.village, Where.SHEET)
    parts = set_of(sheet)
    is_draft = sheet.state is SheetState.DRAFT
    stale = _stale(parts) if is_draft else []
    keeper = db.session.get_one(Keeper, sheet.keeper_id)
    shown = parts if is_draft else [sheet]  # a draft is signed as a whole: it is read as a whole
    may_take = _actions(sheet)
    return {
        "sheet": sheet,
        "parts": parts,
        "shown": shown,
        "is_draft": is_draft,
        "may_take": may_take,
        "is_own": is_draft and sheet.prepared_by == actor().id,
        "stale": stale,
        "is_stale": bool(stale) or (is_draft and not is_owner_as_written(sheet, keeper)),
        "compared": _compared(parts) if is_draft else None,
        "newer": newer_than(sheet),
        "is_intact": sheet.digest is None or is_intact(sheet),
        "forms": {
            action: (forms or {}).get(action) or blank() for action in ("prepare", *may_take)
        },
        "failed": next(iter((forms or {}).values()), Form()),
        "words": labels,
        "seen": Verification.SEEN,
        "declared": Verification.DECLARED,
        "full_name": full_name,
    }


def _actions(sheet: Sheet) -> set[str]:
    """The steps that the actor may take now."""
    return {
        step.action
        for step in SHEET_FLOW.steps_from(sheet.state)
        if step.action != "supersede" and may(actor(), step.needs, region=sheet.village)
        if step.action != "sign" or sheet.prepared_by != actor().id
        if step.action == "discard" or sheet.keeper_id != own_keeper(actor())
    }


def _stale(draft: Sequence[Sheet]) -> list[Difference]:
    """What has changed since the draft was prepared."""
    lines = [line for sheet in draft for line in sheet.lines]
    return differences(lines, herd_of(draft[0].keeper_id))


def _compared(draft: Sequence[Sheet]) -> list[tuple[Difference, str]] | None:
    """How the draft differs from what stands, with why a line was struck; None without any."""
    standing = standing_sheets(draft[0].keeper_id)
    if not standing:
        return None
    after = [line for sheet in draft for line in sheet.lines]
    there = {line.animal_id for line in after}
    before = [line for sheet in standing for line in sheet.lines]
    # An animal that was struck and has come back is new on the sheet.
    counted = [line for line in before if line.struck_at is None or line.animal_id not in there]
    why = {line.tag: labels.struck_because(line.struck_because) for line in counted}
    return [(found, why.get(found.tag, "")) for found in differences(counted, after)]
