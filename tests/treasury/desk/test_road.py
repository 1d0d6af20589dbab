"""One rupiah is followed by links: bill, receipt, hands, STS, line of the bank, and the books."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.ledger.queries import journal_called
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.queries import moneys_of
from sijinak.retribution.receipts.services import receive_cash
from sijinak.treasury.matching.jobs import reconcile
from tests.browsing import Browser
from tests.factories import make_user, signed_in
from tests.retribution.factories import cash_for, do, make_skrd
from tests.treasury.cash.factories import accept, collector, offer
from tests.treasury.deposits.factories import bring, prepare
from tests.treasury.matching.factories import register_account, take_lines, treasurer

pytestmark = pytest.mark.usefixtures("context")
NOT_YET = "belum"


def browser(app: Flask, role: Role) -> Browser:
    return Browser(app, signed_in(app, make_user(role)))


def received() -> Receipt:
    register_account()
    return do(receive_cash, cash_for(make_skrd(100_000)), by=collector())


def road(client: Browser, receipt: Receipt) -> str:
    return client.get(f"/retribusi/tbp/{receipt.id}").text.partition('id="road"')[2]


def links(page: str) -> Iterator[str]:
    yield from re.findall(r'<a href="(/[^"]+)"', page.partition("</section>")[0])


def test_cash_is_followed_from_the_bill_to_the_line(context: Flask):
    register_account()
    person, keeper = collector(), treasurer()
    receipt = do(receive_cash, cash_for(make_skrd(100_000)), by=person)
    auditor = browser(context, Role.AUDITOR)
    before = road(auditor, receipt)
    assert before.count("not yet") + before.count("belum") >= 2
    accept(offer(person, keeper, 100_000), keeper)
    deposit = bring(prepare(keeper), keeper)
    (line,) = take_lines([(100_000, f"SETORAN {deposit.number}")], by=keeper, day=today())
    reconcile()
    shown = list(links(road(auditor, receipt)))
    for part in ("/retribusi/", "/kas/serah-terima/", f"/setoran/{deposit.id}",
                 f"/rekonsiliasi/baris/{line.id}", "/buku/jurnal/"):  # fmt: skip
        assert any(one.startswith(part) for one in shown), part
    assert {auditor.get(one).status_code for one in shown} == {200}
    for one in (one for one in shown if one.startswith("/buku/jurnal/")):
        subject = re.search(r'<p><a href="([^"]+)">', auditor.get(one).text)
        assert subject, "a journal leads back to what it is about"
        assert auditor.get(subject[1]).status_code in {200, 302}


def test_the_money_itself_has_a_page_and_the_day_leads_to_its_receipts(context: Flask):
    receipt = received()
    auditor = browser(context, Role.AUDITOR)
    with transaction():
        money = moneys_of(receipt)[0][1]
        journal = journal_called(f"money:{money.id}")
    assert journal
    assert receipt.number in auditor.get(f"/retribusi/uang/{money.id}").text
    assert f"/retribusi/uang/{money.id}" in auditor.get(f"/buku/jurnal/{journal.id}").text
    days = auditor.get("/rekonsiliasi/harian").text
    day = re.search(r'href="(/retribusi/tbp\?hari=[^"]+)"', days)
    assert day
    assert receipt.number in auditor.get(day[1]).text


def test_who_does_not_look_at_the_treasury_sees_no_road(context: Flask):
    receipt = received()
    page = browser(context, Role.COLLECTOR).get(f"/retribusi/tbp/{receipt.id}").text
    assert 'id="road"' not in page
    kabid = road(browser(context, Role.KABID), receipt)
    assert "/buku/jurnal/" not in kabid, "who may not read the books has no link into them"
    assert "/retribusi/uang/" in kabid


def test_receipts_are_found_by_number_payer_and_day(context: Flask):
    receipt, other = received(), received()
    client = browser(context, Role.TREASURER)
    for asked in (receipt.number.lower(), receipt.payer_name[3:]):
        page = client.get("/retribusi/tbp", query_string={"cari": asked}).text
        assert receipt.number in page
        assert other.number not in page
    bills = client.get("/retribusi/", query_string={"cari": receipt.payer_name}).text
    assert bills.partition("<table")[2].count("/retribusi/") >= 1
    assert receipt.number not in client.get("/retribusi/tbp?cari=%25").text
    assert receipt.number not in client.get("/retribusi/tbp?hari=2001-01-01").text
    assert receipt.number in client.get("/retribusi/tbp?hari=9999-12-31&cara=cash").text


def test_an_auditor_gives_no_receipt_away(context: Flask):
    receipt = received()
    auditor, clerk = browser(context, Role.AUDITOR), browser(context, Role.COLLECTOR)
    door = f"/retribusi/tbp/{receipt.id}/tautan"
    assert auditor.send(door, id="00000000-0000-7000-8000-000000000001").status_code == 403
    assert clerk.send(door, id="00000000-0000-7000-8000-000000000002").status_code == 302
    shown = auditor.get(f"/retribusi/tbp/{receipt.id}").text
    assert "/b/" not in shown
    assert "/tautan" not in shown
    assert (
        auditor.send(f"{door}/akhiri", id="00000000-0000-7000-8000-000000000003").status_code == 403
    )
    assert "/b/" in clerk.get(f"/retribusi/tbp/{receipt.id}").text
