"""Mutations through the browser: an owner, a buyer with a phone, and a village head."""

import re
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, AnimalState, Verification
from sijinak.animals.mutations.models import Mutation, MutationKind, MutationState
from sijinak.animals.mutations.queries import mutations_of
from sijinak.animals.mutations.services import UndoMutation, undo_mutation
from sijinak.animals.queries import live_tags
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper
from tests.animals.factories import firm, make_animal, make_keeper
from tests.animals.mutations.deeds import K, make_cow, make_village, proposed, recorded, sold
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, make_user, signed_in

_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def vet(app: Flask) -> FlaskClient:
    with app.app_context():
        return signed_in(app, make_user(Role.VET, LUNYUK))


def post(client: FlaskClient, url: str, page: str, **told: Any) -> Any:
    """A form as the page shows it, sent without a session before."""
    token = _CSRF.search(page)
    assert token, "the page has no form"
    return client.post(url, data={"csrf_token": token[1], **told})


def last_mutation(animal_id: UUID) -> Mutation:
    return mutations_of([animal_id])[-1]


def picture() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (64, 48), "brown").save(out, "JPEG")
    out.seek(0)
    return out


def test_a_sale_on_sunday_by_three_people_with_phones(app: Flask):
    with app.app_context():
        seller, buyer = make_keeper(), make_keeper(firm(name="CV Pembeli"))
        kept, bought = make_animal(seller)[0].id, make_animal(seller)[0].id
        account = make_user(Role.TRADER, keeper_id=seller.id, name="Akun Penjual")
        owner, owner_name = signed_in(app, account), account.name
        head = signed_in(app, make_user(Role.VILLAGE_HEAD, LUNYUK_REA))
        officer = make_user(Role.CLERK, LUNYUK)
        clerk, clerk_name = signed_in(app, officer), officer.name
    url = _propose(owner, seller, buyer, kept, bought)
    assert "/tautan/" not in owner.get(url).text
    door = _link(clerk, url)
    phone = app.test_client()
    page = _enter(phone, door, seller, buyer)
    _answer_by_phone(phone, door, page, (buyer.nib or "")[-4:], [kept, bought])
    assert url in head.get("/mutasi/").text
    page = head.get(url).text
    assert owner_name in page
    assert clerk_name in page  # who handed the link out
    _acknowledge(head, url, page, bought)
    with app.app_context():
        owners = [db.session.get_one(Animal, one).keeper_id for one in (kept, bought)]
        assert owners == [seller.id, buyer.id]
        mutation = db.session.get_one(Mutation, UUID(url.rpartition("/")[2]))
        assert mutation.state is MutationState.DONE
    _check_letter(owner.get(f"{url}/surat").text, app, mutation.id, (seller.name, buyer.name))


def _acknowledge(head: FlaskClient, url: str, page: str, *animals: UUID) -> None:
    told = {"id": _id_in(page, "sahkan"), "accepted": [str(one) for one in animals]}
    for _ in range(2):
        assert post(head, f"{url}/sahkan", page, **told).headers["Location"] == url


def _check_letter(letter: str, app: Flask, mutation_id: UUID, names: tuple[str, ...]) -> None:
    """Its numbers, and the page behind its code, which names nobody."""
    numbers = [f"1/{place}/{today().year}" for place in (LUNYUK_REA, LUNYUK)]
    assert all(number in letter for number in numbers)
    assert 'class="qr"' in letter
    checked = app.test_client().get(f"/m/cek/{mutation_id}").text
    assert numbers[0] in checked
    assert not any(secret in checked for secret in (*names, "18.000.000"))


