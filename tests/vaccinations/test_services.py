from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, Invalid, NotFound
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.once import SaidOtherwise
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.vaccinations.giving import LotMissing, ProductInactive, UnknownProduct
from sijinak.vaccinations.models import Disease, Product, Standing, Vaccination, VaccinationAct
from sijinak.vaccinations.services import (
    MOST_ANIMALS,
    AnimalTwice,
    GivenInTheFuture,
    GivenTooLongAgo,
    NoAnimals,
    RecordVaccinations,
    TooManyAnimals,
    load_products,
    record_vaccinations,
)
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, REGENCY, actor_for
from tests.vaccinations.factories import days_ago, doses, history_of, product, vaccinate

pytestmark = pytest.mark.usefixtures("context")


def count(model: type[VaccinationAct] | type[Vaccination]) -> int | None:
    return db.session.scalar(select(func.count(model.id)))


def test_one_animal_gets_a_dose_and_a_day_for_the_next():
    vet = actor_for(Role.VET, LUNYUK)
    animal, _ = make_animal()
    act = vaccinate(doses([animal.id], lot=" L-7 "), by=vet)
    (line,) = history_of(animal.id)
    assert (line.product, line.disease, line.lot) == ("Lumpyvac", Disease.LSD, "L-7")
    assert (line.given_on, line.next_due) == (today(), today() + timedelta(days=365))
    assert (line.vaccinator_name, line.standing) == (vet.name, Standing.COUNTS)
    assert (act.region, act.vaccinator_id) == (LUNYUK_REA, vet.id)


def test_one_act_serves_many_animals_of_two_villages():
    vet = actor_for(Role.PARAMEDIC, LUNYUK)
    keeper = make_keeper()
    herd = [make_animal(keeper, village=v)[0].id for v in (LUNYUK_REA, LUNYUK_REA, LUNYUK_ODE)]
    act = vaccinate(doses(herd), by=vet)
    assert (act.region, count(VaccinationAct), count(Vaccination)) == (LUNYUK, 1, 3)


def test_recording_leaves_a_line_in_the_trail():
    vet = actor_for(Role.VET, LUNYUK)
    animal, _ = make_animal()
    act = vaccinate(doses([animal.id]), by=vet)
    event = db.session.scalars(select(Event).where(Event.name == "vaccination.recorded")).one()
    assert (event.subject_id, event.actor_id, event.region) == (act.id, vet.id, LUNYUK_REA)
    assert event.facts == {"animals": 1, "doubles": 0, "product": "lumpyvac"}


def test_the_day_is_the_one_on_the_offices_clock():
    animal, _ = make_animal()
    half_past_midnight = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    with clock.reading(half_past_midnight + timedelta(hours=1)):
        act = vaccinate(doses([animal.id], given_at=half_past_midnight))
    assert act.given_on.isoformat() == "2026-11-21"


def test_the_first_dose_asks_for_a_second_soon_and_the_second_for_one_in_half_a_year():
    animal, _ = make_animal()
    vaccinate(doses([animal.id], of="aftogen-oleo", given_at=days_ago(29)))
    vaccinate(doses([animal.id], of="aftogen-oleo"))
    second, first = history_of(animal.id)
    assert first.next_due == first.given_on + timedelta(days=28)
    assert second.next_due == second.given_on + timedelta(days=180)


def test_a_label_that_nobody_has_read_promises_no_day():
    animal, _ = make_animal()
    vaccinate(doses([animal.id], of="jdvacc"))
    assert [line.next_due for line in history_of(animal.id)] == [None]


def test_the_same_disease_twice_on_a_day_is_kept_and_marked():
    animal, _ = make_animal()
    vaccinate(doses([animal.id], of="lumpyvac"))
    vaccinate(doses([animal.id], of="mevac-lsd"))
    vaccinate(doses([animal.id], of="septivet"))
    assert {(line.product, line.standing) for line in history_of(animal.id)} == {
        ("Lumpyvac", "counts"),
        ("Mevac LSD", "double"),
        ("Septivet", "counts"),
    }


def test_sending_twice_records_once():
    vet = actor_for(Role.VET, LUNYUK)
    animal, _ = make_animal()
    same = doses([animal.id])
    assert {vaccinate(same, by=vet).id for _ in range(2)} == {same.id}
    assert (count(VaccinationAct), count(Vaccination)) == (1, 1)


def test_a_phone_that_sends_again_after_months_gets_the_same_act():
    vet = actor_for(Role.VET, LUNYUK)
    animal, _ = make_animal()
    same = doses([animal.id])
    vaccinate(same, by=vet)
    with clock.reading(now() + timedelta(days=90)):
        assert vaccinate(same, by=vet).id == same.id


def test_the_same_id_with_other_content_is_refused_and_the_first_is_kept():
    vet = actor_for(Role.VET, LUNYUK)
    animal, _ = make_animal()
    first = doses([animal.id], lot="A")
    vaccinate(first, by=vet)
    with pytest.raises(SaidOtherwise):
        vaccinate(doses([animal.id], id=first.id, lot="B"), by=vet)
    assert [line.lot for line in history_of(animal.id)] == ["A"]


def test_the_same_id_from_somebody_else_is_refused():
    animal, _ = make_animal()
    same = doses([animal.id])
    vaccinate(same, by=actor_for(Role.VET, LUNYUK))
    with pytest.raises(SaidOtherwise):
        vaccinate(same, by=actor_for(Role.VET, LUNYUK))


