"""Regions and ports are read from the lists that come with the program."""

import csv
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert, select

from sijinak.areas.models import Level, Port, Region
from sijinak.areas.queries import forget_places
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor, Permission, require

LISTS = Path(__file__).parent / "data"


def load_regions(*, by: Actor) -> int:
    """Add the regions and ports that are not there yet; the answer is how many were added."""
    require(by, Permission.USER_MANAGE)
    added = 0
    for model, name in ((Region, "regions.csv"), (Port, "ports.csv")):
        known = set(db.session.scalars(select(model.code)))
        rows = [{"id": uuid7(), **row} for row in _rows(name) if row["code"] not in known]
        for row in rows:
            if "level" in row:
                row["level"] = Level(str(row["level"]))
        if rows:
            db.session.execute(insert(model), rows)
        added += len(rows)
    forget_places()
    return added


def _rows(name: str) -> Iterator[dict[str, object]]:
    with (LISTS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
