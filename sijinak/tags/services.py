"""Printing labels, and closing alarms."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sijinak.animals.holding import holding
from sijinak.animals.models import EndReason
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.queries import animals_in_open_mutation
from sijinak.animals.mutations.writing import InOpenMutation
from sijinak.animals.naming import end, give_tag
from sijinak.animals.queries import animals_to_change
from sijinak.animals.skkt.striking import strike_lines
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.tags.alarms import alarm_to_close, is_about
from sijinak.tags.models import Label, LabelSheet, TagAlarm
from sijinak.tags.queries import Chosen, LabelRow, printed_before, sheet_by_id, tags_to_print
from sijinak.tagstock.commands import UnknownSheet
from sijinak.tagstock.layouts import DEFAULT, LAYOUTS


class NothingToPrint(Invalid):
    code = "nothing-to-print"


class AgainWithoutReason(Invalid):
    """The labels that are out there stop counting: that is written down with a reason."""

    code = "again-without-reason"


class LabelsChanged(Conflict):
    """Somebody else gave these animals new labels at the same moment."""

    code = "labels-changed"


class AlarmClosed(Conflict):
    """Facts: ``name``, who closed it before."""

    code = "alarm-closed"


class OwnAlarm(Conflict):
    """Whoever an alarm is about does not judge it."""

    code = "own-alarm"


class ResolutionMissing(Invalid):
    code = "resolution-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintLabels(Chosen):
    """With ``again``, animals whose label was printed before get new codes, and the old ones end.

    A sheet that the printer spoilt is taken again by its id instead, and changes nothing.
    """

    id: UUID = field(default_factory=uuid7)
    reason: str = ""
    layout: str = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAlarm:
    id: UUID = field(default_factory=uuid7)
    alarm_id: UUID
    resolution: str


def print_labels(command: PrintLabels, *, by: Actor) -> tuple[LabelSheet, list[LabelRow]]:
    """A sheet of the labels that are wanted, written down as printed.

    Raises UnknownSheet, NothingToPrint, AgainWithoutReason, LabelsChanged; and InOpenMutation or
    AnimalHeld when an animal that would get a new code is under way with its old one.
    """
    require(by, Permission.TAG_PRINT)
    if not first_time(command, by=by):
        return sheet_by_id(command.id, by=by)
    if command.layout not in LAYOUTS:
        raise UnknownSheet
    rows = tags_to_print(command, by=by)
    if not rows:
        raise NothingToPrint
    old = printed_before([identifier.id for identifier, _ in rows])
    if old:
        rows = _renamed(command, rows, old, by=by)
    sheet = _sheet_of(command, rows, by=by)
    events.record(
        "tag.printed", sheet, by=by, region=sheet.region, labels=len(rows), replaced=len(old),
        reason=command.reason,
    )  # fmt: skip
    return sheet, rows


def close_alarm(command: CloseAlarm, *, by: Actor) -> TagAlarm:
    """Raises NotFound, OwnAlarm, ResolutionMissing, AlarmClosed."""
    alarm = alarm_to_close(command.alarm_id, by=by)
    if not first_time(command, by=by):
        return alarm
    if is_about(alarm, by):
        raise OwnAlarm
    if not command.resolution.strip():
        raise ResolutionMissing
    if alarm.closed_at is not None:
        raise AlarmClosed(name=alarm.closed_by_name)
    alarm.closed_at, alarm.closed_by, alarm.closed_by_name = now(), by.id, by.name
    alarm.resolution = command.resolution.strip()
    events.record(
        "tag.alarm-closed", alarm, by=by, region=alarm.region, tag=alarm.code, kind=alarm.kind
    )
    return alarm


def _renamed(
    command: PrintLabels, rows: Sequence[LabelRow], old: Collection[UUID], *, by: Actor
) -> list[LabelRow]:
    """A new code for each whose label was printed before; its ownership letter named the old."""
    if not command.reason.strip():
        raise AgainWithoutReason
    renamed = [animal.id for identifier, animal in rows if identifier.id in old]
    animals_to_change(renamed, by=by, permission=Permission.TAG_PRINT)
    if open_ones := animals_in_open_mutation(renamed):
        raise InOpenMutation(count=len(open_ones))
    holding.refuse(renamed)  # its papers name the old codes
    if [row[0].id for row in tags_to_print(command, by=by)] != [row[0].id for row in rows]:
        raise LabelsChanged
    for identifier, animal in rows:
        if identifier.id in old:
            end(identifier, EndReason.REPRINTED, by=by, region=animal.village)
    db.session.flush()  # an animal wears one tag, at no moment two
    given = {animal.id: give_tag(animal, "", by=by) for i, animal in rows if i.id in old}
    db.session.flush()
    for identifier, animal in rows:
        if identifier.id in old:
            identifier.replaced_by_id = given[animal.id].id
    strike_lines(renamed, because=MutationKind.RETAG, cause_id=command.id, by=by)
    return [(given.get(animal.id, identifier), animal) for identifier, animal in rows]


def _sheet_of(command: PrintLabels, rows: Sequence[LabelRow], *, by: Actor) -> LabelSheet:
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
    return sheet
