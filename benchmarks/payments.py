"""What a bank tells of many payments at once: five times each, shuffled, over 48 lines, durable.

Forged messages, wrong amounts and second payments are among them. The floor is the driver, given
the same new rows payment by payment, each with its own commit. BENCH_PAYMENTS says how many.
"""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import local as per_thread
from typing import Any

import psycopg
from psycopg.types.json import Json

from benchmarks.databases import NoServer, installed, let_go, on_postgres, scratch_folder
from benchmarks.measuring import Result
from tests.payments.storm import LINES, TIMES, brewed, compare, make_bank, owe, send, serving

EVENTS = int(os.environ.get("BENCH_PAYMENTS", "20000"))
WARM_UP = 200
# What one payment adds; the sums of the journals are kept by a trigger.
TABLES = (
    "payment_messages", "payment_facts", "collections", "journals", "postings", "receipts",
    "allocations", "events", "deliveries",
)  # fmt: skip
Row = tuple[Any, ...]


def payment_events_per_second() -> Result:
    """Messages a second through HTTP, the repeated ones too."""
    return _result(lambda ours, floor: Result(ours, floor, _note(ours, floor), unit="/s"))


def payment_events_ratio() -> Result:
    """How many times as long as the bare driver needs for the new ones."""
    return _result(
        lambda ours, floor: Result(floor / (ours / TIMES), round(floor), _note(ours, floor))
    )


def _note(ours: float, floor: float) -> str:
    new = ours / TIMES
    return (
        f"{ours:.0f} messages a second, {new:.0f} of them new;"
        f" the driver alone: {floor:.0f} new ones, {floor / new:.1f} times as many"
    )


def _result(made: Callable[[float, float], Result]) -> Result:
    try:
        return made(*_figures())
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")


@cache
def _figures() -> tuple[float, float]:
    bank = make_bank()
    with scratch_folder() as folder, on_postgres() as url, installed(url, folder) as app:
        with app.app_context():
            refs = owe(EVENTS)
        let_go(app)
        storm = brewed(bank, refs)
        told = storm.deliveries
        variables = {"SIJINAK_DATABASE_URL": url, "SIJINAK_DATA_DIR": str(folder)}
        with serving({**variables, **bank.variables}) as port:
            send(port, told[:WARM_UP])
            _look_at_tables(url)
            ours = (len(told) - WARM_UP) / send(port, told[WARM_UP:])
        with app.app_context():
            compare(storm)
        let_go(app)
        with on_postgres() as empty, installed(empty, folder):
            return ours, _floor(url, empty)


def _look_at_tables(url: str) -> None:
    """What PostgreSQL does by itself within a minute: plans know how large the tables are."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ANALYZE")


def _floor(full: str, empty: str) -> float:
    """The rows that our payments made, written again by the driver: payments a second."""
    names, rows = _rows(full)
    payments = len(rows["collections"])
    shares = {table: _dealt(found, payments) for table, found in rows.items()}
    kept = per_thread()

    def write(place: int) -> None:
        if not hasattr(kept, "line"):
            kept.line = psycopg.connect(empty)
            kept.line.execute("SET session_replication_role = replica")  # no bills are here
            kept.line.commit()
        for table in TABLES:
            if part := shares[table][place]:
                marks = ", ".join(["%s"] * len(part[0]))
                sql = f"INSERT INTO {table} ({names[table]}) VALUES ({marks})"  # noqa: S608
                kept.line.cursor().executemany(sql.encode(), part)
        kept.line.commit()

    began = time.perf_counter()
    with ThreadPoolExecutor(LINES) as writers:
        for _ in writers.map(write, range(payments)):
            pass
    return payments / (time.perf_counter() - began)


def _rows(full: str) -> tuple[dict[str, str], dict[str, list[Row]]]:
    names, found = {}, {}
    with psycopg.connect(full) as source:
        for table in TABLES:
            cursor = source.execute(f"SELECT * FROM {table} ORDER BY id".encode())  # noqa: S608
            names[table] = ", ".join(column.name for column in cursor.description or ())
            found[table] = [_row(row) for row in cursor]
    return names, found


def _dealt(rows: Sequence[Row], payments: int) -> list[list[Row]]:
    """About as many for each payment as it made."""
    return [
        list(rows[place * len(rows) // payments : (place + 1) * len(rows) // payments])
        for place in range(payments)
    ]


def _row(cells: Row) -> Row:
    return tuple(Json(cell) if isinstance(cell, dict | list) else cell for cell in cells)
