"""Somebody with every right on the database, by chance, again and again: all of it is found.

SIJINAK_TAMPERINGS says how often. What the rows show by themselves, the log, and what others keep
outside is counted apart: the table is printed at the end (pytest -rP).
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sijinak.audit.verifying.faults import OF_ANCHORS, OF_ROWS
from tests.audit.verifying.labs import Lab
from tests.audit.verifying.tamperings import ONLY_OUTSIDE, TAMPERINGS
from tests.databases import Databases

RUNS = int(os.environ.get("SIJINAK_TAMPERINGS", "200"))
KINDS = 19


@pytest.fixture(scope="module")
def lab(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder: Path = tmp_path_factory.mktemp("office")
    with Lab.opened(databases, folder) as lab:
        yield lab


@pytest.mark.slow
def test_every_tampering_is_found_and_the_first_bad_record_named(lab: Lab):
    chance = Random(int(os.environ.get("SIJINAK_SEED", "1")))  # noqa: S311 - no secret
    names, found = sorted(TAMPERINGS), Counter[str]()
    assert len(names) >= KINDS
    missed, misnamed, early = list[str](), list[str](), list[str]()
    for run in range(RUNS):
        name = names[run % len(names)]
        lab.restore()
        wrong = TAMPERINGS[name](lab, chance)
        report = lab.look(*(chance.choice((one.note, one.words)) for one in lab.world.kept))
        codes = {fault.code for fault in report.faults}
        found["rows"] += bool(codes & OF_ROWS)
        found["log"] += bool(codes - OF_ANCHORS)
        found["anchors"] += bool(codes)
        first = report.faults[0] if report.faults else None
        if first is None:
            missed.append(f"{run} {name}")
        elif not wrong.is_named_by(first):
            misnamed.append(f"{run} {name}: {first.told()}, not {wrong}")
        if name in ONLY_OUTSIDE and codes - OF_ANCHORS:
            early.append(f"{run} {name}: {first and first.told()}")
    print(f"{RUNS} tamperings of {len(names)} kinds, found by: {dict(found)}")  # noqa: T201
    assert not missed
    assert not misnamed, "\n".join(misnamed)
    assert not early, "\n".join(early)
