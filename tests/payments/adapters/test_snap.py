"""What we ask a SNAP bank, and what we make of its answers."""

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from sijinak.config import Misconfigured
from sijinak.core.clock import clock, now
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    Can,
    Kind,
    NoAnswer,
    NotSent,
    Order,
    PaymentAdapter,
    RawRequest,
    Rejected,
    SettlementLine,
    Trust,
    Unknown,
    Untrue,
)
from sijinak.payments.adapters.snap.adapter import SnapAdapter
from sijinak.payments.adapters.snap.profile import profile_of
from sijinak.payments.adapters.snap.rails import customer_number
from sijinak.payments.adapters.snap.signatures import private_key
from sijinak.payments.conformance import AdapterConformance
from tests.payments.adapters.double import Answered, Direct, Double, listening, qr_of
from tests.payments.adapters.kit import order, real_tools, snap_settings, tools
from tests.payments.adapters.knocking import notice, payment, signed, token_of

GENERATE = "/openapi/v1.0/qr/qr-mpm-generate"


@pytest.fixture(autouse=True, scope="module")
def _keys_read_once() -> Any:
    """Reading a private key proves it, which takes longer than a whole test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sijinak.payments.adapters.snap.settings.private_key", cache(private_key))
        yield


@pytest.fixture
def bank() -> Double:
    return Double()


@pytest.fixture
def snap(bank: Double) -> SnapAdapter:
    return SnapAdapter(tools(Direct(bank), **snap_settings()))


class TestSnap(AdapterConformance):
    def adapter(self) -> PaymentAdapter:
        return SnapAdapter(tools(Direct(_bank), **snap_settings()))

    def signed_notice(self, order: Order, at: Any) -> RawRequest:
        return notice(order, at)


class TestSnapAccounts(TestSnap):
    """By virtual account: the bank signs in first, and its messages are signed with the token."""

    def adapter(self) -> PaymentAdapter:
        return SnapAdapter(tools(Direct(_bank), **snap_settings(ways="va")))

    def signed_notice(self, order: Order, at: Any) -> RawRequest:
        return payment(order, _token, at)


class TestSnapGeneric(TestSnap):
    """A bank that gives no list of payments, and asks us for accounts."""

    def adapter(self) -> PaymentAdapter:
        return SnapAdapter(tools(Direct(_bank), **snap_settings(profile="generic", ways="va")))

    def signed_notice(self, order: Order, at: Any) -> RawRequest:
        return payment(order, _token, at)


class TestSnapOverASocket(TestSnap):
    """The same, with a network between."""

    @pytest.fixture(autouse=True)
    def _bank(self) -> Any:
        with listening(Double()) as url:
            type(self).url = url
            yield

    url = ""

    def adapter(self) -> PaymentAdapter:
        return SnapAdapter(real_tools("snap", **snap_settings(url=f"{self.url}/openapi")))


_bank = Double()
_token = token_of(SnapAdapter(tools(**snap_settings())))


def kinds(seen: Any) -> list[Kind]:
    return [one.kind for one in seen]


def asked(bank: Double, path: str) -> list[dict[str, Any]]:
    return [json.loads(body) for _, at, _, body in bank.seen if at == path]


def test_a_qr_is_asked_for_and_shown(bank: Double, snap: SnapAdapter):
    one = order(75_000, way="qris")
    made = snap.start(one)
    assert (made.code, made.qr, made.pay_code) == ("qris", qr_of(75_000), "")
    (fields,) = asked(bank, GENERATE)
    assert fields["amount"] == {"value": "75000.00", "currency": "IDR"}
    assert fields["partnerReferenceNo"] == one.ref
    assert fields["additionalInfo"] == {"billNumber": "SKRD/2026/000001-X"}
    assert len(fields["validityPeriod"]) == 25
    assert fields["validityPeriod"].endswith("+07:00")


def test_a_second_start_asks_under_another_id_about_the_same_order(bank: Double, snap: SnapAdapter):
    one = order(75_000, way="qris")
    assert snap.start(one) == snap.start(one)
    heads = [head["X-EXTERNAL-ID"] for _, path, head, _ in bank.seen if "qr-mpm" in path]
    assert len(set(heads)) == len(heads) == 3, "generate, generate again, query"
    assert {f["partnerReferenceNo"] for f in asked(bank, GENERATE)} == {one.ref}


def test_a_second_start_whose_qr_is_not_repeated_is_unknown(bank: Double, snap: SnapAdapter):
    bank.repeats_qr = False
    one = order(way="qris")
    snap.start(one)
    with pytest.raises(Unknown):
        snap.start(one)


@pytest.mark.parametrize(
    "qr", [qr_of(75_001), qr_of(75_000, "ID2099999999999"), qr_of(75_000)[:-1] + "0", "", "x"]
)
def test_a_qr_that_is_not_ours_is_not_shown(bank: Double, snap: SnapAdapter, qr: str):
    bank.qr = lambda _: qr
    one = order(75_000, way="qris")
    with pytest.raises(Untrue):
        snap.start(one)
    assert kinds(snap.cancel(one.ref, one.amount)) == [Kind.CANCELLED]


def test_a_second_start_of_a_qr_that_is_not_ours_shows_it_neither(bank: Double, snap: SnapAdapter):
    bank.qr = lambda amount: qr_of(amount + 1)
    one = order(75_000, way="qris")
    for _ in range(2):
        with pytest.raises(Untrue):
            snap.start(one)


@pytest.mark.parametrize(
    ("status", "code", "end"),
    [
        (400, "4004701", Rejected),
        (401, "4014700", Rejected),
        (403, "4034700", Rejected),
        (202, "2024700", Unknown),
        (500, "5004701", Unknown),
        (504, "5044700", Unknown),
        (503, "", Unknown),
        (302, "", Unknown),
        (200, "", Unknown),
        (200, "2004700", Unknown),  # no QR in it
    ],
)
def test_a_start_has_three_ends(
    bank: Double, snap: SnapAdapter, status: int, code: str, end: type[Exception]
):
    bank.says = lambda path: (status, {"responseCode": code}) if path == GENERATE else None
    with pytest.raises(end):
        snap.start(order(way="qris"))


@pytest.mark.parametrize("error", [NotSent("refused"), NoAnswer("late")])
def test_silence_is_no_refusal(error: Exception):
    class Silent:
        def send(self, *_: object) -> Any:
            raise error

    snap = SnapAdapter(tools(Silent(), **snap_settings()))
    for call in (
        lambda: snap.start(order(way="qris")),
        lambda: snap.query("SJ-1", Rupiah(1)),
        lambda: snap.cancel("SJ-1", Rupiah(1)),
        lambda: snap.refund("SJ-1", "m", Rupiah(1), "r"),
        lambda: list(snap.settlements(date(2026, 11, 22))),
    ):
        with pytest.raises(Unknown):
            call()


def test_an_id_that_was_used_today_is_changed_once(bank: Double, snap: SnapAdapter):
    clashes = iter([(409, {"responseCode": "4094700"})])
    bank.says = lambda path: next(clashes, None) if path == GENERATE else None
    assert snap.start(order(75_000, way="qris")).qr
    bank.says = lambda path: (409, {"responseCode": "4094700"}) if path == GENERATE else None
    with pytest.raises(Unknown):
        snap.start(order(75_000, way="qris"))


def tokens_asked(bank: Double) -> int:
    return sum("access-token" in path for _, path, _, _ in bank.seen)


def test_a_token_is_kept_until_shortly_before_its_end(bank: Double, snap: SnapAdapter):
    moment = now()
    for seconds, count in ((0, 1), (830, 1), (841, 2), (1600, 2), (1700, 3)):
        with clock.reading(moment + timedelta(seconds=seconds)):
            snap.query("SJ-1", Rupiah(1))
        assert tokens_asked(bank) == count, seconds


def test_a_token_that_is_refused_is_renewed_once(bank: Double, snap: SnapAdapter):
    snap.query("SJ-1", Rupiah(1))
    tired = iter([(401, {"responseCode": "4014701"})])
    bank.says = lambda path: next(tired, None) if path == GENERATE else None
    assert snap.start(order(75_000, way="qris")).qr
    assert tokens_asked(bank) == 2


def test_money_is_seen_all_of_it(bank: Double, snap: SnapAdapter):
    one = order(75_000, way="qris")
    snap.start(one)
    assert kinds(snap.query(one.ref, one.amount)) == [Kind.PENDING]
    bank.pay(one.ref, "A")
    bank.pay(one.ref, "B", amount={"value": "74999.00", "currency": "IDR"})
    seen = snap.query(one.ref, one.amount)
    assert [(o.kind, o.money_id, o.amount) for o in seen] == [
        (Kind.PAID, "qris~A", 75_000),
        (Kind.PAID, "qris~B", 74_999),
    ]
    assert {(o.trust, o.payer, o.channel) for o in seen} == {
        (Trust.AUTHENTICATED_QUERY, "S*** A*****", "Bank X")
    }
    assert seen[0].happened_at.isoformat() == "2026-11-22T21:00:00+07:00"


def test_money_that_was_taken_back_came_and_went(bank: Double, snap: SnapAdapter):
    one = order(75_000, way="qris")
    snap.start(one)
    bank.pay(one.ref, "A", status="06", reversedTime="2026-11-22T21:05:00+07:00")
    bank.orders[one.ref]["state"] = "06"
    seen = snap.query(one.ref, one.amount)
    assert [(o.kind, o.money_id, o.amount) for o in seen] == [
        (Kind.PAID, "qris~A", 75_000),
        (Kind.REVERSED, "qris~A", 75_000),
    ]


def test_money_of_another_currency_says_so(bank: Double, snap: SnapAdapter):
    one = order(75_000, way="qris")
    snap.start(one)
    bank.pay(one.ref, "A", amount={"value": "20.55", "currency": "MYR"})
    (seen,) = snap.query(one.ref, one.amount)
    assert (seen.kind, seen.amount, seen.currency) == (Kind.PAID, 20, "MYR")


@pytest.mark.parametrize(
    "odd",
    [
        {"amount": {"value": "75000.50", "currency": "IDR"}},
        {"amount": {"value": "75,000.00", "currency": "IDR"}},
        {"amount": {"value": 75000, "currency": "IDR"}},
        {"amount": "75000.00"},
        {"amount": {"value": "0.00", "currency": "IDR"}},
        {"amount": {"value": "-5.00", "currency": "IDR"}},
        {"rrn": ""},
        {"rrn": None},
        {"paidTime": "yesterday"},
        {"paidTime": "2026-11-22T21:00:00"},
        {"paidTime": "0001-01-01T00:00:00+23:59"},
        {"status": 0},
    ],
)
def test_money_that_cannot_be_read_is_never_guessed(bank: Double, snap: SnapAdapter, odd: Any):
    one = order(75_000, way="qris")
    snap.start(one)
    bank.pay(one.ref)
    bank.orders[one.ref]["payments"][0].update(odd)
    with pytest.raises(Unknown):
        snap.query(one.ref, one.amount)


@pytest.mark.parametrize(
    ("state", "kind"),
    [("01", Kind.PENDING), ("05", Kind.CANCELLED), ("06", Kind.FAILED), ("08", Kind.EXPIRED)],
)
def test_states_without_money(bank: Double, snap: SnapAdapter, state: str, kind: Kind):
    one = order(way="qris")
    snap.start(one)
    bank.orders[one.ref]["state"] = state
    assert kinds(snap.query(one.ref, one.amount)) == [kind]


@pytest.mark.parametrize("state", ["00", "77", "", None, 5])
def test_a_state_that_says_nothing_is_unknown(bank: Double, snap: SnapAdapter, state: Any):
    """Also paid, and no money in the list."""
    one = order(way="qris")
    snap.start(one)
    bank.orders[one.ref]["state"] = state
    with pytest.raises(Unknown):
        snap.query(one.ref, one.amount)


def test_what_nobody_started_is_not_found(bank: Double, snap: SnapAdapter):
    (seen,) = snap.query("SJ-1", Rupiah(5))
    assert (seen.kind, seen.ref, seen.amount) == (Kind.NOT_FOUND, "SJ-1", 5)
    with pytest.raises(Rejected):
        snap.cancel("SJ-1", Rupiah(5))


def test_an_account_is_made_and_paid(bank: Double, snap: SnapAdapter):
    one = order(12_000_000, way="va")
    made = snap.start(one)
    assert made == snap.start(one)
    assert made.code == "va"
    assert made.pay_code == made.facts["va"] == "88100" + customer_number(one.ref, 15)
    assert kinds(snap.query(one.ref, one.amount)) == [Kind.PENDING]
    bank.pay(one.ref, "V1")
    (seen,) = snap.query(one.ref, one.amount)
    assert (seen.kind, seen.money_id, seen.amount) == (Kind.PAID, "va~V1", 12_000_000)
    assert kinds(snap.cancel(one.ref, one.amount)) == [Kind.PAID]


def test_two_orders_with_one_number_are_not_mixed_up(
    bank: Double, snap: SnapAdapter, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sijinak.payments.adapters.snap.rails.customer_number", lambda *_: "7" * 15)
    first, second = order(50_000, way="va"), order(50_000, way="va")
    snap.start(first)
    with pytest.raises(Rejected, match="another order"):
        snap.start(second)
    assert snap.start(first).pay_code


def test_numbers_of_accounts_keep_apart():
    refs = [order().ref for _ in range(2000)]
    assert len({customer_number(ref, 15) for ref in refs}) == 2000
    assert {len(customer_number(ref, 15)) for ref in refs} == {15}


def test_calling_back_ends_it_or_tells_why_not(bank: Double, snap: SnapAdapter):
    for way in ("qris", "va"):
        open_one, paid_one = order(way=way), order(way=way)
        snap.start(open_one)
        snap.start(paid_one)
        bank.pay(paid_one.ref)
        assert kinds(snap.cancel(open_one.ref, open_one.amount)) == [Kind.CANCELLED]
        assert kinds(snap.query(open_one.ref, open_one.amount)) == [Kind.CANCELLED]
        assert kinds(snap.cancel(paid_one.ref, paid_one.amount)) == [Kind.PAID]


def test_a_bank_that_will_not_call_it_back_has_rejected(bank: Double, snap: SnapAdapter):
    one = order(way="qris")
    snap.start(one)
    bank.says = lambda path: (403, {"responseCode": "4037700"}) if "cancel" in path else None
    with pytest.raises(Rejected):
        snap.cancel(one.ref, one.amount)


def test_money_goes_back_once(bank: Double, snap: SnapAdapter):
    one = order(75_000, way="qris")
    snap.start(one)
    bank.pay(one.ref, "A")
    for _ in range(2):
        (back,) = snap.refund(one.ref, "qris~A", Rupiah(25_000), "RF-1")
        assert (back.kind, back.refund_ref, back.money_id) == (Kind.REFUNDED, "RF-1", "qris~A")
        assert back.amount == 25_000
    assert kinds(snap.query(one.ref, one.amount)) == [Kind.PAID, Kind.REFUNDED]
    with pytest.raises(Rejected):
        snap.refund(one.ref, "qris~B", Rupiah(5), "RF-2")


def test_settlements_are_read_line_by_line(bank: Double, snap: SnapAdapter):
    assert list(snap.settlements(date(2026, 11, 23))) == [
        SettlementLine(
            money_id="qris~000000000001",
            gross=Rupiah(75_000),
            fee=Rupiah(0),
            settled_on=date(2026, 11, 23),
            batch="SBX20261122Q",
        )
    ]
    assert bank.seen[-1][1].endswith("?day=2026-11-23")
    bank.says = lambda _: (200, {"responseCode": "2009000", "lines": [{"rrn": "1"}]})
    with pytest.raises(Unknown):
        snap.settlements(date(2026, 11, 23))


def test_a_qr_is_not_for_more_than_its_limit(snap: SnapAdapter):
    assert (snap.most("qris"), snap.most("va")) == (10_000_000, None)
    for one in (order(10_000_001, way="qris"), order(way="cash"), order(way="")):
        with pytest.raises(Rejected):
            snap.start(one)


def test_what_a_profile_lacks_the_adapter_cannot():
    whole = SnapAdapter(tools(**snap_settings()))
    plain = SnapAdapter(tools(**snap_settings(profile="generic")))
    assert whole.ways == plain.ways == ("qris", "va")
    assert Can.SETTLEMENTS in whole.can
    assert Can.SETTLEMENTS not in plain.can
    assert Can.BANK_CALLS_US in plain.can
    only = SnapAdapter(tools(**snap_settings(ways="qris")))
    assert only.ways == ("qris",)
    assert Can.BANK_CALLS_US not in only.can


def test_an_account_of_which_only_we_know_is_made_and_ended_by_our_answers(bank: Double):
    snap = SnapAdapter(tools(Direct(bank), **snap_settings(profile="generic", ways="va")))
    one = order(way="va")
    assert snap.start(one).pay_code.startswith("88100")
    assert bank.seen == []
    assert kinds(snap.cancel(one.ref, one.amount)) == [Kind.CANCELLED]


def test_a_bank_may_spell_words_and_moments_its_own_way(bank: Double):
    dialect = """about = "Dialect"
