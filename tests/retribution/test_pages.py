import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role, User
from sijinak.core.clock import now, today
from sijinak.core.db import transaction
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.keepers.models import Keeper
from sijinak.payments import jobs
from sijinak.payments.adapters.base import (
    Answer,
    Can,
    Due,
    Kind,
    NotAuthentic,
    Notice,
    Observation,
    Outcome,
    RawRequest,
    Trust,
)
from sijinak.payments.adapters.registry import registry
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.adapters.tools import tools_of
from sijinak.payments.models import Resolution
from sijinak.payments.services import record_observations
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.retribution.receipts.services import receive_cash
from sijinak.retribution.services import MoneyInQuestion
from tests.browsing import form_post
from tests.factories import actor_for, make_user, signed_in
from tests.payments.desk import cases, resolve
from tests.retribution.factories import (
    begin_payment,
    cash_for,
    do,
    fresh,
    later,
    make_keeper,
    make_skrd,
    money,
    receipts,
    work,
)

EMPANG = "52.04.06"
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def keeper(context: Flask) -> Keeper:
    return make_keeper()


@pytest.fixture
def trader(context: Flask, keeper: Keeper) -> FlaskClient:
    return browser(context, make_user(Role.TRADER, keeper_id=keeper.id))


@pytest.fixture
def treasurer(context: Flask) -> FlaskClient:
    return browser(context, make_user(Role.TREASURER))


def browser(app: Flask, user: User) -> FlaskClient:
    return signed_in(app, user)


def url(skrd: Skrd, rest: str = "") -> str:
    return f"/retribusi/{skrd.id}{rest}"


def read(client: FlaskClient, path: str) -> str:
    """The page with plain blanks."""
    return client.get(path).text.replace("\xa0", " ")


def take(client: FlaskClient, skrd: Skrd, amount: str = "79.500", **fields: object):
    sent: dict[str, Any] = {"id": uuid7(), "amount": amount, "counted": "yes", **fields}
    return form_post(client, url(skrd, "/tunai"), **sent)


def test_a_trader_reads_what_they_owe_and_why(trader: FlaskClient, keeper: Keeper):
    skrd, other = make_skrd(keeper=keeper), make_skrd()
    listed = trader.get("/retribusi/").text
    assert skrd.number in listed
    assert other.number not in listed
    shown = read(trader, url(skrd))
    for word in ("Rp 79.500", "Pengeluaran sapi", "nomor diisi sesuai Perda", url(skrd, "/bayar")):
        assert word in shown
    assert url(skrd, "/tunai") not in shown


@pytest.mark.parametrize("rest", ["", ".pdf", "/bayar"])
def test_another_traders_bill_is_not_there(trader: FlaskClient, rest: str):
    assert trader.get(url(make_skrd(), rest)).status_code == 404


def test_another_traders_receipt_is_not_there(trader: FlaskClient):
    receipt = do(receive_cash, cash_for(make_skrd()), by=actor_for(Role.TREASURER))
    assert trader.get(f"/retribusi/tbp/{receipt.id}").status_code == 404
    assert trader.get(f"/retribusi/tbp/{receipt.id}.pdf").status_code == 404


def test_another_traders_attempt_is_not_asked_or_stopped(trader: FlaskClient):
    skrd = make_skrd(10_003)
    attempt = begin_payment(skrd)
    for step in ("cek", "batal"):
        path = url(skrd, f"/pembayaran/{attempt.id}/{step}")
        assert form_post(trader, path).status_code == 404


def test_an_attempt_is_found_under_its_own_bill_only(trader: FlaskClient, keeper: Keeper):
    mine, attempt = make_skrd(keeper=keeper), begin_payment(make_skrd(10_003))
    assert trader.get(url(mine, f"/pembayaran/{attempt.id}")).status_code == 404


def test_the_list_is_filtered_by_state(treasurer: FlaskClient):
    paid, still_open = make_skrd(), make_skrd()
    do(receive_cash, cash_for(paid), by=actor_for(Role.TREASURER))
    shown = treasurer.get("/retribusi/?keadaan=paid").text
    assert paid.number in shown
    assert still_open.number not in shown
    assert treasurer.get("/retribusi/?keadaan=nonsense&after=nonsense").status_code == 200


