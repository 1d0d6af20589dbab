"""A registration that was a mistake is withdrawn, while nothing hangs on it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.hanging import ThingsHangOnIt
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    IdentifierKind,
    Observation,
    ObservationKind,
    Sex,
    Verification,
)
from sijinak.animals.naming import TagTaken
from sijinak.animals.numbers import LinkNumber, link_number
from sijinak.animals.photos.models import PhotoView
from sijinak.animals.photos.services import AddPhoto, add_photo
from sijinak.animals.queries import identifiers_of
from sijinak.animals.services import NotPresent, SeeAnimal, register_animal, see_animal
from sijinak.animals.withdrawing import (
    CameOtherwise,
    WithdrawRegistration,
    withdraw_registration,
)
from sijinak.core.clock import clock, now
from sijinak.core.codes import new_tag_code
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.files.pictures import Picture
from tests.animals.factories import bull, make_animal, make_keeper
from tests.factories import LUNYUK, actor_for

pytestmark = pytest.mark.usefixtures("context")


def withdrawal(animal: Animal) -> WithdrawRegistration:
    return WithdrawRegistration(animal_id=animal.id, reason="salah ketik")


def withdraw(command: WithdrawRegistration, by: Actor = OPERATOR) -> Animal:
    with transaction():
        return withdraw_registration(command, by=by)


def test_the_record_stays_and_says_why():
    animal, tag = make_animal()
    clerk = actor_for(Role.CLERK, LUNYUK)
    gone = withdraw(withdrawal(animal), by=clerk)
    assert (gone.state, gone.state_at is not None) == (AnimalState.WITHDRAWN, True)
    (worn,) = identifiers_of(animal.id)
    assert (worn.value, worn.end_reason) == (tag, EndReason.WITHDRAWN)
    last = db.session.scalars(select(Observation).order_by(Observation.id.desc())).first()
    assert last is not None
    assert (last.kind, last.reason, last.by_id) == (
        ObservationKind.UNDONE, "salah ketik", clerk.id,
    )  # fmt: skip
    said = db.session.scalars(select(Event).where(Event.name == "animal.withdrawn")).one()
    assert (said.subject_id, said.facts) == (animal.id, {"reason": "salah ketik"})


def test_the_same_command_twice_withdraws_once():
    command = withdrawal(make_animal()[0])
    assert withdraw(command).id == withdraw(command).id
    assert len(db.session.scalars(select(Event).where(Event.name == "animal.withdrawn")).all()) == 1
    with pytest.raises(NotPresent):
        withdraw(WithdrawRegistration(animal_id=command.animal_id, reason="sekali lagi"))


def test_what_was_seen_again_stays():
    animal, _tag = make_animal()
    with clock.reading(now() + timedelta(seconds=5)):
        with transaction():
            seen = SeeAnimal(animal_id=animal.id, seen_before=animal.seen_at, colour="hitam")
            see_animal(seen, by=OPERATOR)
        with pytest.raises(ThingsHangOnIt):
            withdraw(withdrawal(animal))
    assert db.session.get_one(Animal, animal.id).state is AnimalState.PRESENT


def test_what_came_by_a_mutation_is_undone_there():
    animal, _tag = make_animal(cause_id=uuid7())
    with pytest.raises(CameOtherwise):
        withdraw(withdrawal(animal))


def test_an_animal_that_was_only_declared_is_withdrawn_too():
    animal, _tag = make_animal(verification=Verification.DECLARED)
    assert withdraw(withdrawal(animal)).state is AnimalState.WITHDRAWN


def test_only_who_registers_there_withdraws():
    animal, _tag = make_animal()
    with pytest.raises(NotFound):
        withdraw(withdrawal(animal), by=actor_for(Role.CLERK, "52.04.08"))
    with pytest.raises(Forbidden):
        withdraw(withdrawal(animal), by=actor_for(Role.AUDITOR))


def test_a_free_tag_goes_to_one_of_two_who_want_it_at_once(context: Flask):
    code, keeper = new_tag_code(), make_keeper()
    with transaction():
        first = register_animal(bull(keeper.id, tag=code), by=OPERATOR)
    withdraw(withdrawal(first))
    start, won, lost = Barrier(2), [], []

    def register() -> None:
        with context.app_context():
            start.wait()
            try:
                with transaction():
                    won.append(register_animal(bull(keeper.id, tag=code), by=OPERATOR).id)
            except (TagTaken, Clash) as error:
                lost.append(error)
            db.session.remove()

    threads = [Thread(target=register) for _ in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 1)
    assert [i.value for i in identifiers_of(won[0])] == [code]
    assert identifiers_of(first.id) == []


@pytest.mark.parametrize("tie", ["calf", "number", "photo"])
def test_what_was_built_on_a_registration_is_named(tie: str):
    keeper = make_keeper()
    animal, _ = make_animal(keeper, sex=Sex.FEMALE, eartag="ID1", rfid="360000000012345")
    if tie == "calf":
        make_animal(keeper, dam_id=animal.id)
    elif tie == "number":
        card = LinkNumber(animal_id=animal.id, kind=IdentifierKind.OLD_CARD, number="77")
        with transaction():
            link_number(card, by=OPERATOR)
    else:
        shot = Picture(b"large", b"small", 1280, 960)
        added = AddPhoto(animal_id=animal.id, view=PhotoView.MUZZLE, picture=shot)
        with transaction():
            add_photo(added, by=OPERATOR)
    command = WithdrawRegistration(animal_id=animal.id, reason="salah")
    with pytest.raises(ThingsHangOnIt) as refused, transaction():
        withdraw_registration(command, by=OPERATOR)
    assert refused.value.facts["kinds"] == [tie]
