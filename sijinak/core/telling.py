"""How a row stands in the log: canonical JSON (RFC 8785), words about people as salted digests.

The same code tells a row when it is written and when it is checked, years later.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from sijinak.core.crypto import Mac
from sijinak.core.model import Model
from sijinak.core.noting import Lines, Logged, noting
from sijinak.core.personkeys import SALT, Keys, keys_of, made_keys_of, salt_of
from sijinak.core.rawrows import Ends, Row, moment_text, rows_behind, rows_of, rows_within

VERSION = 1
LINES = "lines"
AT_ONCE = 500
MANY = 1_000
MOST_KEYS = 20_000  # of people, at hand
NO_KEYS: Keys = {}

canonical = msgspec.json.Encoder(order="sorted").encode
KeysOf = Callable[[set[UUID]], Keys]
Known = dict[str, Mac | None]  # keys by the texts of the people's ids


class Told(NamedTuple):
    """A row as it is now: all that its leaf says of it, and what its hidden words are.

    Their places are ``column``, or ``column.member`` in one of JSON.
    ``key`` is the id's text: a million of them are compared, and few are asked for the id.
    """

    key: str
    row: Row
    hidden: Mapping[str, str]

    @property
    def id(self) -> UUID:
        return UUID(self.key)


def leaf_text(table: str, row_id: UUID, at: datetime, row: Row) -> str:
    return f"{leaf_start(table)}{moment_text(at)}{leaf_end(f'{row_id}', row)}"


def leaf_start(table: str) -> str:
    """Up to the moment, of which every leaf has as many letters."""
    return f'{table}|{VERSION}|{{"at":"'


def leaf_end(key: str, row: Row) -> str:
    """All behind the moment."""
    return f'","id":"{key}","row":{canonical(row).decode()}}}'


def tell_new(model: type[Model], ids: Sequence[UUID], known: Known) -> Iterator[Told]:
    """Rows that go into the log now: people who have no key yet get one.

    ``known``: the keys that were looked up in this transaction.
    """
    return _told(model, ids, made_keys_of, known)


def tell(model: type[Model], ids: Sequence[UUID]) -> Iterator[Told]:
    """Rows as they are now, to be compared with the log. Those that are not there are left out."""
    return _told(model, ids, keys_of, {})


def tell_behind(model: type[Model], after: UUID | None) -> Iterator[tuple[list[Any], list[Told]]]:
    """All behind an id, piece by piece in the order of their ids; these as the driver has them."""
    logged, last = noting.table[model], after
    known: Known = {}
    while True:
        ids, rows = rows_behind(model, last, MANY, logged.starts)
        if not rows:
            return
        ends = last, UUID(rows[-1]["id"])
        lines = _lines_of(logged, partial(_lines_within, ends))
        if len(known) > MOST_KEYS:
            known = {}
        known |= _keys_of(logged, rows, keys_of, known)
        yield ids, [_one(model.__tablename__, logged, row, lines, known) for row in rows]
        last = ends[1]


def digest_of(salt: bytes, value: str) -> str:
    return sha256(salt + value.encode()).hexdigest()


def said_at(place: str, row: Row) -> Any:
    """What a row says at the place of a hidden word; None when there is no such place."""
    column, _, member = place.partition(".")
    said = row.get(column)
    return said.get(member) if member and isinstance(said, dict) else said


def place_of(table: str, row_id: UUID, column: str) -> str:
    """What the salt of a hidden value is made for."""
    return f"{table}:{row_id}:{column}"


def _told(model: type[Model], ids: Sequence[UUID], keys: KeysOf, known: Known) -> Iterator[Told]:
    logged = noting.table[model]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        rows = rows_of(model, "id", some, ("id",))
        lines = _lines_of(logged, partial(_lines_among, some))
        known |= _keys_of(logged, rows, keys, known)
        for row in rows:
            yield _one(model.__tablename__, logged, row, lines, known)


def _keys_of(
    logged: Logged, rows: Sequence[Row], keys: KeysOf, known: Mapping[str, Mac | None]
) -> Known:
    """By the texts of the ids, without those that are known."""
    named = {person for person in logged.hidden.values() if person}
    people = {row[person] for row in rows for person in named}
    if words := logged.words:
        people |= {words.whose(row) for row in rows if words.within(row)}
    wanted = {UUID(one) for one in people if one is not None and one not in known}
    found = keys(wanted) if wanted else {}
    return {str(person): key for person, key in found.items()}


def _one(
    table: str, logged: Logged, row: Row, lines: Mapping[str, list[Row]],
    known: Mapping[str, Mac | None],
) -> Told:  # fmt: skip
    row_id = row.pop("id")
    hidden = {name: value for name in logged.hidden if (value := row.pop(name)) is not None}
    for name in logged.left_out:
        del row[name]
    for name, value in hidden.items():
        owner = logged.hidden[name]
        person = row[owner] if owner else None
        row[name] = _digest(f"{table}:{row_id}:{name}", value, person, known)
    if (words := logged.words) and (typed := words.within(row)):
        said, person = row[words.column], words.whose(row)
        for name, value in typed.items():
            hidden[place := f"{words.column}.{name}"] = value
            said[name] = _digest(f"{table}:{row_id}:{place}", value, person, known)
    if logged.lines:
        row[LINES] = lines.get(row_id, [])
    return Told(row_id, row, hidden)


def _digest(place: str, value: str, person: str | None, known: Mapping[str, Mac | None]) -> Row:
    if person is None:
        salt = salt_of(NO_KEYS, None, place)
    else:
        key = known.get(person)
        salt = None if key is None else key.digest(place.encode())[:SALT]
    return {"sha256": sha256(salt + value.encode()).hexdigest() if salt else None}


def _lines_of(logged: Logged, read: Callable[[Lines], list[Row]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    if (of := logged.lines) is not None:
        for row in read(of):
            row_id = row.pop("id")
            for name in of.hidden:
                row[name] = hidden_word(of.model.__tablename__, row_id, name, row[name])
            found[row.pop(of.key)].append(row)
    return found


def _lines_among(ids: Sequence[UUID], of: Lines) -> list[Row]:
    return rows_of(of.model, of.key, ids, _order(of))


def _lines_within(ends: Ends, of: Lines) -> list[Row]:
    return rows_within(of.model, of.key, ends, _order(of))


def _order(of: Lines) -> tuple[str, str, str]:
    return of.key, of.order, "id"


def hidden_word(table: str, row_id: UUID | str, column: str, value: str | None) -> Row | None:
    """As the log has a word that belongs to nobody whose key could be destroyed."""
    salt = salt_of(NO_KEYS, None, f"{table}:{row_id}:{column}")
    return None if value is None or salt is None else {"sha256": digest_of(salt, value)}
