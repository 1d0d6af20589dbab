"""Bad lines, bad servers and captive portals: sent once, lost never, and said in words."""

import threading
from http import HTTPStatus

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.field.models import FieldRecord
from sijinak.vaccinations.models import Vaccination
from tests.browser.sites import Site
from tests.field.browser.faults import (
    FaultSwitch,
    cut_after,
    cut_before,
    moved,
    says,
    waits_for,
)
from tests.field.browser.handsets import Handset
from tests.field.browser.village import Village

SYNC = "/api/v1/field/sync"
DOOR = "/api/v1/field/"
PORTAL = "<html><body><h1>Selamat datang di WiFi Kafe</h1></body></html>"
BATCH = 25


def rows_of(site: Site, table: type[FieldRecord] | type[Vaccination]) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def type_offline(phone: Handset, codes: list[str]) -> None:
    phone.context.set_offline(True)
    assert {phone.type_code(code) for code in codes} == {"go"}
    phone.page.evaluate("() => location.hash = '#/setelan'")
    phone.at("settings")


@pytest.mark.slow
def test_whatever_answers_in_the_place_of_the_server_changes_nothing(
    site: Site, phone: Handset, village: Village, faults: FaultSwitch
):
    for status in ("500", "502"):
        phone.forgive(f"status of {status}")
    type_offline(phone, village.codes[:3])
    for trouble, fault in (
        ("server", says(HTTPStatus.INTERNAL_SERVER_ERROR, '{"type":"oops"}', "application/json")),
        ("server", says(HTTPStatus.BAD_GATEWAY, "<h1>502 Bad Gateway</h1>")),
        ("portal", says(HTTPStatus.OK, PORTAL)),
        ("portal", says(HTTPStatus.OK, '{"welcome":true}', "application/json")),
        ("portal", moved(f"{site.url}/tentang")),
        ("offline", cut_before),
        ("offline", cut_after),
    ):
        faults.heal()
        faults.always(DOOR, fault)
        phone.context.set_offline(False)
        assert phone.flush() == trouble
        assert phone.counts()["saved"] == 3, trouble
        assert phone.page.locator("main [data-slot=sync-words]").inner_text()
        phone.context.set_offline(True)
    faults.heal()
    phone.context.set_offline(False)
    assert phone.flush() == ""
    assert phone.counts() == {"saved": 0, "received": 3, "needsYou": 0}
    assert rows_of(site, Vaccination) == 3


@pytest.mark.slow
def test_an_answer_lost_after_the_server_took_the_records(
    site: Site, phone: Handset, village: Village, faults: FaultSwitch
):
    type_offline(phone, village.codes[:30])
    faults.on(SYNC, cut_after)
    phone.context.set_offline(False)
    phone.flush()
    assert phone.flush() == ""
    phone.until_sent(30)
    assert rows_of(site, FieldRecord) == rows_of(site, Vaccination) == 30


@pytest.mark.slow
def test_a_line_so_slow_that_the_app_gives_up_and_tries_again(
    site: Site, phone: Handset, village: Village, faults: FaultSwitch
):
    type_offline(phone, village.codes[:2])
    gate = threading.Event()
    faults.on(SYNC, waits_for(gate))
    phone.context.set_offline(False)
    assert phone.flush() == "timeout"
    assert phone.counts()["saved"] == 2
    gate.set()
    assert phone.flush() == ""
    phone.until_sent(2)
    assert rows_of(site, Vaccination) == 2


@pytest.mark.slow
def test_a_week_without_network_ends_in_the_dark_and_then_all_is_sent(
    site: Site, phone: Handset, village: Village, faults: FaultSwitch
):
    """300 records; killed and opened while the server is down; sent in pages, listed whole."""
    site.stop()
    save = """async ({ codes, product, village }) => {
        const app = document.querySelector('script[src*="/field/"]').src;
        const { add } = await import(new URL("outbox.js", app).href);
        for (let n = 0; n < 300; n += 1) {
            const round = `00000000-0000-4000-8000-00000000000${n % 2}`;
            const code = codes[n % codes.length];
            const what = { round, code, product, lot: "L-2611", campaign: null, village };
            await add("vaccination", { ...what, read: "typed" });
        }
    }"""
    told = {"codes": village.codes[:150], "product": village.product, "village": village.code}
    phone.page.evaluate(save, told)
    phone.kill()
    phone.back_again()
    assert phone.counts()["saved"] == 300
    site.start()
    assert phone.flush() == ""
    phone.until_sent(300)
    assert rows_of(site, FieldRecord) == 300
    assert faults.count(SYNC) >= 300 / BATCH
    phone.go("catatan", "records")
    more = phone.page.locator("[data-action=more]")
    while more.is_visible():
        shown = phone.page.locator("[data-record]").count()
        more.click()
        expect(phone.page.locator("[data-record]").nth(shown)).to_be_attached()
    assert phone.page.locator("[data-record]").count() == 300
    assert phone.page.locator("[data-record] [data-state=received]").count() == 300
