"""What was a mistake is taken back while nothing hangs on it; all of it stays readable."""

from typing import Any

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.changing import ChangedSince, plain
from sijinak.animals.hanging import ThingsHangOnIt
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    ObservationKind,
    Sex,
    Verification,
)
from sijinak.animals.mutations.models import Mutation, MutationKind, MutationState
from sijinak.animals.mutations.queries import mutations_of
from sijinak.animals.mutations.services import (
    CorrectAnimal,
    RecordBirth,
    RecordPurchase,
    RetagAnimal,
    UndoMutation,
    correct_animal,
    record_birth,
    record_purchase,
    retag_animal,
    undo_mutation,
)
from sijinak.animals.mutations.writing import NeedsReason
from sijinak.animals.queries import identifiers_of, live_tags, observations_of
from sijinak.animals.services import SeeAnimal, see_animal
from sijinak.core.clock import today
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.flow import WrongState
from sijinak.core.permissions import OPERATOR, Actor
from tests.animals.factories import bull, make_animal, make_keeper
from tests.animals.mutations.deeds import (
    K,
    at_once,
    make_cow,
    make_village,
    now_known,
    proposed,
    recorded,
    sold,
)
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for

pytestmark = pytest.mark.usefixtures("context")
COLUMNS = [column.name for column in Animal.__table__.columns]


def undone(mutation: Mutation, by: Actor = OPERATOR, reason: str = "salah ternak") -> Mutation:
    with transaction():
        return undo_mutation(UndoMutation(mutation_id=mutation.id, reason=reason), by=by)


def as_it_is(animal: Animal) -> dict[str, Any]:
    known = now_known(animal)
    return {name: plain(getattr(known, name)) for name in COLUMNS}


def born(cow: Animal) -> Mutation:
    with transaction():
        return record_birth(
            RecordBirth(
                dam_id=cow.id, happened_on=today(), sex=Sex.MALE, verification=Verification.DECLARED
            ),
            by=OPERATOR,
        )  # fmt: skip


@pytest.mark.parametrize("kind", [K.DEATH, K.SLAUGHTER, K.THEFT, K.MOVE], ids=str)
def test_the_animal_is_as_before_and_both_facts_stay(kind: MutationKind):
    vet = actor_for(Role.VET, LUNYUK)
    animal, _ = make_animal(hamlet="Dusun Satu")
    before = as_it_is(animal)
    mutation = recorded(kind, animal, by=vet)
    assert as_it_is(animal) != before
    undone(mutation, vet)
    assert as_it_is(animal) == before
    said = observations_of([animal.id])[-2:]
    assert [one.kind for one in said] == [ObservationKind.MUTATED, ObservationKind.UNDONE]
    assert said[1].reason == "salah ternak"
    assert (mutation.state, mutation.ended_because) == (MutationState.UNDONE, "salah ternak")
    assert mutation.village_no == 1  # its number is not given again
    assert recorded(kind, animal, by=vet).village_no == 2


def test_a_find_undone_is_stolen_still():
    animal, _ = make_animal()
    recorded(K.THEFT, animal, by=OPERATOR)
    before = as_it_is(animal)
    undone(recorded(K.FOUND, animal, by=OPERATOR))
    assert as_it_is(animal) == before
    assert animal.state is AnimalState.STOLEN


@pytest.mark.parametrize("kind", [K.SALE, K.GIFT, K.INHERITANCE, K.SHARING], ids=str)
def test_a_transfer_undone_gives_the_animals_back(kind: MutationKind):
    there = make_village()
    animal, _ = make_animal(there.seller)
    before = as_it_is(animal)
    mutation = sold(there, animal, kind=kind, to_village=LUNYUK_ODE)
    assert as_it_is(animal) != before
    undone(mutation, there.clerk)
    assert as_it_is(animal) == before


def test_the_end_of_sharing_is_undone():
    there = make_village()
    animal, _ = make_animal(there.seller, raiser_id=there.buyer.id)
    ending = proposed(there, animal, kind=K.SHARING_END)
    assert ending.from_keeper_id == there.buyer.id
    from sijinak.animals.mutations.models import Side
    from tests.animals.mutations.deeds import acknowledged, answered

    answered(ending, Side.GIVER, there.vet)
    answered(ending, Side.RECEIVER, there.vet)
    acknowledged(ending, there.head)
    assert now_known(animal).raiser_id is None
    undone(ending)
    assert now_known(animal).raiser_id == there.buyer.id


def test_a_new_tag_undone_gives_the_old_one_its_name_back():
    animal, old = make_animal()
    code = tag_code_of(77)
    command = RetagAnimal(animal_id=animal.id, why=EndReason.LOST, code=code)
    with transaction():
        mutation = retag_animal(command, by=OPERATOR)
    undone(mutation)
    assert live_tags([animal.id])[animal.id].value == old
    new = next(i for i in identifiers_of(animal.id) if i.value == code)
    assert (new.end_reason, new.animal_id) == (EndReason.MISTAKE, animal.id)


