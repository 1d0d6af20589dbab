"""A trader pays in a browser, at a bank that is another process: as it should be, and as it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Request, expect

from sijinak.accounts.models import Role
from sijinak.config import Settings
from sijinak.retribution.models import Skrd
from tests.browser.banks import BankProcess, open_bank
from tests.browser.cast import Cast
from tests.browser.people import OpenBrowser, Person
from tests.browser.sites import PHONE, own_settings
from tests.databases import Databases
from tests.factories import make_user
from tests.retribution.factories import make_keeper, make_skrd

pytestmark = [pytest.mark.slow, pytest.mark.journey]
MOST_BYTES = 30_000
PATIENCE = 60_000


@pytest.fixture
def bank(databases: Databases, tmp_path: Path) -> Iterator[tuple[BankProcess, Settings]]:
    with (
        own_settings(databases, tmp_path) as own,
        open_bank(tmp_path / "bank", own.public_url) as bank,
    ):
        yield bank, bank.settings(own)


@pytest.fixture
def settings(bank: tuple[BankProcess, Settings]) -> Settings:
    return bank[1]


@pytest.fixture
def process(bank: tuple[BankProcess, Settings]) -> BankProcess:
    return bank[0]


@dataclass
class Trader:
    """With bills to pay, on a small phone, in English so that what is said can be read here."""

    person: Person
    bills: list[Skrd]

    def read(self) -> str:
        return self.person.text()

    def choose(self, bill: Skrd, way: str = "snap:qris") -> "Trader":
        self.person.go(f"/retribusi/{bill.id}/bayar").fill(adapter=way).send("form.form button")
        return self

    def sees(self, locator: str) -> "Trader":
        """The page looks again by itself until then."""
        self.person.page.wait_for_selector(f"main {locator}", timeout=PATIENCE)
        self.person.look()
        return self

    def again_until(self, locator: str) -> "Trader":
        """Load the page until it shows what may come a moment later."""
        for _ in range(240):
            self.person.go(self.person.page.url)
            if self.person.page.locator(f"main {locator}").count():
                break
            self.person.page.wait_for_timeout(250)
        return self.sees(locator)

    def says_paid(self) -> "Trader":
        self.person.send_form("/cek")
        return self


@pytest.fixture
def trader(site: Flask, cast: Cast) -> Trader:
    with site.app_context():
        keeper = make_keeper()
        bills = [make_skrd(keeper=keeper) for _ in range(4)]
        username = make_user(Role.TRADER, keeper_id=keeper.id).username
    person = cast.on_phone(username)
    person.go("/bahasa/en?next=/emoney/")
    return Trader(person, bills)


def test_a_bill_is_paid_by_qris(trader: Trader, process: BankProcess):
    trader.person.go("/emoney/")
    assert "Rp 318.000" in trader.read().replace("\xa0", " ")
    trader.choose(trader.bills[0]).sees("svg.pay-qr")
    code = process.newest()["code"]
    assert _scanned(trader) == code
    assert _saved(trader) == code
    process.phone()
    trader.sees('a[href*="/tbp/"]')
    assert "Thank you" in trader.read()
    trader.person.send('a[href*="/tbp/"]')
    assert "QRIS" in trader.read()
    trader.person.go("/emoney/")
    assert "Rp 238.500" in trader.read().replace("\xa0", " ")


def test_a_payment_after_the_code_expired_counts(trader: Trader, process: BankProcess):
    trader.choose(trader.bills[0]).sees("svg.pay-qr")
    process.phone(expire=True)
    trader.says_paid().sees(".banner.tone-warning")
    assert "The time to pay is over" in trader.read()
    assert "do not pay again" in trader.read()
    process.phone(late=True)
    trader.says_paid().sees('a[href*="/tbp/"]')
    assert "Paid" in trader.read()


def test_of_two_payments_one_is_kept_for_the_payer(trader: Trader, process: BankProcess):
    trader.choose(trader.bills[0]).sees("svg.pay-qr")
    process.phone(times=2)
    trader.sees('a[href*="/tbp/"]').again_until(".banner.tone-warning")
    said = trader.read().replace("\xa0", " ")
    assert "You paid once more: Rp 79.500" in said
    assert "The second payment is kept for you" in said
    expect(trader.person.page.locator('main .links a[href*="/tbp/"]')).to_have_count(1)


def test_a_short_payment_is_kept_and_the_bill_stays_open(trader: Trader, process: BankProcess):
    trader.choose(trader.bills[0]).sees("svg.pay-qr")
    process.phone(amount=78_500)
    trader.sees(".banner.tone-warning")
    said = trader.read().replace("\xa0", " ")
    assert "Rp 78.500 came, but Rp 79.500 is due" in said
    assert "Do not pay again" in said
    expect(trader.person.page.locator('main a[href*="/tbp/"]')).to_have_count(0)
    trader.person.go("/emoney/")
    assert "Money of yours is being looked at" in trader.read()


def test_a_code_for_another_merchant_is_not_shown(trader: Trader, process: BankProcess):
    process.turn(other_nmid=True)
    trader.choose(trader.bills[0]).sees(".banner.tone-danger")
    assert "The code that the bank sent was not right" in trader.read()
    expect(trader.person.page.locator("svg.pay-qr")).to_have_count(0)


def test_several_bills_are_paid_at_once_to_a_virtual_account(trader: Trader, process: BankProcess):
    trader.person.go("/emoney/")
    trader.person.page.locator('main input[name="skrd"]').last.uncheck()
    trader.person.send('form[action$="/bayar"] button')
    trader.person.fill(adapter="snap:va").send("form.form button")
    trader.sees(".pay-number")
    number = trader.person.page.locator("#pay-number").get_attribute("data-number")
    process.phone(payload=number)
    trader.sees('a[href*="/tbp/"]')
    expect(trader.person.page.locator('main .links a[href*="/tbp/"]')).to_have_count(3)
    trader.person.go("/emoney/bukti").go("/emoney/riwayat").go("/emoney/")
    assert "Rp 79.500" in trader.read().replace("\xa0", " ")


def test_a_lost_answer_is_no_failure(trader: Trader, process: BankProcess):
    """The bank took the order, and nobody heard it say so."""
    process.turn(answer_lost=True)
    trader.choose(trader.bills[0]).sees(".banner.tone-warning")
    assert "Do not pay twice" in trader.read()
    process.turn(answer_lost=False)
    trader.says_paid().sees("svg.pay-qr")


def test_the_paying_page_weighs_little(
    trader: Trader, process: BankProcess, open_browser: OpenBrowser
):
    trader.choose(trader.bills[0]).sees("svg.pay-qr")
    fresh = open_browser(PHONE)
    fresh.add_cookies(trader.person.page.context.cookies())  # type: ignore[arg-type]
    page = fresh.new_page()
    asked: list[Request] = []
    page.on("requestfinished", lambda one: asked.append(one))  # noqa: PLW0108 - as it is typed
    page.goto(trader.person.page.url, wait_until="load")
    sizes = {one.url: one.sizes()["responseBodySize"] for one in asked}
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def _scanned(trader: Trader) -> str:
    """The code on the screen, read by a decoder that is not ours."""
    picture = trader.person.page.locator("svg.pay-qr").screenshot()
    return _read(picture)


def _saved(trader: Trader) -> str:
    link = trader.person.page.locator('main a[href$="/qr.png"]').get_attribute("href")
    return _read(trader.person.page.context.request.get(str(link)).body())


def _read(picture: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return str(found.text)
