"""Salts and values of the words that the log hides, for those who may see them."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.model import Model
from sijinak.core.noting import noting
from sijinak.core.personkeys import keys_of, salt_of
from sijinak.core.telling import digest_of, place_of, said_at, tell
from sijinak.core.tlog import LogLeaf

LEAVES_AT_ONCE = 1_000
Opening = dict[str, object]


def openings(size: int) -> Iterator[Opening]:
    """In the order of the leaves. What was changed since, or whose key is gone, stays shut."""
    for start in range(0, size, LEAVES_AT_ONCE):
        asked = select(LogLeaf).where(
            LogLeaf.position >= start, LogLeaf.position < min(start + LEAVES_AT_ONCE, size)
        )
        leaves = db.session.scalars(asked.order_by(LogLeaf.position)).all()
        values = _values_of(leaves)
        for leaf in leaves:
            yield from _opened(leaf, values.get((leaf.kind, leaf.subject_id), {}))
            db.session.expunge(leaf)


def _values_of(leaves: Any) -> dict[tuple[str, UUID], Mapping[str, str]]:
    """The hidden words of the rows, as they are now. Rows of two tables may have one id."""
    by_kind: dict[str, list[UUID]] = {}
    for leaf in leaves:
        by_kind.setdefault(leaf.kind, []).append(leaf.subject_id)
    return {
        (model.__tablename__, told.id): told.hidden
        for model in noting.table
        if model.__tablename__ in by_kind
        for told in tell(model, list(dict.fromkeys(by_kind[model.__tablename__])))
    }


def _opened(leaf: LogLeaf, values: Mapping[str, str]) -> Iterator[Opening]:
    row = msgspec.json.decode(leaf.body.split("|", 2)[2])["row"]
    logged = noting.table[_models()[leaf.kind]]
    for column, value in sorted(values.items()):
        person = logged.whose(column, row)
        salt = _salt(UUID(person) if person else None, place_of(leaf.kind, leaf.subject_id, column))
        if salt and said_at(column, row) == {"sha256": digest_of(salt, value)}:
            yield {"i": leaf.position, "column": column, "salt": salt.hex(), "value": value}


def _salt(person: UUID | None, place: str) -> bytes | None:
    return salt_of(keys_of([person]) if person else {}, person, place)


def _models() -> dict[str, type[Model]]:
    return {model.__tablename__: model for model in noting.table}
