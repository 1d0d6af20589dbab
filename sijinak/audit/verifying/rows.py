"""Every row beside its newest leaf, every leaf beside its row: two lists in the order of ids."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import exists, select

from sijinak.audit.verifying.erasures import emptied_by_right, erasures
from sijinak.audit.verifying.faults import Code, Fault, Faults
from sijinak.audit.verifying.reading import OfSubject, bytes_of, leaves_of
from sijinak.audit.verifying.tree import MARGIN, moment
from sijinak.core.db import db
from sijinak.core.model import Model
from sijinak.core.noting import Logged
from sijinak.core.telling import Told, canonical, leaf_end, leaf_start, said_at, tell_behind

START = "|1|"
UNKNOWABLE = '{"sha256":null}'  # what was hidden under a key that was destroyed
EMPTY, ABSENT = "", object()
HIDDEN_FOR_GOOD = {"sha256": None}
MOMENT = "2026-11-22T13:05:00.000000Z"
NEAR = len("2026-11-22T13:0")  # moments that begin alike are less than ten minutes apart


class _Said(msgspec.Struct):
    at: str
    id: str
    row: msgspec.Raw


_decoder = msgspec.json.Decoder(_Said)


@dataclass(slots=True)
class Telling:
    """What the log says of one row: the newest leaf, when the first was written, and how many."""

    id: Any  # as the driver has it
    newest: OfSubject
    first: OfSubject
    count: int = 1


class Piece(NamedTuple):
    """Up to which row it came, and how many rows and leaves it saw on the way."""

    after: UUID | None
    rows: int
    leaves: int


class RowCheck:
    """One table of those that are logged."""

    def __init__(self, model: type[Model], logged: Logged, begun: int, faults: Faults) -> None:
        """``begun``: the first position at which rows were told when they were written."""
        self._model, self._logged = model, logged
        self._table = model.__tablename__
        self._begun = begun
        self._start = leaf_start(self._table)
        self._erased = erasures()
        self._faults = faults

    def run(self, after: UUID | None, *, waiting: bool) -> Iterator[Piece]:
        told = _by_row(leaves_of(self._table, after, waiting=waiting))
        here, seen = next(told, None), 0
        for ids, rows in tell_behind(self._model, after):
            for row_id, row in zip(ids, rows, strict=True):
                while here is not None and here.id < row_id:
                    seen += self._gone(here)
                    here = next(told, None)
                if here is not None and here.id == row_id:
                    seen += self._compare(row, here)
                    here = next(told, None)
                else:
                    self._add(Code.ROW_UNLOGGED, row.id)
            after = rows[-1].id
            yield Piece(after, len(rows), seen)
            seen = 0
        while here is not None:
            seen += self._gone(here)
            here = next(told, None)
        self._strays()
        yield Piece(after, 0, seen)

    def _gone(self, telling: Telling) -> int:
        gone = UUID(bytes=bytes_of(telling.id))
        self._add(Code.ROW_MISSING, gone, telling.newest.position)
        return telling.count

    def _compare(self, told: Told, telling: Telling) -> int:
        newest = telling.newest
        said = None
        is_same = self._says(newest.body, told)
        if not is_same:
            said = _said(newest.body)
            is_same = said is not None and bytes(said.row) == canonical(told.row)
        if not is_same:
            self._differs(told, newest, said)
        elif UNKNOWABLE in newest.body:
            self._forgotten(told, newest, told.row)
        if telling.count > 1:
            self._told_again(told, telling)
        if self._logged.claims:
            self._dated(told, telling.first)
        return telling.count

    def _told_again(self, told: Told, telling: Telling) -> None:
        """Whoever owns the database can write leaves, too: what must stay is what it first was."""
        newest, changing = telling.newest, self._logged.changing
        if not self._logged.changes:
            self._add(Code.ROW_TOLD_TWICE, told.id, newest.position)
        elif changing is not None:
            was, now = _row_of(telling.first), _row_of(newest)
            names = {name for name in was if was[name] != now.get(name, ABSENT)} - changing
            names = {name for name in names if now.get(name) != HIDDEN_FOR_GOOD}
            if names:
                before, after = ({n: one.get(n) for n in sorted(names)} for one in (was, now))
                self._add(
                    Code.ROW_REWRITTEN, told.id, newest.position,
                    was=canonical(before).decode(), now=canonical(after).decode(),
                )  # fmt: skip

    def _says(self, body: str, told: Told) -> bool:
        """Letter by letter, but for the moment. It is not decoded: a million are compared."""
        behind = len(self._start) + len(MOMENT)
        return body.startswith(self._start) and body[behind:] == leaf_end(told.key, told.row)

    def _differs(self, told: Told, newest: OfSubject, said: _Said | None) -> None:
        was = _row_of(newest)
        now = dict(told.row)
        self._forgive(told, was, now)
        names = sorted(n for n in was.keys() | now.keys() if was.get(n) != now.get(n))
        if names or said is None:
            told_was, told_now = ({n: one[n] for n in names if n in one} for one in (was, now))
            self._add(
                Code.ROW_DIFFERS, told.id, newest.position,
                was=canonical(told_was).decode(), now=canonical(told_now).decode(),
            )  # fmt: skip

    def _forgive(self, told: Told, was: dict[str, Any], now: dict[str, Any]) -> None:
        """Words that are gone by right say nothing; words without a key must be gone."""
        right: set[str] | None = None
        for place in {**dict.fromkeys(self._logged.hidden), **told.hidden}:
            before, after = said_at(place, was), said_at(place, now)
            if before == after:
                continue
            if told.hidden.get(place, EMPTY) == EMPTY:
                right = self._right(told) if right is None else right
                if place.partition(".")[0] in right:
                    _put(now, place, before)
            elif after == HIDDEN_FOR_GOOD:
                self._add(Code.KEY_DESTROYED, told.id, was=place)
                _put(now, place, before)

    def _right(self, told: Told) -> set[str]:
        if not self._erased:
            return set()
        return emptied_by_right(self._table, told.id, self._erased)

    def _forgotten(self, told: Told, newest: OfSubject, row: dict[str, Any]) -> None:
        """The log knows that the key was destroyed; what it hid must be gone as well."""
        for name, value in told.hidden.items():
            if said_at(name, row) == HIDDEN_FOR_GOOD and value != EMPTY:
                self._add(Code.KEY_DESTROYED, told.id, newest.position, was=name)

    def _dated(self, told: Told, first: OfSubject) -> None:
        """Nothing was written long before it came into the log."""
        claimed, place = told.row.get(self._logged.claims), len(self._start)
        if claimed is None or first.body[place : place + NEAR] == claimed[:NEAR]:
            return
        said = _said(first.body)
        if said is None or _is_before(first, self._begun):
            return
        at = moment(said.at)
        if abs(moment(claimed) - at) > MARGIN:
            self._add(
                Code.ROW_BACK_DATED, told.id, first.position,
                was=said.at, now=claimed,
            )  # fmt: skip

    def _strays(self) -> None:
        """Lines of nothing."""
        if (lines := self._logged.lines) is None:
            return
        table, whole = lines.model.__table__, self._model.__table__
        there = exists().where(whole.c.id == table.c[lines.key])
        asked = select(table.c.id).where(~there).order_by(table.c.id).limit(100)
        for (line,) in db.session.connection().execute(asked):
            self._faults.add(Fault(code=Code.LINE_STRAY, table=lines.model.__tablename__, id=line))

    def _add(
        self, code: Code, row: UUID, position: int | None = None, *, was: str = "", now: str = ""
    ) -> None:
        self._faults.add(
            Fault(code=code, table=self._table, id=row, position=position, was=was, now=now)
        )


def _row_of(leaf: OfSubject) -> dict[str, Any]:
    said = _said(leaf.body)
    return msgspec.json.decode(said.row) if said else {}


def _put(row: dict[str, Any], place: str, said: Any) -> None:
    column, _, member = place.partition(".")
    row[column] = {**row[column], member: said} if member else said


def _by_row(leaves: Iterator[OfSubject]) -> Iterator[Telling]:
    current: Telling | None = None
    for leaf in leaves:
        key = leaf.subject_id
        if current is not None and current.id == key:
            current.newest, current.count = leaf, current.count + 1
            continue
        if current is not None:
            yield current
        current = Telling(key, leaf, leaf)
    if current is not None:
        yield current


def _said(body: str) -> _Said | None:
    try:
        return _decoder.decode(body.partition(START)[2])
    except msgspec.DecodeError:
        return None


def _is_before(leaf: OfSubject, begun: int) -> bool:
    return leaf.position is not None and leaf.position < begun
