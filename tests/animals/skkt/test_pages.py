"""Sheets for people: prepared from the owner's page, signed from the queue, read by the owner."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal
from sijinak.animals.skkt.models import Sheet, SheetState
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_animal, make_keeper
from tests.animals.skkt.factories import make_draft, make_herd, make_signed, make_upt
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, make_user, signed_in


@pytest.fixture
def owner(app: Flask) -> Keeper:
    with app.app_context():
        return make_keeper()


def visitor(app: Flask, role: Role, region: str = LUNYUK, **columns: object) -> FlaskClient:
    with app.app_context():
        user = make_user(role, region, **columns)
    return signed_in(app, user)


def state_of(app: Flask, sheet_id: object) -> SheetState:
    with app.app_context():
        return db.session.scalars(select(Sheet.state).where(Sheet.id == sheet_id)).one()


def test_a_sheet_goes_from_the_owner_s_page_to_the_owner(app: Flask, owner: Keeper):
    clerk, head = visitor(app, Role.CLERK), visitor(app, Role.UPT_HEAD)
    trader = visitor(app, Role.TRADER, "52.04", keeper_id=owner.id)
    with app.app_context():
        make_herd(owner, seen=31, declared=1)
    at = f"/skkt/?pemilik={owner.id}"
    assert at in clerk.get(f"/peternak/{owner.id}").text
    prepared = form_post(
        clerk, f"/skkt/siapkan?pemilik={owner.id}", page=at, id=id_on(clerk.get(at).text),
        keeper_id=owner.id,
    )  # fmt: skip
    draft = str(prepared.location)
    assert prepared.status_code == 302
    assert trader.get(draft).status_code == 404
    assert "/skkt/menunggu" in head.get("/").text
    assert draft in head.get("/skkt/menunggu").text
    signed = form_post(head, f"{draft}/tanda-tangan", page=draft, id=id_on(head.get(draft).text))
    assert (signed.status_code, signed.location) == (302, draft)
    assert draft in trader.get("/skkt/").text
    paper = trader.get(f"{draft}/skkt.pdf")
    assert (paper.mimetype, paper.data[:4]) == ("application/pdf", b"%PDF")
    assert f"{draft}/tanda-tangan" not in head.get(draft).text


def test_an_owner_without_a_seen_animal_is_told_what_to_do(app: Flask, owner: Keeper):
    clerk = visitor(app, Role.CLERK)
    with app.app_context():
        make_herd(owner, seen=0, declared=1)
    at = f"/skkt/?pemilik={owner.id}"
    answer = form_post(
        clerk, f"/skkt/siapkan?pemilik={owner.id}", page=at, id=uuid7(), keeper_id=owner.id
    )
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'value="{owner.id}"' in answer.text


def test_bad_ids_are_not_there_and_break_nothing(app: Flask, owner: Keeper):
    clerk = visitor(app, Role.CLERK)
    assert clerk.get("/skkt/?pemilik=X").status_code == 404
    assert clerk.get("/skkt/?keadaan=X&desa=X&after=X").status_code == 200
    for typed in ({}, {"id": "X", "keeper_id": "X"}, {"id": uuid7(), "keeper_id": uuid7()}):
        assert form_post(clerk, "/skkt/siapkan", **typed).status_code == 404


def test_a_stale_draft_says_which_animals_and_offers_to_prepare_it_anew(app: Flask, owner: Keeper):
    clerk, head = visitor(app, Role.CLERK), visitor(app, Role.UPT_HEAD)
    with app.app_context():
        make_herd(owner)
        (draft,) = make_draft(make_upt(), owner)
        at, draft_id = f"/skkt/{draft.id}", draft.id
        shown = head.get(at).text
        _, tag = make_animal(owner)
    refused = form_post(head, f"{at}/tanda-tangan", page="/akun/sandi", id=id_on(shown))
    assert refused.status_code == 422
    assert f"{tag[:4]}-{tag[4:8]}" in refused.text
    assert f'action="{at}/tanda-tangan"' not in refused.text
    assert state_of(app, draft_id) is SheetState.DRAFT
    for reader in (clerk, head):
        reader.set_cookie("bahasa", "en")
    assert "Out of date: prepare it anew" in head.get("/skkt/menunggu").text
    page = clerk.get(at).text
    for shown in (page, head.get(at).text):
        assert "Out of date: prepare it anew" in shown
        assert 'id="your-turn"' not in shown
    anew = f"/skkt/siapkan?pemilik={owner.id}"
    assert anew in page
    assert form_post(clerk, anew, id=uuid7(), keeper_id=owner.id).status_code == 302
    assert state_of(app, draft_id) is SheetState.VOID


def test_a_draft_shows_how_it_differs_from_what_stands(app: Flask, owner: Keeper):
    clerk = visitor(app, Role.CLERK)
    with app.app_context():
        upt = make_upt()
        (old,) = make_signed(upt, owner, seen=2)
        gone, changed = (line.tag for line in old.lines)
        other = make_keeper()
        with transaction():
            first, second = (db.session.get_one(Animal, line.animal_id) for line in old.lines)
            first.keeper_id, second.horns = other.id, "patah"
        _, new = make_animal(owner)
        (draft,) = make_draft(upt, owner)
        at = f"/skkt/{draft.id}"
    part = clerk.get(at).text.partition('id="compared"')[2].partition("</section>")[0]
    for tag in (gone, changed, new):
        assert f"{tag[:4]}-{tag[4:8]}-{tag[8:]}" in part
    assert part.count("<li>") == 3


def test_void_asks_for_a_reason_and_keeps_what_was_typed(app: Flask, owner: Keeper):
    head = visitor(app, Role.UPT_HEAD)
    with app.app_context():
        (sheet,) = make_signed(make_upt(), owner)
        at, sheet_id = f"/skkt/{sheet.id}", sheet.id
    shown = head.get(at).text
    refused = form_post(head, f"{at}/batalkan", id=id_on(shown), reason="xy")
    assert refused.status_code == 422
    assert ">\nxy</textarea>" in refused.text
    assert state_of(app, sheet_id) is SheetState.ISSUED
    assert form_post(head, f"{at}/batalkan", id=id_on(shown), reason="Salah").status_code == 302
    assert state_of(app, sheet_id) is SheetState.VOID
    assert "Salah" in head.get(at).text


def test_a_discarded_draft_leaves_the_list(app: Flask, owner: Keeper):
    clerk = visitor(app, Role.CLERK)
    with app.app_context():
        make_herd(owner)
        (draft,) = make_draft(make_upt(), owner)
        at = f"/skkt/{draft.id}"
    assert at in clerk.get("/skkt/").text
    form_post(clerk, f"{at}/buang", page=at, id=uuid7())
    assert at not in clerk.get("/skkt/").text
    assert at in clerk.get("/skkt/?keadaan=void").text
    assert clerk.get(f"{at}/skkt.pdf").status_code == 404


def test_another_area_sees_nothing(app: Flask, owner: Keeper):
    elsewhere = visitor(app, Role.UPT_HEAD, LUNYUK_ODE)
    with app.app_context():
        (sheet,) = make_signed(make_upt(), owner)
        at = f"/skkt/{sheet.id}"
    for url in (at, f"{at}/skkt.pdf", f"/skkt/?pemilik={owner.id}"):
        assert elsewhere.get(url).status_code == 404
    for step in ("tanda-tangan", "batalkan"):
        answer = form_post(elsewhere, f"{at}/{step}", id=uuid7(), reason="Tidak berhak")
        assert answer.status_code == 404


def test_the_list_is_narrowed_by_village_and_state(app: Flask, owner: Keeper):
    vet = visitor(app, Role.VET)
    with app.app_context():
        (sheet,) = make_signed(make_upt(), owner)
        at = f"/skkt/{sheet.id}"
        village = owner.village
    assert at in vet.get(f"/skkt/?desa={village}&keadaan=issued").text
    assert at not in vet.get(f"/skkt/?desa={LUNYUK_ODE}").text
    assert at not in vet.get("/skkt/?keadaan=superseded").text
