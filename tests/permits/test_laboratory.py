"""Through the laboratory: a bad result takes the animal off, not the application."""

from typing import Any

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.models import WeighingMethod
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.health.diseases import Disease
from sijinak.health.lab.commands import CorrectResult, RecordResults, ResultLine
from sijinak.health.lab.models import Finding, Method
from sijinak.health.lab.queries import samples_of_permit, standing_results
from sijinak.health.lab.services import correct_result, record_results
from sijinak.permits.commands import Inspected, PhotoNamed, RecordInspection, SampleNamed
from sijinak.permits.inspecting import NotWeighed, SampleMissing, record_inspection
from sijinak.permits.laboratory import SampleAgain, sample_again
from sijinak.permits.models import Permit, PermitState, RbtResult
from sijinak.permits.photos.models import InspectionView
from sijinak.permits.photos.queries import photos_of_permit
from tests.factories import REGENCY, actor_for
from tests.permits.factories import SAMARINDA, Office, deliver, make_office, make_permit

pytestmark = pytest.mark.usefixtures("context")
DIGEST = "ab" * 32


def tube(number: str) -> SampleNamed:
    return SampleNamed(number=number, disease=Disease.BRUCELLOSIS, method=Method.RBT)


def accepted(office: Office) -> Permit:
    """Two animals, for a destination that asks for the brucellosis test."""
    return make_permit(office, PermitState.ACCEPTED, destination=SAMARINDA)


def inspect(permit: Permit, office: Office, **fields: Any) -> Permit:
    lines = tuple(
        Inspected(animal_id=line.animal_id, passed=True, weight_kg=320,
                  samples=(tube(f"B-{line.position}"),), **fields)
        for line in permit.animals
    )  # fmt: skip
    command = RecordInspection(permit_id=permit.id, animals=lines)
    with transaction():
        return record_inspection(command, by=office.vet)


def answer(permit: Permit, *findings: Finding) -> None:
    """What the laboratory says of the samples, in the order of their numbers; then the worker."""
    lab = actor_for(Role.LABORATORY, REGENCY)
    samples = [s for s in samples_of_permit(permit.id) if s.id not in standing_results([s.id])]
    for sample, finding in zip(samples, findings, strict=False):
        line = ResultLine(sample_id=sample.id, finding=finding)
        command = RecordResults(
            lines=(line,), tested_on=today(), lab="BBVet", report_number=f"LHU-{sample.number}"
        )
        with transaction():
            record_results(command, by=lab)
    deliver()
    db.session.refresh(permit)


def state_of(permit: Permit) -> PermitState:
    return permit.state


def test_it_waits_for_the_laboratory_and_goes_on_when_all_is_answered():
    office = make_office()
    permit = inspect(accepted(office), office)
    assert state_of(permit) is PermitState.IN_LAB
    answer(permit, Finding.NEGATIVE)
    assert state_of(permit) is PermitState.IN_LAB
    answer(permit, Finding.NEGATIVE)
    assert state_of(permit) is PermitState.INSPECTED
    assert {(a.rbt_result, a.rbt_number) for a in permit.animals} == {
        (RbtResult.NEGATIVE, "LHU-B-1"), (RbtResult.NEGATIVE, "LHU-B-2")
    }  # fmt: skip


def test_a_bad_result_takes_the_animal_off_and_the_application_goes_on():
    office = make_office()
    permit = inspect(accepted(office), office)
    answer(permit, Finding.POSITIVE, Finding.NEGATIVE)
    assert permit.state is PermitState.INSPECTED
    first, second = permit.animals
    assert (first.passed, first.is_open, second.passed) == (False, False, True)
    assert "LHU-B-1" in first.reason


def test_when_no_animal_is_left_it_is_rejected_and_says_why():
    office = make_office()
    permit = inspect(accepted(office), office)
    answer(permit, Finding.POSITIVE, Finding.POSITIVE)
    assert permit.state is PermitState.REJECTED
    assert permit.last_note
    assert not any(line.is_open for line in permit.animals)


def test_a_result_that_is_not_clear_asks_for_another_sample():
    office = make_office()
    permit = inspect(accepted(office), office)
    answer(permit, Finding.UNCLEAR, Finding.NEGATIVE)
    assert state_of(permit) is PermitState.IN_LAB
    again = SampleAgain(
        permit_id=permit.id, animal_id=permit.animals[0].animal_id, sample=tube("B-1B")
    )
    for _ in range(2):
        with transaction():
            sample_again(again, by=office.vet)
    answer(permit, Finding.NEGATIVE)
    assert state_of(permit) is PermitState.INSPECTED


def test_a_correction_before_the_bill_still_takes_the_animal_off():
    office = make_office()
    permit = inspect(accepted(office), office)
    answer(permit, Finding.NEGATIVE, Finding.NEGATIVE)
    sample = samples_of_permit(permit.id)[0]
    command = CorrectResult(
        result_id=standing_results([sample.id])[sample.id].id, finding=Finding.POSITIVE,
        tested_on=today(), report_number="LHU-K", note="Tertukar",
    )  # fmt: skip
    lab = actor_for(Role.LABORATORY, REGENCY)
    with transaction():
        correct_result(command, by=lab)
    deliver()
    db.session.refresh(permit)
    assert permit.state is PermitState.INSPECTED
    assert [line.passed for line in permit.animals] == [False, True]


def test_no_animal_passes_untested_or_by_guess():
    office = make_office()
    permit = accepted(office)
    lines = tuple(
        Inspected(animal_id=line.animal_id, passed=True, weight_kg=320) for line in permit.animals
    )
    with pytest.raises(SampleMissing), transaction():
        record_inspection(RecordInspection(permit_id=permit.id, animals=lines), by=office.vet)
    with pytest.raises(NotWeighed):
        inspect(permit, office, weight_method=WeighingMethod.ESTIMATE)


def test_one_tube_at_several_animals_is_a_pool_and_photos_wait_for_their_pictures(app: Flask):
    office = make_office()
    permit = accepted(office)
    photo = PhotoNamed(view=InspectionView.SIDE, sha256=DIGEST)
    lines = tuple(
        Inspected(animal_id=line.animal_id, passed=True, weight_kg=320, samples=(tube("KOLAM-1"),),
                  photos=(photo,))
        for line in permit.animals
    )  # fmt: skip
    command = RecordInspection(
        permit_id=permit.id, animals=lines, vehicle_plate="EA 1 X",
        vehicle_photos=(PhotoNamed(view=InspectionView.VEHICLE, sha256=DIGEST),),
    )  # fmt: skip
    with transaction():
        record_inspection(command, by=office.vet)
    (sample,) = samples_of_permit(permit.id)
    assert (sample.is_pooled, len(sample.animals), permit.vehicle_plate) == (True, 2, "EA 1 X")
    photos = photos_of_permit(permit.id)
    assert len(photos) == 3
    assert all(one.file_id is None for some in photos.values() for one in some)
