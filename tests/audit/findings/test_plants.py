"""Every irregularity that is planted is found, by the right check, about the right thing."""

from collections import Counter
from collections.abc import Callable, Iterator
from uuid import UUID

from flask import Flask

from sijinak.audit.findings.catalogue import CHECKS
from sijinak.audit.findings.labels import FACTS
from tests.audit.findings import field_plants, money_plants, people_plants
from tests.audit.findings.planting import Planter, unguarded

TIMES, SEED = 4, 2026
Plant = Callable[[Planter, int], UUID]
PLANTS: dict[str, tuple[Plant, int]] = {
    **{
        code: (plant, TIMES)
        for part in (money_plants, field_plants, people_plants)
        for code, plant in part.PLANTS.items()
    },
    **people_plants.FEW,
}


def planted() -> Iterator[tuple[str, UUID]]:
    """The same seed plants the same."""
    with unguarded() as connection:
        planter = Planter(connection, SEED)
        for code, (plant, times) in PLANTS.items():
            for n in range(times):
                yield code, plant(planter, n)


def test_everything_that_is_planted_is_found(clean: Flask):
    wanted = list(planted())
    assert len(wanted) >= 200
    assert set(PLANTS) == set(CHECKS) - {"no-treasurer"}  # that one has a test of its own
    hits = {code: list(check.look()) for code, check in CHECKS.items()}
    found = {(code, hit.subject_id) for code, some in hits.items() for hit in some}
    missed = Counter(code for code, subject in wanted if (code, subject) not in found)
    assert not missed
    for code, some in hits.items():
        for hit in some:
            assert set(hit.facts) <= set(FACTS), code
            assert all(isinstance(fact, bool | int | str) for fact in hit.facts.values()), code
