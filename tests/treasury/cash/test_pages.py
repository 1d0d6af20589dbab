"""The pages of cash, tickets and deposits, as the people in front of them use them."""

from typing import Any

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, today
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.treasury.cash.closing import count_cash
from sijinak.treasury.cash.commands import CountCash
from tests.browsing import form_post
from tests.factories import actor_for
from tests.treasury.cash.factories import (
    FRIDAY,
    MONDAY,
    accept,
    cases,
    close,
    collector,
    do,
    held,
    noon,
    offer,
    took,
    treasurer,
)
from tests.treasury.deposits.factories import prepare, sources
from tests.treasury.desks import Browser, read, somebody

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture(autouse=True)
def apart(context: Flask) -> None:
    context.test_client_class = Browser


def test_a_collector_hands_over_and_the_treasurer_counts(context: Flask):
    giver, phone = somebody(context, Role.COLLECTOR)
    taker, desk = somebody(context, Role.TREASURER)
    took(giver, 150_000)
    assert "Rp 150.000" in read(phone, "/kas/")
    assert taker.name in read(phone, "/kas/serahkan")
    sent: dict[str, Any] = {"id": uuid7(), "taker_id": taker.id, "amount": "150.000", "n50000": 3}
    short: dict[str, Any] = {**sent, "n50000": 2}
    assert form_post(phone, "/kas/serahkan", **short).status_code == 422
    page = form_post(phone, "/kas/serahkan", **sent).location
    assert held(taker) == 0
    assert page in desk.get("/kas/").text
    assert page in desk.get("/kas/").text
    assert "/terima" not in phone.get(page).text, "the giver does not count"
    assert "/tolak" in desk.get(page).text
    wrong = form_post(desk, f"{page}/terima", id=uuid7(), counted="149.000")
    assert wrong.status_code == 422
    assert "149.000" in wrong.text
    assert form_post(phone, f"{page}/terima", id=uuid7(), counted="150.000").status_code == 422
    done = form_post(desk, f"{page}/terima", id=uuid7(), counted="150.000")
    assert done.status_code == 302
    assert (held(giver), held(taker)) == (0, 150_000)
    assert "BAST/" in read(desk, page)
    assert desk.get(f"{page}.pdf").data.startswith(b"%PDF")
    assert "BAST/" in desk.get("/kas/serah-terima").text


def test_who_counts_does_not_see_what_was_declared(context: Flask):
    giver, phone = somebody(context, Role.COLLECTOR)
    taker, desk = somebody(context, Role.TREASURER)
    took(giver, 150_000)
    handover = offer(giver, taker, 150_000, notes={"50000": 3})
    page = f"/kas/serah-terima/{handover.id}"
    for path in (page, "/kas/"):
        assert "150.000" not in read(desk, path).partition("<table")[0]
    assert "50.000" not in read(desk, page)
    assert desk.get(f"{page}.pdf").status_code == 302
    assert "150.000" in read(phone, page)
    accept(handover, taker)
    assert "150.000" in read(desk, page)


def test_a_count_that_differs_leads_to_its_case(context: Flask):
    giver, phone = somebody(context, Role.COLLECTOR)
    taker, desk = somebody(context, Role.TREASURER)
    took(giver, 150_000)
    notes = {"50000": 2, "2000": 1, "500": 2, "100000": 0}
    page = f"/kas/serah-terima/{offer(giver, taker, 103_000, notes=notes).id}"
    form_post(desk, f"{page}/terima", id=uuid7(), counted="100.000", why="kurang 3.000")
    (case,) = cases()
    shown = read(desk, page)
    assert f"/selisih/{case.id}" in shown or str(case.id) in shown
    assert shown.index("Rp 50.000") < shown.index("Rp 2.000") < shown.index("Rp 500")
    assert str(case.id) not in read(phone, page), "the collector may not open it"
    assert "-3.000" in read(phone, page).replace("−", "-").replace("Rp ", "")
    count = CountCash(day=today(), counted=Rupiah(49_000), why="kembalian")
    closing = f"/kas/tutup/{do(count_cash, count, by=giver).id}"
    form_post(desk, f"{closing}/sahkan", id=uuid7())
    assert str(cases()[-1].id) in read(desk, closing)


