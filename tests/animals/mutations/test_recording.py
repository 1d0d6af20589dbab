"""What an officer records at once: it changes the animal, and takes a number of the village."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    Identifier,
    IdentifierKind,
    ObservationKind,
    Origin,
    Sex,
    Species,
    Verification,
)
from sijinak.animals.mutations.arriving import CalvedTooSoon, NeedsSeller
from sijinak.animals.mutations.commands import Plain
from sijinak.animals.mutations.correcting import (
    HasOffspring,
    NotCorrectable,
    NothingCorrected,
)
from sijinak.animals.mutations.models import Mutation, MutationKind, MutationState
from sijinak.animals.mutations.queries import mutations_of
from sijinak.animals.mutations.retagging import NotAReason
from sijinak.animals.mutations.services import (
    CorrectAnimal,
    MovesNowhere,
    NeedsCause,
    NeedsPlace,
    NeedsPoliceNumber,
    NotRecordedAtOnce,
    RecordBirth,
    RecordPurchase,
    RetagAnimal,
    correct_animal,
    record_birth,
    record_mutation,
    record_purchase,
    retag_animal,
)
from sijinak.animals.mutations.writing import (
    HappenedBeforeBirth,
    HappenedInTheFuture,
    InOpenMutation,
    NeedsReason,
    NoAnimals,
    NotStolen,
    SeveralVillages,
)
from sijinak.animals.naming import TagTaken
from sijinak.animals.nature import MaleHasCalved, NotTheDam, NotTheSire
from sijinak.animals.queries import identifiers_of, live_tags, observations_of
from sijinak.animals.services import NotPresent
from sijinak.core.clock import now, today
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import bull, make_animal, make_keeper
from tests.animals.mutations.deeds import (
    TOLD,
    K,
    at_once,
    make_cow,
    make_village,
    proposed,
    record,
    recorded,
)
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for

pytestmark = pytest.mark.usefixtures("context")
BECOMES = {
    K.DEATH: AnimalState.DEAD,
    K.SLAUGHTER: AnimalState.SLAUGHTERED,
    K.THEFT: AnimalState.STOLEN,
}


def corrected(animal: Animal, reason: str = "salah tulis", **values: Plain) -> Mutation:
    with transaction():
        command = CorrectAnimal(animal_id=animal.id, values=values, reason=reason)
        return correct_animal(command, by=OPERATOR)


def born(dam: Animal, **fields: Any) -> Mutation:
    told = {"happened_on": today(), "sex": Sex.FEMALE, "verification": Verification.DECLARED}
    with transaction():
        return record_birth(RecordBirth(dam_id=dam.id, **{**told, **fields}), by=OPERATOR)


def calf_of(mutation: Mutation) -> Animal:
    (calf,) = (line.animal_id for line in mutation.animals if str(line.animal_id) != dam(mutation))
    return db.session.get_one(Animal, calf)


def dam(mutation: Mutation) -> str:
    return str(mutation.details["dam"])


@pytest.mark.parametrize("kind", BECOMES, ids=str)
def test_what_is_lost_counts_no_more_and_keeps_its_story(kind: MutationKind):
    vet = actor_for(Role.VET, LUNYUK)
    animal, _ = make_animal()
    before = today() - timedelta(days=3)
    mutation = recorded(kind, animal, by=vet, happened_on=before, reason="dilaporkan anaknya")
    assert (animal.state, mutation.state) == (BECOMES[kind], MutationState.DONE)
    assert animal.state_at
    assert animal.state_at.date() == before
    (line,) = mutation.animals
    seen = observations_of([animal.id])[-1]
    assert line.observation_id == seen.id
    assert (seen.kind, seen.cause_id, seen.by_id) == (ObservationKind.MUTATED, mutation.id, vet.id)
    assert (seen.before["state"], seen.after["state"]) == ("present", BECOMES[kind].value)
    assert (seen.reason, mutation.from_keeper_id) == ("dilaporkan anaknya", animal.keeper_id)
    with pytest.raises(NotPresent):
        recorded(K.MOVE, animal, by=vet)


def test_a_stolen_animal_is_found_again_and_only_such_a_one():
    animal, _ = make_animal()
    with pytest.raises(NotStolen):
        recorded(K.FOUND, animal, by=OPERATOR)
    recorded(K.THEFT, animal, by=OPERATOR)
    recorded(K.FOUND, animal, by=OPERATOR)
    assert (animal.state, animal.state_at) == (AnimalState.PRESENT, None)
    assert [m.kind for m in mutations_of([animal.id])] == [K.THEFT, K.FOUND]


def test_a_herd_moves_under_one_number_and_its_raiser_stays():
    raiser = make_keeper()
    one, two = make_animal(raiser_id=raiser.id)[0], make_animal()[0]
    mutation = recorded(K.MOVE, one, two, by=OPERATOR)
    assert {(a.village, a.hamlet) for a in (one, two)} == {(LUNYUK_ODE, "Dusun Baru")}
    assert (mutation.region, mutation.village_no, one.raiser_id) == (LUNYUK_REA, 1, raiser.id)
    assert mutation.from_keeper_id is None  # they are of two owners


def test_numbers_run_without_a_gap_in_village_and_kecamatan():
    rea = [make_animal()[0] for _ in range(2)]
    ode, _ = make_animal(village=LUNYUK_ODE)
    first = recorded(K.DEATH, rea[0], by=OPERATOR)
    other = recorded(K.DEATH, ode, by=OPERATOR)
    with pytest.raises(NeedsPoliceNumber):
        recorded(K.THEFT, rea[1], by=OPERATOR, details={})
    second = recorded(K.DEATH, rea[1], by=OPERATOR)
    numbers = [(m.village_no, m.kecamatan_no) for m in (first, other, second)]
    assert numbers == [(1, 1), (1, 2), (2, 3)]
    event = db.session.scalars(select(Event).where(Event.subject_id == second.id)).one()
    assert event.facts == {
        "kind": "death", "animals": 1, "number": f"2/{LUNYUK_REA}/{today().year}",
    }  # fmt: skip


@pytest.mark.parametrize("kind", TOLD, ids=str)
def test_only_an_officer_of_the_area_records(kind: MutationKind):
    animal, _ = make_animal()
    owner = actor_for(Role.TRADER, keeper_id=animal.keeper_id)
    for role in (Role.VILLAGE_HEAD, Role.KADIS, Role.AUDITOR, Role.CHECKPOINT):
        with pytest.raises(Forbidden):
            recorded(kind, animal, by=actor_for(role))
    with pytest.raises(Forbidden):
        recorded(kind, animal, by=owner)
    with pytest.raises(NotFound):
        recorded(kind, animal, by=actor_for(Role.VET, LUNYUK_ODE))
    assert mutations_of([animal.id]) == []


@pytest.mark.parametrize(
    ("kind", "fields", "error"),
    [
        (K.DEATH, {"details": {"cause": " "}}, NeedsCause),
        (K.SLAUGHTER, {"details": {}}, NeedsPlace),
        (K.THEFT, {"details": {"police_no": ""}}, NeedsPoliceNumber),
        (K.MOVE, {"to_village": None}, MovesNowhere),
        (K.MOVE, {"to_village": "52.04"}, MovesNowhere),
        (K.MOVE, {"to_village": LUNYUK_REA, "to_hamlet": ""}, MovesNowhere),
        (K.DEATH, {"happened_on": date(2999, 1, 1)}, HappenedInTheFuture),
        (K.DEATH, {"happened_on": date(2019, 1, 1)}, HappenedBeforeBirth),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_kind_says_what_it_needs(kind: MutationKind, fields: Any, error: type[Exception]):
    animal, _ = make_animal(birth_date=date(2020, 1, 1))
    with pytest.raises(error):
        recorded(kind, animal, by=OPERATOR, **fields)
    assert animal.state is AnimalState.PRESENT


def test_a_mutation_is_of_animals_of_one_village_and_of_its_own_way():
    rea, ode = make_animal()[0], make_animal(village=LUNYUK_ODE)[0]
    with pytest.raises(SeveralVillages):
        recorded(K.DEATH, rea, ode, by=OPERATOR)
    with pytest.raises(NoAnimals):
        recorded(K.DEATH, by=OPERATOR)
    command = record(K.DEATH, rea)
    for kind in (K.SALE, K.BIRTH, K.CORRECTION, K.RETAG, K.PURCHASE):
        with pytest.raises(NotRecordedAtOnce), transaction():
            other = type(command)(
                kind=kind, animal_ids=command.animal_ids, happened_on=command.happened_on
            )
            record_mutation(other, by=OPERATOR)


def test_the_same_record_twice_is_one_and_an_open_sale_stops_a_move_but_no_theft():
    there = make_village()
    animal, _ = make_animal(there.seller)
    proposed(there, animal)
    with pytest.raises(InOpenMutation):
        recorded(K.MOVE, animal, by=there.vet)
    command = record(K.THEFT, animal)
    for _ in range(2):
        with transaction():
            record_mutation(command, by=there.vet)
    assert [m.kind for m in mutations_of([animal.id])] == [K.SALE, K.THEFT]


@pytest.mark.parametrize("kinds", [(K.DEATH, K.THEFT), (K.MOVE, K.MOVE)], ids=str)
def test_of_two_records_at_once_the_second_sees_the_first(app: Flask, kinds: Any):
    animal, _ = make_animal()
    deeds = [lambda kind=kind: record_mutation(record(kind, animal), by=OPERATOR) for kind in kinds]
    answers = at_once(app, *deeds)
    assert answers in (["NotPresent", "done"], ["MovesNowhere", "done"])
    db.session.rollback()
    assert len(mutations_of([animal.id])) == 1
    assert db.session.scalars(select(Mutation.village_no)).all() == [1]


@pytest.mark.parametrize(
    "why", [EndReason.LOST, EndReason.BROKEN, EndReason.STOLEN, EndReason.REPRINTED]
)
def test_a_new_tag_names_the_same_animal_and_the_old_one_leads_there(why: EndReason):
    animal, old = make_animal()
    code = tag_code_of(4711)
    with transaction():
        mutation = retag_animal(RetagAnimal(animal_id=animal.id, why=why, code=code), by=OPERATOR)
    assert live_tags([animal.id])[animal.id].value == code
    gone = next(i for i in identifiers_of(animal.id) if i.value == old)
    assert (gone.end_reason, gone.animal_id) == (why, animal.id)
    assert gone.replaced_by_id == live_tags([animal.id])[animal.id].id
    assert mutation.details == {"why": why.value, "old": old, "new": code}
    other, _ = make_animal()
    with pytest.raises(TagTaken), transaction():
        retag_animal(RetagAnimal(animal_id=other.id, why=why, code=old), by=OPERATOR)


def test_retagging_twice_at_once_leaves_one_live_tag(app: Flask):
    animal, _ = make_animal()
    commands = [RetagAnimal(animal_id=animal.id, why=EndReason.LOST) for _ in range(2)]
    at_once(app, *[lambda c=c: retag_animal(c, by=OPERATOR) for c in commands])
    db.session.rollback()
    tags = [i for i in identifiers_of(animal.id) if i.kind is IdentifierKind.TAG]
    assert len([tag for tag in tags if tag.ended_at is None]) == 1
    assert len(tags) == 1 + len(mutations_of([animal.id]))
    with pytest.raises(NotAReason), transaction():
        wrong = RetagAnimal(animal_id=animal.id, why=EndReason.MERGED)
        retag_animal(wrong, by=OPERATOR)


def test_a_correction_keeps_the_old_values_readable():
    animal = make_cow(colour="hitam", calvings=2, birth_date=date(2020, 1, 1))
    told: dict[str, Plain] = {"colour": "merah bata", "teeth": 3, "birth_date": "2019-05-01"}
    mutation = corrected(animal, "salah tulis", **told, hamlet="Dusun Baru", calvings=2)
    said = observations_of([animal.id])[-1]
    assert (said.kind, said.reason) == (ObservationKind.CORRECTED, "salah tulis")
    assert said.before == {
        "colour": "hitam", "teeth": None, "birth_date": "2020-01-01", "hamlet": "",
    }  # fmt: skip
    assert said.after == {
        "colour": "merah bata", "teeth": 3, "birth_date": "2019-05-01", "hamlet": "Dusun Baru",
    }  # fmt: skip
    assert (animal.teeth, animal.birth_date) == (3, date(2019, 5, 1))
    assert mutation.animals[0].observation_id == said.id


def test_a_correction_says_why_and_stays_with_what_can_be_corrected():
    animal = make_cow(calvings=1)
    for values in (
        {"keeper_id": "x"}, {"state": "dead"}, {"village": LUNYUK_ODE}, {"species": "cat"},
        {"birth_date": "yesterday"}, {"seen_at": None}, {"tag": "X"}, {"birth_date": 5},
    ):  # fmt: skip
        with pytest.raises(NotCorrectable):
            corrected(animal, **values)
    with pytest.raises(NothingCorrected):
        corrected(animal, colour="hitam")
    with pytest.raises(NeedsReason):
        corrected(animal, reason=" ", colour="putih")
    with pytest.raises(MaleHasCalved):
        corrected(animal, sex="male")


def test_parents_are_corrected_within_nature():
    cow, bull_, mare = make_cow(), make_animal()[0], make_cow(species=Species.HORSE)
    calf, _ = make_animal(dam_id=cow.id)
    for values, error in (
        ({"dam_id": str(bull_.id)}, NotTheDam),
        ({"dam_id": str(mare.id)}, NotTheDam),
        ({"sire_id": str(cow.id)}, NotTheSire),
        ({"sire_id": str(calf.id)}, NotTheDam),  # its own father
    ):
        with pytest.raises(error):
            corrected(calf, **values)
    grandmother = make_cow(dam_id=cow.id)
    with pytest.raises(NotTheDam):
        corrected(cow, dam_id=str(grandmother.id))
    with pytest.raises(HasOffspring):
        corrected(cow, sex="male")
    corrected(calf, sire_id=str(bull_.id))
    assert calf.sire_id == bull_.id


def test_a_calf_stands_with_its_mother_whose_calvings_go_on():
    raiser, sire = make_keeper(), make_animal()[0]
    cow = make_cow(calvings=2, is_pregnant=True, raiser_id=raiser.id, hamlet="Dusun Satu")
    mutation = born(cow, sire_id=sire.id, happened_on=today() - timedelta(days=1))
    calf = calf_of(mutation)
    assert (calf.keeper_id, calf.raiser_id, calf.hamlet) == (
        cow.keeper_id, raiser.id, "Dusun Satu",
    )  # fmt: skip
    assert (calf.dam_id, calf.sire_id, calf.origin) == (cow.id, sire.id, Origin.BORN_HERE)
    assert (calf.birth_date, calf.species, calf.breed) == (
        mutation.happened_on, cow.species, cow.breed,
    )  # fmt: skip
    assert (cow.calvings, cow.is_pregnant) == (3, False)
    assert {line.animal_id for line in mutation.animals} == {cow.id, calf.id}
    assert live_tags([calf.id])


def test_a_second_calf_too_soon_asks_whether_it_is_certain_and_twins_are_one_calving():
    cow = make_cow(calvings=0)
    born(cow, happened_on=today() - timedelta(days=100))
    with pytest.raises(CalvedTooSoon) as caught:
        born(cow)
    assert caught.value.facts == {"days": 100}
    with pytest.raises(CalvedTooSoon):
        born(cow, happened_on=today() - timedelta(days=300))
    born(cow, is_certain=True)
    born(cow)  # its twin
    assert cow.calvings == 2
    goat = make_cow(species=Species.GOAT)
    born(goat, happened_on=today() - timedelta(days=150))
    born(goat)
    assert goat.calvings is None


def test_only_a_present_female_calves():
    with pytest.raises(NotTheDam):
        born(make_animal()[0])
    cow = make_cow()
    recorded(K.DEATH, cow, by=OPERATOR)
    with pytest.raises(NotPresent):
        born(cow)
    with pytest.raises(NotTheSire):
        born(make_cow(), sire_id=make_cow().id)
    kadis, elsewhere = actor_for(Role.KADIS), actor_for(Role.VET, LUNYUK_ODE)
    told = RecordBirth(
        dam_id=cow.id, happened_on=today(), sex=Sex.MALE, verification=Verification.DECLARED
    )
    with pytest.raises(Forbidden), transaction():
        record_birth(told, by=kadis)
    with pytest.raises(NotFound), transaction():
        record_birth(told, by=elsewhere)


def test_a_bought_animal_comes_in_with_its_paper():
    vet, keeper = actor_for(Role.VET, LUNYUK), make_keeper()
    told: dict[str, Any] = {"happened_on": today(), "seller": "Haji Umar", "came_from": "Dompu"}
    command = RecordPurchase(animal=bull(keeper.id), paper_no="SKKT 12", **told)
    for _ in range(2):
        with transaction():
            mutation = record_purchase(command, by=vet)
    animal = db.session.get_one(Animal, command.animal.id)
    assert (animal.origin, mutation.to_keeper_id) == (Origin.BOUGHT, keeper.id)
    assert mutation.details == {"seller": "Haji Umar", "came_from": "Dompu", "paper_no": "SKKT 12"}
    assert [line.animal_id for line in mutation.animals] == [animal.id]
    with pytest.raises(NeedsSeller), transaction():
        told["seller"] = " "
        record_purchase(RecordPurchase(animal=bull(keeper.id), **told), by=vet)
    with pytest.raises(Forbidden), transaction():
        there = bull(keeper.id, village="52.04.05.2001")
        record_purchase(RecordPurchase(animal=there, **{**told, "seller": "X"}), by=vet)


def test_what_is_known_of_a_code_survives_the_clock_standing_still():
    """The moment a thing became so is kept in UTC, so that it can be compared when undone."""
    animal, _ = make_animal()
    recorded(K.DEATH, animal, by=OPERATOR)
    assert animal.state_at
    assert animal.state_at.tzinfo is UTC
    assert isinstance(animal.state_at, datetime)
    assert animal.state_at <= now()
    tag = select(Identifier.ended_at).where(Identifier.animal_id == animal.id)
    assert db.session.scalars(tag).all() == [None]  # a dead animal still has its name
