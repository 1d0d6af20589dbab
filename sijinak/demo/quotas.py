"""The quota of the demo as the press wrote of it, and places at the port of Badas.

For years that the press has not written of, the newest known figures are taken and called so.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Species
from sijinak.core.clock import clock, local
from sijinak.core.db import db, transaction
from sijinak.demo.accounts import REGENCY
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.quota.commands import GrantQuota, Paper
from sijinak.permits.quota.lines import Share
from sijinak.permits.quota.services import grant_quota
from sijinak.permits.rules.models import Purpose, Scope
from sijinak.permits.slots.commands import BookSlot, SetCapacity
from sijinak.permits.slots.models import SlotUnit
from sijinak.permits.slots.services import book_slot, set_capacity

LIST = Path(__file__).parent / "data" / "quotas.csv"
BEFORE, AFTER = timedelta(days=170), timedelta(days=60)  # in which the demo's journeys are planned
ENTERED = timedelta(days=200)
PORT, TRUCKS = "badas", 4
FIRST_DAY, LAST_DAY = timedelta(days=3), timedelta(days=16)


def grant_all(people: Mapping[str, SignedIn], until: datetime) -> None:
    """One decree for each year; written down before the first application."""
    for n, command in enumerate(_decrees(until)):
        with clock.reading(until - ENTERED + timedelta(hours=9, minutes=n)), transaction():
            grant_quota(command, by=people["kabid"])


def open_port(people: Mapping[str, SignedIn], until: datetime) -> None:
    """Some days on which Badas counts its trucks, and the first who have booked."""
    first = local(until).date()
    with clock.reading(until), transaction():
        set_capacity(
            SetCapacity(
                port=PORT, first_day=first + FIRST_DAY, last_day=first + LAST_DAY,
                unit=SlotUnit.TRUCKS, capacity=TRUCKS, note="KM Camara Nusantara",
            ),
            by=people["loket"],
        )  # fmt: skip
    day = first + FIRST_DAY
    asked = select(Permit.id).where(
        Permit.port == PORT, Permit.state == PermitState.ISSUED, Permit.valid_until >= day
    )
    for permit_id in list(db.session.scalars(asked.order_by(Permit.id).limit(TRUCKS - 1))):
        with clock.reading(until), transaction():
            book_slot(BookSlot(permit_id=permit_id, day=day), by=people["loket"])


def _decrees(until: datetime) -> Iterator[GrantQuota]:
    rows = _rows()
    newest = max(rows)
    for year in sorted({newest - 1, *_years(until)}):
        known = rows.get(year, rows[newest])
        for number, lines in groupby(known, key=lambda row: row["number"]):
            shares = list(lines)
            yield GrantQuota(
                year=year,
                origin=REGENCY,
                paper=Paper(
                    number=number if year in rows else f"DEMO kuota/{year}",
                    legal_basis=shares[0]["legal_basis"],
                    source=shares[0]["source"] if year in rows else f"Contoh, seperti {newest}",
                ),
                shares=tuple(map(_share, shares)),
            )


def _rows() -> dict[int, list[dict[str, str]]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {int(year): list(found) for year, found in groupby(rows, key=lambda row: row["year"])}


def _years(until: datetime) -> set[int]:
    return {local(until - BEFORE).year, local(until).year, local(until + AFTER).year}


def _share(row: Mapping[str, str]) -> Share:
    return Share(
        species=Species(row["species"]), purpose=Purpose(row["purpose"]),
        scope=Scope(row["scope"]), heads=int(row["heads"]),
    )  # fmt: skip
