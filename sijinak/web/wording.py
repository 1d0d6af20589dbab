"""Columns of a question as a table shows them, put into words by the database itself.

Python would take several times as long for each cell as the database takes to find it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Date,
    Enum,
    Numeric,
    String,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    type_coerce,
)
from sqlalchemy import Integer as WholeNumber

from sijinak.core.clock import clock
from sijinak.core.model import Id, UtcDateTime
from sijinak.web.formats import MACHINES
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label
from sijinak.web.tables import FORMULA

# Compared with one by one, and never sent as values: COPY takes none.
_FORMULA = [literal_column(f"'{letter}'", String()) for letter in FORMULA]


@dataclass(frozen=True, slots=True)
class Named:
    """A column of codes, and what people call them: message ids. An unknown code stays."""

    column: Any
    names: Mapping[str, str]

    def told(self) -> ColumnElement[Any]:
        told = {code: literal(_(name), String()) for code, name in self.names.items()}
        return case(told, value=self.column, else_=self.column)


@dataclass(frozen=True, slots=True)
class Who:
    """A column of names of actors, among which machines are."""

    column: Any

    def told(self) -> ColumnElement[Any]:
        begins = literal_column(f"'{MACHINES}'", String())
        is_machine = func.substr(self.column, 1, len(MACHINES)) == begins
        system = literal(_("System (automatic)"), String())
        return case((is_machine, system), else_=self.column)


def typed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """For a sheet: numbers, days and moments stay what they are, everything else is a text."""
    match column.type:
        case Enum() as kind:
            return _labelled(column, kind)
        case Boolean():
            return case((column, literal(_("Yes"))), (~column, literal(_("No"))), else_=None)
        case JSON():
            return cast(column, Text())
        case _:
            return column


def written(  # noqa: PLR0911 - a table
    column: ColumnElement[Any], dialect: str
) -> ColumnElement[Any]:
    """For a text file: no text of it is a formula."""
    match column.type:
        case Enum() | Boolean():
            return typed(column)
        case UtcDateTime():
            return _moment(column, dialect)
        case Date():
            return _day(column, dialect)
        case Id():
            return _dashed(column) if dialect == "sqlite" else column
        case WholeNumber() | Numeric():
            return column
        case _:
            return _plain(typed(column))


def _plain(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same rule as ``plain_text``."""
    quote = literal_column("''''", String())
    return case((func.substr(text, 1, 1).in_(_FORMULA), quote.concat(text)), else_=text)


def _labelled(column: ColumnElement[Any], kind: Enum) -> ColumnElement[Any]:
    code = type_coerce(column, String())
    members = (one for one in kind.enum_class or () if isinstance(one, StrEnum))
    return case({one.value: literal(label(one)) for one in members}, value=code, else_=code)


def _day(column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    if dialect == "sqlite":
        return type_coerce(column, String())  # as it is kept
    return func.to_char(column, literal_column("'YYYY-MM-DD'"))


def _moment(column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """In the office's zone, which has no summer time."""
    hours = int(clock.zone.utcoffset(None).total_seconds()) // 3600
    if dialect == "sqlite":
        text = type_coerce(column, String())
        return func.datetime(text, literal_column(f"'{hours:+d} hours'"), type_=String())
    here = func.timezone(literal_column(f"interval '{hours} hours'"), column)
    return func.to_char(here, literal_column("'YYYY-MM-DD HH24:MI:SS'"))


def _dashed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """SQLite keeps an id in 16 bytes."""
    letters = func.lower(func.hex(type_coerce(column, String())))
    dash = literal_column("'-'", String())
    found: ColumnElement[Any] = func.substr(letters, 1, 8)
    for start, size in ((9, 4), (13, 4), (17, 4), (21, 12)):
        found = found.concat(dash).concat(func.substr(letters, start, size))
    return case((column.is_(None), None), else_=found)
