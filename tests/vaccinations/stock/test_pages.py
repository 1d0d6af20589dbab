"""The vaccine stock in the browser."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.vaccinations.stock.models import DoseMove, Lot, Minutes, MoveKind, Store
from sijinak.web.formats import day_in
from tests.animals.factories import make_animal
from tests.browsing import form_post, id_on
from tests.core.papers import words
from tests.factories import LUNYUK, actor_for, make_user, signed_in
from tests.vaccinations.factories import doses, product, vaccinate
from tests.vaccinations.stock.factories import expire, in_bag, in_store, issue, make_store, receive

BASE = "/vaksinasi/stok"


def test_a_head_keeps_a_store_receives_and_issues(app: Flask):
    with app.app_context():
        vet, vaccine = make_user(Role.VET, LUNYUK), str(product().id)
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        officer = signed_in(app, vet)
    for one in (client, officer):
        one.set_cookie("bahasa", "en")
    new = f"{BASE}/gudang/baru"
    made = form_post(client, new, page=new, id=id_on(client.get(new).text), name="Kulkas",
                     region=LUNYUK)  # fmt: skip
    store = made.headers["Location"]
    url = f"{store}/terima"
    sent = {
        "id": id_on(client.get(url).text), "store_id": store.rsplit("/", 1)[-1],
        "product_id": vaccine, "number": "ab 1", "expires_on": str(today() + timedelta(days=20)),
        "paper": "=SUM(1)", "tenths": "9,5", "received_on": str(today()), "note": "",
    }  # fmt: skip
    wrong = form_post(client, url, page=url, doses="0", **sent)
    assert wrong.status_code == 422
    assert 'value="ab 1"' in wrong.text
    assert form_post(client, url, page=url, doses="50", **sent).status_code == 302
    shown = client.get(store).text
    assert "Outside the limits" in shown
    assert "20 days left" in shown
    with app.app_context():
        lot = db.session.scalars(select(Lot)).one()
    assert lot.number == "AB1"
    table = client.get(f"{store}/buku.csv").data.decode("utf-8-sig")
    assert ";'=SUM(1);" in table
    assert "Cold chain outside its limits this week" in client.get("/").text


def test_doses_are_issued_and_both_sides_see_it(app: Flask):
    with app.app_context():
        vet, store = make_user(Role.VET, LUNYUK), make_store()
        lot = receive(store, 50).lot_id
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        officer = signed_in(app, vet)
    for one in (client, officer):
        one.set_cookie("bahasa", "en")
    url = f"{BASE}/gudang/{store.id}/serahkan"
    sent = {"id": id_on(client.get(url).text), "store_id": str(store.id), "note": "",
            "lot_id": str(lot), "officer_id": str(vet.id)}  # fmt: skip
    refused = form_post(client, url, page=url, doses="51", **sent)
    assert "Only 50 doses are there" in refused.text
    assert form_post(client, url, page=url, doses="30", **sent).status_code == 302
    assert re.search(r"<b>30</b>\s*<span>Vaccine doses in your bag", officer.get("/").text)
    assert "LSD-01" in officer.get(f"{BASE}/tas").text
    assert officer.get(f"{BASE}/").status_code == 403
    pages = "/", f"/lot/{lot}", f"/tas/{vet.id}", f"/lot/{lot}/buku.csv", f"/tas/{vet.id}/buku.csv"
    assert all(vet.name in client.get(BASE + page).text for page in pages)


def test_an_officer_writes_down_waste_and_cold_of_the_own_bag(app: Flask):
    with app.app_context():
        vet, store = make_user(Role.VET, LUNYUK), make_store()
        lot = receive(store).lot_id
        issue(store, lot, vet.id, 10)
        client = signed_in(app, vet)
    url = f"{BASE}/tas/buang"
    sent = {"id": id_on(client.get(url).text), "lot_id": str(lot), "reason": "broken", "note": ""}
    assert form_post(client, url, page=url, doses="2", **sent).status_code == 302
    url = f"{BASE}/tas/suhu"
    cold = {"id": id_on(client.get(url).text), "note": ""}
    assert form_post(client, url, page=url, tenths="warm", **cold).status_code == 422
    assert form_post(client, url, page=url, tenths="4.5", **cold).status_code == 302
    assert "4,5 °C" in client.get(f"{BASE}/tas").text
    with app.app_context():
        assert in_bag(vet.id, lot) == 8
    assert form_post(client, f"{BASE}/tas/hitung", page=url).status_code == 404


def test_a_bag_is_counted_and_handed_back(app: Flask):
    with app.app_context():
        vet, store = make_user(Role.VET, LUNYUK), make_store()
        lot = receive(store).lot_id
        issue(store, lot, vet.id, 10)
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
    url = f"{BASE}/tas/{vet.id}/hitung?lot={lot}"
    shown = client.get(url).text
    sent = {"id": id_on(shown), "officer_id": str(vet.id), "lot_id": str(lot), "expected": "10"}
    assert form_post(client, url, page=url, found="7", note="", **sent).status_code == 422
    assert form_post(client, url, page=url, found="7", note="pecah", **sent).status_code == 302
    url = f"{BASE}/tas/{vet.id}/kembali"
    back = {"id": id_on(client.get(url).text), "officer_id": str(vet.id), "lot_id": str(lot),
            "store_id": str(store.id), "note": ""}  # fmt: skip
    assert form_post(client, url, page=url, doses="7", **back).status_code == 302
    with app.app_context():
        assert (in_bag(vet.id, lot), in_store(store, lot)) == (0, 97)


def test_a_destruction_has_minutes(app: Flask):
    with app.app_context():
        store = make_store()
        lot, fresh = receive(store).lot_id, receive(store, number="NEW").lot_id
        expire(lot)
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        stranger = signed_in(app, make_user(Role.UPT_HEAD, "52.04.05"))
    url = f"{BASE}/gudang/{store.id}/musnah"
    shown = client.get(url).text
    assert re.findall(r'name="doses"[^>]*value="(\d*)"', shown) == ["100", ""]
    sent = {"id": id_on(shown), "store_id": str(store.id), "lots": [str(lot), str(fresh)],
            "destroyed_on": str(today()), "place": "UPT", "method": "Dibakar",
            "witnesses": "Siti, dokter\nAmir, kades", "reason": "other",
            "note": "Kulkas terbakar"}  # fmt: skip
    wrong = form_post(client, url, page=url, number="BA 7", doses=["1,5", ""], **sent)
    assert wrong.status_code == 422
    assert 'value="1,5"' in wrong.text
    done = form_post(client, url, page=url, number="BA 7", doses=["100", ""], **sent)
    assert done.status_code == 302
    with app.app_context():
        minutes = db.session.scalars(select(Minutes)).one()
        moves = db.session.scalars(select(DoseMove).where(DoseMove.kind == MoveKind.DESTROYED))
        assert [(move.lot_id, move.doses) for move in moves] == [(lot, 100)]
    paper = f"{BASE}/berita-acara/{minutes.id}.pdf"
    text = words(client.get(paper).data)
    for word in ("BA7", "LSD-01", "Siti,dokter", "Amir,kades", "Dibakar", "Sebablain:Kulkas"):
        assert word in text
    assert stranger.get(paper).status_code == 404


def test_a_store_with_doses_is_not_closed(app: Flask):
    with app.app_context():
        store = make_store()
        receive(store)
        client = signed_in(app, make_user(Role.KABID))
    client.set_cookie("bahasa", "en")
    url = f"{BASE}/gudang/{store.id}/ubah"
    sent = {"id": id_on(client.get(url).text), "store_id": str(store.id), "name": "Kulkas lama"}
    refused = form_post(client, url, page=url, is_active="false", **sent)
    assert "100 doses are in this store" in refused.text
    assert form_post(client, url, page=url, is_active="true", **sent).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Store.name)).one() == "Kulkas lama"


def test_an_auditor_follows_a_lot_from_the_store_to_the_animals_and_back(app: Flask):
    with app.app_context():
        vet, store = actor_for(Role.VET, LUNYUK), make_store()
        lot = receive(store).lot_id
        issue(store, lot, vet.id, 10)
        given = doses([make_animal()[0].id], lot="lsd-01")
        act = vaccinate(given, by=vet).id
        client = signed_in(app, make_user(Role.AUDITOR))
        officer = signed_in(app, make_user(Role.VET, LUNYUK))
    assert f'href="{BASE}/"' in client.get("/").text
    assert f'href="/vaksinasi/{act}"' in client.get(f"{BASE}/lot/{lot}").text
    assert f'href="{BASE}/lot/{lot}"' in client.get(f"/vaksinasi/{act}").text
    assert f'href="{BASE}/lot/{lot}"' not in officer.get(f"/vaksinasi/{act}").text


def test_a_lot_is_chosen_and_never_proposed_by_the_alphabet(app: Flask):
    with app.app_context():
        store = make_store()
        receive(store, number="ONE")
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
    url = f"{BASE}/gudang/{store.id}/serahkan"
    assert "lot ONE" in client.get(url).text.split('name="lot_id"')[1].split("</option>")[0]
    with app.app_context():
        receive(store, number="TWO")
    assert 'value=""' in client.get(url).text.split('name="lot_id"')[1].split("</option>")[0]


def test_a_mistyped_expiry_day_is_corrected_on_the_page_of_the_lot(app: Flask):
    with app.app_context():
        lot = receive(make_store()).lot_id
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        kabid = signed_in(app, make_user(Role.KABID))
        auditor = signed_in(app, make_user(Role.AUDITOR))
        stranger = signed_in(app, make_user(Role.UPT_HEAD, "52.04.05"))
    client.set_cookie("bahasa", "en")
    page = f"{BASE}/lot/{lot}"
    url = f"{page}/tanggal"
    assert f'href="{url}"' in client.get(page).text
    assert f'href="{url}"' not in auditor.get(page).text
    assert stranger.get(url).status_code == 404
    was, right = today() + timedelta(days=200), today() + timedelta(days=20)
    sent = {"lot_id": str(lot), "was": str(was), "expires_on": str(right)}
    first, second = id_on(client.get(url).text), id_on(kabid.get(url).text)
    refused = form_post(client, url, page=url, id=first, reason="", **sent)
    assert refused.status_code == 422
    assert f'value="{right}"' in refused.text
    done = form_post(client, url, page=url, id=first, reason="Dari botol", **sent)
    assert done.headers["Location"] == page
    shown = client.get(page).text
    assert "Dari botol" in shown
    assert day_in("en")(right) in shown
    late = form_post(kabid, url, page=url, id=second, reason="Salah ketik", **sent)
    assert late.status_code == 422