def _propose(owner: FlaskClient, seller: Keeper, buyer: Keeper, *animals: UUID) -> str:
    page = owner.get("/mutasi/baru").text
    told = {
        "id": id_on(page), "kind": "sale", "animals": [str(one) for one in animals],
        "receiver": buyer.nib, "happened_on": today().isoformat(), "price": "Rp 18.000.000,-",
    }  # fmt: skip
    url = post(owner, f"/mutasi/baru/{seller.id}", page, **told).headers["Location"]
    assert post(owner, f"/mutasi/baru/{seller.id}", page, **told).headers["Location"] == url
    assert "18.000.000" in owner.get(url).text
    return str(url)


def _link(officer: FlaskClient, url: str) -> str:
    page = officer.get(url).text
    made = post(officer, f"{url}/tautan/receiver", page, id=_id_in(page, "tautan/receiver")).text
    secret = re.search(r"/m/([A-Z2-7]{32})", made)
    assert secret
    assert 'href="https://wa.me/?text=' in made
    assert "%2Fm%2F" + secret[1] in made
    assert 'class="qr"' in made
    return f"/m/{secret[1]}"


def _enter(phone: FlaskClient, door: str, seller: Keeper, buyer: Keeper) -> str:
    """Nobody is named before the digits are right, nor the price."""
    page = phone.get(door).text
    assert not any(secret in page for secret in (seller.name, buyer.name, "18.000.000"))
    assert post(phone, door, page, digits="0x00").status_code == 422
    entered: str = post(phone, door, page, digits=(buyer.nib or "")[-4:]).text
    assert seller.name in entered
    assert "18.000.000" in entered
    return entered


def _answer_by_phone(
    phone: FlaskClient, door: str, page: str, digits: str, animals: list[UUID]
) -> None:
    kept, bought = animals
    answer = {"id": id_on(page), "digits": digits, "step": "answer", "accepted": [str(bought)]}
    refused = post(phone, door, page, **answer)
    assert refused.status_code == 422  # one animal is refused without saying why
    shown = re.sub(r"\s+", " ", refused.text)
    assert f'value="{kept}" checked' not in shown
    assert f'value="{bought}" checked' in shown
    for _click in range(2):
        assert post(phone, door, page, **answer, because="pincang").status_code == 200
    assert phone.get(door).status_code == 404
    assert post(phone, door, page, digits=digits).status_code == 404


def _id_in(page: str, action: str) -> str:
    """The command's id in the form that leads there."""
    return id_on(page[page.index(f'/{action}"') :])


FORMS: list[tuple[str, dict[str, str], AnimalState]] = [
    ("kematian", {"cause": "Jembrana", "disposal": "dikubur"}, AnimalState.DEAD),
    ("pemotongan", {"purpose": "rph", "place": "RPH Seketeng"}, AnimalState.SLAUGHTERED),
    ("pencurian", {"police_no": "LP/B/12/XI/2026"}, AnimalState.STOLEN),
    ("pindah", {"to_village": LUNYUK_ODE, "to_hamlet": "Dusun Baru"}, AnimalState.PRESENT),
]


@pytest.mark.parametrize(("slug", "told", "state"), FORMS, ids=[form[0] for form in FORMS])
def test_each_form_records_keeps_what_was_typed_and_counts_once(
    app: Flask, vet: FlaskClient, slug: str, told: dict[str, str], state: AnimalState
):
    with app.app_context():
        animal = make_animal()[0].id
    url = f"/mutasi/ternak/{animal}/{slug}"
    assert url in vet.get(f"/mutasi/ternak/{animal}").text
    sent = {"id": id_on(vet.get(url).text), "happened_on": today().isoformat(), **told}
    needed = next(iter(told)) if slug != "pemotongan" else "place"
    wrong = form_post(vet, url, **{**sent, needed: "", "reason": "tetap di sini"})
    assert wrong.status_code == 422
    assert "tetap di sini" in wrong.text
    assert f'href="#field-{needed}"' in wrong.text
    future = form_post(vet, url, **{**sent, "happened_on": "2999-01-01"})
    assert (future.status_code, 'href="#field-happened_on"' in future.text) == (422, True)
    shown = form_post(vet, url, **sent).headers["Location"]
    assert form_post(vet, url, **sent).headers["Location"] == shown
    assert next(iter(told.values())) in vet.get(shown).text or slug in {"pindah", "pemotongan"}
    with app.app_context():
        assert db.session.get_one(Animal, animal).state is state
        assert len(mutations_of([animal])) == 1


