"""Whatever an office does by right, nobody cries wolf."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sijinak.audit.verifying.faults import Fault
from tests.audit.verifying.labs import Lab
from tests.audit.verifying.worlds import ACTS, merged
from tests.databases import Databases

RUNS = int(os.environ.get("SIJINAK_TAMPERINGS", "200"))
GROWS, MOST_ACTS = 20, 4


@pytest.fixture(scope="module")
def lab(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder: Path = tmp_path_factory.mktemp("office")
    with Lab.opened(databases, folder) as lab:
        yield lab


@pytest.mark.slow
def test_what_is_done_by_right_is_never_taken_for_an_attack(lab: Lab):
    chance, alarms = Random(2026), list[tuple[int, list[str], list[Fault]]]()  # noqa: S311
    done: list[str] = []
    for run in range(RUNS):
        if run % GROWS == 0:
            lab.restore()
            done = []
        for act in chance.choices(ACTS, k=chance.randrange(1, MOST_ACTS + 1)):
            act(lab.world, chance)
            done.append(act.__name__)
        if chance.random() < 0.7:
            merged()
        anchors = [chance.choice((one.note, one.words)) for one in lab.world.kept]
        report = lab.look(*anchors)
        if not report.is_clean:
            alarms.append((run, done, report.faults))
    assert not alarms, alarms[0]
