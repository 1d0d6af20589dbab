"""A trace of one holding in a register with 100,000 movements, asked and answered as a whole.

The busiest holding and a usual one, as the office has set it and as far as the form allows. The
slowest counts, in seconds of wall time on PostgreSQL, or on SQLite when no server answers; the
note has our own CPU time beside it.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, text

from benchmarks.databases import NoServer, installed, on_postgres, scratch_folder
from benchmarks.measuring import Result
from sijinak.animals.models import Animal, Sex, Species, Verification
from sijinak.animals.mutations.models import Mutation, MutationAnimal, MutationKind, MutationState
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.tracing.schemas import DEEPEST, MOST_DAYS
from sijinak.tracing.services import TraceMovements, trace_movements
from sijinak.tracing.view import lines_of

MOVEMENTS, KEEPERS, ANIMALS, YEAR = 100_000, 2_000, 20_000, 365
VILLAGE = "52.04.02.2001"
TURNS, AT_ONCE = 3, 10_000


def trace_100k_seconds() -> Result:
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        try:
            url, where = stack.enter_context(on_postgres()), "PostgreSQL"
        except NoServer:
            url, where = f"sqlite:///{folder / 'trace.sqlite'}", "SQLite"
        app = stack.enter_context(installed(url, folder))
        with app.app_context():
            keepers = _load()
            db.session.execute(text("ANALYZE"))  # as autovacuum does it within the minute
            db.session.commit()
            return _slowest(app, keepers, where)


def _slowest(app: Flask, keepers: list[UUID], where: str) -> Result:
    given = app.extensions["sijinak.settings"]
    usual = TraceMovements(
        day=today() - timedelta(days=60),
        days=given.trace_days,
        contact_days=given.trace_contact_days,
        depth=given.trace_depth,
    )
    widest = replace(usual, days=MOST_DAYS, depth=DEEPEST)
    taken = [
        _timed(replace(asked, keeper_id=keeper_id), f"{name}, {reach}")
        for name, keeper_id in (("busiest", keepers[0]), ("usual", keepers[KEEPERS // 2]))
        for reach, asked in (("as set", usual), ("widest", widest))
    ]
    notes = "; ".join(note for _, note in taken)
    return Result(max(seconds for seconds, _ in taken), note=f"{where}: {notes}", unit="s")


def _timed(asked: TraceMovements, name: str) -> tuple[float, str]:
    """The median of a few: asked, its event written, and every line made for people."""
    seconds, cpu, lines, traced = [], [], 0, None
    for _ in range(TURNS):
        wall, own = time.perf_counter(), time.process_time()
        with transaction():
            traced = trace_movements(asked, by=OPERATOR)
        lines = sum(1 for _ in lines_of(traced.trace, by=OPERATOR))
        seconds.append(time.perf_counter() - wall)
        cpu.append(time.process_time() - own)
        db.session.expunge_all()
    median = sorted(seconds)[TURNS // 2]
    cut = ", cut" if traced and traced.trace.is_cut else ""
    return (
        median,
        f"{name}: {lines} lines{cut} in {median:.2f} s (CPU {sorted(cpu)[TURNS // 2]:.2f})",
    )


def _load() -> list[UUID]:
    """Sales over a year; few keepers sell and buy most, as dealers do. The busiest first."""
    chance = Random(2026)  # noqa: S311 - repeatable on purpose
    keepers = [uuid7() for _ in range(KEEPERS)]
    animals = [uuid7() for _ in range(ANIMALS)]
    with transaction():
        _insert(Keeper, [_keeper(keeper_id) for keeper_id in keepers])
        _insert(Animal, [_animal(a, keepers[n % KEEPERS]) for n, a in enumerate(animals)])
        sales = list(_sales(chance, keepers, animals))
        _insert(Mutation, [sale for sale, _ in sales])
        _insert(MutationAnimal, [line for _, line in sales])
    return keepers


def _insert(kind: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(kind), rows[start : start + AT_ONCE])


def _keeper(keeper_id: UUID) -> dict[str, Any]:
    return {
        "id": keeper_id, "kind": KeeperKind.GROUP, "name": f"Kelompok {keeper_id.hex[-6:]}",
        "name_key": "kelompok", "village": VILLAGE, "hamlet": "", "nik_tail": "", "licence": "",
        "registered_at": now(),
    }  # fmt: skip


def _animal(animal_id: UUID, keeper_id: UUID) -> dict[str, Any]:
    return {
        "id": animal_id, "keeper_id": keeper_id, "village": VILLAGE, "species": Species.CATTLE,
        "sex": Sex.MALE, "verification": Verification.DECLARED, "registered_at": now(),
    }  # fmt: skip


def _sales(
    chance: Random, keepers: list[UUID], animals: list[UUID]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for _ in range(MOVEMENTS):
        giver, receiver = (int(KEEPERS * chance.random() ** 2) for _ in range(2))
        sale_id = uuid7()
        sale = {
            "id": sale_id, "kind": MutationKind.SALE, "state": MutationState.DONE,
            "region": VILLAGE, "from_keeper_id": keepers[giver],
            "to_keeper_id": keepers[receiver if receiver != giver else giver - 1],
            "to_village": VILLAGE, "happened_on": today() - timedelta(chance.randrange(YEAR)),
            "recorded_at": now(), "recorded_by": OPERATOR.id, "recorded_by_name": "",
            "details": {},
        }  # fmt: skip
        line = {
            "id": uuid7(), "mutation_id": sale_id, "animal_id": chance.choice(animals),
            "is_open": False,
        }  # fmt: skip
        yield sale, line
