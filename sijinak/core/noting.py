"""Which rows of the open transaction go into the log when it ends.

Everything that writes rows passes here: the session's flush, ``inserting`` and ``bulk``. A row that
other rows belong to, as a journal to its postings, is noted for each of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from sijinak.core.db import db
from sijinak.core.model import Model

NOTED = "sijinak_noted"
Noted = dict[type[Model], dict[UUID, None]]


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows that belong to another: ``key`` names that one, ``order`` is their order in it.

    ``hidden`` are columns with words about people.
    """

    model: type[Model]
    key: str
    order: str = "id"
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What people typed within a column's JSON: the values of these ``members``.

    ``whose`` answers, by the row, whom they may name: None for nobody whose data could be erased.
    """

    column: str
    members: frozenset[str]
    whose: Callable[[Mapping[str, Any]], str | None]

    def within(self, row: Mapping[str, Any]) -> dict[str, str]:
        said = row[self.column]
        if not isinstance(said, dict):
            return {}
        found = {name: said[name] for name in sorted(self.members & said.keys())}
        return {name: value for name, value in found.items() if isinstance(value, str)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """How the rows of a table stand in the log.

    ``hidden`` are columns with words about people, and which column names the person: empty where
    it is nobody whose data could be erased; ``words`` the same within a column. ``claims`` is the
    column of the time that a row says it was written. ``starts``: only rows of events whose name
    begins so. ``changes`` is False where a row is told once and for all. ``changing`` are the
    columns that may say something else later; none: nobody promises which.
    """

    claims: str = ""
    changes: bool = True
    changing: frozenset[str] | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    lines: Lines | None = None
    starts: tuple[str, ...] = ()
    words: Words | None = None

    def whose(self, place: str, row: Mapping[str, Any]) -> str | None:
        """Whom a hidden word of a row may name, by its place: ``column`` or ``column.member``."""
        if owner := self.hidden.get(place):
            person: str | None = row.get(owner)
            return person
        return self.words.whose(row) if self.words and place not in self.hidden else None

    def takes(self, name: str) -> bool:
        return not self.starts or name.startswith(self.starts)


Table = Mapping[type[Model], Logged]


class Noting:
    """The table of what is logged is handed in once, by the app."""

    def __init__(self) -> None:
        self.table: Table = {}
        self._lines: dict[type[Model], tuple[type[Model], str]] = {}

    def wire(self, table: Table) -> None:
        self.table = table
        self._lines = {
            logged.lines.model: (model, logged.lines.key)
            for model, logged in table.items()
            if logged.lines
        }

    def note(self, model: type[Model], row_id: UUID) -> None:
        noted: Noted = db.session.info.setdefault(NOTED, {})
        noted.setdefault(model, {})[row_id] = None

    def note_row(self, row: Model) -> None:
        model = type(row)
        if logged := self.table.get(model):
            if logged.takes(getattr(row, "name", "")):
                self.note(model, row.id)
        elif of := self._lines.get(model):
            self.note(of[0], getattr(row, of[1]))

    def note_columns(self, model: type[Model], columns: Mapping[str, Sequence[Any]]) -> None:
        """For many rows at once."""
        if logged := self.table.get(model):
            names = columns.get("name", ())
            ids: Iterable[UUID] = columns["id"]
            if logged.starts:
                ids = [i for i, name in zip(ids, names, strict=True) if logged.takes(name)]
        elif of := self._lines.get(model):
            model, ids = of[0], columns[of[1]]
        else:
            return
        noted: Noted = db.session.info.setdefault(NOTED, {})
        noted.setdefault(model, {}).update(dict.fromkeys(ids))


noting = Noting()


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, *_: Any) -> None:
    changed = (row for row in session.dirty if session.is_modified(row))
    for row in chain(session.new, changed, session.deleted):
        noting.note_row(row)
