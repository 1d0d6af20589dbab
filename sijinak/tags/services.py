"""Printing labels."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.tags.layouts import DEFAULT, LAYOUTS
from sijinak.tags.models import Label, LabelSheet
from sijinak.tags.queries import LabelRow, sheet_by_id, tags_to_print


class NothingToPrint(Invalid):
    code = "nothing-to-print"


class UnknownLayout(Invalid):
    code = "unknown-layout"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintLabels:
    """``again`` takes labels that were printed before, too; a lost sheet is printed by its id."""

    id: UUID = field(default_factory=uuid7)
    village: str = ""
    keeper_id: UUID | None = None
    batch_id: UUID | None = None
    again: bool = False
    layout: str = DEFAULT


def print_labels(command: PrintLabels, *, by: Actor) -> tuple[LabelSheet, list[LabelRow]]:
    """A sheet of the labels that are wanted, written down as printed. Raises NothingToPrint."""
    require(by, Permission.TAG_PRINT)
    if not first_time(command, by=by):
        return sheet_by_id(command.id, by=by)
    if command.layout not in LAYOUTS:
        raise UnknownLayout
    rows = tags_to_print(
        by=by,
        village=command.village,
        keeper_id=command.keeper_id,
        batch_id=command.batch_id,
        again=command.again,
    )
    if not rows:
        raise NothingToPrint
    sheet = LabelSheet(
        id=command.id,
        region=rows[0][1].village,
        layout=command.layout,
        printed_at=now(),
        printed_by=by.id,
    )
    db.session.add(sheet)
    db.session.flush()
    db.session.add_all(
        Label(sheet_id=sheet.id, position=position, identifier_id=identifier.id)
        for position, (identifier, _) in enumerate(rows)
    )
    events.record("tag.printed", sheet, by=by, region=sheet.region, labels=len(rows))
    return sheet, rows
