"""A village day through HTTP: an owner once, then animals with what they share typed once."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.animals.models import (
    Animal,
    AnimalState,
    Identifier,
    Precision,
    Sex,
    Species,
    Verification,
)
from sijinak.animals.queries import identifiers_of
from sijinak.areas.queries import villages_in
from sijinak.core.clock import clock
from sijinak.core.codes import new_tag_code
from sijinak.core.db import db
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_animal, make_keeper, person
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, make_user, signed_in

MORNING = datetime(2026, 5, 10, 1, tzinfo=UTC)
COW = {
    "species": "cattle", "breed": "Sapi Bali", "verification": "seen", "village": LUNYUK_REA,
    "hamlet": "Dusun Senteluk", "sex": "female", "colour": "merah bata", "age": "3",
    "age_unit": "year",
}  # fmt: skip


@pytest.fixture
def clerk(app: Flask) -> FlaskClient:
    with app.app_context():
        return signed_in(app, make_user(Role.CLERK, LUNYUK))


@pytest.fixture
def owner(app: Flask) -> Keeper:
    with app.app_context():
        return make_keeper()


def save(client: FlaskClient, owner: Keeper, **fields: str) -> TestResponse:
    page = f"/hari-desa/{owner.id}"
    line = {"id": id_on(client.get(page).text), **COW, **fields}
    return form_post(client, page, page=page, **line)


def herd(app: Flask) -> list[Animal]:
    with app.app_context():
        return list(db.session.scalars(select(Animal).order_by(Animal.id)))


def test_a_line_is_an_animal_with_the_age_that_was_stated(
    app: Flask, clerk: FlaskClient, owner: Keeper
):
    with clock.reading(MORNING):
        for age, unit in (("3", "year"), ("2,5", "year"), ("7", "month"), ("", "year")):
            answer = save(clerk, owner, age=age, age_unit=unit)
            assert answer.status_code == 303
    born = [(a.birth_date and a.birth_date.isoformat(), a.birth_precision) for a in herd(app)]
    assert born == [
        ("2023-05-10", Precision.ESTIMATED), ("2023-11-10", Precision.ESTIMATED),
        ("2025-10-10", Precision.ESTIMATED), (None, None),
    ]  # fmt: skip
    first = herd(app)[0]
    assert (first.keeper_id, first.sex, first.species) == (owner.id, Sex.FEMALE, Species.CATTLE)
    assert (first.hamlet, first.breed) == ("Dusun Senteluk", "Sapi Bali")
    assert (first.verification, first.seen_at) == (Verification.SEEN, MORNING)


def test_the_next_line_begins_with_what_animals_of_one_owner_share(
    clerk: FlaskClient, owner: Keeper
):
    page = clerk.get(f"/hari-desa/{owner.id}").text
    assert 'name="species" autofocus' in page
    save(clerk, owner, species="goat", breed="Kambing PE", brand="AB paha kiri", age="2")
    page = clerk.get(f"/hari-desa/{owner.id}").text
    for kept in ('value="goat" selected', 'value="Kambing PE"', 'value="female"'):
        assert kept in page
    for mark in ("merah bata", "AB paha kiri"):
        assert f'autocomplete="off" value="{mark}"' not in page, "it is known again by its own"
    assert 'name="colour" autocomplete="off" value=""' in page
    assert 'name="age" autocomplete="off" value=""' in page
    assert 'value="female" id="field-sex" autofocus' in page


def test_yesterdays_animals_say_nothing_about_today(clerk: FlaskClient, owner: Keeper):
    with clock.reading(datetime(2026, 5, 9, 15, 59, tzinfo=UTC)):
        save(clerk, owner, breed="Sapi Hissar")
        assert "Sapi Hissar, betina" in clerk.get(f"/hari-desa/{owner.id}").text
    with clock.reading(datetime(2026, 5, 9, 16, 0, tzinfo=UTC)):  # midnight in Sumbawa
        assert "Sapi Hissar, betina" not in clerk.get(f"/hari-desa/{owner.id}").text


def test_the_same_enter_twice_is_one_animal(app: Flask, clerk: FlaskClient, owner: Keeper):
    page = f"/hari-desa/{owner.id}"
    line = {"id": id_on(clerk.get(page).text), **COW}
    answers = [form_post(clerk, page, page=page, **line) for _ in "12"]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(herd(app)) == 1


@pytest.mark.parametrize(
    ("mistake", "field"),
    [
        ({"sex": ""}, "sex"),
        ({"age": "dua"}, "age"),
        ({"age": "41"}, "age"),
        ({"age_unit": "day"}, "age_unit"),
        ({"colour": "", "special_marks": ""}, "colour"),
        ({"teeth": "9"}, "teeth"),
        ({"sex": "male", "calvings": "2"}, "calvings"),
        ({"sex": "male", "is_pregnant": "true"}, "is_pregnant"),
        ({"tag": "7K3M"}, "tag"),
        ({"eartag": "***"}, "eartag"),
        ({"village": ""}, "village"),
        ({"species": "dragon"}, "species"),
    ],
)
def test_a_mistake_keeps_what_was_typed_and_the_cursor_goes_there(
    app: Flask, clerk: FlaskClient, owner: Keeper, mistake: dict[str, str], field: str
):
    answer = save(clerk, owner, **{"hamlet": "Dusun Baru", "special_marks": "sobek", **mistake})
    assert answer.status_code == 422
    assert 'value="Dusun Baru"' in answer.text
    assert f'id="error-{field}"' in answer.text
    (control,) = (tag for tag in answer.text.split("<") if " autofocus" in tag)
    assert f'id="field-{field}"' in control
    assert herd(app) == []


def test_a_tag_that_another_animal_wears_is_refused_at_its_field(
    app: Flask, clerk: FlaskClient, owner: Keeper
):
    code = new_tag_code()
    assert save(clerk, owner, tag=code).status_code == 303
    answer = save(clerk, owner, tag=code)
    assert answer.status_code == 422
    assert 'id="error-tag"' in answer.text
    assert len(herd(app)) == 1


def test_the_owner_is_found_or_registered_on_the_way(app: Flask, clerk: FlaskClient, owner: Keeper):
    found = clerk.get(f"/hari-desa/?desa={LUNYUK_REA}&nama=abdul").text
    assert f'href="/hari-desa/{owner.id}"' in found
    elsewhere = clerk.get(f"/hari-desa/?desa={LUNYUK_ODE}&nama=abdul").text
    assert f'href="/hari-desa/{owner.id}"' in elsewhere
    page = clerk.get("/hari-desa/?nama=Siti Hawa").text
    assert f'value="{LUNYUK_ODE}" selected' in page, "the village is remembered"
    new = {
        "id": id_on(page), "kind": "person", "name": "Siti Hawa", "village": LUNYUK_ODE,
        "nik": "5204024101800077",
    }  # fmt: skip
    refused = form_post(clerk, "/hari-desa/", page="/hari-desa/?nama=S", **{**new, "nik": "52"})
    assert refused.status_code == 422
    assert 'value="Siti Hawa"' in refused.text
    answer = form_post(clerk, "/hari-desa/", page="/hari-desa/?nama=S", **new)
    with app.app_context():
        siti = db.session.scalars(select(Keeper).where(Keeper.name == "Siti Hawa")).one()
    assert answer.location == f"/hari-desa/{siti.id}"
    assert f'value="{LUNYUK_ODE}" selected' in clerk.get(answer.location).text


def test_a_nik_that_is_known_leads_to_its_owner(app: Flask, clerk: FlaskClient):
    with app.app_context():
        known = make_keeper(person(nik="5204024101800078", name="Abdul Hamid"))
    new = {
        "id": id_on(clerk.get("/hari-desa/?nama=Abdullah").text), "kind": "person",
        "name": "Abdullah", "village": LUNYUK_REA, "nik": "5204024101800078",
    }  # fmt: skip
    answer = form_post(clerk, "/hari-desa/", page="/hari-desa/?nama=S", **new)
    assert answer.status_code == 422
    assert f'href="/hari-desa/{known.id}"' in answer.text


def test_who_may_not_register_there_has_no_village_day(app: Flask, owner: Keeper):
    def browser(role: Role, region: str) -> FlaskClient:
        with app.app_context():
            return signed_in(app, make_user(role, region))

    away = browser(Role.CLERK, "52.04.08")
    assert away.get(f"/hari-desa/{owner.id}").status_code == 404
    assert "Abdul Hamid" not in away.get("/hari-desa/?nama=abdul").text
    line = {"id": str(UUID(int=1)), **COW}
    sent = form_post(away, f"/hari-desa/{owner.id}", page="/hari-desa/?nama=S", **line)
    assert sent.status_code == 404
    for role in (Role.AUDITOR, Role.TRADER, Role.VILLAGE_HEAD):
        assert browser(role, LUNYUK).get("/hari-desa/").status_code == 403
    assert herd(app) == []


def test_a_line_in_a_village_out_of_reach_is_refused(app: Flask, clerk: FlaskClient, owner: Keeper):
    with app.app_context():
        elsewhere = villages_in("52.04.08")[0].code
    assert save(clerk, owner, village=elsewhere).status_code == 403
    assert herd(app) == []


def test_a_line_is_taken_back_and_its_tag_is_free_again(
    app: Flask, clerk: FlaskClient, owner: Keeper
):
    code = new_tag_code()
    save(clerk, owner, tag=code, eartag="ID-1")
    (animal,) = herd(app)
    page = f"/hari-desa/{owner.id}/{animal.id}/batal"
    asked = clerk.get(page)
    assert page in clerk.get(f"/hari-desa/{owner.id}").text
    answer = form_post(clerk, page, page=page, id=id_on(asked.text), reason="salah pemilik")
    assert answer.status_code == 303
    assert page not in clerk.get(f"/hari-desa/{owner.id}").text
    assert save(clerk, owner, tag=code, eartag="ID-1").status_code == 303
    gone, kept = herd(app)
    assert gone.state is AnimalState.WITHDRAWN
    with app.app_context():
        assert {i.value for i in identifiers_of(kept.id)} == {code, "ID-1"}
        assert len(db.session.scalars(select(Identifier)).all()) == 2


def test_what_is_not_of_this_owner_is_not_taken_back_here(
    app: Flask, clerk: FlaskClient, owner: Keeper
):
    with app.app_context():
        other, _tag = make_animal(make_keeper(person(name="Orang Lain")))
    page = f"/hari-desa/{owner.id}/{other.id}/batal"
    assert clerk.get(page).status_code == 404
    sent = form_post(
        clerk, page, page="/hari-desa/?nama=S", id=str(UUID(int=2)), reason="salah ketik"
    )
    assert sent.status_code == 404
    assert herd(app)[0].state is AnimalState.PRESENT
