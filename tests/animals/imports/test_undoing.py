"""A list that was taken in by mistake, and what comes of taking it in once more."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.imports.services import BatchNotDone, UndoBatch, undo_batch
from sijinak.animals.imports.undoing import BatchHangs
from sijinak.animals.models import (
    Animal,
    AnimalState,
    BatchState,
    Identifier,
    ImportBatch,
    Observation,
    ObservationKind,
    Sex,
    Verification,
)
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.services import ProposeTransfer, propose_transfer
from sijinak.animals.population.models import PopulationChange
from sijinak.animals.queries import live_tags
from sijinak.animals.services import SeeAnimal, see_animal
from sijinak.core.clock import today
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_animal, make_keeper, person
from tests.animals.imports.lists import CLEAN, GOOD, as_csv, everything, row, taken
from tests.animals.imports.test_taking_in import begun
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for

TAG = tag_code_of(91)
pytestmark = pytest.mark.usefixtures("context")


def undone(batch: ImportBatch, by: Actor = OPERATOR) -> ImportBatch:
    with transaction():
        return undo_batch(UndoBatch(batch_id=batch.id, reason="daftar desa lain"), by=by)


def heads() -> int:
    return db.session.scalar(select(func.sum(PopulationChange.heads))) or 0


def test_all_that_a_list_made_counts_no_more():
    clerk = actor_for(Role.CLERK, LUNYUK)
    batch = undone(taken(CLEAN, clerk), clerk)
    assert (batch.state, batch.undone_by, batch.undone_because) == (
        BatchState.UNDONE, clerk.id, "daftar desa lain",
    )  # fmt: skip
    assert set(db.session.scalars(select(Animal.state))) == {AnimalState.WITHDRAWN}
    assert db.session.scalars(select(Identifier).where(Identifier.ended_at.is_(None))).all() == []
    assert db.session.scalars(select(Keeper).where(Keeper.withdrawn_at.is_(None))).all() == []
    assert heads() == 0
    told = select(Observation.kind, func.count()).group_by(Observation.kind)
    assert {row[0]: row[1] for row in db.session.execute(told)} == {
        ObservationKind.REGISTERED: 40, ObservationKind.UNDONE: 40,
    }  # fmt: skip
    event = db.session.scalars(select(Event).where(Event.name == "animal.list-undone")).one()
    assert (event.facts["animals"], event.facts["keepers"]) == (40, 9)


def test_what_it_changed_is_put_back_and_a_number_that_it_gave_ends(tmp_path: Path):
    cow, _tag = make_animal(
        tag=TAG, sex=Sex.FEMALE, colour="merah", verification=Verification.DECLARED
    )
    told = {"kode_tag": TAG, "warna": "hitam", "status": "terlihat", "nomor_eartag": "ID7"}
    undone(taken(as_csv(tmp_path / "list.csv", told)))
    cow = db.session.get_one(Animal, cow.id)
    assert (cow.colour, cow.verification, cow.seen_at) == ("merah", Verification.DECLARED, None)
    live = select(Identifier.value).where(Identifier.ended_at.is_(None))
    assert list(db.session.scalars(live)) == [TAG]
    assert heads() == 1


def test_an_owner_with_another_animal_stays(tmp_path: Path):
    keeper = make_keeper(person(nik=GOOD["nik"], name=GOOD["nama_pemilik"]))
    batch = taken(as_csv(tmp_path / "list.csv", row(), row(nik="5204021203689955")))
    other = db.session.scalars(select(Keeper).where(Keeper.id != keeper.id)).one()
    make_animal(other, tag=TAG)
    undone(batch)
    assert db.session.scalars(select(Keeper).where(Keeper.withdrawn_at.is_not(None))).all() == []


def test_it_is_refused_as_a_whole_when_anything_came_after():
    batch = taken(CLEAN)
    seen = db.session.scalars(select(Animal)).first()
    assert seen
    with transaction():
        see_animal(
            SeeAnimal(animal_id=seen.id, seen_before=seen.seen_at, colour="putih"), by=OPERATOR
        )
    before = everything()
    with pytest.raises(BatchHangs) as caught:
        undone(batch)
    assert caught.value.facts == {"count": 1, "kinds": ["change"], "animals": [str(seen.id)]}
    assert everything() == before


def test_it_is_undone_once_when_it_is_done_and_within_reach(tmp_path: Path):
    batch, _uploads = begun(as_csv(tmp_path / "list.csv", row()))
    with pytest.raises(BatchNotDone):
        undone(batch)
    batch = taken(CLEAN)
    clerk, vet = actor_for(Role.CLERK, LUNYUK_ODE), actor_for(Role.VET, LUNYUK)
    with pytest.raises(NotFound):
        undone(batch, clerk)
    with pytest.raises(Forbidden):
        undone(batch, vet)
    command = UndoBatch(batch_id=batch.id, reason="salah")
    for _ in range(2):
        with transaction():
            undo_batch(command, by=OPERATOR)
    with pytest.raises(BatchNotDone):
        undone(batch)


def test_the_same_list_comes_again_as_the_same_animals(tmp_path: Path):
    """What names an animal is never another one's: the withdrawn records are taken up anew."""
    first = as_csv(tmp_path / "a.csv", row(nomor_eartag="ID1"), row(kode_tag=TAG, warna="hitam"))
    undone(taken(first))
    animals = {i.value: i.animal_id for i in db.session.scalars(select(Identifier))}
    mended = as_csv(
        tmp_path / "b.csv",
        row(nomor_eartag="ID1", nik="5204021203689955", nama_pemilik="Siti Hajar"),
        row(kode_tag=TAG, warna="putih"),
    )
    batch = taken(mended)
    assert (batch.animals, batch.new_keepers, batch.put_aside) == (2, 2, 0)
    cow = db.session.get_one(Animal, animals["ID1"])
    owner = db.session.get_one(Keeper, cow.keeper_id)
    assert (cow.state, cow.batch_id, owner.name) == (AnimalState.PRESENT, batch.id, "Siti Hajar")
    assert live_tags([cow.id])[cow.id].value in animals, "the printed label leads to it again"
    assert db.session.get_one(Animal, animals[TAG]).colour == "putih"
    assert heads() == 2
    told = select(Observation.kind).where(Observation.animal_id == cow.id).order_by(Observation.id)
    assert list(db.session.scalars(told)) == ["registered", "undone", "registered"]
    undone(batch)
    assert heads() == 0
    assert taken(mended).animals == 2


def test_a_withdrawn_owner_is_registered_as_the_new_list_says(tmp_path: Path):
    undone(taken(as_csv(tmp_path / "a.csv", row(nama_pemilik="Salah Nama"))))
    taken(as_csv(tmp_path / "b.csv", row()))
    keeper = db.session.scalars(select(Keeper)).one()
    assert (keeper.name, keeper.withdrawn_at) == (GOOD["nama_pemilik"], None)


def test_an_owner_in_an_open_mutation_stays(tmp_path: Path):
    batch = taken(as_csv(tmp_path / "list.csv", row()))
    buyer = db.session.scalars(select(Keeper)).one()
    cow, _tag = make_animal(make_keeper())
    sale = ProposeTransfer(
        kind=MutationKind.SALE, animal_ids=(cow.id,), to_keeper_id=buyer.id, happened_on=today()
    )
    with transaction():
        propose_transfer(sale, by=OPERATOR)
    undone(batch)
    assert db.session.get_one(Keeper, buyer.id).withdrawn_at is None
