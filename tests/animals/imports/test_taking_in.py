import os
import shutil
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.imports import services, taking
from sijinak.animals.imports.bringing import begin, chunks_of, leave_plan, prepare
from sijinak.animals.imports.jobs import sweep_uploads, take_waiting
from sijinak.animals.imports.queries import batch_by_id
from sijinak.animals.imports.services import BeginList, begin_list
from sijinak.animals.imports.uploads import Uploads
from sijinak.animals.models import (
    Animal,
    BatchState,
    Identifier,
    IdentifierKind,
    ImportBatch,
    Observation,
    Precision,
    Sex,
    Species,
    Verification,
)
from sijinak.animals.population.models import PopulationChange
from sijinak.animals.services import RegisterAnimal, register_animal
from sijinak.config import Settings
from sijinak.core.clock import clock, now
from sijinak.core.codes import tag_code_of
from sijinak.core.crypto import keyring
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.keepers.models import Keeper, KeeperKind, KeeperWord, NameWord
from sijinak.keepers.services import RegisterKeeper, register_keeper
from tests.animals.factories import make_animal, make_keeper, person
from tests.animals.imports.lists import (
    CLEAN,
    CLEAN_XLSX,
    GOOD,
    LIMITS,
    WRONG,
    as_csv,
    everything,
    many,
    mistakes,
    rehearsed,
    row,
    taken,
)  # fmt: skip
from tests.factories import LUNYUK, LUNYUK_REA, actor_for

pytestmark = pytest.mark.usefixtures("context")


