"""Rows about animals that are known: what a list may change of them, and what not."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.imports.bringing import chunks_of
from sijinak.animals.imports.queries import batch_by_id
from sijinak.animals.imports.rehearsal import rehearse
from sijinak.animals.imports.report import CHANGES, Report, lines_of_part
from sijinak.animals.imports.uploads import Upload
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    Identifier,
    Observation,
    ObservationKind,
    Sex,
    Verification,
)
from sijinak.animals.naming import end
from sijinak.animals.population.models import PopulationChange
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR, Actor
from tests.animals.factories import make_animal, make_keeper, person
from tests.animals.imports import lists
from tests.animals.imports.lists import GOOD, as_csv, mistakes, row, sheet, taken
from tests.animals.imports.test_taking_in import begun
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for

TAG, OTHER = tag_code_of(41), tag_code_of(42)
Told = Callable[..., tuple[Upload, Report]]
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def told(tmp_path: Path) -> Told:
    def tell(*rows: dict[str, str], by: Actor = OPERATOR) -> tuple[Upload, Report]:
        upload = lists.told(tmp_path, *rows)
        return upload, rehearse(upload, by=by)

    return tell


@pytest.fixture
def cow(context: Flask) -> Animal:
    """Red, with a tag and an ear tag; its birth is not known, and nobody has seen it."""
    keeper = make_keeper(person(nik=GOOD["nik"], name=GOOD["nama_pemilik"]))
    return make_animal(
        keeper, tag=TAG, eartag="ID1", sex=Sex.FEMALE, colour="merah",
        verification=Verification.DECLARED,
    )[0]  # fmt: skip


def changes(upload: Upload) -> list[object]:
    return list(lines_of_part(upload, CHANGES))


@pytest.mark.usefixtures("cow")
@pytest.mark.parametrize("named", [{"kode_tag": TAG}, {"nomor_eartag": "id1"}])
def test_a_known_number_leads_to_a_change_of_the_filled_cells(told: Told, named: dict[str, str]):
    upload, report = told({**named, "warna": "hitam", "tanduk": "pendek", "desa": "Lunyuk Rea"})
    assert changes(upload) == [[2, [["warna", "merah", "hitam"], ["tanduk", "", "pendek"]]]]
    assert (report.new, report.changed, report.same) == (0, 1, 0)
    _upload, report = told({**named, "warna": "merah"}, {"kode_tag": OTHER, **row()})
    assert (report.same, report.new) == (1, 1)


def test_a_list_of_nothing_but_numbers_and_marks_is_a_list(tmp_path: Path, cow: Animal):
    upload = sheet(tmp_path, ["kode_tag", "warna"], [TAG, "hitam"])
    assert rehearse(upload, by=OPERATOR).changed == 1
    assert cow.colour == "merah"


def test_a_change_leaves_its_observation_and_keeps_the_counts(cow: Animal, tmp_path: Path):
    clerk = actor_for(Role.CLERK, LUNYUK)
    told = {"kode_tag": TAG, "warna": "hitam", "status": "terlihat", "tanggal_lahir": "10/04/2019"}
    batch = taken(as_csv(tmp_path / "list.csv", {**told, "rfid": "360000000000001"}), clerk)
    assert (batch.animals, batch.updated) == (0, 1)
    cow = db.session.get_one(Animal, cow.id)
    assert (cow.colour, cow.birth_date) == ("hitam", date(2019, 4, 10))
    assert (cow.verification, cow.seen_by) == (Verification.SEEN, clerk.id)
    kind = Observation.kind == ObservationKind.UPDATED
    observation = db.session.scalars(select(Observation).where(kind)).one()
    assert (observation.before["colour"], observation.after["colour"]) == ("merah", "hitam")
    assert (observation.cause_id, observation.by_name) == (batch.id, clerk.name)
    numbers = select(Identifier.value).where(Identifier.animal_id == cow.id)
    assert set(db.session.scalars(numbers)) == {TAG, "ID1", "360000000000001"}
    heads = select(func.sum(PopulationChange.heads))
    assert db.session.scalar(heads.where(PopulationChange.seen_at.is_(None))) == 0
    assert db.session.scalar(heads) == 1


@pytest.mark.usefixtures("cow")
@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"nik": "5204021203689955"}, "nik", "list-owner-differs"),
        ({"nama_pemilik": "Orang Lain"}, "nama_pemilik", "list-owner-differs"),
        ({"kelamin": "jantan"}, "kelamin", "list-needs-correction"),
        ({"jenis": "kuda"}, "jenis", "list-needs-correction"),
        ({"desa": "Lunyuk Ode"}, "desa", "list-needs-move"),
        ({"nomor_eartag": "ID9"}, "nomor_eartag", "list-other-number"),
        ({"warna": "x" * 81}, "warna", "list-text-too-long"),
    ],
)
def test_what_a_list_may_not_change_is_refused(
    told: Told, cells: dict[str, str], column: str, code: str
):
    assert mistakes(told({"kode_tag": TAG, **cells})[0]) == [(2, column, code)]


@pytest.mark.usefixtures("cow")
def test_a_birth_that_is_known_needs_a_correction(told: Told):
    make_animal(tag=OTHER, birth_date=date(2020, 1, 1))
    upload, _report = told({"kode_tag": OTHER, "tanggal_lahir": "02/01/2020"})
    assert mistakes(upload) == [(2, "tanggal_lahir", "list-needs-correction")]


@pytest.mark.usefixtures("cow")
def test_numbers_of_different_animals_and_an_animal_named_twice_are_refused(told: Told):
    make_animal(tag=OTHER)
    assert mistakes(told({"kode_tag": OTHER, "nomor_eartag": "ID1"})[0]) == [
        (2, "kode_tag", "list-numbers-differ")
    ]
    twice = told({"kode_tag": TAG, "warna": "a"}, {"nomor_eartag": "ID1", "warna": "b"})
    assert mistakes(twice[0]) == [(3, "nomor_eartag", "list-animal-twice")]


@pytest.mark.usefixtures("cow")
def test_an_animal_out_of_reach_and_one_that_is_gone_are_not_changed(told: Told, cow: Animal):
    clerk = actor_for(Role.CLERK, LUNYUK_ODE)
    said = {"kode_tag": TAG, "warna": "hitam"}
    assert mistakes(told(said, by=clerk)[0]) == [(2, "kode_tag", "tag-taken")]
    with transaction():
        db.session.get_one(Animal, cow.id).state = AnimalState.DEAD
    assert mistakes(told(said)[0]) == [(2, "kode_tag", "list-animal-dead")]


def test_a_number_given_by_mistake_leads_to_nobody(told: Told, cow: Animal):
    with transaction():
        wrong = select(Identifier).where(Identifier.value == "ID1")
        number = db.session.scalars(wrong).one()
        end(number, EndReason.MISTAKE, by=OPERATOR, region=cow.village)
    assert mistakes(told(row(nomor_eartag="ID1"))[0]) == [(2, "nomor_eartag", "eartag-taken")]


def test_a_merged_record_leads_to_the_one_that_stands(told: Told, cow: Animal):
    gone, _tag = make_animal(tag=OTHER)
    with transaction():
        gone = db.session.get_one(Animal, gone.id)
        gone.state, gone.merged_into_id = AnimalState.MERGED, cow.id
    upload, _report = told({"kode_tag": OTHER, "warna": "hitam"})
    assert mistakes(upload) == [(2, "kode_tag", "list-other-number")]
    upload, report = told({"nomor_eartag": "ID1", "warna": "hitam"})
    assert report.changed == 1


def test_an_owner_who_sold_it_meanwhile_keeps_the_list_off(cow: Animal, tmp_path: Path):
    batch, uploads = begun(as_csv(tmp_path / "list.csv", {"kode_tag": TAG, "warna": "hitam"}))
    buyer = make_keeper()
    with transaction():
        db.session.get_one(Animal, cow.id).keeper_id = buyer.id
    list(chunks_of(batch.id, uploads, by=OPERATOR))
    found = batch_by_id(batch.id, by=OPERATOR)
    assert (found.updated, [line[2] for line in found.aside]) == (0, ["list-animal-changed"])