def test_a_correction_undone_keeps_three_facts():
    animal, _ = make_animal(colour="hitam")
    with transaction():
        mutation = correct_animal(
            CorrectAnimal(animal_id=animal.id, values={"colour": "putih"}, reason="salah"),
            by=OPERATOR,
        )
    undone(mutation)
    said = [(one.kind.value, one.after.get("colour")) for one in observations_of([animal.id])]
    assert said == [("registered", "hitam"), ("corrected", "putih"), ("undone", "hitam")]


def test_a_birth_undone_withdraws_the_calf_and_counts_the_mothers_calvings_back():
    cow = make_cow(calvings=1, is_pregnant=True)
    before = as_it_is(cow)
    mutation = born(cow)
    (calf_id,) = {line.animal_id for line in mutation.animals} - {cow.id}
    with transaction():
        see_animal(
            SeeAnimal(animal_id=cow.id, seen_before=cow.seen_at, colour="hitam"), by=OPERATOR
        )
    before |= {name: as_it_is(cow)[name] for name in ("seen_at", "seen_by")}
    undone(mutation)
    assert as_it_is(cow) == before
    calf = db.session.get_one(Animal, calf_id)
    assert calf.state is AnimalState.WITHDRAWN
    assert {i.end_reason for i in identifiers_of(calf_id)} == {EndReason.WITHDRAWN}
    assert [m.state for m in mutations_of([calf_id])] == [MutationState.UNDONE]


def test_a_purchase_undone_withdraws_the_animal():
    command = RecordPurchase(
        animal=bull(make_keeper().id), happened_on=today(), seller="Umar", came_from="Dompu"
    )
    with transaction():
        mutation = record_purchase(command, by=OPERATOR)
    undone(mutation)
    animal = db.session.get_one(Animal, command.animal.id)
    assert animal.state is AnimalState.WITHDRAWN
    assert not live_tags([animal.id])


def test_nothing_is_undone_that_something_hangs_on():
    there = make_village()
    animal, _ = make_animal(there.seller)
    move = recorded(K.MOVE, animal, by=there.vet, to_village=animal.village, to_hamlet="Dua")
    sale = proposed(there, animal)
    with pytest.raises(ThingsHangOnIt) as caught:
        undone(move)
    assert caught.value.facts["kinds"] == ["mutation"]
    from sijinak.animals.mutations.services import (
        CancelTransfer,
        cancel_transfer,
    )

    with transaction():
        cancel_transfer(CancelTransfer(mutation_id=sale.id, reason="batal"), by=there.clerk)
    death = recorded(K.DEATH, animal, by=there.vet)
    with pytest.raises(ThingsHangOnIt):
        undone(move)
    undone(death)
    undone(move)
    assert now_known(animal).hamlet == ""


def test_a_birth_with_a_later_calving_of_the_mother_is_undone_after_that_one():
    cow = make_cow(calvings=0)
    first = born(cow)
    with transaction():
        correct_animal(
            CorrectAnimal(animal_id=cow.id, values={"calvings": 5}, reason="kata pemilik"),
            by=OPERATOR,
        )
    with pytest.raises(ChangedSince):
        undone(first)
    assert first.state is MutationState.DONE or now_known(cow).calvings == 5


def test_who_may_undo_and_what():
    there = make_village()
    animal, _ = make_animal(there.seller)
    death = recorded(K.DEATH, animal, by=there.vet)
    for by, error in (
        (there.owner, Forbidden),
        (there.head, Forbidden),
        (actor_for(Role.AUDITOR), Forbidden),
        (actor_for(Role.VET, LUNYUK_ODE), NotFound),
    ):
        with pytest.raises(error):
            undone(death, by)
    with pytest.raises(NeedsReason):
        undone(death, there.vet, reason=" ")
    undone(death, there.vet)
    with pytest.raises(WrongState):
        undone(death, there.vet)
    sale = proposed(there, animal)
    with pytest.raises(WrongState):
        undone(sale, there.vet)


def test_undone_twice_at_once_is_undone_once(app: Flask):
    animal, _ = make_animal()
    death = recorded(K.DEATH, animal, by=OPERATOR)
    commands = [UndoMutation(mutation_id=death.id, reason="salah") for _ in range(2)]
    answers = at_once(app, *[lambda c=c: undo_mutation(c, by=OPERATOR) for c in commands])
    assert answers == ["WrongState", "done"]
    assert now_known(animal).state is AnimalState.PRESENT
    assert [o.kind for o in observations_of([animal.id])].count(ObservationKind.UNDONE) == 1
