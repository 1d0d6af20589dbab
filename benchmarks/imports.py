"""A village list of 100,000 animals, from the file to the register, against the driver alone.

Ours reads, checks, rehearses, seals and writes; the driver is given the very rows that came of it,
for the same tables of another database. Memory is that of the process and of its child that reads
the file. BENCH_ROWS says how many rows.
"""

import csv
import os
import resource
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from flask import Flask

from benchmarks.databases import NoServer, installed, on_postgres, scratch_folder
from benchmarks.loading import PRAGMAS
from benchmarks.measuring import Result
from sijinak.animals.imports.bringing import begin, chunks_of, leave_plan, prepare
from sijinak.animals.imports.table import Limits
from sijinak.animals.imports.uploads import Uploads
from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.bulk import copy_sql, insert_sql
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
TABLES = (
    "import_batches", "keepers", "name_words", "keeper_words", "animals", "identifiers",
    "observations", "population_changes",
)  # fmt: skip
AT_ONCE = 10_000
HEADER = (
    "nik", "nama_pemilik", "telepon", "desa", "dusun", "jenis", "ras", "kelamin", "tanggal_lahir",
    "warna", "tanduk", "telinga", "pusar", "cap", "ciri_khusus", "nomor_eartag", "status",
)  # fmt: skip
Store = Callable[[str, list[str], Sequence[tuple[Any, ...]]], None]
Piece = tuple[str, list[str], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds, and megabytes at most of the process and of its children."""

    seconds: float
    rehearsal: float
    peak: int
    peak_of_child: int


def import_100k() -> Result:
    ours, floor = _on_sqlite()
    return _ratio(ours, floor)


def import_100k_peak_mb() -> Result:
    ours, _floor = _on_sqlite()
    note = f"{ROWS} rows; {ours.peak} MB, and {ours.peak_of_child} MB to read the file"
    return Result(ours.peak + ours.peak_of_child, note=note, unit="MB")


def import_100k_postgres() -> Result:
    try:
        with (
            scratch_folder() as folder,
            on_postgres() as url,
            installed(url, folder),
            on_postgres(url.rpartition("/")[2]) as floor,
        ):
            ours = _ours(url, folder)
            with psycopg.connect(url) as written, psycopg.connect(floor) as raw:
                return _ratio(ours, _time_floor(_from_postgres(written), raw, _by_copy(raw)))
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")


@cache
def _on_sqlite() -> tuple[Run, float]:
    with scratch_folder() as folder:
        path, copy = folder / "ours.sqlite", folder / "floor.sqlite"
        with installed(f"sqlite:///{path}", folder):
            shutil.copy(path, copy)
            ours = _ours(f"sqlite:///{path}", folder)
        with (
            closing(sqlite3.connect(path)) as written,
            closing(sqlite3.connect(copy, isolation_level=None)) as raw,
        ):
            for pragma in PRAGMAS:
                raw.execute(pragma)
            return ours, _time_floor(_from_sqlite(written), raw, _by_executemany(raw))


def _ratio(ours: Run, floor: float) -> Result:
    note = (
        f"{ROWS} rows; {ours.seconds:.1f} (of it reading and rehearsal {ours.rehearsal:.1f})"
        f" against {floor:.1f} s; peak {ours.peak} MB, child {ours.peak_of_child} MB"
    )
    return Result(ours.seconds / floor, round(floor, 2), note)


def _ours(url: str, folder: Path) -> Run:
    """In a process of its own, so that nobody else's memory counts."""
    path = _list(folder / "list.csv")
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_import, (url, str(folder), str(path)))


def _import(url: str, folder: str, path: str) -> Run:
    app: Flask = create_app(Settings(database_url=url, data_dir=folder))
    uploads = Uploads(folder)
    with app.app_context(), open(path, "rb") as file:  # noqa: PTH123
        began = time.perf_counter()
        upload = uploads.keep(iter(lambda: file.read(1024 * 1024), b""), "list.csv", "csv")
        report = prepare(upload, Limits(megabytes=64, rows=ROWS), by=OPERATOR)
        rehearsed = time.perf_counter()
        assert report.can_be_taken, report
        with transaction():
            batch = begin(upload, report, by=OPERATOR)
        leave_plan(upload, batch)
        done = list(chunks_of(batch.id, uploads, by=OPERATOR))[-1]
        ended = time.perf_counter()
        assert done == ROWS
    peaks = [
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return Run(ended - began, rehearsed - began, *peaks)


def _list(path: Path) -> Path:
    """Owners with four animals each; every animal has an ear tag."""
    chance = Random(2026)  # noqa: S311 - repeatable on purpose
    names = ("Abdul", "Siti", "Made", "Wahab", "Hasan", "Ketut", "Nur", "Rahman", "Idris", "Aminah")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for n in range(ROWS):
            owner = n // 4
            day, month, serial = owner % 28 + 1, owner // 28 % 12 + 1, owner // 336 + 1
            writer.writerow((
                f"520402{day:02}{month:02}80{serial:04}", f"{names[owner % 10]} {names[owner % 7]}",
                f"0812{owner:08}", "Lunyuk Rea", "Brang Rea", "sapi", "Sapi Bali",
                chance.choice(("jantan", "betina")),
                _birth(chance),
                chance.choice(("merah bata", "hitam")), "tanduk pendek", "telinga kanan takik satu",
                "pusar dua di dahi", "", "kaki belakang putih", f"ID{n:010}", "terlihat",
            ))  # fmt: skip
    return path


def _birth(chance: Random) -> str:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(2014, 2025)
    return f"{day:02}/{month:02}/{year}"


def _time_floor(pieces: Iterator[Piece], raw: Any, store: Store) -> float:
    """All in one transaction; what is read from our database is read beforehand."""
    seconds = 0.0
    raw.execute("BEGIN IMMEDIATE" if isinstance(raw, sqlite3.Connection) else "SELECT 1")
    for table, names, rows in pieces:
        began = time.perf_counter()
        store(table, names, rows)
        seconds += time.perf_counter() - began
    began = time.perf_counter()
    raw.execute("COMMIT")
    return seconds + time.perf_counter() - began


def _from_sqlite(written: sqlite3.Connection) -> Iterator[Piece]:
    for table in TABLES:
        found = written.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608 - our own names
        names = [column[0] for column in found.description]
        while rows := found.fetchmany(AT_ONCE):
            yield table, names, rows


def _from_postgres(written: psycopg.Connection) -> Iterator[Piece]:
    for table in TABLES:
        with written.cursor(name=f"of_{table}") as found:
            found.execute(f"SELECT * FROM {table}".encode())  # noqa: S608
            while rows := found.fetchmany(AT_ONCE):
                yield table, [column.name for column in found.description or ()], rows


def _by_executemany(raw: sqlite3.Connection) -> Store:
    def store(table: str, names: list[str], rows: Sequence[tuple[Any, ...]]) -> None:
        raw.executemany(insert_sql(table, names), rows)

    return store


def _by_copy(raw: psycopg.Connection) -> Store:
    def store(table: str, names: list[str], rows: Sequence[tuple[Any, ...]]) -> None:
        with raw.cursor() as cursor, cursor.copy(copy_sql(table, names).encode()) as copy:
            for row in rows:
                copy.write_row([_plain(value) for value in row])

    return store


def _plain(value: Any) -> Any:
    """JSON as text: COPY knows no dict."""
    return psycopg.types.json.Json(value) if isinstance(value, dict | list) else value
