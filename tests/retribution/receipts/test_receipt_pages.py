"""The counter, a receipt, its link and its void, as people click through them."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.public.guard import forget_misses
from sijinak.retribution.checks import public_code
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Receipt, ReceiptLink
from sijinak.retribution.receipts.queries import receipt_of, void_of
from tests.browsing import Browser
from tests.factories import make_user, signed_in
from tests.retribution.factories import fresh, later, make_keeper, make_skrd, receipts
from tests.retribution.receipts.ways import WHY, paid_in_cash, void
from tests.treasury.matching.factories import deposited

pytestmark = pytest.mark.usefixtures("context")
EMPANG = "52.04.06"
LATE = "tone-danger"


@pytest.fixture
def cashier(context: Flask) -> Browser:
    forget_misses()
    return browser(context, Role.COLLECTOR)


def browser(app: Flask, role: Role, region: str = "52.04", **columns: Any) -> Browser:
    return Browser(app, signed_in(app, make_user(role, region, **columns)))


def text_of(answer: TestResponse) -> str:
    return answer.text.replace("\xa0", " ")


def take(client: Browser, skrd: Skrd, amount: str, **told: Any) -> TestResponse:
    sent = {"id": uuid7(), "amount": amount, "counted": "yes", **told}
    return client.send(f"/retribusi/{skrd.id}/tunai", **sent)


def page_of(client: Browser, receipt: Receipt) -> str:
    return text_of(client.get(f"/retribusi/tbp/{receipt.id}"))


def link_of(client: Browser, receipt: Receipt) -> str:
    client.send(f"/retribusi/tbp/{receipt.id}/tautan", id=uuid7())
    return page_of(client, receipt).partition('class="code">')[2].partition("<")[0]


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_a_collector_takes_cash_and_is_told_the_change(cashier: Browser):
    skrd = make_skrd()
    answer = take(cashier, skrd, "79.500", handed="100.000")
    assert answer.status_code == 302
    page = text_of(cashier.get(answer.location))
    assert "20.500" in page
    assert receipts()[0].number in page


def test_less_than_the_amount_was_handed_over(cashier: Browser):
    skrd = make_skrd()
    assert take(cashier, skrd, "79.500", handed="70.000").status_code == 422
    assert receipts() == []


def test_several_bills_of_one_payer_are_offered_and_taken(cashier: Browser):
    keeper = make_keeper()
    first, second = make_skrd(10_000, keeper=keeper), make_skrd(20_000, keeper=keeper)
    stranger = make_skrd(30_000)
    page = text_of(cashier.get(f"/retribusi/{first.id}/tunai"))
    assert second.number in page
    assert stranger.number not in page
    wrong = take(cashier, first, "10.000", also=str(second.id))
    assert wrong.status_code == 422
    assert f'value="{second.id}" data-amount="20000" checked' in wrong.text, "the choice stays"
    assert take(cashier, first, "30.000", also=str(second.id)).status_code == 302
    assert {fresh(one).state for one in (first, second)} == {SkrdState.PAID}


def test_two_clicks_are_one(cashier: Browser):
    skrd, command = make_skrd(), uuid7()
    first, second = (take(cashier, skrd, "79.500", id=command) for _ in range(2))
    assert first.location == second.location
    assert len(receipts()) == 1


def test_the_papers_of_a_receipt(cashier: Browser):
    receipt = paid_in_cash(make_skrd())
    for path in (f"/retribusi/tbp/{receipt.id}.pdf", f"/retribusi/tbp/{receipt.id}/struk.pdf"):
        answer = cashier.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")


@pytest.mark.parametrize("path", ["", ".pdf", "/struk.pdf", "/batal"])
def test_a_receipt_of_somewhere_else_is_not_there(context: Flask, path: str):
    receipt = paid_in_cash(make_skrd())
    elsewhere = browser(context, Role.TREASURER, EMPANG)
    assert elsewhere.get(f"/retribusi/tbp/{receipt.id}{path}").status_code == 404


def test_a_link_opens_the_receipt_for_whoever_holds_it(context: Flask, cashier: Browser):
    keeper = make_keeper()
    receipt = paid_in_cash(make_skrd(keeper=keeper))
    url = link_of(cashier, receipt)
    secret = url.rpartition("/")[2]
    assert len(secret) * 5 >= 128
    assert keeper.name not in url
    assert link_of(cashier, receipt) == url, "it is given again"
    anybody = Browser(context, context.test_client())
    page = text_of(anybody.get(path_of(url)))
    assert receipt.number in page
    assert "Rp 79.500" in page
    for paper in ("/tbp.pdf", "/struk.pdf"):
        assert anybody.get(path_of(url) + paper).mimetype == "application/pdf"
    assert anybody.get(path_of(url)).headers["Cache-Control"] == "no-store"
    with transaction():
        kept = db.session.query(ReceiptLink).one()
    assert secret.encode() not in kept.digest


def test_a_link_ends_by_its_maker_and_by_itself(context: Flask, cashier: Browser):
    receipt, anybody = paid_in_cash(make_skrd()), Browser(context, context.test_client())
    url = path_of(link_of(cashier, receipt))
    cashier.send(f"/retribusi/tbp/{receipt.id}/tautan/akhiri", id=uuid7())
    for path in (url, url + "/tbp.pdf", "/b/AAAA", "/b/" + "A" * 32):
        assert anybody.get(path).status_code == 404
    again = path_of(link_of(cashier, receipt))
    assert again != url
    assert anybody.get(again).status_code == 200
    with later(days=91):
        assert anybody.get(again).status_code == 404


def test_the_payer_makes_the_link_and_another_trader_does_not(context: Flask):
    keeper = make_keeper()
    receipt = paid_in_cash(make_skrd(keeper=keeper))
    trader = browser(context, Role.TRADER, keeper_id=keeper.id)
    other = browser(context, Role.TRADER, keeper_id=make_keeper().id)
    assert "/b/" in link_of(trader, receipt)
    answer = other.send(f"/retribusi/tbp/{receipt.id}/tautan", id=uuid7())
    assert answer.status_code == 404


def test_the_message_names_nobody(context: Flask, cashier: Browser):
    keeper = make_keeper("PT Nama Rahasia")
    receipt = paid_in_cash(make_skrd(keeper=keeper))
    link_of(cashier, receipt)
    page = page_of(cashier, receipt)
    message = page.partition("https://wa.me/?text=")[2].partition('"')[0]
    assert "Rahasia" not in message
    assert "sms:?" in page


def test_a_void_by_two_people_from_page_to_page(context: Flask):
    treasurer, head = browser(context, Role.TREASURER), browser(context, Role.KABID)
    receipt = paid_in_cash(make_skrd())
    asked = treasurer.send(f"/retribusi/tbp/{receipt.id}/batal", id=uuid7(), reason=WHY)
    assert asked.status_code == 302
    assert WHY in text_of(head.get("/retribusi/pembatalan"))
    own = treasurer.send(asked.location, id=uuid7(), action="issue")
    assert own.status_code == 403
    assert void_of(receipt.id) is None
    assert head.send(asked.location, id=uuid7()).status_code == 422
    assert head.send(asked.location, id=uuid7(), action="issue").status_code == 302
    made = void_of(receipt.id)
    assert made is not None
    assert made.number in page_of(treasurer, receipt)
    assert receipt.number in page_of(treasurer, made)
    assert receipt_of(receipt.skrd_id) is None


def test_a_void_without_a_reason_is_asked_for_again(context: Flask):
    treasurer, receipt = browser(context, Role.TREASURER), paid_in_cash(make_skrd())
    answer = treasurer.send(f"/retribusi/tbp/{receipt.id}/batal", id=uuid7(), reason="x")
    assert answer.status_code == 422


def test_a_collector_has_no_part_in_voids(cashier: Browser):
    receipt = paid_in_cash(make_skrd())
    assert cashier.get(f"/retribusi/tbp/{receipt.id}/batal").status_code == 403
    assert cashier.get("/retribusi/pembatalan").status_code == 403
    assert f"/retribusi/tbp/{receipt.id}/batal" not in page_of(cashier, receipt)


def test_the_day_counts_a_void_as_less(context: Flask):
    treasurer = browser(context, Role.TREASURER)
    paid_in_cash(make_skrd(10_000))
    void(paid_in_cash(make_skrd(5_000)))
    page = text_of(treasurer.get("/retribusi/"))
    total = page.partition('class="total"')[2].partition("</p>")[0]
    assert "Rp 10.000" in total


def test_anybody_checks_a_receipt(context: Flask):
    forget_misses()
    anybody, keeper = Browser(context, context.test_client()), make_keeper()
    receipt = paid_in_cash(make_skrd(keeper=keeper))
    path = f"/R/{public_code(receipt)}"
    page = text_of(anybody.get(path))
    assert receipt.number in page
    assert keeper.name not in page
    assert receipt.issued_by_name not in page
    same = text_of(anybody.get(path, query_string={"nomor": receipt.number.lower()}))
    other = text_of(anybody.get(path, query_string={"nomor": "TBP/SBW-01/2026/0000009-X"}))
    assert "tone-success" in same or "banner" in same
    assert same != other
    assert "danger" in other


def test_anybody_sees_that_a_receipt_is_voided(context: Flask):
    forget_misses()
    anybody, receipt = Browser(context, context.test_client()), paid_in_cash(make_skrd())
    void(receipt)
    made = void_of(receipt.id)
    assert made is not None
    voided = text_of(anybody.get(f"/r/{public_code(receipt).lower()}"))
    assert made.number in voided
    assert "danger" in voided
    of_void = text_of(anybody.get(f"/R/{public_code(made)}"))
    assert receipt.number in of_void
    assert WHY not in of_void


def test_a_receipt_is_found_by_its_number(context: Flask):
    forget_misses()
    anybody, receipt = Browser(context, context.test_client()), paid_in_cash(make_skrd())
    found = anybody.get("/cek", query_string={"kode": f" {receipt.number.lower()} "})
    assert found.status_code == 302
    assert public_code(receipt) in found.location
    assert anybody.get("/cek", query_string={"kode": receipt.number[:-1]}).status_code == 404


def test_numbers_are_not_counted_through(context: Flask):
    """Hits count, too: they follow each other."""
    forget_misses()
    anybody, receipt = Browser(context, context.test_client()), paid_in_cash(make_skrd())
    asked = {"kode": receipt.number}
    found = [anybody.get("/cek", query_string=asked).status_code for _ in range(70)]
    assert (found.count(302), set(found[60:])) == (60, {429})
    page = anybody.get("/cek", query_string=asked).text
    assert receipt.number in page, "what was typed stays"
    assert anybody.get(f"/R/{public_code(receipt)}").status_code == 200, "who scans is not stopped"
    forget_misses()


def test_bills_and_slips_are_checked_by_their_number(context: Flask):
    forget_misses()
    anybody, keeper = Browser(context, context.test_client()), make_keeper()
    skrd, slip = make_skrd(10_000, keeper=keeper), deposited(50_000)
    page = text_of(anybody.get("/cek", query_string={"kode": skrd.number}, follow_redirects=True))
    assert all(word in page for word in (skrd.number, "Rp 10.000", "tone-warning"))
    assert keeper.name not in page
    page = text_of(anybody.get("/cek", query_string={"kode": slip.number.lower()}))
    assert all(word in page for word in (slip.number, "Rp 50.000"))
    assert slip.holder_name not in page
    for kind in ("SKRD", "STRD", "STS"):
        answer = anybody.get("/cek", query_string={"kode": f"{kind}/2026/999999-X"})
        assert answer.status_code == 404
