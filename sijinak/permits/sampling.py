"""Which tests the animals of an application wait for, and the samples that are taken for them."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID, uuid5

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.health.diseases import Disease
from sijinak.health.lab.commands import SampleTaken, TakeSamples
from sijinak.health.lab.models import Finding, Method, Sample, SampleAnimal
from sijinak.health.lab.services import take_samples
from sijinak.health.queries import results_of
from sijinak.permits.checks import Report
from sijinak.permits.commands import Inspected, PermitCommand, SampleNamed
from sijinak.permits.models import Permit, RbtResult
from sijinak.permits.rulebook import report_with
from sijinak.permits.rules.needs import TestNeed

# The method that is offered where the rule names none.
USUAL: Mapping[Disease, Method] = {
    Disease.BRUCELLOSIS: Method.RBT,
    Disease.PMK: Method.ELISA_NSP,
}
Awaited = dict[UUID, list[Disease]]  # by animal
RBT: Mapping[Finding, RbtResult] = {
    Finding.NEGATIVE: RbtResult.NEGATIVE,
    Finding.POSITIVE: RbtResult.POSITIVE,
}


def awaited_tests(report: Report) -> Awaited:
    """What a laboratory must still say before the animals may leave."""
    found = {animal_id: list(diseases) for animal_id, diseases in report.tests_to_come.items()}
    for checked in report.passing:
        if checked.animal and any(finding.code == "RBT_LATER" for finding in checked.findings):
            diseases = found.setdefault(checked.animal.id, [])
            if Disease.BRUCELLOSIS not in diseases:
                diseases.append(Disease.BRUCELLOSIS)
    return found


def tests_for(permit: Permit) -> dict[UUID, list[tuple[Disease, Method]]]:
    """What is to be sampled at the inspection, by animal, with the method that is asked for."""
    ids = [line.animal_id for line in permit.animals]
    report = report_with(permit, {one: Inspected(animal_id=one, passed=True) for one in ids})
    needs = report.terms.test_needs or ()
    awaited = awaited_tests(report)
    return {one: [(d, _method(d, needs)) for d in awaited[one]] for one in ids if one in awaited}


def _method(disease: Disease, needs: Sequence[TestNeed]) -> Method:
    stated = [method for need in needs if need.disease is disease for method in need.methods]
    return stated[0] if stated else USUAL.get(disease, Method.PCR)


def sent_for(animal_ids: Collection[UUID]) -> dict[UUID, set[Disease]]:
    """Samples of the animals that wait for their result."""
    asked = select(SampleAnimal.animal_id, Sample.disease).join(
        Sample, Sample.id == SampleAnimal.sample_id
    )
    asked = asked.where(SampleAnimal.animal_id.in_(animal_ids), ~Sample.results.any())
    found: dict[UUID, set[Disease]] = {}
    for animal_id, disease in db.session.execute(asked):
        found.setdefault(animal_id, set()).add(disease)
    return found


def take_named_samples(
    command: PermitCommand,
    permit: Permit,
    tubes: Mapping[SampleNamed, Sequence[UUID]],
    *,
    by: Actor,
) -> None:
    """Raises SampleNumberTaken."""
    if not tubes:
        return
    taken = tuple(
        SampleTaken(
            number=tube.number, disease=tube.disease, method=tube.method, animal_ids=tuple(ids)
        )
        for tube, ids in tubes.items()
    )
    order = TakeSamples(
        id=uuid5(command.id, "samples"), samples=taken, village=permit.region, permit_id=permit.id
    )
    take_samples(order, by=by)


def feed_rbt(permit: Permit) -> None:
    """What laboratories found of brucellosis stands at the animal, unless somebody wrote it there.

    A clear result of later replaces what the inspector copied from an earlier paper.
    """
    if not permit.needs_rbt:
        return
    results = results_of([line.animal_id for line in permit.animals])
    for line in permit.animals:
        latest = next(
            (r for r in results.get(line.animal_id, ()) if r.disease is Disease.BRUCELLOSIS), None
        )
        if latest and latest.result in RBT and not line.rbt_result:
            line.rbt_result, line.rbt_number = RBT[latest.result], latest.number
