"""Every rupiah from the SKRD to the line of the bank: paid late, twice, short, exactly, by
transfer and in cash, at a bank that is another process, until queue, books and statement agree."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from sijinak.config import Settings
from sijinak.core.clock import today
from sijinak.core.money import thousands
from sijinak.core.schedule import Rounds
from sijinak.payments.discrepancies.queries import View
from sijinak.payments.models import DiscrepancyKind as K
from sijinak.payments.models import Resolution
from sijinak.permits.models import PermitState
from sijinak.sandboxbank.account import HOLDER
from sijinak.sandboxbank.books import NUMBER
from sijinak.web.i18n import gettext
from sijinak.web.labels import label
from sijinak.wiring import SCHEDULE
from tests.browser.banks import BankProcess, open_bank
from tests.browser.cast import Cast
from tests.browser.money import ACCOUNT, LINES, Bill, Till, hire, rupiah, see_the_truth
from tests.browser.people import Person
from tests.browser.sites import own_settings
from tests.browser.standing import sees
from tests.databases import Databases

T = TypeVar("T")
PATIENCE = 60_000
REST = 1_000
DECREE = "SK 900/12/2026"
SLIP = "SLIP-7781"


@pytest.fixture
def bank(databases: Databases, tmp_path: Path) -> Iterator[tuple[BankProcess, Settings]]:
    """The office counts its days as the bank does, so that both speak of the same one."""
    with (
        own_settings(databases, tmp_path) as own,
        open_bank(tmp_path / "bank", own.public_url) as bank,
    ):
        bank.turn(settle_days=0)
        found = bank.settings(own)
        transfer = {"account": NUMBER, "bank": "Bank Uji", "holder": HOLDER}
        yield (
            bank,
            replace(
                found,
                zone="WIB",
                payment_adapters=f"{found.payment_adapters},statement",
                bank_accounts=f"{ACCOUNT}|Bank Uji a.n. {HOLDER}|{NUMBER}|Kas umum daerah",
                adapter_settings={
                    **found.adapter_settings,
                    **{f"statement_{name}": text for name, text in transfer.items()},
                },
            ),
        )


@pytest.fixture
def settings(bank: tuple[BankProcess, Settings]) -> Settings:
    return bank[1]


@pytest.fixture
def process(bank: tuple[BankProcess, Settings]) -> BankProcess:
    return bank[0]


@pytest.fixture
def till(site: Flask) -> Till:
    return _apart(site, hire)


@pytest.mark.slow
@pytest.mark.journey
def test_every_rupiah_goes_from_the_bill_to_the_line_of_the_bank(
    cast: Cast, till: Till, process: BankProcess, tmp_path: Path
):
    trader = cast.on_phone(till.trader)
    _pay_late(trader, till.late, process)
    doubled = _pay_twice(trader, till.twice, process)
    _pay_short(trader, till.short, process)
    _pay(trader, till.exact, process)
    _paid(trader, till.exact)
    _transfer(trader, till.transfer, process)
    _take_cash(cast, till)
    _give_back(cast, till)
    _sees_in_time(trader, doubled, "It was given back to you.")
    _hand_over(cast, till)
    _deposit(cast, till, process)
    _pay_the_rest(till.short, process)
    _bring_in(cast, till, process, tmp_path)
    _paid(trader, till.transfer)
    _name_the_rest(cast, till)
    _join(cast, till)
    _paid(trader, till.short)
    _close_the_day(cast, till)
    _see_that_all_agrees(cast, till)
    _apart(cast.site, lambda: see_the_truth(till))


def _choose(trader: Person, bill: Bill, way: str, code: str) -> Locator:
    """From the permit to its bill, and on to the code."""
    trader.go(f"/izin/{bill.permit_id}").send(f'a.button[href="/retribusi/{bill.id}"]')
    trader.send(f'a.button[href="/retribusi/{bill.id}/bayar"]')
    trader.fill(adapter=way).send("form.form button")
    shown = trader.page.locator(f"main {code}")
    expect(shown).to_be_visible(timeout=PATIENCE)
    trader.look()
    return shown


def _pay(trader: Person, bill: Bill, process: BankProcess, **wish: object) -> str:
    """Where its attempt is shown."""
    _choose(trader, bill, "snap:qris", "svg.pay-qr")
    process.phone(**wish)
    return trader.page.url


def _pay_late(trader: Person, bill: Bill, process: BankProcess) -> None:
    _pay(trader, bill, process, expire=True)
    trader.send_form("/cek")
    _sees(trader, "The time to pay is over")
    process.phone(late=True)
    trader.send_form("/cek")
    _sees(trader, "Thank you. Keep the receipt; it can be checked by anybody.")
    _paid(trader, bill)


def _pay_twice(trader: Person, bill: Bill, process: BankProcess) -> str:
    attempt = _pay(trader, bill, process, times=2)
    _sees(trader, "The bill is paid. The second payment is kept for you.")
    _paid(trader, bill)
    return attempt


def _pay_short(trader: Person, bill: Bill, process: BankProcess) -> None:
    _pay(trader, bill, process, amount=bill.total - REST)
    _sees(trader, "Your money is safe, but the bill is not paid yet.")


def _transfer(trader: Person, bill: Bill, process: BankProcess) -> None:
    """By the code in the remark; the statement will tell."""
    code = _choose(trader, bill, "statement:transfer", "#pay-remark").get_attribute("data-number")
    process.call("POST", "/deposits", {"amount": bill.total, "slip": f"{code} RETRIBUSI"})


def _take_cash(cast: Cast, till: Till) -> None:
    """Exactly what is due, counted in front of the payer, who goes with the receipt."""
    collector = cast.on_phone(till.collector).go(f"/retribusi/{till.cash.id}")
    collector.send('a[href$="/tunai"]').fill(amount=str(till.cash.total), counted="yes")
    collector.send("form.form button")
    expect(collector.page.locator("main")).to_contain_text(rupiah(till.cash.total))
    _paid(cast.on_phone(till.trader), till.cash)


def _give_back(cast: Cast, till: Till) -> None:
    """The desk shows what came twice and what came short; the one goes back, by two people."""
    treasurer = cast.at_desk(till.treasurer).go("/bendahara/")
    for kind, amount in ((K.SHORT, till.short.total - REST), (K.DOUBLE, till.twice.total)):
        row = treasurer.page.locator("main tr", has_text=label(kind))
        expect(row).to_contain_text(rupiah(amount))
    treasurer.send(f'a[href*="jenis={K.DOUBLE}"]').send("th a")
    treasurer.fill(resolution=Resolution.REFUND, decree=DECREE, reason="Pembayar membayar dua kali")
    treasurer.send_form("/usul")
    _approve(cast, till)


def _approve(cast: Cast, till: Till) -> None:
    """A second person is told on the first page that something waits."""
    second = cast.at_desk(till.second).go("/").send(f'a[href*="tampil={View.TO_APPROVE}"]')
    second.send("th a").fill(action="approve").send_form("/putus")


def _hand_over(cast: Cast, till: Till) -> None:
    """All that the collector holds goes to the treasurer, and the collector's day is over."""
    amount = rupiah(till.cash.total)
    collector = cast.on_phone(till.collector).go("/kas/").send('a[href$="/serahkan"]')
    taker = collector.page.locator("main [name=taker_id] option").nth(1)
    collector.fill(taker_id=taker.get_attribute("value") or "")
    collector.send("form.form button.button-primary")
    treasurer = cast.at_desk(till.treasurer).go("/kas/").send('a[href*="/serah-terima/"]')
    treasurer.fill(counted=str(till.cash.total)).send_form("/terima")
    expect(treasurer.page.locator("main .card")).to_contain_text(amount)
    _count(cast.on_phone(till.collector), cast.at_desk(till.treasurer))