def test_the_treasurer_counts_the_day_by_way_to_pay(treasurer: FlaskClient):
    cash, online, elsewhere = make_skrd(), make_skrd(10_000), make_skrd()
    with later(days=-1):
        before = make_skrd()
        yesterday = do(receive_cash, cash_for(before), by=actor_for(Role.TREASURER))
    taken = do(receive_cash, cash_for(cash), by=actor_for(Role.TREASURER))
    begin_payment(online)
    work()
    with later(seconds=5):
        jobs.sweep()
        work()
    paid = receipt_of(online.id)
    assert paid is not None
    shown = read(treasurer, "/retribusi/")
    for receipt in (taken, paid):
        assert f'href="/retribusi/tbp/{receipt.id}"' in shown
    assert str(yesterday.id) not in shown
    assert "Rp 89.500" in shown, "the sum of the day"
    assert elsewhere.number in shown
    day = (today() - timedelta(days=1)).isoformat()
    shown = read(treasurer, f"/retribusi/?hari={day}")
    assert str(yesterday.id) in shown
    assert str(taken.id) not in shown
    for nonsense in ("soon", "9999-12-31", "0001-01-01", ""):
        assert str(taken.id) in treasurer.get(f"/retribusi/?hari={nonsense}").text


def test_a_trader_reads_no_receipts_of_the_day(trader: FlaskClient, keeper: Keeper):
    receipt = do(receive_cash, cash_for(make_skrd(keeper=keeper)), by=actor_for(Role.TREASURER))
    assert str(receipt.id) not in trader.get("/retribusi/").text


def test_the_day_of_a_treasurer_ends_at_the_border(context: Flask):
    receipt = do(receive_cash, cash_for(make_skrd()), by=actor_for(Role.TREASURER))
    client = browser(context, make_user(Role.TREASURER, EMPANG))
    assert str(receipt.id) not in client.get("/retribusi/").text


def test_a_trader_pays_online(trader: FlaskClient, keeper: Keeper):
    skrd = make_skrd(keeper=keeper)
    form = trader.get(url(skrd, "/bayar")).text
    assert 'value="sandbox:play"' in form
    assert 'value="cash"' not in form
    started = form_post(trader, url(skrd, "/bayar"), id=uuid7(), adapter="sandbox")
    assert started.status_code == 302
    page = started.location
    assert trader.get(url(skrd, "/bayar")).location == page, "one payment at a time"
    work()
    waiting = trader.get(page)
    assert waiting.headers["Refresh"] == "5"
    with later(seconds=5):
        assert form_post(trader, f"{page}/cek").status_code == 302
        work()
    paid = trader.get(page)
    assert "Refresh" not in paid.headers
    receipt = receipt_of(skrd.id)
    assert receipt is not None
    assert f"/retribusi/tbp/{receipt.id}" in paid.text
    assert trader.get(f"/retribusi/tbp/{receipt.id}").status_code == 200


def test_a_trader_calls_a_payment_back(trader: FlaskClient, keeper: Keeper):
    skrd = make_skrd(10_003, keeper=keeper)
    page = form_post(trader, url(skrd, "/bayar"), id=uuid7(), adapter="sandbox").location
    work()
    form_post(trader, f"{page}/batal")
    assert trader.get(url(skrd, "/bayar")).status_code == 200


@pytest.mark.parametrize("adapter", ["cash", "nobody", ""])
def test_what_is_not_offered_is_refused_on_the_form(
    trader: FlaskClient, keeper: Keeper, adapter: str
):
    skrd = make_skrd(keeper=keeper)
    answer = form_post(trader, url(skrd, "/bayar"), id=uuid7(), adapter=adapter)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_short_money_is_said_to_the_trader(trader: FlaskClient, keeper: Keeper):
    skrd = make_skrd(10_005, keeper=keeper)
    begin_payment(skrd)
    work()
    with later(seconds=6):
        jobs.sweep()
        work()
    shown = read(trader, url(skrd))
    assert "Rp 10.004" in shown
    assert url(skrd, "/bayar") not in shown
    page = read(trader, url(skrd, "/bayar"))
    assert skrd.number in page
    assert 'name="adapter"' not in page
    again = form_post(trader, url(skrd, "/bayar"), id=uuid7(), adapter="sandbox:play")
    assert again.status_code == 422
    with pytest.raises(MoneyInQuestion):
        begin_payment(skrd)
    resolve(cases("short")[0], Resolution.REFUND)
    assert begin_payment(skrd).amount == 10_005


