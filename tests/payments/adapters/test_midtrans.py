"""Midtrans: what is asked, what is believed, and what is only a hint."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sijinak.config import Misconfigured
from sijinak.core.clock import now
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    Can,
    Kind,
    NoAnswer,
    NotAuthentic,
    Notice,
    NotSent,
    Order,
    Outcome,
    PaymentAdapter,
    RawRequest,
    Rejected,
    Trust,
    Unknown,
    Untrue,
)
from sijinak.payments.adapters.midtrans.adapter import MidtransAdapter
from sijinak.payments.conformance import AdapterConformance
from tests.payments.adapters.double import Direct, Double, listening, qr_of
from tests.payments.adapters.kit import midtrans_settings, order, real_tools, tools, vectors

SAID = vectors("midtrans-notification")
KEY = "SB-Mid-server-key"


@pytest.fixture
def gateway() -> Double:
    return Double()


@pytest.fixture
def midtrans(gateway: Double) -> MidtransAdapter:
    return MidtransAdapter(tools(Direct(gateway), **midtrans_settings()))


def notice(fields: dict[str, Any], key: str = KEY) -> RawRequest:
    """Signed as they say, unless a signature is given."""
    text = f"{fields.get('order_id')}{fields.get('status_code')}{fields.get('gross_amount')}{key}"
    given = {"signature_key": hashlib.sha512(text.encode()).hexdigest(), **fields}
    body = json.dumps(given).encode()
    return RawRequest(method="POST", path="/midtrans", headers={}, body=body)


def paid(one: Order, **other: Any) -> dict[str, Any]:
    return {
        "order_id": one.ref,
        "status_code": "200",
        "gross_amount": f"{one.amount}.00",
        "currency": "IDR",
        "transaction_id": "T-1",
        "transaction_status": "settlement",
        "transaction_time": "2026-11-22 21:00:00",
        "settlement_time": "2026-11-22 21:00:05",
        "payment_type": "qris",
        **other,
    }


_gateway = Double()


class TestMidtrans(AdapterConformance):
    def adapter(self) -> PaymentAdapter:
        return MidtransAdapter(tools(Direct(_gateway), **midtrans_settings()))

    def signed_notice(self, order: Order, at: datetime) -> RawRequest:  # noqa: ARG002 - unsigned
        return notice(paid(order))


class TestMidtransOverASocket(TestMidtrans):
    url = ""

    @pytest.fixture(autouse=True)
    def _listening(self) -> Any:
        with listening(Double()) as url:
            type(self).url = url
            yield

    def adapter(self) -> PaymentAdapter:
        return MidtransAdapter(real_tools("midtrans", **midtrans_settings(url=self.url)))


def kinds(seen: Any) -> list[Kind]:
    return [one.kind for one in seen]


@pytest.mark.parametrize("one", SAID["vectors"], ids=lambda one: one["id"])
def test_the_signature_is_over_the_texts_as_they_stand(one: dict[str, Any]):
    asked, wanted = one["input"], one["expected"]
    adapter = MidtransAdapter(tools(**midtrans_settings(server_key=asked["server_key"])))
    given = asked.get("signature_key") or wanted["signature_key"]
    fields = paid(order()) | {k: asked[k] for k in ("order_id", "status_code", "gross_amount")}
    request = notice({**fields, "signature_key": given})
    if not wanted["valid"]:
        with pytest.raises(NotAuthentic):
            adapter.read_notice(request)
        return
    (seen,) = adapter.read_notice(request).seen
    assert (seen.kind, seen.amount, seen.trust) == (Kind.PAID, 100_000, Trust.HINT)


def test_a_true_notice_is_only_a_hint(midtrans: MidtransAdapter):
    one = order(75_000)
    (seen,) = midtrans.read_notice(notice(paid(one))).seen
    assert (seen.ref, seen.kind, seen.trust) == (one.ref, Kind.PAID, Trust.HINT)
    assert seen.money_id == "T-1"


@pytest.mark.parametrize(
    "other",
    [
        {"transaction_status": "pending"},  # the signed code says settlement
        {"transaction_status": "deny"},
        {"transaction_status": "riddle"},
        {"transaction_status": None},
        {"order_id": "../charge"},
        {"order_id": ""},
        {"gross_amount": 75000},
        {"status_code": 200},
        {"signature_key": ""},
        {"signature_key": None},
        {"signature_key": "é"},
    ],
)
def test_a_notice_that_does_not_hang_together_is_refused(
    midtrans: MidtransAdapter, other: dict[str, Any]
):
    with pytest.raises(NotAuthentic):
        midtrans.read_notice(notice(paid(order(75_000)) | other))


def test_a_notice_for_another_merchant_is_refused():
    adapter = MidtransAdapter(tools(**midtrans_settings(merchant_id="G1")))
    assert adapter.read_notice(notice(paid(order(), merchant_id="G1"))).seen
    with pytest.raises(NotAuthentic):
        adapter.read_notice(notice(paid(order(), merchant_id="G2")))


@pytest.mark.parametrize("amount", ["75000.50", "75,000.00", "x"])
def test_an_odd_amount_of_a_true_notice_is_a_reason_to_ask(midtrans: MidtransAdapter, amount: str):
    one = order(75_000)
    (seen,) = midtrans.read_notice(notice(paid(one, gross_amount=amount))).seen
    assert (seen.kind, seen.ref, seen.trust) == (Kind.PENDING, one.ref, Trust.HINT)


STATES = {
    "pending": [Kind.PENDING],
    "authorize": [Kind.PENDING],
    "settlement": [Kind.PAID],
    "deny": [Kind.FAILED],
    "cancel": [Kind.CANCELLED],
    "expire": [Kind.EXPIRED],
    "failure": [Kind.FAILED],
    "chargeback": [Kind.PAID, Kind.REVERSED],
}
TOLD = {
    "capture": [Kind.PENDING],
    "refund": [Kind.PAID, Kind.REFUNDED],
    "partial_refund": [Kind.PAID, Kind.REFUNDED],
    "partial_chargeback": [Kind.PAID, Kind.REVERSED],
}


def asked_about(gateway: Double, one: Order, **fields: Any) -> None:
    gateway.orders[one.ref] = {**paid(one), "settlement_time": None, **fields}


@pytest.mark.parametrize("state", [*STATES, *TOLD])
def test_each_status_in_our_words(gateway: Double, midtrans: MidtransAdapter, state: str):
    one = order(75_000)
    refunds = [{"refund_key": "RF-1", "refund_amount": "5000.00"}]
    asked_about(gateway, one, transaction_status=state, refunds=refunds, refund_amount="5000.00")
    seen = midtrans.query(one.ref, one.amount)
    assert kinds(seen) == (STATES | TOLD)[state]
    assert {o.trust for o in seen} == {Trust.AUTHENTICATED_QUERY}
    last = seen[-1]
    if state in {"refund", "partial_refund", "partial_chargeback"}:
        assert last.amount == 5000
    assert last.refund_ref == ("RF-1" if last.kind is Kind.REFUNDED else "")


def test_our_words_are_those_of_the_list():
    assert set(SAID["status_map"]["map"]) == {*STATES, *TOLD}


def test_a_card_counts_when_it_was_looked_at(gateway: Double, midtrans: MidtransAdapter):
    one = order(75_000)
    asked_about(gateway, one, transaction_status="capture", fraud_status="accept")
    assert kinds(midtrans.query(one.ref, one.amount)) == [Kind.PAID]


def test_money_that_was_denied_after_it_came_is_taken_back(
    gateway: Double, midtrans: MidtransAdapter
):
    one = order(75_000)
    asked_about(gateway, one, transaction_status="deny", settlement_time="2026-11-22 21:00:05")
    seen = midtrans.query(one.ref, one.amount)
    assert [(o.kind, o.money_id, o.amount) for o in seen] == [
        (Kind.PAID, "T-1", 75_000),
        (Kind.REVERSED, "T-1", 75_000),
    ]
    assert seen[0].happened_at.isoformat() == "2026-11-22T21:00:05+07:00"


@pytest.mark.parametrize(
    "odd",
    [
        {"gross_amount": "75000.50"},
        {"gross_amount": 75000},
        {"transaction_id": ""},
        {"transaction_status": "riddle"},
        {"settlement_time": "yesterday"},
        {"order_id": "another"},
    ],
)
def test_what_cannot_be_read_is_never_guessed(
    gateway: Double, midtrans: MidtransAdapter, odd: dict[str, Any]
):
    one = order(75_000)
    asked_about(gateway, one, **odd)
    with pytest.raises(Unknown):
        midtrans.query(one.ref, one.amount)


def test_a_qr_is_asked_for_once_and_shown_twice(gateway: Double, midtrans: MidtransAdapter):
    one = order(75_000, way="qris")
    made = midtrans.start(one)
    assert made == midtrans.start(one)
    assert made.qr == qr_of(75_000)
    charges = [json.loads(body) for _, path, _, body in gateway.seen if path == "/v2/charge"]
    assert charges[0]["transaction_details"] == {"order_id": one.ref, "gross_amount": 75_000}
    assert charges[0]["custom_expiry"] in (
        {"expiry_duration": 15, "unit": "minute"},
        {"expiry_duration": 14, "unit": "minute"},
    )


@pytest.mark.parametrize("qr", [qr_of(75_001), qr_of(75_000, "ID2099999999999"), "x"])
def test_a_qr_that_is_not_ours_is_not_shown(gateway: Double, midtrans: MidtransAdapter, qr: str):
    gateway.qr = lambda _: qr
    with pytest.raises(Untrue):
        midtrans.start(order(75_000, way="qris"))


def test_an_account_is_made(gateway: Double, midtrans: MidtransAdapter):
    made = midtrans.start(order(75_000, way="va"))
    assert (made.code, made.pay_code, made.facts["bank"]) == ("va", "9881234567", "BNI")


def test_an_account_for_another_amount_is_not_shown(gateway: Double, midtrans: MidtransAdapter):
    one = order(75_000, way="va")
    gateway.handle("POST", "/v2/charge", LOGIN, json.dumps(CHARGE | {"transaction_details": {
        "order_id": one.ref, "gross_amount": 5}}).encode())  # fmt: skip
    with pytest.raises(Untrue):
        midtrans.start(one)


LOGIN = {"Authorization": "Basic U0ItTWlkLXNlcnZlci1rZXk6"}
CHARGE = {"payment_type": "bank_transfer"}


@pytest.mark.parametrize(
    ("status", "code", "end"),
    [
        (400, "400", Rejected),
        (401, "401", Rejected),
        (200, "202", Rejected),
        (200, "500", Unknown),
        (503, "400", Unknown),
        (429, "429", Unknown),
        (302, "302", Unknown),
        (200, "2OO", Unknown),
        (200, "201", Unknown),  # no QR in it
    ],
)
def test_a_start_has_three_ends(
    gateway: Double, midtrans: MidtransAdapter, status: int, code: str, end: type[Exception]
):
    gateway.says = lambda _: (status, {"status_code": code})
    with pytest.raises(end):
        midtrans.start(order(way="qris"))


def test_an_order_that_was_used_and_is_gone_is_unknown(gateway: Double, midtrans: MidtransAdapter):
    gateway.says = lambda path: (406, {"status_code": "406"}) if path == "/v2/charge" else None
    with pytest.raises(Unknown):
        midtrans.start(order(way="qris"))


@pytest.mark.parametrize("error", [NotSent("refused"), NoAnswer("late")])
def test_silence_is_no_refusal(error: Exception):
    class Silent:
        def send(self, *_: object) -> Any:
            raise error

    adapter = MidtransAdapter(tools(Silent(), **midtrans_settings()))
    for call in (
        lambda: adapter.start(order(way="qris")),
        lambda: adapter.query("SJ-1", Rupiah(1)),
        lambda: adapter.cancel("SJ-1", Rupiah(1)),
        lambda: adapter.refund("SJ-1", "m", Rupiah(1), "r"),
    ):
        with pytest.raises(Unknown):
            call()


@pytest.mark.parametrize(
    "ref", ["../charge", "a/b", "a?b", "a%2Fb", "", "..", "é", "a b", "x" * 65]
)
def test_an_id_never_leads_to_another_address(gateway: Double, midtrans: MidtransAdapter, ref: str):
    for call in (midtrans.query, midtrans.cancel):
        with pytest.raises(Unknown):
            call(ref, Rupiah(1))
    assert gateway.seen == []


def test_calling_back_ends_it_or_tells_why_not(gateway: Double, midtrans: MidtransAdapter):
    waiting, settled = order(way="qris"), order(way="qris")
    for one in (waiting, settled):
        midtrans.start(one)
    gateway.orders[settled.ref]["transaction_status"] = "settlement"
    assert kinds(midtrans.cancel(waiting.ref, waiting.amount)) == [Kind.CANCELLED]
    assert kinds(midtrans.cancel(settled.ref, settled.amount)) == [Kind.PAID]
    with pytest.raises(Rejected):
        midtrans.cancel("SJ-none", Rupiah(1))


def test_what_cannot_be_cancelled_is_made_to_expire(gateway: Double, midtrans: MidtransAdapter):
    one = order(way="qris")
    midtrans.start(one)
    refuse: Any = lambda path: (412, {"status_code": "412"}) if "cancel" in path else None  # noqa: E731
    gateway.says = refuse
    assert kinds(midtrans.cancel(one.ref, one.amount)) == [Kind.EXPIRED]
    other = order(way="qris")
    midtrans.start(other)
    gateway.says = lambda path: (412, {"status_code": "412"}) if "status" not in path else None
    with pytest.raises(Rejected):
        midtrans.cancel(other.ref, other.amount)


def test_money_goes_back_once(gateway: Double, midtrans: MidtransAdapter):
    one = order(75_000, way="qris")
    midtrans.start(one)
    gateway.orders[one.ref]["transaction_status"] = "settlement"
    for _ in range(2):
        (back,) = midtrans.refund(one.ref, "T-1", Rupiah(5000), "RF-1")
        assert (back.kind, back.amount, back.refund_ref) == (Kind.REFUNDED, 5000, "RF-1")
    seen = midtrans.query(one.ref, one.amount)
    assert [(o.kind, o.refund_ref) for o in seen] == [(Kind.PAID, ""), (Kind.REFUNDED, "RF-1")]
    gateway.says = lambda _: (412, {"status_code": "412"})
    with pytest.raises(Rejected):
        midtrans.refund(one.ref, "T-1", Rupiah(80_000), "RF-2")


def test_settlements_are_asked_for_only_when_they_are_agreed(gateway: Double):
    plain = MidtransAdapter(tools(Direct(gateway), **midtrans_settings()))
    assert Can.SETTLEMENTS not in plain.can
    assert list(plain.settlements(date(2026, 11, 23))) == []
    agreed = MidtransAdapter(tools(Direct(gateway), **midtrans_settings(has_settlements="true")))
    one = {"transaction_id": "T-1", "gross": 75_000, "fee": 0, "settled_on": "2026-11-23"}
    one["batch"] = "B"
    gateway.says = lambda _: (200, {"lines": [one]})
    (line,) = agreed.settlements(date(2026, 11, 23))
    assert (line.money_id, line.gross, line.fee, line.batch) == ("T-1", 75_000, 0, "B")
    for odd in ({**one, "gross": 7.5}, {**one, "settled_on": "x"}, {"transaction_id": "T"}):
        gateway.says = lambda _, odd=odd: (200, {"lines": [odd]})  # type: ignore[misc]
        with pytest.raises(Unknown):
            list(agreed.settlements(date(2026, 11, 23)))


def test_they_need_not_tell_again_what_they_have_told(midtrans: MidtransAdapter):
    request = notice(paid(order()))
    for outcome in Outcome:
        wanted = {Outcome.NOT_AUTHENTIC: 401, Outcome.FAILED: 500}.get(outcome, 200)
        assert midtrans.answer(request, outcome, None).status == wanted


ADAPTER = MidtransAdapter(tools(**midtrans_settings()))


@given(st.recursive(
    st.none() | st.integers() | st.text(max_size=9) | st.sampled_from(["200", "settlement"]),
    lambda inner: st.dictionaries(st.sampled_from(sorted(paid(order()))), inner, max_size=8),
))  # fmt: skip
@hypothesis_settings(deadline=None)
def test_whatever_is_rightly_signed_is_read_or_refused(fields: Any):
    adapter = ADAPTER
    given_fields = paid(order()) | fields if isinstance(fields, dict) else {"x": fields}
    try:
        assert isinstance(adapter.read_notice(notice(given_fields)), Notice)
    except NotAuthentic:
        return


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"url": "x"}, "URL"),
        ({"server_key": ""}, "SERVER_KEY is needed"),
        ({"nmid": ""}, "NMID"),
        ({"ways": "card"}, "WAYS"),
        ({"serverkey": "x"}, "SERVERKEY is nothing"),
    ],
)
def test_what_is_set_wrongly_is_said_at_start(wrong: dict[str, str], says: str):
    with pytest.raises(Misconfigured, match=says):
        MidtransAdapter(tools(**midtrans_settings(**wrong)))
    assert now()
