"""People, money, quota, animals and power cuts in any order; after each step every promise holds.

The short form takes the seeds from 0 on. A thorough run plays more of them, and
SIJINAK_SIMULATION_SEEDS as many as it says, from SIJINAK_SIMULATION_FIRST on; then each step of the
flow must have been taken. A fault names its seed: SIJINAK_SIMULATION_FIRST=<seed> with
SIJINAK_SIMULATION_SEEDS=1 plays it again, and tells the fewest steps that still show it.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.migrate import upgrade
from sijinak.permits.models import PERMIT_FLOW
from sijinak.reference import load_reference_data
from tests.databases import SERVER, Databases
from tests.machines import THOROUGH
from tests.properties.simulation.deeds import DEEDS
from tests.properties.simulation.playing import play, smallest
from tests.properties.simulation.world import World, built, close

SHORT, LONG = 30, 150
SEEDS = int(os.environ.get("SIJINAK_SIMULATION_SEEDS", LONG if THOROUGH else SHORT))
FIRST = int(os.environ.get("SIJINAK_SIMULATION_FIRST", "0"))
STEPS = 16
ENOUGH = 1000  # seeds that come to every step of the flow


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """On SQLite also where the other tests are on PostgreSQL."""
    folder = tmp_path_factory.mktemp("simulation")
    path = folder / "world.sqlite"
    if SERVER:
        _load(f"sqlite:///{path}")
    else:
        shutil.copy(databases.blank.removeprefix("sqlite:///"), path)
    with built(path, folder) as world:
        yield world


def _load(url: str) -> None:
    upgrade(url)
    with create_app(Settings(database_url=url)).app_context():
        with transaction():
            load_reference_data(by=OPERATOR)
        close()


def test_every_promise_holds_whatever_people_do(world: World):
    taken: Counter[tuple[str, str]] = Counter()
    for seed in range(FIRST, FIRST + SEEDS):
        played = play(world, seed, range(STEPS), DEEDS)
        if played.fault:
            steps, least = smallest(world, seed, STEPS, DEEDS)
            told = "\n  ".join(least.told)
            pytest.fail(f"seed {seed}, steps {steps}: {least.fault}\n  {told}", pytrace=False)
        taken += played.taken
    never = [step for step in PERMIT_FLOW if not taken[step.source, step.action]]
    assert SEEDS < ENOUGH or never == []
    assert taken.total() >= SEEDS, "hardly anything happened: nothing is proven"


def test_a_run_is_the_same_when_it_is_played_again(world: World):
    first, again = (play(world, 7, range(STEPS), DEEDS) for _ in "12")
    assert first == again
    assert first.deeds