def test_after_the_bank_took_the_money_back_the_trader_may_pay_again(
    trader: FlaskClient, keeper: Keeper
):
    skrd = make_skrd(keeper=keeper)
    attempt = begin_payment(skrd)
    for kind in (Kind.PAID, Kind.REVERSED):
        said = Observation(
            ref=attempt.ref, kind=kind, money_id="M1", amount=skrd.total, happened_at=now(),
            trust=Trust.SIGNED_PUSH,
        )  # fmt: skip
        with transaction():
            record_observations("sandbox", [said], by=WORKER)
    assert [case.kind for case in cases()] == ["reversed"]
    assert url(skrd, "/bayar") in read(trader, url(skrd))
    assert url(skrd, "/bayar") in read(trader, "/emoney/")
    assert begin_payment(skrd).amount == skrd.total


def test_the_treasurer_takes_cash_and_gets_the_receipt(treasurer: FlaskClient):
    skrd = make_skrd()
    assert "Rp 79.500" in read(treasurer, url(skrd, "/tunai"))
    answer = take(treasurer, skrd, "Rp 79.500,00")
    assert answer.status_code == 302
    assert receipts()[0].number in treasurer.get(answer.location).text


def test_two_clicks_lead_to_one_receipt(treasurer: FlaskClient):
    skrd, id_ = make_skrd(), uuid7()
    first, second = take(treasurer, skrd, id=id_), take(treasurer, skrd, id=id_)
    assert first.location == second.location
    assert len(receipts()) == 1


@pytest.mark.parametrize("amount", ["79.499", "80000", "79,5", "0", "seribu", "-79500", "7.95", ""])
def test_a_wrong_amount_stays_on_the_form(treasurer: FlaskClient, amount: str):
    skrd = make_skrd()
    answer = take(treasurer, skrd, amount)
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.text
    assert (receipts(), money(), fresh(skrd).state) == ([], [], SkrdState.OPEN)


def test_uncounted_money_is_not_taken(treasurer: FlaskClient):
    skrd = make_skrd()
    sent: dict[str, Any] = {"id": uuid7(), "amount": "79500"}
    assert form_post(treasurer, url(skrd, "/tunai"), **sent).status_code == 422
    assert receipts() == []


def test_a_strange_field_is_refused(treasurer: FlaskClient):
    skrd = make_skrd()
    assert take(treasurer, skrd, skrd_id=make_skrd().id).status_code == 422
    assert receipts() == []


def test_who_issued_it_is_told_and_refused(context: Flask):
    user = make_user(Role.TREASURER)
    skrd = make_skrd(by=_as_desk(user))
    client = browser(context, user)
    assert 'name="amount"' not in client.get(url(skrd, "/tunai")).text
    assert url(skrd, "/tunai") not in client.get(url(skrd)).text
    assert take(client, skrd).status_code == 403
    assert receipts() == []


@pytest.mark.parametrize(
    "role", [Role.TRADER, Role.PERMIT_DESK, Role.KABID, Role.KADIS, Role.AUDITOR, Role.VET]
)
def test_nobody_else_opens_the_counter(context: Flask, keeper: Keeper, role: Role):
    skrd = make_skrd(keeper=keeper)
    client = browser(context, make_user(role, keeper_id=keeper.id))
    assert client.get(url(skrd, "/tunai")).status_code == 403
    assert take(client, skrd).status_code == 403


def test_the_desk_withdraws_with_a_reason(context: Flask):
    skrd = make_skrd()
    client = browser(context, make_user(Role.PERMIT_DESK))
    assert client.get(url(skrd, "/tarik")).status_code == 200
    assert form_post(client, url(skrd, "/tarik"), id=uuid7(), reason="").status_code == 422
    assert fresh(skrd).state is SkrdState.OPEN
    form_post(client, url(skrd, "/tarik"), id=uuid7(), reason="Salah jumlah ekor")
    assert fresh(skrd).state is SkrdState.CANCELLED
    again = form_post(client, url(skrd, "/tarik"), id=uuid7(), reason="Sekali lagi")
    assert again.status_code == 422