def test_a_photo_of_a_death_is_kept_once_and_shown_to_who_may_see(app: Flask, vet: FlaskClient):
    with app.app_context():
        animal = make_animal()[0].id
        elsewhere = signed_in(app, make_user(Role.VET, LUNYUK_ODE))
    url = f"/mutasi/ternak/{animal}/kematian"
    told = {"id": id_on(vet.get(url).text), "happened_on": today().isoformat(), "cause": "sakit"}
    bad = form_post(vet, url, **told, photo=(BytesIO(b"no picture"), "x.jpg"))
    assert bad.status_code == 422
    assert 'href="#field-photo"' in bad.text
    for _ in range(2):
        shown = form_post(vet, url, **told, photo=(picture(), "mati.jpg")).headers["Location"]
    answer = vet.get(f"{shown}/foto?kecil=1")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert elsewhere.get(f"{shown}/foto").status_code == 404


def test_a_calf_and_the_question_whether_it_is_certain(app: Flask, vet: FlaskClient):
    with app.app_context():
        cow = make_cow(calvings=1).id
    url = f"/mutasi/ternak/{cow}/kelahiran"

    def born(day: date, **more: str) -> Any:
        page = vet.get(url).text
        calf = re.search(r'name="calf_id" value="([^"]+)"', page)
        assert calf
        told = {"sex": "male", "verification": "declared", "happened_on": day.isoformat()}
        return form_post(vet, url, id=id_on(page), calf_id=calf[1], **told, **more)

    assert born(date(2026, 5, 1) if today() > date(2026, 6, 1) else today()).status_code == 302
    again = born(today())
    assert again.status_code == 422
    assert 'name="is_certain"' in again.text
    assert born(today(), is_certain="true").status_code == 302
    assert born(today(), sire="7K3M-9QX4-5J").status_code == 422
    with app.app_context():
        assert db.session.get_one(Animal, cow).calvings == 3


def test_a_correction_comes_filled_in_and_says_what_is_wrong(app: Flask, vet: FlaskClient):
    with app.app_context():
        dam = make_cow()
        dam_tag = live_tags([dam.id])[dam.id].value
        calf = make_cow(dam_id=dam.id, colour="hitam", calvings=1).id
    url = f"/mutasi/ternak/{calf}/koreksi"
    page = vet.get(url).text
    assert f'value="{dam_tag}"' in page
    filled = _filled(page)
    assert filled["colour"] == "hitam"
    same = form_post(vet, url, **filled, reason="salah tulis")
    assert same.status_code == 422
    male = form_post(vet, url, **{**filled, "sex": "male"}, reason="salah tulis")
    assert (male.status_code, 'href="#field-calvings"' in male.text) == (422, True)
    assert form_post(vet, url, **{**filled, "teeth": "9"}, reason="x").status_code == 422
    done = form_post(vet, url, **{**filled, "colour": "merah", "dam": ""}, reason="salah tulis")
    assert done.status_code == 302
    with app.app_context():
        animal = db.session.get_one(Animal, calf)
        assert (animal.colour, animal.dam_id, animal.calvings) == ("merah", None, 1)


