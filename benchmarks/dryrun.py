"""The dry run of a whole shipload: 500 tags asked about in a register of a million animals.

BENCH_LARGE says how many animals. Every run asks about other animals, the first one on a database
whose pages nobody has read yet; the slowest run counts.
"""

import os
import statistics
import time
from datetime import timedelta

from sqlalchemy import func, select, text

from benchmarks.databases import NoServer, installed, on_postgres, scratch_folder
from benchmarks.measuring import Result
from sijinak.animals.models import Animal, Identifier, IdentifierKind, Species
from sijinak.config import Settings
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.permissions import OPERATOR
from sijinak.demo.loading import Load
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.permits.beside import Asked
from sijinak.permits.dryrun.trying import try_list
from sijinak.permits.rules.models import Purpose

ANIMALS = int(os.environ.get("BENCH_LARGE", "1000000"))
TAGS, RUNS = 500, 8
ORIGIN, DESTINATION = "52.04", "32.75"


def dry_run_500_seconds() -> Result:
    try:
        with on_postgres() as url, scratch_folder() as folder, installed(url, folder) as app:
            settings: Settings = app.extensions["sijinak.settings"]
            with app.app_context():
                for _ in Load(ANIMALS, 2026, settings).steps():
                    pass
                return _measured()
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")


def _measured() -> Result:
    db.session.execute(text("ANALYZE"))
    db.session.rollback()
    lists = _lists()
    times, cpu, passing = [], [], 0
    for tags in lists:
        asked = _asked(tags)
        wall, own = time.perf_counter(), time.process_time()
        tried = try_list(asked, by=OPERATOR)
        times.append(time.perf_counter() - wall)
        cpu.append(time.process_time() - own)
        passing += tried.heads
        db.session.rollback()
    there = db.session.scalar(select(func.count()).select_from(Animal))
    median = statistics.median(times)
    note = (
        f"worst of {RUNS}, first {times[0]:.3f} s, median {median:.3f} s (CPU"
        f" {statistics.median(cpu):.3f}), load {os.getloadavg()[0]:.1f}, {TAGS} tags among"
        f" {there} animals, {passing} of {RUNS * TAGS} passed"
    )
    return Result(max(times), round(TAGS / median), note, unit="s")


def _lists() -> list[list[str]]:
    """Cattle from all over the register, so that no two lie side by side."""
    asked = (
        select(Identifier.value)
        .join(Animal, Animal.id == Identifier.animal_id)
        .where(Identifier.kind == IdentifierKind.TAG, Identifier.ended_at.is_(None))
        .where(Animal.species == Species.CATTLE)
        .order_by(func.random())
        .limit(TAGS * RUNS)
    )
    found = list(db.session.scalars(asked))
    return [found[start : start + TAGS] for start in range(0, TAGS * RUNS, TAGS)]


def _asked(tags: list[str]) -> Asked:
    firm = db.session.scalar(select(Keeper.id).where(Keeper.kind == KeeperKind.FIRM).limit(1))
    return Asked(
        keeper_id=firm,
        species=Species.CATTLE,
        purpose=Purpose.SLAUGHTER,
        origin=ORIGIN,
        destination=DESTINATION,
        planned_on=today() + timedelta(days=7),
        tags=tags,
        port="badas",
    )
