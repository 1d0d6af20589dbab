"""Money that goes back has a page: who decides it, how it goes, and its proof."""

import pytest
from flask import Flask

from sijinak.accounts.models import Role, User
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import Can
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.services import RequestRefund, request_refund
from sijinak.retribution.receipts.services import receive_cash
from sijinak.treasury.cash.commands import EndOffer
from sijinak.treasury.cash.handing import withdraw_offer
from tests.browsing import Browser
from tests.factories import actor_for, make_user, signed_in
from tests.payments.fakebank import FakeBank
from tests.retribution.factories import cash_for, do, make_skrd, work
from tests.treasury.cash.factories import offer
from tests.treasury.matching.factories import came, register_account

INDEX = "/retribusi/pengembalian/"
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def money(bank: FakeBank) -> Collection:
    register_account()
    paid = bank.pay("SJ-1", 75_000)
    return came(75_000, adapter=bank.name, money_id=paid.money_id, ref=paid.ref)


@pytest.fixture
def keeper(app: Flask) -> Browser:
    return browser(app, Role.TREASURER)


def browser(app: Flask, role: Role) -> Browser:
    with app.app_context():
        return Browser(app, signed_in(app, make_user(role)))


def asked(money: Collection, amount: int = 75_000, *, by_hand: bool = False) -> Refund:
    command = RequestRefund(
        collection_id=money.id, amount=Rupiah(amount), reason="Bayar dua kali", by_hand=by_hand
    )
    return do(request_refund, command, by=actor_for(Role.KABID))


def fresh(refund: Refund) -> Refund:
    with transaction():
        return db.session.get_one(Refund, refund.id, populate_existing=True)


def decided(refund: Refund, who: Browser, action: str = "approve") -> int:
    answer = who.send(f"{INDEX}{refund.id}/putus", id=uuid7(), action=action, decree="SK 4/2026")
    return answer.status_code


def test_a_second_person_approves_it_and_the_channel_sends_it(
    money: Collection, keeper: Browser, bank: FakeBank
):
    refund = asked(money)
    assert "Bayar dua kali" in keeper.get(INDEX).text
    assert decided(refund, keeper) == 302
    work()
    assert (fresh(refund).state, fresh(refund).decree) == (RefundState.DONE, "SK 4/2026")
    assert bank.calls.count("refund") == 1
    assert "Bayar dua kali" not in keeper.get(INDEX).text
    assert "Bayar dua kali" in keeper.get(f"{INDEX}?tampil=ended").text


def test_what_its_channel_cannot_give_back_the_treasurer_pays_out_with_a_proof(
    money: Collection, keeper: Browser, bank: FakeBank
):
    bank.can = Can.QUERY
    refund = asked(money)
    decided(refund, keeper)
    work()
    page, door = f"{INDEX}{refund.id}", f"{INDEX}{refund.id}/bayar"
    assert 'name="proof"' in keeper.get(page).text
    assert keeper.send(door, id=uuid7(), out_of="rkud", proof="").status_code == 422
    assert keeper.send(door, id=uuid7(), out_of="other", proof="TRF 77").status_code == 422
    told = {"id": uuid7(), "out_of": "rkud", "proof": "TRF 77"}
    assert [keeper.send(door, **told).status_code for _ in range(2)] == [302, 302]
    assert (fresh(refund).state, fresh(refund).proof) == (RefundState.DONE, "TRF 77")
    assert (balance(chart.bank("rkud")), balance(chart.SUSPENSE)) == (-75_000, 0)
    assert keeper.send(door, id=uuid7(), out_of="rkud", proof="TRF 78").status_code == 422
    assert "TRF 77" in keeper.get(page).text


def test_cash_goes_out_of_the_hands_that_hold_it(app: Flask, money: Collection, keeper: Browser):
    refund = asked(money, by_hand=True)
    decided(refund, keeper)
    door = f"{INDEX}{refund.id}/bayar"
    told = {"out_of": "cash", "proof": "Kuitansi 3"}
    refused = keeper.send(door, id=uuid7(), **told)
    assert refused.status_code == 422
    assert fresh(refund).state is RefundState.APPROVED
    holder = actor_for(Role.TREASURER)
    do(receive_cash, cash_for(make_skrd(80_000)), by=holder)
    with transaction():
        user = db.session.get_one(User, holder.id)
    mine = Browser(app, signed_in(app, user))
    promised = offer(holder, actor_for(Role.TREASURER), 10_000)
    assert mine.send(door, id=uuid7(), **told).status_code == 422, "70.000 are free"
    do(withdraw_offer, EndOffer(handover_id=promised.id, why="untuk pengembalian"), by=holder)
    again = {"id": uuid7(), **told}
    assert [mine.send(door, **again).status_code for _ in range(2)] == [302, 302]
    assert balance(chart.CASH, holder.id) == 5_000


def test_who_asked_does_not_decide_and_others_do_nothing(app: Flask, money: Collection):
    refund = asked(money, by_hand=True)
    auditor, desk = browser(app, Role.AUDITOR), browser(app, Role.PERMIT_DESK)
    assert 'name="action"' not in auditor.get(f"{INDEX}{refund.id}").text
    assert (decided(refund, auditor), decided(refund, desk)) == (403, 403)
    assert desk.get(INDEX).status_code == 403
    for one, door in ((auditor, "bayar"), (desk, "bayar")):
        assert one.send(f"{INDEX}{refund.id}/{door}", id=uuid7()).status_code == 403
    assert fresh(refund).state is RefundState.REQUESTED


def test_the_payee_signs_a_paper_with_a_number(money: Collection, keeper: Browser):
    refund = asked(money, by_hand=True)
    assert f"{refund.id}.pdf" not in keeper.get(f"{INDEX}{refund.id}").text, "not approved yet"
    decided(refund, keeper)
    number = fresh(refund).number
    assert number
    assert number.startswith("TTP/2026/000001-")
    assert number in keeper.get(f"{INDEX}{refund.id}").text
    paper = keeper.get(f"{INDEX}{refund.id}.pdf")
    assert paper.data.startswith(b"%PDF")
    assert number.replace("/", "-") in paper.headers["Content-Disposition"]
    keeper.send(f"{INDEX}{refund.id}/bayar", id=uuid7(), out_of="rkud", proof="TRF 77")
    assert keeper.get(f"{INDEX}{refund.id}.pdf").data.startswith(b"%PDF")
    row = keeper.get(f"{INDEX}pengembalian.csv?tampil=ended").text.splitlines()[1]
    assert number in row
    assert "TRF 77" in row


def test_the_second_person_is_led_to_the_one_that_waits(
    app: Flask, money: Collection, keeper: Browser
):
    refund = asked(money, by_hand=True)
    assert f'href="{INDEX}{refund.id}"' in keeper.get("/").text
    person = fresh(refund).requested_by
    with transaction():
        asker = db.session.get_one(User, person)
    own = Browser(app, signed_in(app, asker))
    assert f'href="{INDEX}{refund.id}"' not in own.get("/").text
