"""What both databases are asked in their own words: days and hours of the office, ids as text."""

from typing import Any

from sqlalchemy import BigInteger, Date, Float, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from sijinak.core.clock import clock, now
from sijinak.core.model import Id


class day_of(FunctionElement[Any]):  # noqa: N801 - reads like a function of SQL
    """The office's day of a moment."""

    type = Date()
    inherit_cache = True
    name = "day_of"


class hour_of(FunctionElement[int]):  # noqa: N801
    """The office's hour of a moment, from 0 to 23."""

    type = BigInteger()
    inherit_cache = True
    name = "hour_of"


class id_text(FunctionElement[str]):  # noqa: N801
    """An id as people and names of journals write it."""

    type = String()
    inherit_cache = True
    name = "id_text"


class first_id(FunctionElement[Any]):  # noqa: N801
    """The earliest id of a group."""

    type = Id()
    inherit_cache = True
    name = "first_id"


def hours_east() -> int:
    offset = clock.zone.utcoffset(now())
    return round(offset.total_seconds() / 3600) if offset else 0


def _inner(element: FunctionElement[Any], compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


@compiles(day_of, "sqlite")
def _day_sqlite(element: day_of, compiler: SQLCompiler, **kw: Any) -> str:
    return f"date({_inner(element, compiler, **kw)}, '{hours_east():+d} hours')"


@compiles(day_of, "postgresql")
def _day_postgresql(element: day_of, compiler: SQLCompiler, **kw: Any) -> str:
    zone = f"interval '{hours_east()} hours'"
    return f"CAST(timezone({zone}, {_inner(element, compiler, **kw)}) AS date)"


@compiles(hour_of, "sqlite")
def _hour_sqlite(element: hour_of, compiler: SQLCompiler, **kw: Any) -> str:
    inner = _inner(element, compiler, **kw)
    return f"CAST(strftime('%H', {inner}, '{hours_east():+d} hours') AS INTEGER)"


@compiles(hour_of, "postgresql")
def _hour_postgresql(element: hour_of, compiler: SQLCompiler, **kw: Any) -> str:
    zone = f"interval '{hours_east()} hours'"
    inner = _inner(element, compiler, **kw)
    return f"CAST(extract(hour FROM timezone({zone}, {inner})) AS bigint)"


@compiles(id_text, "sqlite")
def _id_sqlite(element: id_text, compiler: SQLCompiler, **kw: Any) -> str:
    text = f"lower(hex({_inner(element, compiler, **kw)}))"
    cuts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return "(" + " || '-' || ".join(f"substr({text}, {at}, {n})" for at, n in cuts) + ")"


@compiles(id_text, "postgresql")
def _id_postgresql(element: id_text, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({_inner(element, compiler, **kw)} AS text)"


@compiles(first_id, "sqlite")
def _first_sqlite(element: first_id, compiler: SQLCompiler, **kw: Any) -> str:
    return f"min({_inner(element, compiler, **kw)})"


@compiles(first_id, "postgresql")
def _first_postgresql(element: first_id, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(min(CAST({_inner(element, compiler, **kw)} AS text)) AS uuid)"


class day_number(FunctionElement[float]):  # noqa: N801
    """Days since a day long ago, to take one from another."""

    type = Float()
    inherit_cache = True
    name = "day_number"


@compiles(day_number, "sqlite")
def _number_sqlite(element: day_number, compiler: SQLCompiler, **kw: Any) -> str:
    return f"julianday({_inner(element, compiler, **kw)})"


@compiles(day_number, "postgresql")
def _number_postgresql(element: day_number, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(extract(epoch FROM {_inner(element, compiler, **kw)}) / 86400)"


class whole_number(FunctionElement[int]):  # noqa: N801
    """A text as a number; of what is none, nothing or 0."""

    type = BigInteger()
    inherit_cache = True
    name = "whole_number"


@compiles(whole_number, "sqlite")
def _whole_sqlite(element: whole_number, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({_inner(element, compiler, **kw)} AS INTEGER)"


@compiles(whole_number, "postgresql")
def _whole_postgresql(element: whole_number, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(substring({_inner(element, compiler, **kw)} FROM '^[0-9]{{1,9}}$') AS bigint)"
