"""Writing into the books. Nothing is corrected: a reversal stands beside what was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.once import SaidOtherwise, first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger.books import insert_journal, insert_postings, open_accounts
from sijinak.ledger.custody import day_for
from sijinak.ledger.models import ClosedDay, Journal
from sijinak.ledger.queries import last_closed_day

REVERSAL = "reversal"


class Unbalanced(Invalid):
    """Debit and credit differ, or fewer than two lines say something."""

    code = "journal-unbalanced"


class DayNotOver(Invalid):
    code = "day-not-over"


class DayIsClosed(Conflict):
    """Facts: ``day``, the last that is closed."""

    code = "day-is-closed"


@dataclass(frozen=True, slots=True)
class Line:
    """Debit above zero, credit below; whole rupiah."""

    account: str
    amount: Rupiah | int
    about: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``idem`` names what happened, as in ``skrd.issued:<id>``: the same is written once.

    ``on`` is the accounting day; when its books are closed the entry counts on the next open day.
    """

    idem: str
    kind: str
    on: date
    region: str
    lines: Sequence[Line]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDay:
    """Of this day and all before it. The books are one: ``region`` is that of the whole office."""

    id: UUID = field(default_factory=uuid7)
    day: date
    region: str = ""


def post(entry: Entry, *, by: Actor) -> Journal:
    """Write an entry, once. Lines of zero are left out.

    Raises Unbalanced, KeyError for an account that is not in the chart, and SaidOtherwise when
    the same name was written with other lines.
    """
    return _write(entry, None, by=by)


def reverse(idem: str, *, reason: str, by: Actor) -> Journal:
    """The same lines with the other sign, today. Reversing twice reverses once.

    Raises NotFound when nothing of that name was written.
    """
    wrong = _journal(idem)
    if wrong is None:
        raise NotFound(idem=idem)
    entry = Entry(
        idem=f"{REVERSAL}:{idem}",
        kind=REVERSAL,
        on=today(),
        region=wrong.region,
        lines=[Line(p.account, -p.amount, p.about) for p in wrong.postings],
        reason=reason,
    )
    return _write(entry, wrong.id, by=by)


def close_day(command: CloseDay, *, by: Actor) -> ClosedDay:
    """Who writes into the books at the same moment is waited for, and then waits.

    Raises DayNotOver for a day to come, DayIsClosed when it or a later one is closed.
    """
    require(by, Permission.TREASURY_KEEP, region=command.region)
    if not first_time(command, by=by):
        return db.session.scalars(select(ClosedDay).where(ClosedDay.day == command.day)).one()
    if command.day > today():
        raise DayNotOver(day=command.day.isoformat())
    last = last_closed_day()
    if last is not None and command.day <= last:
        raise DayIsClosed(day=last.isoformat())
    closed = ClosedDay(day=command.day, closed_at=now(), closed_by=by.id, closed_by_name=by.name)
    db.session.add(closed)
    db.session.flush()
    day = command.day.isoformat()
    events.record("books.closed", closed, by=by, region=command.region, day=day)
    return closed


def _write(entry: Entry, reverses_id: UUID | None, *, by: Actor) -> Journal:
    entry = replace(entry, lines=[line for line in entry.lines if line.amount])
    if len(entry.lines) < 2 or sum(line.amount for line in entry.lines) != 0:  # noqa: PLR2004
        raise Unbalanced(idem=entry.idem)
    open_accounts({line.account for line in entry.lines})
    row: dict[str, Any] = {
        "id": uuid7(),
        "idem": entry.idem,
        "kind": entry.kind,
        "effective_on": day_for(entry.lines, entry.on),
        "recorded_at": now(),
        "region": entry.region,
        "actor_id": by.id,
        "actor_name": by.name,
        "reason": entry.reason,
        "reverses_id": reverses_id,
        "size": len(entry.lines),
        "zero": 0,
    }
    day = insert_journal(row)
    if day is None:
        return _same(entry, reverses_id)
    insert_postings(row["id"], day, entry.lines)
    return Journal(**row | {"effective_on": day})


def _same(entry: Entry, reverses_id: UUID | None) -> Journal:
    """The journal of that name. The day may differ: it counts when it was written first."""
    known = _journal(entry.idem)
    if known is None:
        raise NotFound(idem=entry.idem)  # cannot be: the name was taken, and nothing is deleted
    written = [(p.account, p.amount, p.about) for p in known.postings]
    asked = [(line.account, line.amount, line.about) for line in entry.lines]
    if (known.kind, known.reverses_id, written) != (entry.kind, reverses_id, asked):
        raise SaidOtherwise(idem=entry.idem)
    return known


def _journal(idem: str) -> Journal | None:
    asked = select(Journal).where(Journal.idem == idem).options(selectinload(Journal.postings))
    return db.session.scalar(asked)
