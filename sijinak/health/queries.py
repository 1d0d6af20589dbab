"""Questions that other features ask about the health of animals."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from sijinak.core.clock import local
from sijinak.core.db import db
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Finding, Method, Result, Sample, SampleAnimal

_LATER = aliased(Result)


@dataclass(frozen=True, slots=True)
class TestResult:
    """What stands about one animal in one test; ``number`` is the laboratory's report."""

    __test__: ClassVar[bool] = False  # pytest: this is no test

    disease: Disease
    method: Method
    result: Finding
    sampled_on: date
    tested_on: date
    pooled: bool
    number: str


def results_of(animal_ids: Collection[UUID]) -> dict[UUID, list[TestResult]]:
    """The results that stand, the latest first. The caller has asked for the animals themselves."""
    asked = (
        select(SampleAnimal.animal_id, Sample, Result)
        .join(Sample, Sample.id == SampleAnimal.sample_id)
        .join(Result, Result.sample_id == Sample.id)
        .outerjoin(_LATER, _LATER.supersedes_id == Result.id)
        .where(SampleAnimal.animal_id.in_(animal_ids), _LATER.id.is_(None))
        .order_by(Result.tested_on.desc(), Result.id.desc())
    )
    found: dict[UUID, list[TestResult]] = {}
    for animal_id, sample, result in db.session.execute(asked):
        found.setdefault(animal_id, []).append(_told(sample, result))
    return found


def _told(sample: Sample, result: Result) -> TestResult:
    return TestResult(
        disease=sample.disease,
        method=sample.method,
        result=result.finding,
        sampled_on=local(sample.taken_at).date(),
        tested_on=result.tested_on,
        pooled=sample.is_pooled,
        number=result.report_number,
    )
