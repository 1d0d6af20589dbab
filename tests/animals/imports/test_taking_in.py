from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.imports import services
from sijinak.animals.imports.services import ListRefused, TakeList, take_list
from sijinak.animals.models import Animal, Identifier, IdentifierKind, ImportBatch, Precision
from sijinak.core.codes import tag_code_of
from sijinak.core.crypto import keyring
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_animal, make_keeper, person
from tests.animals.imports.lists import (
    CLEAN,
    CLEAN_XLSX,
    GOOD,
    WRONG,
    as_csv,
    everything,
    many,
    row,
    table_of,
)  # fmt: skip
from tests.factories import LUNYUK, LUNYUK_REA, actor_for

pytestmark = pytest.mark.usefixtures("context")


def taken(path: Path, by: Actor = OPERATOR) -> ImportBatch:
    with transaction():
        return take_list(TakeList(file_name=path.name, table=table_of(path)), by=by)


def counted(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_clean_list_is_taken_in_whole():
    clerk = actor_for(Role.CLERK, LUNYUK)
    batch = taken(CLEAN, clerk)
    assert (batch.animals, batch.new_keepers, batch.region) == (40, 9, LUNYUK_REA)
    assert (batch.file_name, batch.imported_by) == (CLEAN.name, clerk.id)
    assert (counted(Animal), counted(Keeper)) == (40, 9)
    assert set(db.session.scalars(select(Animal.batch_id))) == {batch.id}
    tags = select(func.count()).where(Identifier.kind == IdentifierKind.TAG)
    assert db.session.scalar(tags) == 40
    event = db.session.scalars(select(Event).where(Event.name == "animal.list-imported")).one()
    assert (event.subject_id, event.region) == (batch.id, LUNYUK_REA)
    assert event.facts == {"animals": 40, "new_keepers": 9}


def test_every_mark_arrives(tmp_path: Path):
    tag = tag_code_of(5)
    told = row(
        telepon="081200000101", dusun="Brang Rea", ras="Sapi Bali", gigi="2", warna="merah",
        tanduk="pendek", telinga="utuh", pusar="satu", cap="AW", ciri_khusus="ekor pendek",
        nomor_eartag="ID1", kode_tag=tag,
    )  # fmt: skip
    taken(as_csv(tmp_path / "list.csv", told))
    animal = db.session.scalars(select(Animal)).one()
    keeper = db.session.scalars(select(Keeper)).one()
    assert (keeper.nik, keeper.phone, keeper.hamlet) == (told["nik"], "081200000101", "Brang Rea")
    assert (animal.keeper_id, animal.hamlet, animal.breed) == (keeper.id, "Brang Rea", "Sapi Bali")
    assert (animal.colour, animal.horns, animal.ears) == ("merah", "pendek", "utuh")
    assert (animal.whorls, animal.brand, animal.special_marks) == ("satu", "AW", "ekor pendek")
    assert (animal.teeth, animal.birth_precision) == (2, Precision.EXACT)
    assert set(db.session.scalars(select(Identifier.value))) == {tag, "ID1"}


def test_the_workbook_after_its_csv_twin_is_the_same_list():
    first = taken(CLEAN)
    before = everything()
    assert taken(CLEAN_XLSX).id == first.id
    assert everything() == before


def test_a_list_under_another_name_is_taken_in_once(tmp_path: Path):
    first = taken(as_csv(tmp_path / "one.csv", row(), row(warna="hitam")))
    again = taken(as_csv(tmp_path / "two.csv", row(warna="hitam"), row(), delimiter=","))
    assert (again.id, again.file_name, counted(Animal)) == (first.id, "one.csv", 2)


def test_two_clerks_at_once_have_one_result(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Both have rehearsed before either writes, where the database lets two work at once."""
    with app.app_context():
        together = db.engine.dialect.name == "postgresql"
    both = Barrier(2, timeout=30)
    open_batch = services._open_batch  # noqa: SLF001 - where two clerks meet

    def waiting(*args: Any) -> tuple[ImportBatch, bool]:
        if together:
            both.wait()
        return open_batch(*args)

    monkeypatch.setattr(services, "_open_batch", waiting)

    def work(path: Path) -> UUID:
        with app.app_context():
            clerk = actor_for(Role.CLERK, LUNYUK)
            found = taken(path, clerk).id
            db.session.remove()
            return found

    with ThreadPoolExecutor(2) as pool:
        ids = set(pool.map(work, [CLEAN, CLEAN_XLSX]))
    with app.app_context():
        assert len(ids) == 1
        assert (counted(ImportBatch), counted(Animal), counted(Keeper)) == (1, 40, 9)


def test_with_a_mistake_nothing_is_written():
    before = everything()
    with pytest.raises(ListRefused) as caught:
        taken(WRONG)
    assert len(caught.value.report.errors) == 11
    assert everything() == before


def test_what_fails_in_the_middle_leaves_nothing():
    before = everything()
    seen: list[int] = []

    def stop() -> None:
        seen.append(1)
        if len(seen) == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction():
        take_list(TakeList(file_name="x", table=table_of(CLEAN)), by=OPERATOR, each=stop)
    assert everything() == before


def test_a_known_owner_keeps_the_registered_name(tmp_path: Path):
    keeper = make_keeper(person(nik=GOOD["nik"], name="Wahab Abdullah"))
    batch = taken(as_csv(tmp_path / "list.csv", row()))
    assert (batch.new_keepers, counted(Keeper)) == (0, 1)
    assert db.session.scalars(select(Animal.keeper_id)).one() == keeper.id
    assert db.session.get_one(Keeper, keeper.id).name == "Wahab Abdullah"


def test_a_tag_of_another_animal_stops_the_list(tmp_path: Path):
    tag = tag_code_of(9)
    make_animal(tag=tag)
    before = everything()
    with pytest.raises(ListRefused):
        taken(as_csv(tmp_path / "list.csv", row(), row(kode_tag=tag)))
    assert everything() == before


@pytest.mark.parametrize("role", [Role.VET, Role.AUDITOR, Role.ADMINISTRATOR, Role.KABID])
def test_other_roles_take_nothing_in(role: Role):
    with pytest.raises(Forbidden):
        taken(CLEAN, actor_for(role))
    assert counted(Animal) == 0


def test_a_village_out_of_reach_stops_the_list():
    with pytest.raises(ListRefused):
        taken(CLEAN, actor_for(Role.CLERK, "52.04.05"))
    assert counted(Animal) == 0


def test_a_list_of_two_villages_belongs_to_their_kecamatan(tmp_path: Path):
    path = as_csv(tmp_path / "list.csv", row(), row(desa="Lunyuk Ode"))
    assert taken(path, actor_for(Role.CLERK, LUNYUK)).region == LUNYUK


def test_the_digest_cannot_be_made_without_the_key():
    digest = taken(CLEAN).digest
    keyring.load(["another data key"], "another look-up key")
    from sijinak.animals.imports.rehearsal import rehearse

    assert rehearse(table_of(CLEAN), by=OPERATOR).digest != digest


@pytest.mark.slow
def test_five_thousand_animals_are_taken_in(tmp_path: Path):
    assert taken(as_csv(tmp_path / "list.csv", *many(5000))).animals == 5000
