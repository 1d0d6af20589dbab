"""Questions about regions. They change by decree once in years, so a process remembers them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from sqlalchemy import Engine, select

from sijinak.areas.models import Level, Port, Region
from sijinak.core.db import db

VILLAGES = frozenset({Level.DESA, Level.KELURAHAN})


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    level: Level
    name: str
    parent: str


@cache
def _places(database: Engine) -> dict[str, Place]:  # noqa: ARG001 - one table per database
    rows = db.session.execute(select(Region.code, Region.level, Region.name, Region.parent))
    return {row.code: Place(*row) for row in rows}


def forget_places() -> None:
    _places.cache_clear()


def places() -> dict[str, Place]:
    """Every region by its code."""
    return _places(db.engine)


def place_name(code: str) -> str:
    """The name alone, or the code when nobody knows it."""
    found = places().get(code)
    return found.name if found else code


def full_name(code: str) -> str:
    """A village with its kecamatan: Lunyuk Rea, Lunyuk."""
    known = places()
    found = known.get(code)
    if found is None or found.level not in VILLAGES:
        return found.name if found else code
    above = known.get(found.parent)
    return f"{found.name}, {above.name if above else found.parent}"


def villages_in(region: str) -> list[Place]:
    """The villages of a regency or kecamatan, or the village itself, by name."""
    found = [
        p
        for p in places().values()
        if p.level in VILLAGES and f"{p.code}.".startswith(f"{region}.")
    ]
    return sorted(found, key=lambda place: (place_name(place.parent), place.name))


def regions_within(region: str) -> list[Place]:
    """The region and its kecamatan and villages, in the order of their codes."""
    return sorted(
        (p for p in places().values() if f"{p.code}.".startswith(f"{region}.")),
        key=lambda p: p.code,
    )


def region_of_all(villages: Iterable[str]) -> str:
    """The village, or the smallest region that holds all of them."""
    levels = zip(*(village.split(".") for village in villages), strict=False)
    return ".".join(parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, levels))


def destinations() -> list[Place]:
    """Regencies and cities of the country, by name."""
    found = [p for p in places().values() if p.level in {Level.REGENCY, Level.CITY}]
    return sorted(found, key=lambda place: place.name)


def ports() -> list[Port]:
    return list(db.session.scalars(select(Port).order_by(Port.name)))
