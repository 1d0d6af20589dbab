"""Animals are inspected and sampled, and the laboratory answers."""

from uuid import UUID

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.health.diseases import Disease
from sijinak.health.lab.commands import CorrectResult, RecordResults, ResultLine
from sijinak.health.lab.models import Finding, Method
from sijinak.health.lab.queries import samples_of_permit, standing_results
from sijinak.health.lab.services import correct_result, record_results
from sijinak.permits import commands as c
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.models import Permit, PermitState, RbtResult
from tests.properties.simulation.applying import permit_of
from tests.properties.simulation.playing import Run


def inspect(run: Run, permit_id: UUID) -> None:
    """Some animals are taken off; now and then samples go to the laboratory."""
    permit = permit_of(permit_id)
    samples = run.dice.random() < 0.3
    lines = tuple(_looked_at(run, permit, line.animal_id, samples) for line in permit.animals)
    command = c.RecordInspection(permit_id=permit_id, animals=lines, awaits_lab=samples)
    run.do(record_inspection, command, run.who(Role.VET.value))


def _looked_at(run: Run, permit: Permit, animal_id: UUID, samples: bool) -> c.Inspected:  # noqa: FBT001
    if run.dice.random() < 0.2:
        return c.Inspected(animal_id=animal_id, passed=False, reason="Pincang")
    tube = c.SampleNamed(
        number=f"T{run.moment:%j%H%M}{animal_id.hex[-6:]}",
        disease=Disease.BRUCELLOSIS,
        method=Method.RBT,
    )
    rbt = RbtResult.NEGATIVE if permit.needs_rbt else None
    return c.Inspected(
        animal_id=animal_id, passed=True, weight_kg=run.dice.choice([320, 320, 320, 240]),
        samples=(tube,) if samples else (), rbt=rbt, rbt_number="RBT-1" if rbt else "",
    )  # fmt: skip


def answer(run: Run, permit_id: UUID) -> None:
    """The laboratory, about one sample or all of them."""
    known = samples_of_permit(permit_id)
    told = standing_results([sample.id for sample in known])
    open_ones = [sample.id for sample in known if sample.id not in told]
    if not open_ones:
        return
    some = open_ones[: run.dice.choice([1, len(open_ones)])]
    command = RecordResults(
        lines=tuple(ResultLine(sample_id=one, finding=_finding(run)) for one in some),
        tested_on=today(), lab="BVet", report_number="L-1",
    )  # fmt: skip
    run.do(record_results, command, run.who(Role.LABORATORY.value))


def correct(run: Run) -> None:
    """The laboratory takes back what it said."""
    told = standing_results([one.id for one in samples_of_permit(run.which(PermitState.INSPECTED))])
    for result in list(told.values())[:1]:
        command = CorrectResult(
            result_id=result.id, finding=_finding(run), tested_on=today(), report_number="L-2",
            note="Tertukar",
        )  # fmt: skip
        run.do(correct_result, command, run.who(Role.LABORATORY.value))


def _finding(run: Run) -> Finding:
    return run.dice.choice([Finding.NEGATIVE, Finding.NEGATIVE, Finding.NEGATIVE, Finding.POSITIVE])
