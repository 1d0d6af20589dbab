"""Keepers: one NIK, one person; nobody reads it without leaving a line."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.keepers.nik import NotANik, parse_nik
from sijinak.keepers.queries import keeper_by_id, keeper_by_nik, keepers
from sijinak.keepers.search import search_keepers
from sijinak.keepers.services import NibTaken, NikTaken, NotANib, register_keeper, reveal_nik
from tests.animals.factories import firm, make_keeper, person
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for, make_user, signed_in

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "born", "woman"),
    [
        ("5204021503800001", date(1980, 3, 15), False),
        ("5204025503800001", date(1980, 3, 15), True),
        ("5204 0215 0380 0001", date(1980, 3, 15), False),
        ("5204022911260001", date(1926, 11, 29), False),  # the day has not come this century
        ("5204022902240001", date(2024, 2, 29), False),
    ],
)
def test_a_nik_tells_the_day_of_birth_and_the_sex(text: str, born: date, woman: object):
    nik = parse_nik(text, on=TODAY)
    assert (nik.birth_date, nik.is_woman) == (born, woman)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("520402150380001", "not-a-nik-length"),
        ("52040215038000011", "not-a-nik-length"),
        ("5204021503800000", "not-a-nik-serial"),
        ("5204023213800001", "not-a-nik-day"),
        ("5204023002800001", "not-a-nik-day"),
        ("5,20402E+15", "not-a-nik-digits"),
        ("", "not-a-nik-digits"),
    ],
)
def test_what_is_no_nik_says_why(text: str, code: str):
    with pytest.raises(NotANik) as caught:
        parse_nik(text, on=TODAY)
    assert caught.value.code == code


def test_a_nik_and_a_nib_belong_to_one(context: Flask):
    first, company = person(), firm()
    make_keeper(first)
    make_keeper(company)
    with pytest.raises(NikTaken):
        make_keeper(person(nik=first.nik))
    with pytest.raises(NibTaken):
        make_keeper(firm(nib=company.nib))
    with pytest.raises(NotANib):
        make_keeper(firm(nib="12"))


def test_a_nik_is_found_again_though_it_is_sealed(context: Flask):
    keeper = make_keeper(person(nik="5204021503809999", phone="081234567890"))
    assert keeper_by_nik("5204021503809999") == keeper
    assert keeper_by_nik("5204021503809998") is None
    assert (keeper.nik, keeper.phone, keeper.nik_tail) == (
        "5204021503809999", "081234567890", "9999",
    )  # fmt: skip
    assert b"5204021503809999" not in (keeper.nik_sealed or b"")


def test_who_reads_a_nik_leaves_a_line_with_the_reason(context: Flask):
    keeper = make_keeper()
    clerk, vet = actor_for(Role.CLERK, LUNYUK), actor_for(Role.VET, LUNYUK)
    with transaction():
        assert reveal_nik(keeper.id, "Cetak ulang SKKT", by=clerk) == keeper.nik
    event = db.session.scalars(select(Event).where(Event.name == "keeper.revealed")).one()
    assert (event.actor_id, event.facts) == (clerk.id, {"reason": "Cetak ulang SKKT"})
    with pytest.raises(Forbidden), transaction():
        reveal_nik(keeper.id, "Ingin tahu", by=vet)


def test_names_are_found_by_the_beginning_of_a_word(context: Flask):
    make_keeper(person(name="H. Abdul Karim"))
    make_keeper(person(name="Siti Aminah"))
    clerk = actor_for(Role.CLERK, LUNYUK)
    for text, found in (("abdul", 1), ("KARIM", 1), ("siti a", 1), ("minaz", 0), ("", 2)):
        found_now = search_keepers(text, by=clerk) if text else keepers(by=clerk).items
        assert len(found_now) == found, text


def test_a_keeper_elsewhere_is_not_there(context: Flask):
    keeper = make_keeper()
    elsewhere = actor_for(Role.CLERK, LUNYUK_ODE)
    with pytest.raises(NotFound):
        keeper_by_id(keeper.id, by=elsewhere)
    with pytest.raises(Forbidden), transaction():
        register_keeper(person(), by=elsewhere)
    with pytest.raises(Forbidden):
        keeper_by_id(keeper.id, by=actor_for(Role.TRADER, keeper_id=keeper.id))


def test_a_clerk_registers_a_keeper_and_nothing_typed_is_lost(app: Flask):
    with app.app_context():
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    typed = {
        "id": id_on(clerk.get("/peternak/baru").text), "kind": "person", "name": "Siti Aminah",
        "village": LUNYUK_REA, "hamlet": "Brang Rea", "nik": "520402550380001",
        "phone": "+62 812-3456-7890",
    }  # fmt: skip
    refused = form_post(clerk, "/peternak/baru", **typed)
    assert refused.status_code == 422
    assert 'value="520402550380001"' in refused.text
    assert 'value="Brang Rea"' in refused.text
    typed["nik"] = "5204025503800001"
    for _ in range(2):  # a double click
        assert form_post(clerk, "/peternak/baru", **typed).status_code == 302
    with app.app_context():
        keeper = keeper_by_nik("5204025503800001")
        assert keeper
        assert keeper.phone == "081234567890"


@pytest.mark.parametrize("extra", ["nik_lookup", "registered_at", "nik_sealed", "birth_date"])
def test_a_column_that_is_no_field_is_refused(app: Flask, extra: str):
    with app.app_context():
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    page = clerk.get("/peternak/baru").text
    answer = form_post(
        clerk, "/peternak/baru", id=id_on(page), kind="person", name="Siti",
        village=LUNYUK_REA, nik="5204025503800001", **{extra: "1"},
    )  # fmt: skip
    assert answer.status_code == 422


def test_a_known_nik_leads_to_its_owner_or_says_where_to_ask(app: Flask):
    with app.app_context():
        known = make_keeper(person(name="Siti Aminah"))
        nik = known.nik
        here = signed_in(app, make_user(Role.CLERK, LUNYUK))
        elsewhere = signed_in(app, make_user(Role.CLERK, LUNYUK_ODE))
    answers = [
        form_post(
            client, "/peternak/baru", id=id_on(client.get("/peternak/baru").text),
            kind="person", name="Siti", village=village, nik=nik,
        )
        for client, village in ((here, LUNYUK_REA), (elsewhere, LUNYUK_ODE))
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [422, 422]
    assert f'href="/peternak/{known.id}"' in answers[0].text
    assert str(known.id) not in answers[1].text
    assert "Siti Aminah" not in answers[1].text
    assert "UPT" in answers[1].text.partition("<main")[2]


def test_a_whole_nik_finds_its_owner_in_reach_only_and_stays_out_of_addresses(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(nik="5204021503809999"))
        here = signed_in(app, make_user(Role.CLERK, LUNYUK))
        elsewhere = signed_in(app, make_user(Role.CLERK, LUNYUK_ODE))
    for text in ("5204021503809999", "5204 0215 0380 9999"):
        answer = form_post(here, "/peternak/cari", number=text)
        assert answer.location == f"/peternak/{keeper.id}"
    for client, text in ((elsewhere, "5204021503809999"), (here, "5204021503809998"), (here, "")):
        assert form_post(client, "/peternak/cari", number=text).location == "/peternak/"


def test_of_a_telephone_three_digits_are_shown(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(phone="081234567890"))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    page = clerk.get(f"/peternak/{keeper.id}").text
    assert "·········890" in page
    assert "7890" not in page.partition("<main")[2]


def test_an_unknown_area_in_a_nik_is_asked_about_and_never_refused(app: Flask):
    with app.app_context():
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))

    def send(nik: str, **more: str) -> TestResponse:
        typed = {"kind": "person", "name": "Siti", "village": LUNYUK_REA, "nik": nik, **more}
        return form_post(
            clerk, "/peternak/baru", id=id_on(clerk.get("/peternak/baru").text), **typed
        )

    for known in ("5204021503800011", "3275021503800012", "5204241503800013"):
        assert send(known).status_code == 302, known
    for unknown in ("5204991503800014", "9988021503800015"):
        asked = send(unknown)
        assert asked.status_code == 422
        assert 'name="area_is_right"' in asked.text
        assert f'value="{unknown}"' in asked.text
        assert send(unknown, area_is_right="1").status_code == 302
    wrong = send("9988023203800015")
    assert wrong.status_code == 422
    assert "99880" not in re.sub(r'value="[^"]*"', "", wrong.text.partition("<main")[2])


def test_each_kind_has_its_own_form_and_takes_no_field_of_another(app: Flask):
    with app.app_context():
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    fields = {
        "person": {"nik": "5204021503800021"},
        "firm": {"nib": "9120000000021", "npwp": "01.234.567.8-901.000", "legal_form": "cv",
                 "licence": "503/1", "licence_until": "2027-12-31"},
        "group": {"group_no": "KT-21", "npwp": "012345678901000"},
    }  # fmt: skip
    own = {"person": "nik", "firm": "nib", "group": "group_no"}
    for kind, given in fields.items():
        page = clerk.get(f"/peternak/baru?jenis={kind}").text
        assert [name for name in own.values() if f'name="{name}"' in page] == [own[kind]]
        typed = {"id": id_on(page), "kind": kind, "name": "Samawa", "village": LUNYUK_REA, **given}
        for other, theirs in fields.items():
            if other != kind:
                stray = {own[other]: theirs[own[other]]}
                assert form_post(clerk, "/peternak/baru", **typed, **stray).status_code == 422
        done = form_post(clerk, "/peternak/baru", **typed)
        assert done.status_code == 302, kind
        assert "Samawa" in clerk.get(done.location).text
    assert form_post(clerk, "/peternak/baru", **{**typed, "kind": "king"}).status_code == 422


def test_a_family_shares_a_telephone_and_the_number_finds_them_all(app: Flask):
    with app.app_context():
        for name in ("Syahril", "Aminah"):
            make_keeper(person(name=name, phone="081234567890"))
        company = make_keeper(firm(nib="9120000000031"))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    for typed in ("0812-3456-7890", "+62 812 3456 7890"):
        page = form_post(clerk, "/peternak/cari", number=typed)
        assert page.status_code == 200
        assert "Syahril" in page.text
        assert "Aminah" in page.text
        assert "34567" not in page.text
    found = form_post(clerk, "/peternak/cari", number="9120000000031")
    assert found.location == f"/peternak/{company.id}"


def test_no_page_of_a_keeper_leads_to_an_address_with_a_number_of_theirs(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(nik="5204021503809999", phone="081234567890"))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    shown = f"/peternak/{keeper.id}"
    pages = [clerk.get(url) for url in ("/peternak/", shown, f"{shown}/ubah", f"{shown}/cap")]
    pages.append(form_post(clerk, "/peternak/cari", number="5204021503809999"))
    pages.append(form_post(clerk, f"{shown}/nik", reason="Cetak ulang SKKT"))
    for page in pages:
        addresses = [page.location or "", *re.findall(r'(?:href|action|src)="([^"]*)"', page.text)]
        for secret in ("5204021503809999", "081234567890", "9999", "7890"):
            assert not [address for address in addresses if secret in address]


def test_the_day_of_birth_is_not_shown_beside_the_end_of_the_nik(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(nik="5204025503809999"))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    page = clerk.get(f"/peternak/{keeper.id}").text.partition("<main")[2]
    assert "9999" in page
    for part in ("1980", "550380", "15 Mar"):
        assert part not in page
