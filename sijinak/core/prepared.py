"""A Core question whose SQL, values and conversions are worked out once for each kind of database.

SQLAlchemy's own way through execute() costs several times what a driver needs for a row by key.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]


class Prepared:
    """For questions that live as long as the program; what is in their lists of values may vary."""

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.sql: str = str(compiled)
        self._defaults: dict[str, Any] = compiled.params
        self._order: Sequence[str] | None = compiled.positiontup if compiled.positional else None
        self._encode = _encoders(compiled.bind_names, dialect)
        columns = statement.selected_columns
        row: Any = namedtuple("Row", columns.keys(), rename=True)  # type: ignore[misc] # noqa: PYI024
        self._row: Callable[[Iterable[Any]], Any] = row._make
        self._decode = _decoders([column.type for column in columns], dialect)

    def bound(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver wants them."""
        given = {**self._defaults, **values}
        for name, encode in self._encode:
            given[name] = encode(given[name])
        return given if self._order is None else [given[name] for name in self._order]

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        return [self._row(self._decoded(row)) for row in found]

    def _decoded(self, row: Sequence[Any]) -> list[Any]:
        cells = list(row)
        for place, decode in self._decode:
            cells[place] = decode(cells[place])
        return cells


@lru_cache(maxsize=64)
def prepared(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> Prepared:
    return Prepared(statement, dialect)


def _encoders(names: Mapping[Any, str], dialect: Dialect) -> list[tuple[str, Convert]]:
    """Each name once: a value may stand in two places of the question."""
    found = {name: _kind(b.type, dialect).bind_processor(dialect) for b, name in names.items()}
    return [(name, encode) for name, encode in found.items() if encode is not None]


def _decoders(kinds: Sequence[TypeEngine[Any]], dialect: Dialect) -> list[tuple[int, Convert]]:
    found = (_kind(kind, dialect).result_processor(dialect, None) for kind in kinds)
    return [(place, decode) for place, decode in enumerate(found) if decode is not None]


def _kind(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)