def _filled(page: str) -> dict[str, str]:
    """What a form holds as it is shown: texts, chosen options and radios."""
    form = page[page.index('enctype="multipart/form-data"') : page.rindex("</form>")]
    told = dict(re.findall(r'<input[^>]*? name="(\w+)" type="(?:text|date)" value="([^"]*)"', form))
    told |= dict(re.findall(r'type="radio"[^>]*? name="(\w+)" value="([^"]*)" checked', form))
    for name, body in re.findall(r'<select[^>]*? name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        told[name] = chosen[1] if chosen else ""
    return {"id": id_on(form), **{name: unescape(text) for name, text in told.items()}}


def test_a_new_tag_of_the_stock_is_typed_in(app: Flask, vet: FlaskClient):
    with app.app_context():
        animal, old = make_animal()
        _, taken = make_animal()
    url = f"/mutasi/ternak/{animal.id}/ganti-tag"
    told = {"id": id_on(vet.get(url).text), "why": "lost"}
    wrong = form_post(vet, url, **told, code=taken)
    assert (wrong.status_code, 'href="#field-code"' in wrong.text) == (422, True)
    assert form_post(vet, url, **{**told, "why": "merged"}).status_code == 422
    assert form_post(vet, url, **told).status_code == 302
    assert vet.get(f"/t/{old}").status_code == 200  # the old code still leads to the record
    with app.app_context():
        assert live_tags([animal.id])[animal.id].value != old


def test_an_animal_from_outside_is_bought_in(app: Flask, vet: FlaskClient):
    with app.app_context():
        keeper = make_keeper()
    form = f"/mutasi/pembelian?pemilik={keeper.id}"
    assert form in vet.get(f"/peternak/{keeper.id}").text
    page = vet.get(form).text
    bought = re.search(r'name="mutation_id" value="([^"]+)"', page)
    assert bought
    told = {
        "id": id_on(page), "mutation_id": bought[1], "keeper_id": str(keeper.id),
        "happened_on": today().isoformat(), "seller": "", "came_from": "Dompu",
        "verification": "declared", "species": "cattle", "sex": "male", "village": LUNYUK_REA,
    }  # fmt: skip
    wrong = form_post(vet, "/mutasi/pembelian", **told)
    assert (wrong.status_code, 'href="#field-seller"' in wrong.text) == (422, True)
    shown = form_post(vet, "/mutasi/pembelian", **{**told, "seller": "Haji Umar"})
    assert "Haji Umar" in vet.get(shown.headers["Location"]).text
    assert vet.get("/mutasi/pembelian").status_code == 404


def test_a_proposal_that_cannot_be_keeps_its_ticks(app: Flask, vet: FlaskClient):
    with app.app_context():
        there = make_village()
        seen = make_animal(there.seller)[0].id
        told_of = make_animal(there.seller, verification=Verification.DECLARED)[0].id
    page = vet.get(f"/mutasi/baru?pemilik={there.seller.id}&ternak={seen}").text
    assert f'value="{seen}" checked' in page
    told: dict[str, Any] = {
        "id": id_on(page), "kind": "sale", "happened_on": today().isoformat(),
        "receiver": there.buyer.nib, "animals": [str(seen), str(told_of)],
    }  # fmt: skip
    url = f"/mutasi/baru/{there.seller.id}"
    for change, field in (
        ({}, "animals"),
        ({"animals": []}, "animals"),
        ({"animals": [str(seen)], "receiver": "5204999999999999"}, "receiver"),
        ({"animals": [str(seen)], "price": "murah"}, "price"),
        ({"kind": "sharing-end", "animals": [str(seen)]}, "animals"),
    ):
        wrong = post(vet, url, page, **{**told, **change})
        assert (wrong.status_code, f'href="#field-{field}"' in wrong.text) == (422, True)
    assert f'value="{seen}" checked' in wrong.text


def test_undoing_and_cancelling_ask_for_a_reason(app: Flask, vet: FlaskClient):
    with app.app_context():
        there = make_village()
        animal = make_animal(there.seller)[0]
        death = recorded(K.DEATH, make_animal()[0], by=OPERATOR).id
        sale = proposed(there, animal).id
    for mutation, action in ((death, "urung"), (sale, "batal")):
        url = f"/mutasi/{mutation}"
        page = vet.get(url).text
        told = {"id": _id_in(page, action)}
        assert post(vet, f"{url}/{action}", page, **told, because="").status_code == 422
        assert post(vet, f"{url}/{action}", page, **told, because="keliru").status_code == 302
        assert "keliru" in vet.get(url).text
        assert post(vet, f"{url}/{action}", page, because="lagi").status_code == 422


def test_who_is_out_of_reach_finds_nothing(app: Flask):
    with app.app_context():
        there = make_village()
        animal = make_animal(there.seller)[0]
        sale = sold(there, animal).id
        stranger = signed_in(app, make_user(Role.TRADER, keeper_id=make_keeper().id))
        elsewhere = signed_in(app, make_user(Role.VET, LUNYUK_ODE))
        checkpoint = signed_in(app, make_user(Role.CHECKPOINT))
        head = signed_in(app, make_user(Role.VILLAGE_HEAD, LUNYUK_REA))
    for url in (f"/mutasi/{sale}", f"/mutasi/{sale}/surat", f"/mutasi/ternak/{animal.id}"):
        assert (stranger.get(url).status_code, elsewhere.get(url).status_code) == (404, 404)
        assert (checkpoint.get(url).status_code, head.get(url).status_code) == (403, 200)
    assert head.get(f"/mutasi/ternak/{animal.id}/kematian").status_code == 403
    assert elsewhere.get(f"/mutasi/ternak/{animal.id}/kematian").status_code == 404
    for keeper in (there.buyer, there.seller):
        assert elsewhere.get(f"/mutasi/baru?pemilik={keeper.id}").status_code == 404
        assert stranger.get(f"/mutasi/baru?pemilik={keeper.id}").status_code == 404
    assert stranger.get("/mutasi/baru").status_code == 200  # an own herd that is empty


def test_the_list_filters_and_shows_what_was_undone(app: Flask, vet: FlaskClient):
    with app.app_context():
        theft = recorded(K.THEFT, make_animal()[0], by=OPERATOR)
        death = recorded(K.DEATH, make_animal()[0], by=OPERATOR)
        with transaction():
            undo_mutation(UndoMutation(mutation_id=death.id, reason="salah"), by=OPERATOR)

    def listed(query: str) -> list[bool]:
        page = vet.get(f"/mutasi/{query}").text
        return [str(one.id) in page for one in (theft, death)]

    assert listed("") == [True, True]
    assert listed(f"?jenis={MutationKind.THEFT}") == [True, False]
    assert listed("?keadaan=undone") == [False, True]
    assert listed("?jenis=nonsense") == [True, True]
    assert vet.get(f"/mutasi/{death.id}").status_code == 200


def test_only_a_letter_in_the_register_can_be_checked_and_one_undone_says_so(app: Flask):
    with app.app_context():
        there = make_village()
        open_ = proposed(there, make_animal(there.seller)[0]).id
        death = recorded(K.DEATH, make_animal()[0], by=OPERATOR).id
        sale = sold(there, make_animal(there.seller)[0]).id
    anybody = app.test_client()
    assert [anybody.get(f"/m/cek/{one}").status_code for one in (open_, death)] == [404, 404]
    assert "tone-success" in anybody.get(f"/m/cek/{sale}").text
    with app.app_context(), transaction():
        undo_mutation(UndoMutation(mutation_id=sale, reason="salah"), by=OPERATOR)
    assert "tone-danger" in anybody.get(f"/m/cek/{sale}").text


def test_the_first_page_says_what_waits(app: Flask):
    with app.app_context():
        there = make_village()
        proposed(there, make_animal(there.seller)[0])
        buyer = make_user(Role.TRADER, keeper_id=there.buyer.id)
        browser = signed_in(app, buyer)
        assert isinstance(there.buyer, Keeper)
    page = re.sub(r"\s+", " ", browser.get("/").text)
    assert re.search(r'tone-warning" href="/mutasi/">.*?<b>1</b>', page)