def _count(holder: Person, second: Person) -> None:
    """Nothing is left in the drawer; a second person signs that."""
    holder.go("/kas/").send('a[href$="/tutup/hitung"]').fill(counted="0").send("form.form button")
    second.go("/kas/").send('a[href*="/kas/tutup/"]:has-text("0")').send_form("/sahkan")


def _deposit(cast: Cast, till: Till, process: BankProcess) -> None:
    treasurer = cast.at_desk(till.treasurer).go("/kas/").send('a[href="/setoran/baru"]')
    treasurer.fill(account=ACCOUNT).send("form.form button")
    amount = till.cash.total
    process.call("POST", "/deposits", {"amount": amount, "slip": SLIP})
    treasurer.fill(on=today().isoformat(), slip=SLIP, amount=str(amount))
    treasurer.send("form[enctype] button")


def _pay_the_rest(bill: Bill, process: BankProcess) -> None:
    """At the bank's counter, with the number of the bill."""
    process.call("POST", "/deposits", {"amount": REST, "slip": bill.number})


def _bring_in(cast: Cast, till: Till, process: BankProcess, folder: Path) -> None:
    """What the file says is shown before it is taken in; then each line finds its money."""
    _apart(cast.site, lambda: Rounds(SCHEDULE).run_due())
    file = folder / "rekening-koran.csv"
    file.write_bytes(process.file(f"/statements/{today()}.csv"))
    treasurer = cast.at_desk(till.treasurer).go("/rekonsiliasi/").send('a[href$="/koran/baru"]')
    treasurer.fill(account=ACCOUNT, profile="bank-percobaan-csv").attach("file", file)
    treasurer.send("form.form button")
    expect(treasurer.page.locator("main table tbody tr")).to_have_count(LINES)
    treasurer.send("form.form button")
    _confirm(cast, till)
    treasurer.page.reload()
    unmatched = treasurer.page.locator("main .status", has_text=gettext("Not matched"))
    expect(unmatched).to_have_count(1, timeout=PATIENCE)