def test_offers_end_by_either_side(context: Flask):
    giver, phone = somebody(context, Role.COLLECTOR)
    taker, desk = somebody(context, Role.TREASURER)
    took(giver, 200)
    for client, step in ((phone, "tarik"), (desk, "tolak")):
        page = f"/kas/serah-terima/{offer(giver, taker, 100).id}"
        assert form_post(client, f"{page}/{step}", id=uuid7()).status_code == 422
        assert form_post(client, f"{page}/{step}", id=uuid7(), why="batal").status_code == 302
    assert held(giver) == 200


def test_another_collectors_hand_over_is_not_there(context: Flask):
    giver, taker = collector(), treasurer()
    took(giver, 100)
    page = f"/kas/serah-terima/{offer(giver, taker, 100).id}"
    _, stranger = somebody(context, Role.COLLECTOR)
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"{page}.pdf").status_code == 404
    for step in ("terima", "tarik", "tolak"):
        sent: dict[str, Any] = {"id": uuid7(), "counted": "100", "why": "x"}
        assert form_post(stranger, f"{page}/{step}", **sent).status_code == 404


def test_a_day_is_counted_signed_and_closed(context: Flask):
    person, phone = somebody(context, Role.COLLECTOR)
    _, desk = somebody(context, Role.TREASURER)
    took(person, 79_500)
    assert "79.500" not in read(phone, "/kas/tutup/hitung"), "counted without knowing"
    sent: dict[str, Any] = {"id": uuid7(), "day": today().isoformat(), "counted": "79.000"}
    assert form_post(phone, "/kas/tutup/hitung", **sent).status_code == 422, "no reason"
    page = form_post(phone, "/kas/tutup/hitung", **sent, why="kurang").location
    assert phone.get("/kas/tutup/hitung").location == page, "one count at a time"
    assert "/sahkan" not in phone.get(page).text
    assert form_post(phone, f"{page}/sahkan", id=uuid7()).status_code == 403
    assert page in desk.get("/kas/").text
    refused = form_post(desk, "/kas/tutup-hari", id=uuid7(), day=today().isoformat())
    assert refused.status_code == 422
    assert person.name in refused.text
    assert form_post(desk, f"{page}/sahkan", id=uuid7()).status_code == 302
    assert held(person) == 79_000
    assert desk.get(f"{page}.pdf").data.startswith(b"%PDF")
    assert page in desk.get("/kas/tutup").text


def test_the_day_of_the_office_is_closed_after_a_warning(context: Flask):
    person, _ = somebody(context, Role.COLLECTOR)
    keeper, desk = somebody(context, Role.TREASURER)
    took(person, 79_000)
    close(person, keeper)
    closing: dict[str, Any] = {"id": uuid7(), "day": today().isoformat()}
    warned = form_post(desk, "/kas/tutup-hari", **closing)
    assert warned.status_code == 422
    assert person.name in warned.text
    assert f'name="confirmed" value="{today().isoformat()}"' in warned.text
    done = form_post(desk, "/kas/tutup-hari", **closing, confirmed=today().isoformat())
    assert done.status_code == 302
    assert 'name="confirmed"' not in desk.get("/kas/tutup-hari").text
    assert keeper.name


def test_a_count_is_sent_back(context: Flask):
    person, phone = somebody(context, Role.COLLECTOR)
    _, desk = somebody(context, Role.TREASURER)
    took(person, 100)
    sent: dict[str, Any] = {"id": uuid7(), "day": today().isoformat(), "counted": "100"}
    page = form_post(phone, "/kas/tutup/hitung", **sent).location
    assert form_post(desk, f"{page}/tolak", id=uuid7()).status_code == 422
    assert form_post(desk, f"{page}/tolak", id=uuid7(), why="hitung lagi").status_code == 302
    assert "hitung lagi" in phone.get(page).text


