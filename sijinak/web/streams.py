"""The answer to a question, row by row, on a connection of its own.

In memory there is only a piece. The connection is none of the pool: whoever takes a list away over
a slow line must not keep the house waiting. PostgreSQL writes CSV itself (COPY), and SQLite's
cursor is written down without a look at its cells: the words are the database's (``wording``).
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, event

from sijinak.core.db import READ, db
from sijinak.core.errors import Unavailable
from sijinak.web.tables import DELIMITER, LINE_END, ROWS_AT_ONCE, Piece, csv_head, headed
from sijinak.web.wording import typed, written


class Broken(Unavailable):
    """The database stopped in the middle of an answer."""

    code = "export-broken"


Asked = Select[*tuple[Any, ...]]
Words = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What a list is asked with; its columns are those of the file."""

    query: Asked

    def pieces(self, head: Sequence[str]) -> Iterator[Piece]:
        """The CSV file. Raises Broken."""
        with _apart(READ) as connection:
            name = connection.dialect.name
            asked = self._in(lambda column: written(column, name))
            write = _copied if name == "postgresql" else _fetched
            try:
                yield from headed(csv_head(head), write(connection, asked))
            except connection.dialect.loaded_dbapi.Error as error:
                raise Broken from error

    def rows(self) -> Iterator[Sequence[object]]:
        """For a sheet."""
        with _apart(None) as connection:
            alone = connection.execution_options(yield_per=ROWS_AT_ONCE)
            for row in alone.execute(self._in(typed)):
                yield tuple(row)

    def _in(self, words: Words) -> Asked:
        columns = [words(column) for column in self.query.selected_columns]
        told = [column.label(f"c{place}") for place, column in enumerate(columns)]
        return self.query.with_only_columns(*told, maintain_column_froms=True)


@contextmanager
def _apart(bind: str | None) -> Iterator[Connection]:
    with db.engines[bind].connect() as connection:
        connection.detach()
        yield connection


def _copied(connection: Connection, asked: Asked) -> Iterator[Piece]:
    """PostgreSQL sends each row in a message of its own, with an end of line of its own."""
    sql, values = _spelt(connection, asked)
    cursor: Any = connection.connection.cursor()
    cursor.execute("SET enable_sort = off")  # the first row at once, not after the last is found
    how, end = f"(FORMAT csv, DELIMITER '{DELIMITER}')", LINE_END.encode()
    with cursor.copy(f"COPY ({sql}) TO STDOUT {how}", values) as copy:
        waiting: list[bytes] = []
        for message in copy:
            waiting.append(message[:-1])
            if len(waiting) == ROWS_AT_ONCE:
                yield end.join((*waiting, b"")), ROWS_AT_ONCE
                waiting.clear()
        yield end.join((*waiting, b"")) if waiting else b"", len(waiting)


def _spelt(connection: Connection, asked: Asked) -> tuple[str, Any]:
    """The SQL and its values as SQLAlchemy would send them, instead of sending them."""
    caught: list[tuple[str, Any]] = []

    def catch(*sent: Any) -> tuple[str, tuple[()]]:
        caught.append((sent[2], sent[3]))
        return "SELECT 1", ()

    event.listen(connection, "before_cursor_execute", catch, retval=True)
    connection.execute(asked).close()
    event.remove(connection, "before_cursor_execute", catch)
    return caught[0]


def _fetched(connection: Connection, asked: Asked) -> Iterator[Piece]:
    cursor: Any = connection.execute(asked).cursor
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=DELIMITER, lineterminator=LINE_END)
    while found := cursor.fetchmany(ROWS_AT_ONCE):
        writer.writerows(found)
        yield text.getvalue().encode("utf-8", "replace"), len(found)
        text.seek(0)
        text.truncate()
