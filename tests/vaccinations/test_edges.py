import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.core.clock import local, now
from sijinak.core.codes import spaced
from sijinak.core.ids import uuid7
from sijinak.vaccinations import due_pages
from sijinak.vaccinations.schemas import split_codes
from tests.animals.factories import make_animal, make_keeper
from tests.animals.states import die
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, REGENCY, make_user, signed_in
from tests.vaccinations.factories import days_ago, doses, history_of, product, vaccinate

FORM = "/vaksinasi/baru"
API = "/api/v1/vaccinations"


def vet(app: Flask, region: str = LUNYUK) -> FlaskClient:
    return signed_in(app, make_user(Role.VET, region))


def typed(page: str, *codes: str, **fields: str) -> dict[str, str]:
    """The form as a vet fills it in."""
    return {
        "id": id_on(page),
        "product_id": str(product().id),
        "lot": "L-2611",
        "given_at": local(now()).strftime("%Y-%m-%dT%H:%M"),
        "codes": "\n".join(codes),
        "note": "",
        **fields,
    }


def sent(animal_id: object, **fields: Any) -> dict[str, Any]:
    """The act as a phone sends it."""
    return {
        "id": str(uuid7()),
        "product_id": str(product().id),
        "lot": "L-2611",
        "given_at": (now() - timedelta(minutes=1)).isoformat(),
        "animal_ids": [str(animal_id)],
        **fields,
    }


def test_a_vet_scans_checks_and_records(context: Flask):
    client = vet(context)
    animal, tag = make_animal()
    page = client.get(f"{FORM}?kode={tag}").text
    assert spaced(tag) in page
    answers = typed(page, spaced(tag))
    checked = form_post(client, FORM, **answers, step="check")
    assert (checked.status_code, history_of(animal.id)) == (200, [])
    for shown in (spaced(tag), "Sapi Bali", "Abdul Hamid", "Lunyuk Rea", "Lumpyvac"):
        assert shown in checked.text
    recorded = form_post(client, FORM, **answers, step="record")
    assert recorded.status_code == 302
    assert "Lumpyvac" in client.get(recorded.location).text
    assert len(history_of(animal.id)) == 1


def hidden_in(page: str) -> dict[str, str]:
    """What the form on the page sends by itself, its token too."""
    form = page.split(f'action="{FORM}"')[1].split("</form>", maxsplit=1)[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_the_forms_bring_along_all_that_the_next_step_needs(context: Flask):
    client = vet(context)
    animal, tag = make_animal()
    page = client.get(f"{FORM}?kode={tag}").text
    checked = client.post(FORM, data={**typed(page, tag), **hidden_in(page), "step": "check"})
    assert checked.status_code == 200
    recorded = client.post(FORM, data={**hidden_in(checked.text), "step": "record"})
    assert recorded.status_code == 302
    assert len(history_of(animal.id)) == 1


def test_a_double_click_records_once_and_leads_to_the_same_act(context: Flask):
    client = vet(context)
    animal, tag = make_animal()
    answers = typed(client.get(FORM).text, tag)
    first, second = (form_post(client, FORM, **answers, step="record") for _ in range(2))
    assert first.location == second.location
    assert len(history_of(animal.id)) == 1


def test_going_back_and_sending_other_answers_is_refused(context: Flask):
    client = vet(context)
    animal, tag = make_animal()
    answers = typed(client.get(FORM).text, tag)
    form_post(client, FORM, **answers, step="record")
    other = form_post(client, FORM, **{**answers, "lot": "OTHER"}, step="record")
    assert other.status_code == 422
    assert [line.lot for line in history_of(animal.id)] == ["L-2611"]


def test_without_the_forms_token_nothing_is_recorded(context: Flask):
    client = vet(context)
    animal, tag = make_animal()
    answers = typed(client.get(FORM).text, tag)
    assert client.post(FORM, data={**answers, "step": "record"}).status_code == 400
    assert not history_of(animal.id)


def test_many_codes_in_the_spellings_people_use(context: Flask):
    client = vet(context)
    keeper = make_keeper()
    tags = [make_animal(keeper)[1] for _ in range(5)]
    text = (
        f"{tags[0]} {spaced(tags[1]).lower()},{spaced(tags[2]).replace('-', ' ')}\r\n"
        f"HTTP://127.0.0.1/T/{tags[3]}\r\n{tags[4]}; {tags[4]}"
    )
    answers = typed(client.get(FORM).text, text)
    page = form_post(client, FORM, **answers, step="check").text
    assert all(spaced(tag) in page for tag in tags)
    recorded = form_post(client, FORM, **answers, step="record")
    assert len(re.findall(r'href="/t/', client.get(recorded.location).text)) == 5


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("7K3M9QX45J 7K3M9QX4R", ["7K3M9QX45J", "7K3M9QX4R"]),
        ("7K3M 9QX4 5J 7K3M-9QX4-5J", ["7K3M 9QX4 5J", "7K3M-9QX4-5J"]),
        ("7K3M 7K3M-9QX4-5J", ["7K3M", "7K3M-9QX4-5J"]),
        ("\n , ;", []),
    ],
)
def test_codes_are_told_apart(text: str, codes: list[str]):
    assert list(split_codes(text)) == codes


