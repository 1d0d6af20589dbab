"""A million animals through the demo's bulk path, against the driver given the finished rows.

Village by village both write the same rows into the same tables of two databases; ours also makes
up, seals and encodes them. BENCH_ANIMALS says how many animals.
"""

import os
import resource
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import psycopg
from flask import Flask

from benchmarks.databases import NoServer, installed, on_postgres, scratch_folder
from benchmarks.measuring import Result
from sijinak.config import Settings
from sijinak.core.bulk import CACHE, LATE_CHECKPOINTS, copy_sql, encoded, insert_sql
from sijinak.core.db import db, transaction
from sijinak.demo.loading import Load
from sijinak.demo.places import Tables

ANIMALS = int(os.environ.get("BENCH_ANIMALS", "1000000"))

Batch = list[tuple[str, list[str], list[tuple[Any, ...]]]]
PRAGMAS = ("PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", CACHE, LATE_CHECKPOINTS)


@dataclass(slots=True)
class Stopwatch:
    """Seconds on the wall and of our own CPU."""

    wall: float = 0
    cpu: float = 0
    _since: tuple[float, float] = field(default=(0, 0))

    def __enter__(self) -> None:
        self._since = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._since[0]
        self.cpu += time.process_time() - self._since[1]


def demo_million_insert() -> Result:
    with scratch_folder() as folder:
        path, copy = folder / "ours.sqlite", folder / "floor.sqlite"
        with installed(f"sqlite:///{path}", folder) as app:
            shutil.copy(path, copy)
            with closing(sqlite3.connect(copy, isolation_level=None)) as raw:
                for pragma in PRAGMAS:
                    raw.execute(pragma)
                return _compared(app, lambda batch: _by_executemany(raw, batch))


def demo_million_insert_postgres() -> Result:
    try:
        with (
            scratch_folder() as folder,
            on_postgres() as url,
            installed(url, folder) as app,
            on_postgres(url.rpartition("/")[2]) as floor,
            psycopg.connect(floor) as raw,
        ):
            return _compared(app, lambda batch: _by_copy(raw, batch))
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")


def _compared(app: Flask, store: Callable[[Batch], None]) -> Result:
    settings: Settings = app.extensions["sijinak.settings"]
    ours, floor = Stopwatch(), Stopwatch()
    rows = done = 0
    with app.app_context():
        load = Load(ANIMALS, 2026, settings)
        load.open()
        for visit in load.visits():
            with ours:
                tables = load.village(visit)
                done += load.save_village(visit, tables)
            batch = _batch(tables)
            with floor:
                store(batch)
            rows += sum(len(batch_rows) for _, _, batch_rows in batch)
    return _result(ours, floor, f"{done} animals, {rows} rows")


def _result(ours: Stopwatch, floor: Stopwatch, what: str) -> Result:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    note = (
        f"{what}; wall {ours.wall:.1f} against {floor.wall:.1f} s,"
        f" CPU {ours.cpu:.1f} against {floor.cpu:.1f} s; peak {peak} MB"
    )
    return Result(ours.wall / floor.wall, round(floor.wall, 2), note)


def _batch(tables: Tables) -> Batch:
    """The finished rows, as the driver takes them."""
    with transaction():
        dialect = db.session.connection().dialect
    return [
        (model.__tablename__, list(columns), list(encoded(model, columns, dialect)))
        for model, columns in tables.items()
    ]


def _by_executemany(raw: sqlite3.Connection, batch: Batch) -> None:
    raw.execute("BEGIN IMMEDIATE")
    for table, names, rows in batch:
        raw.executemany(insert_sql(table, names), rows)
    raw.execute("COMMIT")


def _by_copy(raw: psycopg.Connection, batch: Batch) -> None:
    with raw.transaction(), raw.cursor() as cursor:
        for table, names, rows in batch:
            _copy(cursor, copy_sql(table, names), rows)


def _copy(cursor: psycopg.Cursor, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)