def test_change_goes_there_and_back(context: Flask):
    person, phone = somebody(context, Role.COLLECTOR)
    _, desk = somebody(context, Role.TREASURER)
    sent: dict[str, Any] = {"id": uuid7(), "holder_id": person.id, "amount": "200.000"}
    assert form_post(desk, "/kas/kembalian/baru", **sent).status_code == 422
    page = form_post(desk, "/kas/kembalian/baru", **sent, origin="UP").location
    for client, action in ((phone, "accept"), (phone, "give-back"), (desk, "take-back")):
        assert action in client.get(page).text
        assert form_post(client, page, id=uuid7(), action=action).status_code == 302
    assert form_post(desk, page, id=uuid7(), action="take-back").status_code == 422
    assert form_post(desk, page, id=uuid7(), action="steal").status_code == 422


def test_cash_is_called_to_the_bank_before_days_off(context: Flask):
    with clock.reading(noon(FRIDAY)):
        person, phone = somebody(context, Role.COLLECTOR)
        _, head = somebody(context, Role.KABID)
        took(person, 79_500)
        assert "12.00" in read(phone, "/kas/")
        assert "12.00" in read(head, "/kas/")
        assert "12.00" in read(head, "/")
        assert person.name in read(head, "/kas/")
    with clock.reading(noon(MONDAY)):
        _, head = somebody(context, Role.KABID)
        assert "12.00" not in read(head, "/kas/")


def test_an_sts_is_made_printed_and_brought(context: Flask):
    person, desk = somebody(context, Role.TREASURER)
    took(person, 100_000)
    took(person, 50_000)
    chosen = sources(person)
    assert "Rp 150.000" in read(desk, "/setoran/baru")
    sent: dict[str, Any] = {"id": uuid7(), "account": "rkud", "sources": chosen[0]}
    assert form_post(desk, "/setoran/baru", **{**sent, "account": "bca"}).status_code == 422
    empty: dict[str, Any] = {"id": uuid7(), "account": "rkud"}
    assert form_post(desk, "/setoran/baru", **empty).status_code == 422
    page = form_post(desk, "/setoran/baru", **sent).location
    assert "Rp 100.000" in read(desk, page)
    assert desk.get(f"{page}.pdf").data.startswith(b"%PDF")
    slip: dict[str, Any] = {
        "id": uuid7(),
        "on": today().isoformat(),
        "slip": "NTBS 1",
        "amount": "100.000",
    }
    wrong = form_post(desk, f"{page}/setor", **{**slip, "amount": "90.000"})
    assert wrong.status_code == 422
    assert desk.get(f"{page}/bukti").status_code == 404
    assert form_post(desk, f"{page}/setor", **slip).status_code == 302
    assert held(person) == 50_000
    _, auditor = somebody(context, Role.AUDITOR)
    assert "NTBS 1" in read(auditor, page)
    assert person.name in read(auditor, "/setoran/kecepatan")
    assert page in auditor.get("/setoran/?keadaan=deposited").text
    assert page not in auditor.get("/setoran/?keadaan=prepared").text
    _, stranger = somebody(context, Role.COLLECTOR)
    assert stranger.get(page).status_code == 404


def test_an_sts_is_withdrawn(context: Flask):
    person, desk = somebody(context, Role.TREASURER)
    took(person, 100)
    page = f"/setoran/{prepare(person).id}"
    assert form_post(desk, f"{page}/tarik", id=uuid7()).status_code == 422
    assert form_post(desk, f"{page}/tarik", id=uuid7(), why="salah").status_code == 302
    assert "salah" in desk.get(page).text


@pytest.mark.parametrize("path", ["/kas/", "/setoran/", "/karcis/", "/hari-libur/", "/"])
@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.TREASURER, Role.KABID, Role.AUDITOR])
def test_each_part_opens_for_those_who_work_with_it(context: Flask, role: Role, path: str):
    giver, taker = collector(), actor_for(Role.TREASURER)
    took(giver, 100)
    accept(offer(giver, taker, 40), taker)
    offer(giver, taker, 10)
    _, client = somebody(context, role)
    expected = 403 if (role, path) == (Role.COLLECTOR, "/hari-libur/") else 200
    assert client.get(path).status_code == expected