def test_each_wrong_code_is_named_and_what_was_typed_stays(context: Flask):
    client = vet(context)
    _, tag = make_animal()
    _, theirs = make_animal(village="52.04.05.2001")
    answers = typed(client.get(FORM).text, tag, "SALAH-1", "7K3M9QX4R<", lot="L-99", note="Pagi")
    page = form_post(client, FORM, **answers, step="check")
    assert page.status_code == 422
    for shown in ("“SALAH-1”", "“7K3M9QX4R&lt;”", "L-99", "Pagi", tag, answers["id"]):
        assert shown in page.text
    answers["codes"] = f"{tag} {theirs}"
    page = form_post(client, FORM, **answers, step="check")
    assert page.status_code == 422
    assert f"{spaced(theirs)}:" in page.text
    assert f"{spaced(tag)}:" not in page.text


def test_a_form_with_nothing_in_it_says_what_is_missing(context: Flask):
    client = vet(context)
    page = form_post(client, FORM, id=id_on(client.get(FORM).text), step="check")
    assert page.status_code == 422
    for name in ("codes", "product_id", "lot", "given_at"):
        assert f'href="#field-{name}"' in page.text


def test_a_time_to_come_is_refused_before_anything_is_confirmed(context: Flask):
    client = vet(context)
    _, tag = make_animal()
    tomorrow = (local(now()) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answers = typed(client.get(FORM).text, tag, given_at=tomorrow)
    page = form_post(client, FORM, **answers, step="check")
    assert page.status_code == 422
    assert 'href="#field-given_at"' in page.text
    assert tomorrow in page.text


def test_changing_the_answers_shows_the_form_as_it_was(context: Flask):
    client = vet(context)
    animal, tag = make_animal()
    answers = typed(client.get(FORM).text, tag, lot="L-99")
    page = form_post(client, FORM, **answers, step="change")
    assert page.status_code == 200
    assert 'value="L-99"' in page.text
    assert answers["id"] in page.text
    assert not history_of(animal.id)


def test_an_animal_done_on_that_day_is_pointed_out(context: Flask):
    client = vet(context)
    animal, tag = make_animal()
    answers = typed(client.get(FORM).text, tag)
    assert "tone-warning" not in form_post(client, FORM, **answers, step="check").text
    vaccinate(doses([animal.id]))
    assert "tone-warning" in form_post(client, FORM, **answers, step="check").text


def test_the_next_form_remembers_vaccine_and_lot_of_the_vets_day(app: Flask):
    with app.app_context():
        me, colleague = make_user(Role.VET, LUNYUK), make_user(Role.VET, LUNYUK)
        chosen, (_, tag) = product().id, make_animal()
    client = signed_in(app, me)
    with app.app_context():
        answers = typed(client.get(FORM).text, tag, lot="L-99")
    form_post(client, FORM, **answers, step="record")
    page = client.get(FORM).text
    assert 'value="L-99"' in page
    assert f'<option value="{chosen}" selected>' in page
    assert 'value="L-99"' not in signed_in(app, colleague).get(FORM).text


def test_a_field_that_the_form_does_not_have_is_refused(context: Flask):
    client = vet(context)
    animal, tag = make_animal()
    answers = typed(client.get(FORM).text, tag, vaccinator_id=str(uuid7()))
    assert form_post(client, FORM, **answers, step="record").status_code == 422
    assert not history_of(animal.id)


def test_the_page_of_an_act_is_shut_to_those_out_of_reach(app: Flask):
    with app.app_context():
        act = vaccinate(doses([make_animal()[0].id]))
        near, far = make_user(Role.VET, LUNYUK), make_user(Role.VET, LUNYUK_ODE)
    for address in (f"/vaksinasi/{act.id}", f"{API}/{act.id}"):
        assert signed_in(app, near).get(address).status_code == 200
        assert signed_in(app, far).get(address).status_code == 404


def test_a_trader_reads_and_does_not_record(context: Flask):
    keeper = make_keeper()
    animal, tag = make_animal(keeper)
    vaccinate(doses([animal.id]))
    client = signed_in(context, make_user(Role.TRADER, REGENCY, keeper_id=keeper.id))
    listed = client.get("/vaksinasi/")
    assert "Lumpyvac" in listed.text
    assert FORM not in listed.text
    assert client.get(f"{FORM}?kode={tag}").status_code == 403
    assert client.post(API, json=sent(animal.id)).status_code == 403


def test_home_and_menu_lead_to_the_vaccinations(app: Flask):
    with app.app_context():
        vaccinate(doses([make_animal()[0].id]))
        officer, treasurer = make_user(Role.VET, LUNYUK), make_user(Role.TREASURER)
    client = signed_in(app, officer)
    assert 'href="/vaksinasi/"' in client.get("/").text
    assert client.get("/vaksinasi/jatuh-tempo").status_code == 200
    client = signed_in(app, treasurer)
    assert 'href="/vaksinasi/"' not in client.get("/").text
    assert client.get("/vaksinasi/").status_code == 403


def test_a_phone_sends_an_act_and_may_send_it_again(context: Flask):
    client = vet(context)
    animal, tag = make_animal()
    act = sent(animal.id)
    first, second = client.post(API, json=act), client.post(API, json=act)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json == client.get(f"{API}/{act['id']}").json
    said: dict[str, Any] = first.get_json()
    assert (said["product"]["disease"], said["animals"][0]["tag"]) == ("lsd", tag)
    assert client.post(API, json={**act, "lot": "B"}).status_code == 409
    assert len(history_of(animal.id)) == 1


def test_what_a_phone_may_not_say(context: Flask):
    client = vet(context)
    animal, _ = make_animal()
    wrong: tuple[dict[str, Any], ...] = (
        {"vaccinator_id": str(uuid7())},
        {"lot": " "},
        {"given_at": "2026-11-21T10:00:00"},
        {"given_at": (now() + timedelta(hours=1)).isoformat()},
        {"animal_ids": []},
        {"animal_ids": [str(uuid7())] * 201},
        {"animal_ids": [str(animal.id)] * 2},
        {"product_id": "x"},
    )
    for fields in wrong:
        answer = client.post(API, json=sent(animal.id, **fields))
        assert answer.status_code == 422, fields
        assert answer.content_type == "application/problem+json"
    assert client.post(API, json=sent(uuid7())).status_code == 404
    assert not history_of(animal.id)


def test_nobody_comes_in_without_signing_in(app: Flask):
    client = app.test_client()
    assert client.get("/vaksinasi/").status_code == 302
    assert client.get(f"{API}/{uuid7()}").status_code == 401


def test_a_village_leads_to_its_due_animals(app: Flask, monkeypatch: pytest.MonkeyPatch):
    tags = []
    with app.app_context():
        keeper = make_keeper()
        for days in (25, 24):
            animal, tag = make_animal(keeper)
            vaccinate(doses([animal.id], of="aftogen-oleo", given_at=days_ago(days)))
            tags.append(tag)
        client, elsewhere = vet(app), vet(app, LUNYUK_ODE)
    url = f"/vaksinasi/jatuh-tempo/{animal.village}"
    assert f'href="{url}"' in client.get("/vaksinasi/jatuh-tempo").text
    page = client.get(url).text
    for shown in (*map(spaced, tags), keeper.name, "PMK"):
        assert shown in page
    assert "banner" not in page
    assert spaced(tags[0]) not in elsewhere.get(url).text
    monkeypatch.setattr(due_pages, "MOST_SHOWN", 1)
    page = client.get(url).text
    assert "banner" in page
    assert spaced(tags[1]) not in page


def test_an_animal_that_is_not_there_is_refused_by_name_in_each_step(context: Flask):
    client = vet(context)
    dead, dead_tag = make_animal()
    alive, tag = make_animal()
    answers = typed(client.get(FORM).text, tag, dead_tag)
    checked = form_post(client, FORM, **answers, step="check")
    assert checked.status_code == 200
    die(dead)
    client.set_cookie("bahasa", "en")
    for step in ("check", "record"):
        refused = form_post(client, FORM, **answers, step=step)
        assert refused.status_code == 422
        said = refused.text.split('id="error-codes"')[1].split("</div>")[0]
        assert f"{spaced(dead_tag)}: Mati." in said
        assert spaced(tag) not in said
        assert tag in refused.text
    assert client.post(API, json=sent(dead.id)).get_json()["type"] == "animal-not-present"
    assert (history_of(alive.id), history_of(dead.id)) == ([], [])
