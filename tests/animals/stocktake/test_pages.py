"""Taking stock in a browser."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.stocktake import scanning_pages
from sijinak.animals.stocktake.models import LineAction, StockTake
from sijinak.core.codes import spaced, tag_code_of
from sijinak.core.db import db, transaction
from tests.animals.factories import make_animal, make_keeper, person
from tests.animals.stocktake.takes import begin, compare, line_with, scan
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, make_user, signed_in

STRANGER = tag_code_of(77)


def test_from_the_village_to_the_lists(app: Flask):
    with app.app_context():
        _, here = make_animal(make_keeper(person(name="Siti Aminah")))
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    told = {"id": id_on(vet.get("/opname/baru").text), "village": "", "keeper": ""}
    assert form_post(vet, "/opname/baru", **told).status_code == 422
    told["village"] = LUNYUK_REA
    (scanning,) = {form_post(vet, "/opname/baru", **told).headers["Location"] for _ in range(2)}
    shown = vet.get(scanning).text
    assert "autofocus" in shown
    typed = f"{spaced(here)} {STRANGER}"
    scanned = form_post(vet, scanning, id=id_on(shown), code=typed, pasted="")
    assert (scanned.status_code, spaced(STRANGER) in scanned.text) == (200, True)
    assert id_on(scanned.text) != id_on(shown)
    url = scanning.removesuffix("/pindai")
    for step in ("bandingkan", "pastikan"):
        answer = form_post(vet, f"{url}/{step}", id=id_on(vet.get(url).text))
        assert answer.headers["Location"] == url
    with app.app_context():
        taken = db.session.scalars(select(StockTake)).one()
        assert line_with(taken, here).action is LineAction.CONFIRMED


def test_a_missing_animal_is_settled_and_the_stock_take_closed(app: Flask):
    with app.app_context():
        lost, missing = make_animal()
        taken = begin()
        compare(taken)
        url = f"/opname/{taken.id}"
        form = f"{url}/baris/{line_with(taken, missing).id}"
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    assert form in vet.get(f"{url}?daftar=missing").text
    assert form not in vet.get(f"{url}?daftar=here").text
    assert f"{form}?tindakan=dead" in vet.get(form).text
    shown = vet.get(f"{form}?tindakan=dead").text
    act = {"id": id_on(shown), "action": "dead", "happened_on": "2026-01-02", "note": "x"}
    wrong = form_post(vet, form, **act, cause="")
    assert (wrong.status_code, 'value="2026-01-02"' in wrong.text) == (422, True)
    assert form_post(vet, form, **act, cause="sakit").status_code == 302
    assert form_post(vet, f"{url}/tutup", id=id_on(vet.get(url).text)).status_code == 302
    assert "/tutup" not in vet.get(url).text
    assert spaced(missing) in vet.get(f"{url}/cetak").text
    assert vet.get(f"{url}/pindai").headers["Location"] == url
    with app.app_context():
        assert db.session.get_one(Animal, lost.id).state is AnimalState.DEAD


def test_a_list_comes_pasted_or_as_a_file(app: Flask, monkeypatch: pytest.MonkeyPatch):
    with app.app_context():
        tags = [make_animal()[1] for _ in range(3)]
        taken = begin()
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    url = f"/opname/{taken.id}/pindai"

    def send(**told: object) -> tuple[int, str]:
        fields: dict[str, Any] = {"code": "", "pasted": "", **told}
        fields["id"] = id_on(vet.get(url).text)
        answer = form_post(vet, url, **fields)
        return answer.status_code, answer.text

    listed = (io.BytesIO(f"Kode;Nama\n{tags[0]};A\n".encode("utf-8-sig")), "daftar.csv")
    assert send(list=listed)[0] == 200
    assert send(pasted="\n".join(tags[1:]))[0] == 200
    with app.app_context():
        assert all(line_with(taken, tag).scanned_at for tag in tags)
    assert send()[0] == 422
    broken = (io.BytesIO(b"\xff\xfe\x00\x01"), "gambar.png")
    assert send(list=broken)[0] in {200, 422}
    monkeypatch.setattr(scanning_pages, "LARGEST_LIST", 10)
    assert send(list=(io.BytesIO(b"7K3M9QX45J\n"), "besar.txt"))[0] == 422


def test_a_stolen_animal_is_said_aloud(app: Flask):
    with app.app_context():
        animal, tag = make_animal()
        with transaction():
            db.session.get_one(Animal, animal.id).state = AnimalState.STOLEN
        taken = begin()
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    url = f"/opname/{taken.id}/pindai"
    answer = form_post(vet, url, id=id_on(vet.get(url).text), code=tag, pasted="")
    assert "tone-danger" in answer.text


def test_readers_read_and_elsewhere_there_is_none(app: Flask):
    with app.app_context():
        _, tag = make_animal()
        taken = begin()
        scan(taken, tag)
        compare(taken)
        auditor = signed_in(app, make_user(Role.AUDITOR))
        elsewhere = signed_in(app, make_user(Role.VET, LUNYUK_ODE))
        trader = signed_in(app, make_user(Role.TRADER))
    url = f"/opname/{taken.id}"
    assert spaced(tag) in auditor.get(url).text
    assert auditor.get(f"{url}/pindai").status_code == 403
    assert auditor.get(f"{url}/cetak").status_code == 200
    assert trader.get(url).status_code == 403
    for path in ("", "/pindai", "/cetak"):
        assert elsewhere.get(url + path).status_code == 404
    assert url not in elsewhere.get("/opname/").text
    assert url in auditor.get("/opname/").text


def test_the_first_page_says_that_stock_is_taken(app: Flask):
    with app.app_context():
        vet = signed_in(app, make_user(Role.VET, LUNYUK))
    assert 'href="/opname/"' not in vet.get("/").text.partition("<main")[2]
    with app.app_context():
        begin()
    assert 'href="/opname/"' in vet.get("/").text.partition("<main")[2]
