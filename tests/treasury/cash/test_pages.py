"""The pages of cash, tickets and deposits, as the people in front of them use them."""

from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, today
from sijinak.core.ids import uuid7
from tests.browsing import form_post
from tests.factories import REGENCY, actor_for, make_user, signed_in
from tests.treasury.cash.factories import (
    FRIDAY,
    MONDAY,
    accept,
    collector,
    held,
    noon,
    offer,
    took,
    treasurer,
)
from tests.treasury.deposits.factories import prepare, sources
from tests.treasury.tickets.factories import in_hand, sell, stored, ticket_tariff

pytestmark = pytest.mark.usefixtures("context")


def somebody(app: Flask, role: Role) -> tuple[SignedIn, FlaskClient]:
    user = make_user(role)
    person = SignedIn(
        user.id, user.name, user.username, uuid7(), "", noon(MONDAY), False, noon(MONDAY), None,
        ((role, REGENCY),),
    )  # fmt: skip
    return person, signed_in(app, user)


class Browser(FlaskClient):
    """One of several on one context, in which the first would be taken for all of them."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


@pytest.fixture(autouse=True)
def apart(context: Flask) -> None:
    context.test_client_class = Browser


def read(client: FlaskClient, path: str) -> str:
    """The page with plain blanks."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text.replace("\xa0", " ")


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
    assert "BAST/" in desk.get(page).text
    assert desk.get(f"{page}.pdf").data.startswith(b"%PDF")
    assert "BAST/" in desk.get("/kas/serah-terima").text


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
    keeper, desk = somebody(context, Role.TREASURER)
    took(person, 79_500)
    form = read(phone, "/kas/tutup/hitung")
    assert "Rp 79.500" in form
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
    done = form_post(desk, "/kas/tutup-hari", id=uuid7(), day=today().isoformat())
    assert done.status_code == 302
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


def test_tickets_from_the_printer_to_the_money(context: Flask):
    seller, phone = somebody(context, Role.COLLECTOR)
    _, desk = somebody(context, Role.TREASURER)
    tariff = ticket_tariff(2_000)
    sent: dict[str, Any] = {
        "id": uuid7(), "series": "psr-26a", "first": 1, "last": 200, "size": 100,
        "tariff_id": tariff.id, "decree": "SK 7/2026", "printer": "Percetakan",
    }  # fmt: skip
    assert "Rp 2.000" in read(desk, "/karcis/terima")
    assert form_post(desk, "/karcis/terima", **{**sent, "size": 30}).status_code == 422
    assert form_post(desk, "/karcis/terima", **sent).status_code == 302
    shown = read(desk, "/karcis/serahkan")
    assert "PSR-26A" in shown
    block_id = shown.split('name="block_ids" value="')[1].split('"')[0]
    give: dict[str, Any] = {"id": uuid7(), "taker_id": seller.id, "block_ids": block_id}
    assert form_post(desk, "/karcis/serahkan", **{**give, "block_ids": ""}).status_code == 422
    assert form_post(desk, "/karcis/serahkan", **give).status_code == 302
    page = f"/karcis/{block_id}"
    assert f"{page}/terima" in phone.get("/karcis/").text
    assert form_post(phone, f"{page}/terima", id=uuid7()).status_code == 302
    sold: dict[str, Any] = {"id": uuid7(), "first": 1, "last": 10, "amount": "18.000"}
    assert form_post(phone, f"{page}/jual", **sold).status_code == 422
    spoilt: dict[str, Any] = {**sold, "spoilt": "4", "why_spoilt": "basah"}
    assert form_post(phone, f"{page}/jual", **spoilt).status_code == 302
    assert held(seller) == 18_000


def test_a_block_comes_back_and_every_serial_has_its_cause(context: Flask):
    seller, phone = somebody(context, Role.COLLECTOR)
    keeper, desk = somebody(context, Role.TREASURER)
    block = in_hand(seller, keeper)
    sell(block, seller, 10, void={"4": "basah"})
    page = f"/karcis/{block.id}"
    assert form_post(phone, f"{page}/kembalikan", id=uuid7()).status_code == 302
    assert page in desk.get("/karcis/").text
    assert form_post(desk, f"{page}/ambil", id=uuid7(), first=13).status_code == 422
    assert form_post(desk, f"{page}/ambil", id=uuid7(), first=13, why="hilang").status_code == 302
    report = read(desk, "/karcis/laporan")
    for words in (block.series, "basah", "hilang"):
        assert words in report
    assert desk.get(f"{page}.pdf").data.startswith(b"%PDF")
    assert form_post(desk, f"{page}/musnahkan", id=uuid7(), why="SK").status_code == 422


def test_another_collectors_block_is_not_there(context: Flask):
    block = in_hand(collector(), treasurer())
    _, stranger = somebody(context, Role.COLLECTOR)
    page = f"/karcis/{block.id}"
    for path in (page, f"{page}.pdf", f"{page}/jual"):
        assert stranger.get(path).status_code == 404
    for step in ("jual", "kembalikan", "terima", "simpan"):
        sent: dict[str, Any] = {"id": uuid7(), "first": 1, "last": 1, "amount": "1000"}
        assert form_post(stranger, f"{page}/{step}", **sent).status_code == 404


def test_offers_of_tickets_are_withdrawn(context: Flask):
    seller = collector()
    keeper, desk = somebody(context, Role.TREASURER)
    block = stored(keeper)[0]
    form_post(desk, "/karcis/serahkan", id=uuid7(), taker_id=seller.id, block_ids=block.id)
    assert form_post(desk, f"/karcis/{block.id}/tarik", id=uuid7()).status_code == 302
    assert form_post(desk, f"/karcis/{block.id}/tarik", id=uuid7()).status_code in {409, 422}


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
