"""Samples and results: each number once, each result once, corrected only by a new row."""

from datetime import timedelta

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.permissions import Actor
from sijinak.health.diseases import Disease
from sijinak.health.lab.commands import (
    CorrectResult,
    RecordResults,
    ResultLine,
    SampleTaken,
    TakeSamples,
)
from sijinak.health.lab.models import Finding, Method, Result, Sample
from sijinak.health.lab.services import (
    CorrectionWithoutReason,
    ResultSuperseded,
    ResultThere,
    SampleNumberTaken,
    WrongTestDay,
    correct_result,
    record_results,
    take_samples,
)
from sijinak.health.queries import results_of
from tests.animals.factories import make_animal
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK_REA, REGENCY, actor_for, make_user, signed_in

ELSEWHERE = "52.05"


@pytest.fixture
def vet(context: Flask) -> SignedIn:
    return actor_for(Role.VET, REGENCY)


@pytest.fixture
def lab(context: Flask) -> SignedIn:
    return actor_for(Role.LABORATORY, REGENCY)


def taken(vet: Actor, *numbers: str, animals: int = 1) -> list[Sample]:
    ids = tuple(make_animal()[0].id for _ in range(animals))
    made = tuple(
        SampleTaken(number=n, disease=Disease.BRUCELLOSIS, method=Method.RBT, animal_ids=ids)
        for n in numbers
    )
    with transaction():
        return take_samples(TakeSamples(samples=made, village=LUNYUK_REA), by=vet)


def report(*samples: Sample, finding: Finding = Finding.NEGATIVE, **more: object) -> RecordResults:
    lines = tuple(ResultLine(sample_id=sample.id, finding=finding) for sample in samples)
    said = {"tested_on": today(), "lab": "BBVet Denpasar", "report_number": "LHU-1", **more}
    return RecordResults(lines=lines, **said)  # type: ignore[arg-type]


def record(command: RecordResults, lab: Actor) -> list[Result]:
    with transaction():
        return record_results(command, by=lab)


def test_a_result_of_a_pool_speaks_for_each_of_its_animals(vet: Actor, lab: Actor):
    (sample,) = taken(vet, "S-1", animals=3)
    record(report(sample, finding=Finding.POSITIVE), lab)
    ids = [one.animal_id for one in sample.animals]
    found = results_of(ids)
    assert set(found) == set(ids)
    assert {(r.pooled, r.result, r.number) for [r] in found.values()} == {
        (True, Finding.POSITIVE, "LHU-1")
    }


def test_a_tube_is_used_once_for_a_test(vet: Actor):
    taken(vet, "S-1")
    with pytest.raises(SampleNumberTaken):
        taken(vet, "S-1")
    with pytest.raises(SampleNumberTaken):
        taken(vet, "S-2", "S-2")


def test_a_sending_is_recorded_once_however_often_it_is_sent(vet: Actor, lab: Actor):
    samples = taken(vet, "S-1", "S-2")
    command = report(*samples)
    assert len(record(command, lab)) == len(record(command, lab)) == 2
    with pytest.raises(ResultThere):
        record(report(samples[0]), lab)


def test_a_correction_is_a_new_row_and_the_old_one_stays(vet: Actor, lab: Actor):
    (sample,) = taken(vet, "S-1")
    (wrong,) = record(report(sample, finding=Finding.POSITIVE), lab)

    def correction(note: str = "Salah baca") -> CorrectResult:
        return CorrectResult(
            result_id=wrong.id, finding=Finding.NEGATIVE, tested_on=today(), report_number="LHU-2",
            note=note,
        )  # fmt: skip

    with pytest.raises(CorrectionWithoutReason), transaction():
        correct_result(correction(note=" "), by=lab)
    with transaction():
        correct_result(correction(), by=lab)
    [stands] = results_of([sample.animals[0].animal_id])[sample.animals[0].animal_id]
    assert (stands.result, stands.number) == (Finding.NEGATIVE, "LHU-2")
    assert [one.finding for one in sample.results] == [Finding.POSITIVE, Finding.NEGATIVE]
    with pytest.raises(ResultSuperseded), transaction():
        correct_result(correction(), by=lab)


def test_a_test_lies_between_the_sample_and_today(vet: Actor, lab: Actor):
    (sample,) = taken(vet, "S-1")
    for day in (today() - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(WrongTestDay):
            record(report(sample, tested_on=day), lab)


def test_only_a_laboratory_of_the_area_records(vet: Actor, context: Flask):
    (sample,) = taken(vet, "S-1")
    with pytest.raises(NotFound):
        record(report(sample), actor_for(Role.LABORATORY, ELSEWHERE))
    with pytest.raises(Forbidden):
        record(report(sample), actor_for(Role.CLERK, REGENCY))


def test_the_laboratory_sees_numbers_and_no_owner(app: Flask):
    with app.app_context():
        (sample,) = taken(actor_for(Role.VET, REGENCY), "S-77")
        client = signed_in(app, make_user(Role.LABORATORY, REGENCY))
        sample_id = sample.id
    pages = [client.get(url).text for url in ("/lab/", "/lab/hasil?nomor=S-77%0AS-78")]
    pages.append(client.get(f"/lab/contoh/{sample_id}").text)
    assert all("S-77" in page for page in pages)
    assert "S-78" in pages[1]  # it was not found
    assert not any("Lunyuk" in page or "/peternak" in page for page in pages)


def test_a_double_click_records_a_sending_once(app: Flask):
    with app.app_context():
        samples = taken(actor_for(Role.VET, REGENCY), "S-1", "S-2")
        ids = [sample.id for sample in samples]
        client = signed_in(app, make_user(Role.LABORATORY, REGENCY))
    url = "/lab/hasil?nomor=S-1%0AS-2"
    fields = {
        "id": id_on(client.get(url).text), "report_number": "LHU-9", "lab": "Lab Sumbawa",
        "tested_on": today().isoformat(), f"finding-{ids[0]}": "negative",
    }  # fmt: skip
    nothing = form_post(client, url, **{**fields, f"finding-{ids[0]}": ""})
    assert nothing.status_code == 422
    assert [form_post(client, url, **fields).status_code for _ in range(2)] == [302, 302]
    with app.app_context():
        assert [len(db.session.get_one(Sample, one).results) for one in ids] == [1, 0]
