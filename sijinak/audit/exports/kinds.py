"""What a list to take away is made of: data, so that every one of them is tested alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy.orm import aliased, outerjoin

from sijinak.areas.models import Port, Region
from sijinak.areas.queries import VILLAGES
from sijinak.web.i18n import N_

Column = Any  # of a table, or worked out from some


@dataclass(frozen=True, slots=True)
class Coded:
    """The name of what a column has the code of: joined, for a list of names is short."""

    column: Column
    names: Subquery

    def told(self) -> ColumnElement[str]:
        return self.names.c.name

    def joined(self, origin: Any) -> Any:
        return outerjoin(origin, self.names, self.names.c.code == self.column)


def place_of(column: Column) -> Coded:
    """A village with its kecamatan, as pages name it."""
    above = aliased(Region)
    with_above = Region.name.concat(", ").concat(func.coalesce(above.name, Region.parent))
    name = case(
        *((Region.level == level, with_above) for level in sorted(VILLAGES)), else_=Region.name
    )
    named = select(Region.code, name.label("name"))
    return Coded(
        column,
        named.select_from(outerjoin(Region, above, above.code == Region.parent)).subquery(),
    )


def port_of(column: Column) -> Coded:
    return Coded(column, select(Port.code, Port.name.label("name")).subquery())


def placed(column: Column) -> dict[str, Column]:
    """The code of a place, and beside it its name."""
    return {N_("Code of the place"): column, N_("Place"): place_of(column)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """``columns`` by their titles. Where a filter has no column, the list does not know it.

    ``origin`` is what is selected from, ``key`` the order of the rows: an id, the oldest first.
    """

    code: str
    title: str
    columns: Mapping[str, Column]
    origin: Any
    key: Column
    region: Column | None = None
    at: Column | None = None  # a moment or a day
    officer: tuple[Column, ...] = ()
    channel: Column | None = None
    state: Column | None = None
    keeper: Column | None = None
    only: tuple[ColumnElement[bool], ...] = field(default=())