def test_a_trader_cannot_withdraw(trader: FlaskClient, keeper: Keeper):
    skrd = make_skrd(keeper=keeper)
    path = url(skrd, "/tarik")
    assert form_post(trader, path, id=uuid7(), reason="Tidak mau bayar").status_code == 403


@pytest.mark.parametrize("role", [Role.TREASURER, Role.PERMIT_DESK, Role.AUDITOR])
def test_officers_do_not_pay_for_traders(context: Flask, role: Role):
    skrd = make_skrd()
    client = browser(context, make_user(role))
    assert form_post(client, url(skrd, "/bayar"), id=uuid7(), adapter="sandbox").status_code == 403


def test_a_treasurer_elsewhere_finds_nothing(context: Flask):
    skrd = make_skrd()
    client = browser(context, make_user(Role.TREASURER, EMPANG))
    for rest in ("", "/tunai", ".pdf"):
        assert client.get(url(skrd, rest)).status_code == 404
    assert take(client, skrd).status_code == 404


def test_papers_are_pdf_with_their_number_as_name(treasurer: FlaskClient):
    skrd = make_skrd()
    receipt = do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    receipt_path = f"/retribusi/tbp/{receipt.id}.pdf"
    for path, number in ((url(skrd, ".pdf"), skrd.number), (receipt_path, receipt.number)):
        answer = treasurer.get(path)
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF")
        assert number.replace("/", "-") in answer.headers["Content-Disposition"]


def test_loose_money_is_listed_with_its_reason(treasurer: FlaskClient):
    skrd = make_skrd(10_006)
    begin_payment(skrd)
    work()
    with later(seconds=6):
        jobs.sweep()
        work()
    queue = treasurer.get("/retribusi/uang-tanpa-tagihan", follow_redirects=True).text
    case = re.search(r'href="(/retribusi/selisih/[^"]+)"[^>]*>[^<]*dua kali', queue)
    assert case is not None, queue
    assert skrd.number in treasurer.get(case[1]).text


def test_the_home_page_of_a_trader_leads_to_their_bills(trader: FlaskClient, keeper: Keeper):
    make_skrd(keeper=keeper)
    make_skrd()
    home = trader.get("/").text
    assert "/emoney/" in home
    assert "/retribusi/selisih" not in home


def test_the_home_page_of_a_treasurer_leads_to_loose_money(treasurer: FlaskClient):
    assert "/retribusi/selisih" in treasurer.get("/").text


class Bank(SandboxAdapter):
    """Tells by itself; its secret is a header."""

    name = "bank"
    can = Can.QUERY | Can.NOTIFIES

    def read_notice(self, request: RawRequest) -> Notice:
        if request.headers.get("X-Secret") != "right":
            raise NotAuthentic
        seen = Observation(
            ref=request.body.decode(),
            kind=Kind.PAID,
            money_id="N1",
            amount=Rupiah(79_500),
            happened_at=now(),
            trust=Trust.SIGNED_PUSH,
        )
        return Notice(seen=(seen,))

    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:  # noqa: ARG002
        return Answer(status=200 if outcome is Outcome.TAKEN else 401, body=b"")


def test_a_bank_tells_that_money_came(context: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(registry._adapters, "bank", Bank(tools_of("bank", {})))  # noqa: SLF001
    skrd = make_skrd()
    ref = begin_payment(skrd, "bank").ref
    client = context.test_client()

    def tell(adapter: str, secret: str) -> int:
        return client.post(
            f"/api/v1/payments/notices/{adapter}",
            data=ref,
            headers={"X-Secret": secret},
            content_type="application/json",
        ).status_code

    assert tell("bank", "wrong") == 401
    assert tell("sandbox", "right") == tell("nobody", "right") == 404
    assert money() == []
    assert [tell("bank", "right"), tell("bank", "right")] == [200, 200]
    work()
    assert (len(money()), len(receipts())) == (1, 1)
    assert fresh(skrd).state is SkrdState.PAID


def _as_desk(user: User) -> object:
    """The same person in their other office."""
    desk = actor_for(Role.PERMIT_DESK)
    return type(desk)(
        user.id, user.name, user.username, uuid7(), "", now(), False, now(), None, desk.mandates
    )  # fmt: skip
