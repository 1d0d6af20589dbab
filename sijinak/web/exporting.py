"""The one way by which a table leaves the house, as CSV or XLSX: each is in the trail.

``export.made`` is written before the first letter is sent, ``export.ended`` with the number of rows
when the last one was, ``export.broken`` when it was not. A CSV file has no closing line, for it
would be a row to machines; a file that could not be finished says so in its last line, for the
server ends even such an answer as if it were whole.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, stream_with_context
from sqlalchemy.exc import SQLAlchemyError

from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError, Unavailable
from sijinak.core.events import About, events
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor
from sijinak.web import sheets
from sijinak.web.access import actor
from sijinak.web.i18n import gettext as _
from sijinak.web.streams import Question
from sijinak.web.tables import Piece, csv_line, csv_pieces

CSV, XLSX = "csv", "xlsx"
CSV_TYPE = "text/csv; charset=utf-8"
TABLE = "exports"  # what the events are about; there is no such table
AT_ONCE = BoundedSemaphore(4)  # each has a thread and a connection, for as long as the line is slow

Rows = Iterable[Sequence[object]] | Question

log = logging.getLogger(__name__)


class ManyExports(Unavailable):
    """Others take lists away: those who work come first."""

    code = "exports-many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """``what`` names the list, ``asked`` says which part of it: events hold no personal data.

    ``title`` stands on the sheets.
    """

    what: str
    name: str  # of the file, without its ending
    title: str = ""
    head: Sequence[str] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)
    region: str = ""
    id: UUID = field(default_factory=uuid7)


def hand_out(kind: str, export: Export, rows: Rows) -> Response:
    """Raises Unavailable; what else goes wrong before the first letter is an error like any."""
    media_type = CSV_TYPE if kind == CSV else sheets.MEDIA_TYPE
    return _answer(_Told(export, kind, actor()), _maker(kind, export, rows), media_type)


def hand_out_text(kind: str, export: Export, lines: Iterable[str], media_type: str) -> Response:
    """A file whose letters are laid down elsewhere, line by line; ``kind`` is its ending."""
    pieces = ((line.encode(), 1) for line in lines)
    return _answer(_Told(export, kind, actor()), lambda: pieces, media_type)


def _answer(told: "_Told", make: Callable[[], Iterator[Piece]], media_type: str) -> Response:
    if not AT_ONCE.acquire(blocking=False):
        raise ManyExports
    begun = _Begun(_sent(told, make))
    answer = Response(stream_with_context(begun), content_type=media_type)
    answer.call_on_close(begun.close)  # nobody may have read it: a HEAD, a line that broke
    name = f"{told.export.name}.{told.kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@dataclass(frozen=True, slots=True)
class _Told:
    """What the trail learns of one export, whoever ends it and when: the request may be over."""

    export: Export
    kind: str
    by: Actor
    app: Flask = field(default_factory=current_app._get_current_object)  # type: ignore[attr-defined] # noqa: SLF001

    def tell(self, name: str, facts: Mapping[str, Any]) -> None:
        known = {"export": self.export.what, "format": self.kind}
        about = About(TABLE, self.export.id, self.export.region, {**known, **facts})
        with self.app.app_context(), transaction():
            events.record_all(name, [about], by=self.by)

    def end(self, rows: int, *, whole: bool) -> None:
        """A database that is gone cannot note it: then ``export.made`` has no end in the trail."""
        try:
            self.tell("export.ended" if whole else "export.broken", {"rows": rows})
        except (SQLAlchemyError, SijinakError):
            log.exception("the end of the export %s could not be noted", self.export.id)


class _Begun(Iterator[bytes]):
    """Its first piece is there before the answer is, so that an error can still be one."""

    def __init__(self, sent: Generator[bytes]) -> None:
        self._sent = sent
        self._first: bytes | None = next(sent, b"")

    def __next__(self) -> bytes:
        if self._first is None:
            return next(self._sent)
        first, self._first = self._first, None
        return first

    def close(self) -> None:
        self._sent.close()


def _sent(told: _Told, make: Callable[[], Iterator[Piece]]) -> Generator[bytes]:
    rows, begun, whole = 0, False, False
    try:
        told.tell("export.made", told.export.asked)
        for piece, more in make():
            rows += more
            begun = True
            yield piece
        whole = True
    except (SQLAlchemyError, Unavailable):
        if begun and told.kind == CSV:
            yield csv_line([_("THIS FILE IS NOT COMPLETE"), rows]).encode()
        raise
    finally:
        AT_ONCE.release()
        told.end(rows, whole=whole)


def _maker(kind: str, export: Export, rows: Rows) -> Callable[[], Iterator[Piece]]:
    if kind == XLSX:
        return lambda: _as_sheet(export, rows.rows() if isinstance(rows, Question) else rows)
    if isinstance(rows, Question):
        return lambda: rows.pieces(export.head)
    return lambda: csv_pieces(export.head, rows)


def _as_sheet(export: Export, rows: Iterable[Sequence[object]]) -> Iterator[Piece]:
    """All rows are counted with the first piece: they are in the file before it is sent."""
    file, count = sheets.book_of(export.head, rows, export.title or export.name)
    for piece in sheets.pieces_of(file):
        yield piece, count
        count = 0
