"""Doses are written past the ORM: of two on one day, from wherever they come, one counts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sijinak.core import bulk
from sijinak.vaccinations.models import Standing, Vaccination

Row = Mapping[str, Any]


def write_doses(rows: Sequence[Row]) -> dict[UUID, bool]:
    """Which of them are new, and whether those are doubles.

    Whoever comes second against the same disease on the same day, also at the same moment, waits
    for the first at the index and becomes a double. An id that is there already stays as it is.
    """
    counted = _insert([row for row in rows if row["standing"] is Standing.COUNTS])
    others = [row for row in rows if row["id"] not in counted]
    doubles = _insert([{**row, "standing": Standing.DOUBLE} for row in others])
    return dict.fromkeys(counted, False) | dict.fromkeys(doubles, True)


def _insert(rows: Sequence[Row]) -> set[UUID]:
    if not rows:
        return set()
    return bulk.insert_new(Vaccination, {name: [row[name] for row in rows] for name in rows[0]})
