"""Days off are entered, brought in from a list, and taken out; the national ones come along."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.treasury.holidays.models import Holiday, HolidayKind
from sijinak.treasury.holidays.queries import holiday_by_id, holiday_on
from sijinak.treasury.policy import policy

REFUSED = "Tidak disetujui"  # a reason in the office's own table: Indonesian
LISTS = Path(__file__).parent / "data"


class DayIsOff(Conflict):
    """Facts: ``day``, ``name``."""

    code = "holiday-is-there"


class HolidayGone(Conflict):
    code = "holiday-gone"


class HolidayWaits(Conflict):
    """A second person has still to agree."""

    code = "holiday-waits"


class SamePersonAgrees(Conflict):
    code = "holiday-same-person"


class NoWhy(Invalid):
    code = "holiday-why-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    day: date
    name: str
    kind: HolidayKind
    source: str
    is_example: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterHoliday:
    id: UUID = field(default_factory=uuid7)
    off: DayOff


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterHolidays:
    """A list that was looked at; days that are in the table already are left as they are."""

    id: UUID = field(default_factory=uuid7)
    days: Sequence[DayOff]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveHoliday:
    id: UUID = field(default_factory=uuid7)
    holiday_id: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmHoliday:
    """Compared with the decision, and right."""

    id: UUID = field(default_factory=uuid7)
    holiday_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHoliday:
    """``action``: agree or refuse."""

    id: UUID = field(default_factory=uuid7)
    holiday_id: UUID
    action: str


def enter_holiday(command: EnterHoliday, *, by: Actor) -> Holiday:
    """One that has begun counts when a second person agrees. Raises DayIsOff."""
    require(by, Permission.TREASURY_KEEP, region=policy.regency)
    if not first_time(command, by=by):
        return db.session.get_one(Holiday, command.id)
    known = holiday_on(command.off.day)
    if known is not None:
        raise DayIsOff(day=known.day.isoformat(), name=known.name)
    return _enter(command.id, command.off, by=by)


def enter_holidays(command: EnterHolidays, *, by: Actor) -> int:
    """How many were new."""
    require(by, Permission.TREASURY_KEEP, region=policy.regency)
    if not first_time(command, by=by):
        return 0
    new = [off for off in command.days if holiday_on(off.day) is None]
    for off in new:
        _enter(uuid7(), off, by=by)
    return len(new)


def remove_holiday(command: RemoveHoliday, *, by: Actor) -> Holiday:
    """It was wrong, or was moved. One that has begun and counts goes when a second person agrees.

    Raises HolidayGone, HolidayWaits, NoWhy.
    """
    holiday = holiday_by_id(command.holiday_id, by=by)
    require(by, Permission.TREASURY_KEEP, region=policy.regency)
    if not first_time(command, by=by):
        return holiday
    if not command.why:
        raise NoWhy
    if holiday.removed_at is not None:
        raise HolidayGone
    if holiday.waits and holiday.removed_why:
        raise HolidayWaits
    counts = not holiday.waits
    holiday.removed_why = command.why
    if counts and holiday.day <= today():
        holiday.asked_by, holiday.asked_by_name = by.id, by.name
        holiday.agreed_by, holiday.agreed_by_name = None, ""
        _record("holiday.removal-asked", holiday, by=by, reason=command.why)
        return holiday
    holiday.removed_at, holiday.removed_by_name = now(), by.name
    _record("holiday.removed", holiday, by=by, reason=command.why)
    return holiday


def answer_holiday(command: AnswerHoliday, *, by: Actor) -> Holiday:
    """The second person, about a day that had begun. Raises HolidayGone, SamePersonAgrees."""
    holiday = holiday_by_id(command.holiday_id, by=by)
    require(by, Permission.MONEY_RESOLVE, region=policy.regency)
    if not first_time(command, by=by):
        return holiday
    if not holiday.waits:
        raise HolidayGone
    if holiday.asked_by == by.id:
        raise SamePersonAgrees
    holiday.agreed_by, holiday.agreed_by_name = by.id, by.name
    agrees, goes = command.action == "agree", bool(holiday.removed_why)
    if goes is agrees:  # taken out, or an entry that is refused
        holiday.removed_at, holiday.removed_by_name = now(), by.name
        holiday.removed_why = holiday.removed_why or REFUSED
    else:
        holiday.removed_why = ""
    _record(f"holiday.{'agreed' if agrees else 'refused'}", holiday, by=by)
    return holiday


def confirm_holiday(command: ConfirmHoliday, *, by: Actor) -> Holiday:
    """Raises HolidayGone, HolidayWaits."""
    holiday = holiday_by_id(command.holiday_id, by=by)
    require(by, Permission.TREASURY_KEEP, region=policy.regency)
    if not first_time(command, by=by):
        return holiday
    if holiday.removed_at is not None:
        raise HolidayGone
    if holiday.waits:
        raise HolidayWaits
    holiday.is_example = False
    _record("holiday.confirmed", holiday, by=by)
    return holiday


def load_holidays(*, by: Actor) -> int:
    """Those that come with the program; a day that was ever in the table is left as it is."""
    require(by, Permission.USER_MANAGE)
    known = set(db.session.scalars(select(Holiday.day)))
    rows = [off for off in _shipped() if off.day not in known]
    db.session.add_all(_row(uuid7(), off, by=by) for off in rows)
    return len(rows)


def _shipped() -> list[DayOff]:
    with (LISTS / "holidays.csv").open(encoding="utf-8", newline="") as file:
        sources = json.loads((LISTS / "sources.json").read_text(encoding="utf-8"))
        return [
            DayOff(
                day=date.fromisoformat(row["day"]),
                name=row["name"],
                kind=HolidayKind(row["kind"]),
                source=sources[row["day"][:4]]["source"],
                is_example=sources[row["day"][:4]]["is_example"],
            )
            for row in csv.DictReader(file)
        ]


def _enter(holiday_id: UUID, off: DayOff, *, by: Actor) -> Holiday:
    holiday = _row(holiday_id, off, by=by)
    if off.day <= today():
        holiday.asked_by, holiday.asked_by_name = by.id, by.name
    db.session.add(holiday)
    db.session.flush()
    _record("holiday.entered", holiday, by=by)
    return holiday


def _row(holiday_id: UUID, off: DayOff, *, by: Actor) -> Holiday:
    return Holiday(
        id=holiday_id,
        day=off.day,
        name=off.name,
        kind=off.kind,
        source=off.source,
        is_example=off.is_example,
        entered_at=now(),
        entered_by=by.id,
        entered_by_name=by.name,
    )


def _record(name: str, holiday: Holiday, *, by: Actor, **facts: object) -> None:
    day = holiday.day.isoformat()
    events.record(name, holiday, by=by, region="", day=day, kind=holiday.kind, **facts)
