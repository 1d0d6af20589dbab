"""Results of visits for tests: what is said of Lunyuk Rea."""

from typing import Any

from sijinak.animals.models import Species
from sijinak.core.ids import uuid7
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.visits.commands import CountHeads, RecordResult
from sijinak.vaccinations.visits.models import Outcome
from tests.factories import LUNYUK_REA
from tests.vaccinations.factories import days_ago, product


def missed(**fields: Any) -> RecordResult:
    defaults: dict[str, Any] = {
        "disease": Disease.LSD,
        "village": LUNYUK_REA,
        "outcome": Outcome.ABSENT,
        "species": Species.CATTLE,
        "found_at": days_ago(3),
    }
    return RecordResult(**{**defaults, **fields})


def heads(**fields: Any) -> CountHeads:
    defaults: dict[str, Any] = {
        "act_id": uuid7(),
        "product_id": product().id,
        "lot": "L-1",
        "village": LUNYUK_REA,
        "species": Species.CATTLE,
        "heads": 5,
        "given_at": days_ago(2),
    }
    return CountHeads(**{**defaults, **fields})