def _confirm(cast: Cast, till: Till) -> None:
    """The transfer stands in the file alone: another person sees its bill, and vouches for it."""
    second = cast.at_desk(till.second).go("/").send('a.tile[href$="/rekonsiliasi/"]')
    second.send('a[href*="/berkas/"]')
    expect(second.page.locator("main")).to_contain_text(till.transfer.number)
    second.send('button[value="confirm"]')


def _name_the_rest(cast: Cast, till: Till) -> None:
    """A line that names a bill and is not its amount is money only when two people say so."""
    treasurer = cast.at_desk(till.treasurer)
    treasurer.send(f'tr:has-text("{till.short.number}") th a')
    form = treasurer.page.locator('main form[action$="/terima"]')
    expect(form.locator("[name=bill]")).to_have_value(till.short.number)
    form.locator("[name=reason]").fill("Sisa SKRD, nomornya tertulis di berita setoran")
    treasurer.send_form("/terima")
    second = cast.at_desk(till.second).go("/rekonsiliasi/").send('a[href*="/usulan/"]')
    second.send('button[value="approve"]')
    expect(second.page.locator("main")).to_contain_text(rupiah(REST))


def _join(cast: Cast, till: Till) -> None:
    """What came short and its rest are exactly the bill."""
    treasurer = cast.at_desk(till.treasurer).go("/bendahara/").send(f'a[href*="jenis={K.SHORT}"]')
    first = rupiah(till.short.total - REST)
    treasurer.send(f'tr:has-text("{first}") th a')
    rest = treasurer.page.locator("main .choice:has([name=cases])")
    expect(rest).to_contain_text(gettext("for the same bill"))
    rest.locator("[name=cases]").check()
    treasurer.fill(resolution=Resolution.ALLOCATE, bills=str(till.short.id))
    treasurer.fill(reason="Kurang bayar dan sisanya dari pedagang yang sama").send_form("/usul")
    _approve(cast, till)


def _close_the_day(cast: Cast, till: Till) -> None:
    treasurer, second = cast.at_desk(till.treasurer), cast.at_desk(till.second)
    _count(treasurer, second)
    treasurer.go("/kas/").send('a[href$="/tutup-hari"]')
    _sees(treasurer, "Everybody has closed")
    treasurer.send("form.form button")
    expect(treasurer.page.locator("main tbody")).to_have_count(0)


def _see_that_all_agrees(cast: Cast, till: Till) -> None:
    """Also after the rounds of the program looked once more: table, report and queue."""
    _apart(cast.site, lambda: Rounds(SCHEDULE).run_due())
    treasurer, total = cast.at_desk(till.treasurer), rupiah(till.total)
    treasurer.go("/rekonsiliasi/").send('a[href$="/harian"]')
    (row,) = treasurer.page.locator("main tbody tr").all()
    ways = thousands(till.total), thousands(till.total), "0"  # no tickets, nothing under way
    expect(row.locator("td.numeric")).to_have_text([*ways, *ways])
    expect(row).to_contain_text(gettext("Agrees"))
    treasurer.go("/bendahara/").send('a[href$="/laporan"]')
    _sees(treasurer, "Books and receipts agree to the rupiah")
    for name, amount in (("Received", total), ("Into the bank", total), ("Arrears", rupiah(0))):
        expect(_fact(treasurer, name)).to_have_text(amount)
    treasurer.go("/retribusi/selisih/")
    _sees(treasurer, "Nothing here")


def _fact(person: Person, name: str) -> Locator:
    term = person.page.locator("dt").get_by_text(gettext(name), exact=True)
    return person.page.locator("main .facts > div", has=term).locator("dd")


def _sees(person: Person, words: str) -> None:
    """A page that waits for the bank looks again by itself until then."""
    expect(person.page.locator("main")).to_contain_text(gettext(words), timeout=PATIENCE)
    person.look()


def _sees_in_time(person: Person, path: str, words: str) -> None:
    """The bank gives money back in its own time; whoever waits for it looks again."""
    for _ in range(120):
        if gettext(words) in person.go(path).text():
            return
        person.page.wait_for_timeout(PATIENCE // 120)
    _sees(person, words)


def _paid(trader: Person, bill: Bill) -> None:
    """The permit went on, and says so to its applicant."""
    sees(trader, f"/izin/{bill.permit_id}", PermitState.PAID)


def _apart(site: Flask, work: Callable[[], T]) -> T:
    """In a thread of its own: what wants a loop finds the browser's in this one."""

    def done() -> T:
        with site.app_context():
            return work()

    with ThreadPoolExecutor(1) as one:
        return one.submit(done).result()