def counted(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def begun(path: Path, by: Actor = OPERATOR) -> tuple[ImportBatch, Uploads]:
    """Confirmed; nothing is written yet."""
    upload, report = rehearsed(path, by)
    with transaction():
        batch = begin(upload, report, by=by)
    leave_plan(upload, batch)
    return batch, Uploads(str(upload.path.parent.parent))


def test_the_clean_list_is_taken_in_whole():
    clerk = actor_for(Role.CLERK, LUNYUK)
    batch = taken(CLEAN, clerk)
    assert (batch.animals, batch.new_keepers, batch.region) == (40, 9, LUNYUK_REA)
    assert (batch.state, batch.rows_done, batch.put_aside) == (BatchState.DONE, 40, 0)
    assert (batch.file_name, batch.imported_by) == (CLEAN.name, clerk.id)
    assert (counted(Animal), counted(Keeper), counted(Observation)) == (40, 9, 40)
    assert set(db.session.scalars(select(Animal.batch_id))) == {batch.id}
    tags = select(func.count()).where(Identifier.kind == IdentifierKind.TAG)
    assert db.session.scalar(tags) == 40
    assert db.session.scalar(select(func.sum(PopulationChange.heads))) == 40
    names = select(Event.name).where(Event.subject_id == batch.id).order_by(Event.id)
    assert list(db.session.scalars(names)) == ["animal.list-begun", "animal.list-imported"]
    event = db.session.scalars(select(Event).where(Event.name == "animal.list-imported")).one()
    assert event.facts == {"animals": 40, "updated": 0, "new_keepers": 9, "put_aside": 0}


def test_what_comes_by_a_list_is_written_as_if_each_had_been_registered(tmp_path: Path):
    """Two animals of one owner in bulk and by hand: but for what names them, all comes twice."""
    told = row(
        telepon="081200000101", dusun="Brang Rea", ras="Sapi Bali", gigi="2", warna="merah",
        tanduk="pendek", telinga="utuh", pusar="satu", cap="AW", ciri_khusus="ekor pendek",
        nomor_eartag="ID1", kode_tag=tag_code_of(5), rfid="360000000000001",
    )  # fmt: skip
    bare = {**row(status="dinyatakan", dusun=""), "tanggal_lahir": "", "warna": ""}
    clerk = actor_for(Role.CLERK, LUNYUK)
    with clock.reading(now()):
        taken(as_csv(tmp_path / "list.csv", told, bare), clerk)
        _register_by_hand(clerk)
    for model, naming in (
        (Keeper, {"nik_sealed", "nik_lookup", "nik_tail", "phone_sealed"}),
        (KeeperWord, {"keeper_id"}),
        (Animal, {"keeper_id", "batch_id"}),
        (Identifier, {"animal_id", "value"}),
        (Observation, {"animal_id", "cause_id"}),
    ):
        rows = _rows(model, {"id", *naming})
        assert rows, model
        assert [n for n in Counter(rows).values() if n % 2] == [], model
    assert db.session.scalar(select(func.sum(PopulationChange.heads))) == 4
    words = set(db.session.scalars(select(NameWord.word)))
    assert words == set(db.session.scalars(select(KeeperWord.word)))


def _rows(model: Any, but: set[str]) -> list[str]:
    columns = [column for column in model.__table__.columns if column.name not in but]
    found = [dict(row) for row in db.session.execute(select(*columns)).mappings()]
    db.session.rollback()
    for one in found:
        if "after" in one:
            one["after"] = {k: v for k, v in one["after"].items() if k != "keeper_id"}
    return [str(sorted(one.items(), key=lambda item: item[0])) for one in found]


def _register_by_hand(by: Actor) -> None:
    with transaction():
        keeper = register_keeper(
            RegisterKeeper(
                kind=KeeperKind.PERSON, name=GOOD["nama_pemilik"], village=LUNYUK_REA,
                hamlet="Brang Rea", nik="5204021203689955", phone="081200000101",
            ),
            by=by,
        )  # fmt: skip
        db.session.flush()
        common: dict[str, Any] = {
            "keeper_id": keeper.id, "village": LUNYUK_REA, "species": Species.CATTLE,
            "sex": Sex.FEMALE,
        }  # fmt: skip
        seen = RegisterAnimal(
            **common, hamlet="Brang Rea", breed="Sapi Bali", teeth=2, colour="merah",
            horns="pendek", ears="utuh", whorls="satu", brand="AW", special_marks="ekor pendek",
            birth_date=date(2019, 4, 10), birth_precision=Precision.EXACT,
            verification=Verification.SEEN, eartag="ID2", rfid="360000000000002",
        )  # fmt: skip
        register_animal(seen, by=by)
        register_animal(RegisterAnimal(**common, verification=Verification.DECLARED), by=by)


def test_the_workbook_after_its_csv_twin_is_the_same_list():
    first = taken(CLEAN)
    before = everything()
    assert begun(CLEAN_XLSX)[0].id == first.id
    assert everything() == before


def test_a_list_under_another_name_is_taken_in_once(tmp_path: Path):
    first = taken(as_csv(tmp_path / "one.csv", row(), row(warna="hitam")))
    again = as_csv(tmp_path / "two.csv", row(warna="hitam"), row(), delimiter=",")
    batch, _uploads = begun(again)
    assert (batch.id, batch.file_name, counted(Animal)) == (first.id, "one.csv", 2)


def test_two_clerks_at_once_have_one_result(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Both have rehearsed before either begins, where the database lets two work at once."""
    lists = [Path(shutil.copy(path, tmp_path)) for path in (CLEAN, CLEAN_XLSX)]  # to one office
    with app.app_context():
        together = db.engine.dialect.name == "postgresql"
    both = Barrier(2, timeout=120)
    open_batch = services._open_batch  # noqa: SLF001 - where two clerks meet

    def waiting(*args: Any) -> bool:
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
        ids = set(pool.map(work, lists))
    with app.app_context():
        assert len(ids) == 1
        assert (counted(ImportBatch), counted(Animal), counted(Keeper)) == (1, 40, 9)


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(taking, "CHUNK", 300)
    clerk = actor_for(Role.CLERK, LUNYUK)
    batch, uploads = begun(as_csv(tmp_path / "list.csv", *many(1000)), clerk)
    work = chunks_of(batch.id, uploads, by=clerk)
    assert [next(work), next(work)] == [300, 600]

    def die(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(taking, "change_known", die)  # after the animals of the chunk were written
        next(work)
    assert counted(Animal) == 600
    assert list(chunks_of(batch.id, uploads, by=clerk)) == [900, 1000]
    eartags = select(Identifier.value).where(Identifier.kind == IdentifierKind.EARTAG)
    assert sorted(db.session.scalars(eartags)) == [f"ID{n:06d}" for n in range(1000)]
    assert counted(Keeper) == 250
    assert not uploads.plan_of(batch.id).exists()


def test_two_workers_at_one_list_write_no_row_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(taking, "CHUNK", 50)
    batch, uploads = begun(as_csv(tmp_path / "list.csv", *many(1000)))

    def work(_: int) -> None:
        with app.app_context():
            for _done in chunks_of(batch.id, uploads, by=OPERATOR):
                pass
            db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    done = batch_by_id(batch.id, by=OPERATOR)
    assert (counted(Animal), done.animals, done.put_aside) == (1000, 1000, 0)


def test_the_worker_takes_in_what_waits_in_the_name_of_whoever_brought_it(
    settings: Settings, tmp_path: Path
):
    clerk = actor_for(Role.CLERK, LUNYUK)
    path = as_csv(tmp_path / "list.csv", row(nomor_eartag="ID1"))
    upload = Uploads(settings.data_dir).keep([path.read_bytes()], "list.csv", "csv")
    report = prepare(upload, LIMITS, by=clerk)
    with transaction():
        batch = begin(upload, report, by=clerk)
    leave_plan(upload, batch)
    old = time.time() - 25 * 3600
    os.utime(upload.beside("plan"), (old, old))
    sweep_uploads()  # what waits is not swept
    take_waiting()
    assert batch_by_id(batch.id, by=clerk).state is BatchState.DONE
    assert db.session.scalars(select(Observation.by_name)).one() == clerk.name


def test_a_plan_that_is_gone_ends_the_list_with_what_was_done(tmp_path: Path):
    batch, uploads = begun(as_csv(tmp_path / "list.csv", row()))
    uploads.plan_of(batch.id).unlink()
    assert list(chunks_of(batch.id, uploads, by=OPERATOR)) == [0]
    assert batch_by_id(batch.id, by=OPERATOR).state is BatchState.DONE


def test_a_number_that_somebody_took_meanwhile_puts_the_row_aside(tmp_path: Path):
    clerk = actor_for(Role.CLERK, LUNYUK)
    path = as_csv(tmp_path / "list.csv", row(nomor_eartag="ID1"), row(nomor_eartag="ID2"))
    batch, uploads = begun(path, clerk)
    make_animal(eartag="ID1")
    list(chunks_of(batch.id, uploads, by=clerk))
    batch = batch_by_id(batch.id, by=clerk)
    assert (batch.animals, batch.put_aside, counted(Animal)) == (1, 1, 2)
    assert batch.aside == [[2, "nomor_eartag", "eartag-taken", {"tag": "ID1"}]]


def test_a_village_that_was_taken_away_meanwhile_puts_its_rows_aside(tmp_path: Path):
    batch, uploads = begun(as_csv(tmp_path / "list.csv", row(), row(desa="Lunyuk Ode")))
    list(chunks_of(batch.id, uploads, by=actor_for(Role.CLERK, LUNYUK_REA)))
    found = batch_by_id(batch.id, by=OPERATOR)
    assert (found.animals, [line[2] for line in found.aside]) == (1, ["list-village-out-of-reach"])


def test_with_a_mistake_nothing_is_begun():
    upload, report = rehearsed(WRONG)
    assert not report.can_be_taken
    assert len(mistakes(upload)) == 9


def test_a_known_owner_keeps_the_registered_name(tmp_path: Path):
    keeper = make_keeper(person(nik=GOOD["nik"], name="Wahab Abdullah"))
    batch = taken(as_csv(tmp_path / "list.csv", row()))
    assert (batch.new_keepers, counted(Keeper)) == (0, 1)
    assert db.session.scalars(select(Animal.keeper_id)).one() == keeper.id
    assert db.session.get_one(Keeper, keeper.id).name == "Wahab Abdullah"


@pytest.mark.parametrize("role", [Role.VET, Role.AUDITOR, Role.ADMINISTRATOR, Role.KABID])
def test_other_roles_take_nothing_in(role: Role):
    command = BeginList(file_name="x", digest=b"x", villages=(LUNYUK_REA,), rows=1)
    somebody = actor_for(role)
    with pytest.raises(Forbidden), transaction():
        begin_list(command, by=somebody)
    assert counted(ImportBatch) == 0


def test_a_village_out_of_reach_stops_the_list():
    command = BeginList(file_name="x", digest=b"x", villages=(LUNYUK_REA,), rows=1)
    clerk = actor_for(Role.CLERK, "52.04.05")
    with pytest.raises(Forbidden), transaction():
        begin_list(command, by=clerk)


def test_a_list_of_two_villages_belongs_to_their_kecamatan(tmp_path: Path):
    path = as_csv(tmp_path / "list.csv", row(), row(desa="Lunyuk Ode"))
    assert taken(path, actor_for(Role.CLERK, LUNYUK)).region == LUNYUK


def test_the_digest_cannot_be_made_without_the_key():
    digest = rehearsed(CLEAN)[1].digest
    keyring.load(["another data key"], "another look-up key")
    assert rehearsed(CLEAN)[1].digest != digest


@pytest.mark.slow
def test_five_thousand_animals_are_taken_in(tmp_path: Path):
    assert taken(as_csv(tmp_path / "list.csv", *many(5000))).animals == 5000