def at_once(app: Flask, commands: list[RecordVaccinations], by: list[Actor]) -> list[object]:
    """What each thread got: the act's id or the error."""
    answers: list[object] = []
    gate = Barrier(len(commands))

    def send(command: RecordVaccinations, actor: Actor) -> None:
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    answers.append(record_vaccinations(command, by=actor).id)
            except Exception as error:  # noqa: BLE001 - shown by the test
                answers.append(error)
            db.session.remove()

    threads = [Thread(target=send, args=pair) for pair in zip(commands, by, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()  # what this thread read before is old
    return answers


def test_four_clicks_at_once_record_once(context: Flask):
    vet = actor_for(Role.VET, LUNYUK)
    same = doses([make_animal()[0].id])
    assert at_once(context, [same] * 4, [vet] * 4) == [same.id] * 4
    assert (count(VaccinationAct), count(Vaccination)) == (1, 1)


def test_of_two_vets_at_once_both_are_kept_and_one_is_the_double(context: Flask):
    keeper = make_keeper()
    herd = [make_animal(keeper)[0].id for _ in range(3)]
    vets: list[Actor] = [actor_for(Role.VET, LUNYUK) for _ in range(4)]
    acts = [doses(herd if n % 2 else herd[::-1]) for n in range(4)]
    assert set(at_once(context, acts, vets)) == {act.id for act in acts}
    for animal_id in herd:
        assert sorted(line.standing for line in history_of(animal_id)) == [
            "counts",
            "double",
            "double",
            "double",
        ]


def test_a_village_officer_stays_in_the_village():
    officer = actor_for(Role.PARAMEDIC, LUNYUK_REA)
    keeper = make_keeper()
    mine, _ = make_animal(keeper)
    theirs, _ = make_animal(keeper, village=LUNYUK_ODE)
    vaccinate(doses([mine.id]), by=officer)
    with pytest.raises(NotFound):
        vaccinate(doses([mine.id, theirs.id]), by=officer)
    assert count(VaccinationAct) == 1


def test_the_vet_of_another_kecamatan_finds_no_such_animal():
    vet = actor_for(Role.VET, "52.04.05")
    with pytest.raises(NotFound):
        vaccinate(doses([make_animal()[0].id]), by=vet)


def test_an_animal_that_does_not_exist_is_not_found():
    with pytest.raises(NotFound):
        vaccinate(doses([uuid7()]))


@pytest.mark.parametrize("role", [Role.TRADER, Role.KABID, Role.AUDITOR, Role.TREASURER])
def test_who_does_not_vaccinate_may_not_record(role: Role):
    keeper = make_keeper()
    animal, _ = make_animal(keeper)
    somebody = actor_for(role, REGENCY, keeper_id=keeper.id if role is Role.TRADER else None)
    with pytest.raises(Forbidden):
        vaccinate(doses([animal.id]), by=somebody)


def wrong(animal_id: UUID) -> list[tuple[dict[str, Any], type[Invalid]]]:
    """What cannot be recorded, and the error that says so."""
    many = tuple(uuid7() for _ in range(MOST_ANIMALS + 1))
    return [
        ({"given_at": now() + timedelta(minutes=1)}, GivenInTheFuture),
        ({"given_at": now() - timedelta(days=30, minutes=1)}, GivenTooLongAgo),
        ({"product_id": uuid7()}, UnknownProduct),
        ({"product_id": product("neo-rabivet").id}, ProductInactive),
        ({"lot": "  "}, LotMissing),
        ({"animal_ids": ()}, NoAnimals),
        ({"animal_ids": many}, TooManyAnimals),
        ({"animal_ids": (animal_id, animal_id)}, AnimalTwice),
    ]


def test_what_is_wrong_is_refused_and_leaves_nothing():
    animal, _ = make_animal()
    for fields, error in wrong(animal.id):
        with pytest.raises(error):
            vaccinate(replace(doses([animal.id]), **fields))
    assert (count(VaccinationAct), count(Vaccination)) == (0, 0)
    assert not db.session.scalars(select(Event).where(Event.name == "vaccination.recorded")).all()


def test_a_refused_record_may_be_put_right_and_sent_with_the_same_id():
    animal, _ = make_animal()
    refused = doses([animal.id], given_at=now() + timedelta(hours=1))
    with pytest.raises(GivenInTheFuture):
        vaccinate(refused)
    assert vaccinate(doses([animal.id], id=refused.id)).id == refused.id


def test_29_days_back_can_still_be_recorded():
    animal, _ = make_animal()
    assert vaccinate(doses([animal.id], given_at=days_ago(29))).given_at < now()


def test_loading_again_leaves_what_the_office_changed():
    with transaction():
        changed = product("anthravet")
        changed.withdrawal_days, changed.source = 56, "label of lot 12"
        db.session.delete(product("jdvacc"))
        added = load_products(by=OPERATOR)
    assert added == 1
    db.session.expire_all()
    assert (product("anthravet").withdrawal_days, product("jdvacc").interval_days) == (56, None)


def test_every_product_says_where_its_numbers_come_from():
    for found in db.session.scalars(select(Product)):
        numbers = (found.interval_days, found.withdrawal_days)
        assert found.source
        assert None not in numbers or "lihat label" in found.source
