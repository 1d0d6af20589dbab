"""The auditor's list of receipts over a million of them: the slowest page with any filters, in ms.

The first page and one far down, by key; each filter and pairs of them. The note has the slowest.
"""

import time
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

from flask import Flask

from benchmarks.databases import NoServer, scratch_app
from benchmarks.measuring import Result
from benchmarks.receipts import load_receipts, officer
from sijinak.audit.desk.queries import receipts_wanted
from sijinak.audit.desk.wanted import Standing, Wanted
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.core.paging import START
from sijinak.core.permissions import Permission, Reach

TURNS, DEEP, SHOWN = 3, 40, 4
FILTERS: dict[str, dict[str, Any]] = {
    "no filter": {},
    "a year": {"first": date(2025, 1, 1), "last": date(2025, 12, 31)},
    "a day": {"first": date(2025, 5, 5), "last": date(2025, 5, 5)},
    "a kecamatan": {"region": "52.04.02"},
    "a village": {"region": "52.04.02.2001"},
    "a channel": {"channel": "snap"},
    "no such channel": {"channel": "wallet"},
    "an officer": {"officer_id": officer(3)},
    "voids": {"standing": Standing.VOIDS},
    "valid": {"standing": Standing.VALID},
    "in the bank": {"standing": Standing.IN_BANK},
    "not in the bank": {"standing": Standing.NOT_IN_BANK},
    "differs": {"standing": Standing.DIFFERS},
    "an amount": {"least": 795_000, "most": 795_000},
    "a large amount": {"least": 2_300_000},
}


@dataclass(frozen=True, slots=True)
class Auditor:
    """Of the regency: what is asked is also where they may look."""

    id: UUID = field(default_factory=uuid7)
    name: str = "Nama pemeriksa"

    def reaches(self, _: Permission) -> tuple[Reach, ...]:
        return (Reach("52.04"),)


AUDITOR = Auditor()


def audit_list_page_ms() -> Result:
    return _on(postgres=True)


def audit_list_page_ms_sqlite() -> Result:
    return _on(postgres=False)


def _on(*, postgres: bool) -> Result:
    try:
        with scratch_app(postgres=postgres) as (app, _):
            return _measured(app)
    except NoServer as error:
        return Result(None, unit="ms", note=f"no PostgreSQL server: {error}")


def _measured(app: Flask) -> Result:
    with app.app_context():
        load_receipts()
        spent = {name: _slowest(Wanted(**asked)) for name, asked in _asked().items()}
    worst = sorted(spent.items(), key=lambda one: -one[1])[:SHOWN]
    note = ", ".join(f"{name} {ms:.1f}" for name, ms in worst)
    return Result(worst[0][1], unit="ms", note=f"{len(spent)} ways to filter; slowest: {note}")


def _asked() -> dict[str, dict[str, Any]]:
    pairs = {
        f"{a} + {b}": {**FILTERS[a], **FILTERS[b]}
        for a, b in combinations(FILTERS, 2)
        if FILTERS[a] and not FILTERS[a].keys() & FILTERS[b].keys()
    }
    return FILTERS | pairs


def _slowest(wanted: Wanted) -> float:
    """Of the first page and one far down."""
    place, first = START, _time(wanted, START)
    for _ in range(DEEP):
        page = receipts_wanted(wanted, by=AUDITOR, place=place)
        if page.older is None:
            break
        place = page.older
    return max(first, _time(wanted, place))


def _time(wanted: Wanted, place: Any) -> float:
    """The quickest of some turns: the machine has others to serve, too."""
    best = float("inf")
    for _ in range(TURNS):
        began = time.perf_counter()
        receipts_wanted(wanted, by=AUDITOR, place=place)
        best = min(best, (time.perf_counter() - began) * 1000)
        db.session.rollback()
    return best
