"""Receipts by the million: bill, money and receipt for each, over three years, some voided.

Past services and guards, which are measured elsewhere. BENCH_RECEIPTS says how many.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from sijinak.core.bulk import copy_sql, encoded, insert_sql
from sijinak.core.db import db
from sijinak.core.model import Model
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.payments.adapters.base import Trust
from sijinak.payments.models import Collection
from sijinak.retribution.models import BillKind, Skrd, SkrdState
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind

RECEIPTS = int(os.environ.get("BENCH_RECEIPTS", "1000000"))
FIRST = datetime(2024, 1, 2, tzinfo=UTC)
LAST = datetime(2026, 12, 30, tzinfo=UTC)
PART, VOIDED = 20_000, 50  # in one statement; every so many is void
FIRMS, OFFICERS, CHANNELS = 500, 20, ("cash", "snap", "midtrans", "statement")
VILLAGES = [f"52.04.{k:02}.{2000 + v}" for k in range(1, 25) for v in range(1, 8)]

TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"

Rows = list[dict[str, Any]]
Finished = Iterator[tuple[Any, ...]]


def officer(number: int) -> UUID:
    return UUID(int=number % OFFICERS + 1)


def load_receipts() -> None:
    """In the app's context, into an empty database."""
    raw: Any = db.engine.raw_connection()
    name = db.engine.dialect.name
    _unguard(raw.driver_connection, name)
    store = _copied if name == "postgresql" else _inserted
    for model, rows in _all():
        columns = {key: [row.get(key) for row in rows] for key in rows[0]}
        finished = encoded(model, columns, db.engine.dialect)
        store(raw.driver_connection, model, list(columns), finished)
        raw.commit()
    raw.detach()
    raw.close()
    with db.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    if name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))  # as autovacuum does it within the hour


def _unguard(raw: Any, name: str) -> None:
    """Keys and triggers have looked at rows like these one by one elsewhere."""
    if name == "postgresql":
        raw.execute("SET session_replication_role = replica")
        return
    raw.execute("PRAGMA foreign_keys = OFF")
    for (trigger,) in raw.execute(TRIGGERS).fetchall():
        raw.execute(f"DROP TRIGGER {trigger}")


def _copied(raw: Any, model: type[Model], names: list[str], rows: Finished) -> None:
    with raw.cursor().copy(copy_sql(model.__tablename__, names)) as copy:
        for row in rows:
            copy.write_row(row)


def _inserted(raw: Any, model: type[Model], names: list[str], rows: Finished) -> None:
    raw.execute("BEGIN")
    raw.executemany(insert_sql(model.__tablename__, names), rows)


def _all() -> Iterator[tuple[type[Model], Rows]]:
    firms = [_firm(number) for number in range(FIRMS)]
    yield Keeper, firms
    step = (LAST - FIRST) / RECEIPTS
    for start in range(0, RECEIPTS, PART):
        numbers = range(start, min(start + PART, RECEIPTS))
        moments = {number: FIRST + number * step for number in numbers}
        yield Skrd, [_bill(n, moments[n]) for n in numbers]
        yield Collection, [_money(n, moments[n]) for n in numbers]
        voids = [n for n in numbers if n % VOIDED == 0]
        yield Receipt, [_receipt(n, moments[n]) for n in numbers]
        yield Allocation, [_allocation(n, moments[n]) for n in numbers]
        yield Receipt, [_void(n, moments[n] + timedelta(hours=2)) for n in voids]


def _id(moment: datetime, kind: int, number: int) -> UUID:
    """As UUIDv7 has it: the moment first."""
    made = int(moment.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62
    return UUID(int=made | (kind * 10**9 + number) & (1 << 60) - 1)


def _firm(number: int) -> dict[str, Any]:
    name = f"CV Ternak {number}"
    return {
        "id": _id(FIRST, 9, number), "kind": KeeperKind.FIRM, "name": name,
        "name_key": name.lower(), "nib": f"{number:013}",
        "village": VILLAGES[number % len(VILLAGES)], "hamlet": "", "registered_at": FIRST,
        "nik_tail": "", "licence": "",
    }  # fmt: skip


def _amount(number: int) -> int:
    return 79_500 * (number % 30 + 1)


def _bill(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": _id(at, 1, number), "kind": BillKind.SKRD, "number": f"SKRD/{number:07}/{at.year}",
        "year": at.year, "no": number + 1, "permit_id": _id(at, 7, number), "late_id": None,
        "keeper_id": _id(FIRST, 9, number % FIRMS), "payer_name": f"CV Ternak {number % FIRMS}",
        "region": VILLAGES[number % len(VILLAGES)], "heads": number % 30 + 1,
        "total": _amount(number), "state": SkrdState.PAID, "issued_on": at.date(),
        "due_on": at.date(), "issued_by": officer(number + 1), "issued_by_name": "Nama penerbit",
        "took_part": (),
    }  # fmt: skip


def _money(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": _id(at, 2, number), "adapter": CHANNELS[number % len(CHANNELS)],
        "money_id": f"M{number}", "ref": f"R{number}", "attempt_id": None,
        "bill_id": _id(at, 1, number), "region": VILLAGES[number % len(VILLAGES)],
        "amount": _amount(number), "payer": "", "channel": "", "happened_at": at, "seen_at": at,
        "trust": next(iter(Trust)), "seen_by": officer(number),
    }  # fmt: skip


def _receipt(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": _id(at, 3, number), "kind": ReceiptKind.RECEIPT, "series": "TBP",
        "number": f"TBP/{number:07}/{at.year}", "year": at.year, "no": number + 1,
        "skrd_id": _id(at, 1, number), "round": 1, "voids_id": None, "voided_from": None,
        "keeper_id": _id(FIRST, 9, number % FIRMS), "region": VILLAGES[number % len(VILLAGES)],
        "amount": _amount(number), "payer_name": f"CV Ternak {number % FIRMS}",
        "channel": CHANNELS[number % len(CHANNELS)], "reason": "", "asked_by": None,
        "asked_by_name": "", "issued_at": at, "issued_by": officer(number),
        "issued_by_name": f"Nama petugas {number % OFFICERS}",
    }  # fmt: skip


def _void(number: int, at: datetime) -> dict[str, Any]:
    voided = _receipt(number, at - timedelta(hours=2))
    return voided | {
        "id": _id(at, 4, number), "kind": ReceiptKind.VOID, "series": "BTL",
        "number": f"BTL/{number:07}/{at.year}", "voids_id": voided["id"],
        "voided_from": voided["issued_by"], "reason": "Salah jumlah",
        "asked_by": officer(number + 3), "asked_by_name": "Nama peminta",
        "issued_by": officer(number + 2), "issued_by_name": "Nama kedua", "issued_at": at,
    }  # fmt: skip


def _allocation(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": _id(at, 5, number), "receipt_id": _id(at, 3, number),
        "collection_id": _id(at, 2, number), "amount": _amount(number),
    }  # fmt: skip