milliseconds = true
query_service = "51"
qr_states = { 00 = "paid", 01 = "pending" }
words = { originalPartnerReferenceNo = "originalPartnerReferanceNo", merchantId = "mid" }
qr_money = { id = "originalReferenceNo", amount = "amount", paid_at = "paidTime" }
notice_money = { id = "originalReferenceNo", amount = "amount", paid_at = "paidTime" }
[qr_create]
path = "/generate"
codes = ["47"]
sign = "asymmetric"
[qr_query]
path = "/query"
codes = ["53"]
sign = "asymmetric"
[qr_refund]
path = "/refund"
codes = ["78"]
sign = "asymmetric"
[door_qr]
path = "/qr-notify"
code = "52"
sign = ["asymmetric"]
"""
    one = order(75_000, way="qris")
    answers: dict[str, Answered] = {
        "/openapi/generate": (200, {"responseCode": "2004700", "qrContent": qr_of(75_000)}),
        "/openapi/query": (
            200,
            {
                "responseCode": "2005300",
                "originalPartnerReferanceNo": one.ref,
                "latestTransactionStatus": "00",
                "originalReferenceNo": "Z9",
                "amount": {"value": "75000.00", "currency": "IDR"},
            },
        ),
    }
    answers["/openapi/refund"] = (200, {"responseCode": "2007800"})
    bank.says = lambda path: answers.get(path)  # noqa: PLW0108 - get is overloaded
    snap = SnapAdapter(tools(Direct(bank), **snap_settings(profile=dialect)))
    assert snap.start(one).qr
    (seen,) = snap.query(one.ref, one.amount)
    assert (seen.kind, seen.money_id) == (Kind.PAID, "qris~Z9")
    _, _, head, body = bank.seen[-1]
    assert json.loads(body) == {
        "originalPartnerReferanceNo": one.ref,
        "mid": "M-0001",
        "serviceCode": "51",
    }
    snap.refund(one.ref, "Z9", Rupiah(5), "RF-1")
    assert json.loads(bank.seen[-1][3])["originalReferenceNo"] == "Z9"
    told = snap.read_notice(signed("/qr-notify", answers["/openapi/query"][1])).seen
    assert [(o.ref, o.money_id) for o in told] == [(one.ref, "qris~Z9")]
    assert head["X-TIMESTAMP"].endswith("Z")
    assert len(head["X-TIMESTAMP"]) == 24
    assert "Authorization" not in head


@pytest.mark.parametrize("name", ["sandbox", "generic"])
def test_a_shipped_profile_can_be_read(name: str):
    assert profile_of(name).ways == ("qris", "va")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"profile": "nobody"}, "PROFILE"),
        ({"profile": "../../secret"}, "PROFILE"),
        ({"profile": 'about = "x"\nspelling = 1\n'}, "PROFILE"),
        ({"profile": "= \n"}, "PROFILE"),
        ({"url": "bank"}, "URL"),
        ({"nmid": ""}, "NMID"),
        ({"va_prefix": ""}, "VA_PREFIX"),
        ({"va_prefix": "٨٨"}, "VA_PREFIX"),
        ({"private_key": "none"}, "PRIVATE_KEY"),
        ({"bank_public_key": "none"}, "BANK_PUBLIC_KEY"),
        ({"inbound_client_secret": ""}, "INBOUND_CLIENT_ID"),
        ({"client_id": ""}, "CLIENT_ID is needed"),
        ({"clientid": "x"}, "CLIENTID is nothing"),
        ({"most_qris": "many"}, "MOST_QRIS is a whole number"),
        ({"ways": "cheque"}, "WAYS"),
    ],
)
def test_what_is_set_wrongly_is_said_at_start(wrong: dict[str, str], says: str):
    with pytest.raises(Misconfigured, match=says):
        SnapAdapter(tools(**snap_settings(**wrong)))


def test_secrets_are_not_shown(snap: SnapAdapter):
    shown = repr(snap._settings)  # noqa: SLF001
    assert "our-secret" not in shown
    assert "PRIVATE" not in shown
    assert replace(order(), way="qris").way == "qris"
