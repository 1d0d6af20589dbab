"""People who were forgotten by right: two others did it, and the log tells of it.

An event says of whom and how many fields; the row of the erasure says who asked, and who decided.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from sijinak.accounts.models import Appointment, Role
from sijinak.audit.verifying.faults import Code, Fault
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.model import Model
from sijinak.core.personkeys import PersonKey
from sijinak.core.tlog import LogLeaf, LogWaiting
from sijinak.keepers.forgetting import Emptied, emptied_of
from sijinak.keepers.models import ErasedValue

ERASED = "privacy.erased"
KEYS = PersonKey.__tablename__
NONE = Emptied(0, "")


def erasures() -> dict[UUID, Emptied]:
    """Which fields were emptied of each person. Row and event are compared with their leaves."""
    table = Model.metadata.tables["erasures"]  # of a feature that stands beside this one
    by_two = and_(
        table.c.state == "done",
        table.c.proposed_by != table.c.decided_by,
        _held_office(table.c.proposed_by),
        _held_office(table.c.decided_by),
        _is_told(table.name, table.c.id),
        _is_told(Event.__tablename__, Event.id),
    )
    asked = select(table.c.keeper_id, Event.facts).join(Event, Event.subject_id == table.c.id)
    asked = asked.where(Event.name == ERASED, by_two).order_by(Event.id)
    return {
        person: Emptied(facts.get("emptied", 0), facts.get("lines", ""))
        for person, facts in db.session.execute(asked)
        if facts.get("keeper_id") == str(person)
    }


def emptied_by_right(kind: str, row_id: UUID, people: Collection[UUID]) -> set[str]:
    """The fields of a row that were emptied when one of these people was forgotten."""
    asked = select(ErasedValue.field, ErasedValue.keeper_id).where(
        ErasedValue.kind == kind, ErasedValue.row_id == row_id
    )
    found = db.session.execute(asked.order_by(ErasedValue.field))
    return {field for field, keeper_id in found if keeper_id in people}


def erasure_faults() -> Iterator[Fault]:
    """No key goes, and nothing is emptied, but by two people; and only what the event says."""
    known = erasures()
    gone = or_(PersonKey.destroyed_at.is_not(None), PersonKey.key_sealed.is_(None))
    for person in db.session.scalars(select(PersonKey.id).where(gone).order_by(PersonKey.id)):
        if person not in known:
            yield Fault(code=Code.ERASURE_UNPROVEN, table=KEYS, id=person)
    emptied = select(ErasedValue.keeper_id).distinct().order_by(ErasedValue.keeper_id)
    for person in {*known, *db.session.scalars(emptied)}:
        was, is_now = known.get(person, NONE), emptied_of(person)
        if was != is_now:
            yield Fault(
                code=Code.ERASURE_UNPROVEN, table=KEYS, id=person,
                was=f"{was.fields} {was.lines}", now=f"{is_now.fields} {is_now.lines}",
            )  # fmt: skip


def _held_office(person: Any) -> ColumnElement[bool]:
    """Whoever is invented was never appointed: appointments stand in the log."""
    return exists().where(Appointment.user_id == person, Appointment.role != Role.TRADER)


def _is_told(kind: str, row_id: Any) -> ColumnElement[bool]:
    return or_(
        *(
            exists().where(leaves.kind == kind, leaves.subject_id == row_id)
            for leaves in (LogLeaf, LogWaiting)
        )
    )
