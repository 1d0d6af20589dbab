"""A SNAP bank at our door: what is believed, and what it is told."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sijinak.core.clock import clock, now
from sijinak.payments.adapters.base import (
    Due,
    Kind,
    NotAuthentic,
    Notice,
    Outcome,
    RawRequest,
    Trust,
    number_of,
)
from sijinak.payments.adapters.snap.adapter import SnapAdapter
from tests.payments.adapters.kit import order, snap_settings, tools
from tests.payments.adapters.knocking import (
    NUMBER,
    inquiry,
    notice,
    payment,
    sign_in,
    signed,
    token_of,
)

SNAP = SnapAdapter(tools(**snap_settings()))
ONE = order(75_000, way="qris")
TOKEN = token_of(SNAP)
NOTIFY = "/v1.0/qr/qr-mpm-notify"
SIGNED = {"X-Timestamp", "X-Signature"}


def refused(request: RawRequest) -> bool:
    try:
        SNAP.read_notice(request)
    except NotAuthentic:
        return True
    return False


def said(request: RawRequest, outcome: Outcome, due: Due | None = None) -> tuple[int, Any]:
    answer = SNAP.answer(request, outcome, due)
    return answer.status, json.loads(answer.body)


def test_money_by_qr_is_told():
    read = SNAP.read_notice(notice(ONE))
    (seen,) = read.seen
    assert read.message_id == "7" * 20
    assert (seen.kind, seen.trust, seen.ref) == (Kind.PAID, Trust.SIGNED_PUSH, ONE.ref)
    assert (seen.money_id, seen.amount, seen.payer) == ("qris~000000000017", 75_000, "S*** A*****")


def test_money_by_account_is_told():
    (seen,) = SNAP.read_notice(payment(ONE, TOKEN)).seen
    assert (seen.kind, seen.trust, seen.ref) == (Kind.PAID, Trust.SIGNED_PUSH, ONE.ref)
    assert (seen.money_id, seen.amount, seen.pay_code) == ("va~000000000018", 75_000, NUMBER)


def test_an_account_that_the_bank_knows_only_by_number_is_told():
    (seen,) = SNAP.read_notice(payment(ONE, TOKEN, trxId=None)).seen
    assert (seen.ref, seen.pay_code) == ("", NUMBER)


def test_a_bank_asks_for_a_bill():
    assert SNAP.read_notice(inquiry(TOKEN)) == Notice(asks_for=NUMBER, message_id="7" * 20)


@pytest.mark.parametrize(
    ("state", "kind"),
    [("03", Kind.PENDING), ("05", Kind.CANCELLED), ("04", Kind.PENDING), ("??", Kind.PENDING)],
)
def test_a_word_without_money_brings_none(state: str, kind: Kind):
    (seen,) = SNAP.read_notice(notice(ONE, latestTransactionStatus=state)).seen
    assert (seen.kind, seen.money_id) == (kind, "")


def test_money_that_was_taken_back_is_told():
    (seen,) = SNAP.read_notice(notice(ONE, latestTransactionStatus="06")).seen
    assert (seen.kind, seen.money_id, seen.amount) == (Kind.REVERSED, "qris~000000000017", 75_000)
    failed = notice(ONE, latestTransactionStatus="06", additionalInfo={})
    assert SNAP.read_notice(failed).seen[0].kind is Kind.FAILED


@pytest.mark.parametrize(
    "amount", ["75000.50", "75,000.00", "7.5e4", "", "-1.00", "0.00", "٧٥", None, 75000]
)
def test_an_odd_amount_of_a_true_message_is_a_reason_to_ask(amount: Any):
    for make in (notice, lambda one, **other: payment(one, TOKEN, paidAmount=other["amount"])):
        request = make(ONE, amount={"value": amount, "currency": "IDR"})
        (seen,) = SNAP.read_notice(request).seen
        assert (seen.kind, seen.ref, seen.money_id) == (Kind.PENDING, ONE.ref, "")


@pytest.mark.parametrize(
    "make", [notice, lambda one: payment(one, TOKEN), lambda _: inquiry(TOKEN)]
)
def test_no_byte_can_be_altered(  # noqa: C901
    make: Callable[..., RawRequest],
):
    """Each bit of each byte of method, path, body and of all that the signature covers."""
    request = make(ONE)
    assert not refused(request)
    for bit in range(8):
        for at in range(len(request.body)):
            body = bytearray(request.body)
            body[at] ^= 1 << bit
            assert refused(replace(request, body=bytes(body))) or is_space(request.body, body, at)
        for at in range(len(request.path)):
            assert refused(replace(request, path=flipped(request.path, at, bit)))
        for name in {*SIGNED, "Authorization"} & set(request.headers):
            for at in range(len(request.headers[name])):
                text = flipped(request.headers[name], at, bit)
                if text.removeprefix("Bearer ") == request.headers[name].removeprefix("Bearer "):
                    continue
                assert refused(replace(request, headers={**request.headers, name: text})), text
    for name in SIGNED:
        assert refused(
            replace(request, headers={k: v for k, v in request.headers.items() if k != name})
        )
    for method in ("GET", "PUT", "post"):
        assert refused(replace(request, method=method))


def is_space(before: bytes, after: bytearray, at: int) -> bool:
    """Spaces between tokens are signed by nobody, and say nothing."""
    return json.loads(before) == json.loads(bytes(after)) and before[at] in b" \n\t\r"


def flipped(text: str, at: int, bit: int) -> str:
    return f"{text[:at]}{chr(ord(text[at]) ^ 1 << bit)}{text[at + 1 :]}"


def test_a_signature_of_one_door_opens_no_other():
    request = payment(ONE, TOKEN)
    for path in (NOTIFY, "/v1.0/transfer-va/inquiry", "/v1.0/access-token/b2b"):
        assert refused(replace(request, path=f"/api/v1/payments/notices/snap{path}"))
    assert refused(replace(notice(ONE), path="/api/v1/payments/notices/snap/v1.0/other"))


def test_an_account_is_not_told_of_without_a_token():
    fields = json.loads(payment(ONE, TOKEN).body)
    assert refused(signed("/v1.0/transfer-va/payment", fields))
    assert refused(signed("/v1.0/transfer-va/payment", fields, token="1.x"))
    with clock.reading(now() + timedelta(minutes=16)):
        assert refused(payment(ONE, TOKEN)), "the token is over"


def test_without_an_agreed_secret_nobody_signs_in():
    only_qr = snap_settings(ways="qris", inbound_client_id="", inbound_client_secret="")
    snap = SnapAdapter(tools(**only_qr))
    for request in (sign_in(client=""), sign_in()):
        with pytest.raises(NotAuthentic):
            snap.read_notice(request)


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_a_little_off_is_as_good(minutes: int):
    at = now() + timedelta(minutes=minutes)
    for request in (notice(ONE, at), payment(ONE, TOKEN, at)):
        assert SNAP.read_notice(request).seen[0].trust is Trust.SIGNED_PUSH
    assert SNAP.read_notice(sign_in(at)).wants_token


@pytest.mark.parametrize("minutes", [-120, -6, 6, 120])
def test_an_old_or_early_message_is_a_hint(minutes: int):
    at = now() + timedelta(minutes=minutes)
    for request in (notice(ONE, at), payment(ONE, TOKEN, at)):
        (seen,) = SNAP.read_notice(request).seen
        assert (seen.trust, seen.kind, seen.amount) == (Trust.HINT, Kind.PAID, 75_000)
    assert refused(sign_in(at)), "a token is given to who asks now"


def test_a_moment_may_be_written_in_another_zone_if_it_is_signed_so():
    moved = notice(ONE)
    stamp = moved.headers["X-Timestamp"]
    other = stamp.replace("+07:00", "+08:00")
    assert refused(replace(moved, headers={**moved.headers, "X-Timestamp": other}))


def due() -> Due:
    return Due(
        ref=ONE.ref,
        pay_code=NUMBER,
        amount=ONE.amount,
        description=ONE.description,
        payer="CV Ternak Maju",
        expires_at=ONE.expires_at,
    )


def test_an_inquiry_is_answered_with_the_bill():
    status, body = said(inquiry(TOKEN), Outcome.TAKEN, due())
    account = body["virtualAccountData"]
    assert (status, body["responseCode"]) == (200, "2002400")
    assert account["virtualAccountNo"] == f"   {NUMBER}"
    assert account["totalAmount"] == {"value": "75000.00", "currency": "IDR"}
    assert (account["virtualAccountName"], account["inquiryStatus"]) == ("CV Ternak Maju", "00")
    assert account["inquiryRequestId"] == "I-1"
    assert body["additionalInfo"]["trxId"] == ONE.ref


def test_a_payment_is_answered_with_its_numbers():
    status, body = said(payment(ONE, TOKEN), Outcome.TAKEN)
    account = body["virtualAccountData"]
    assert (status, body["responseCode"]) == (200, "2002500")
    assert (account["paymentFlagStatus"], account["referenceNo"]) == ("00", "000000000018")
    assert account["paidAmount"] == {"value": "75000.00", "currency": "IDR"}


WORDS = {
    Outcome.TAKEN: "2002500",
    Outcome.SAID_OTHERWISE: "4042518",
    Outcome.NOT_AUTHENTIC: "4012500",
    Outcome.UNKNOWN_BILL: "4042512",
    Outcome.PAID_BILL: "4042514",
    Outcome.EXPIRED_BILL: "4042519",
    Outcome.WRONG_AMOUNT: "4042513",
    Outcome.FAILED: "5002500",
}


@pytest.mark.parametrize("outcome", Outcome)
def test_each_end_has_its_code(outcome: Outcome):
    """What is booked is not refused, whatever it was called: the bank would give it back."""
    for request, service in ((payment(ONE, TOKEN), "25"), (inquiry(TOKEN), "24")):
        is_booked = service == "25" and outcome is Outcome.SAID_OTHERWISE
        code = WORDS[Outcome.TAKEN if is_booked else outcome]
        status, body = said(request, outcome)
        assert body["responseCode"] == f"{code[:3]}{service}{code[5:]}"
        assert status == int(code[:3])


@pytest.mark.parametrize("outcome", Outcome)
def test_a_notice_of_a_qr_is_only_ever_acknowledged(outcome: Outcome):
    """The money is there: no refusal brings it back, and they would tell it again for ever."""
    wanted = {
        Outcome.SAID_OTHERWISE: "4045218",
        Outcome.NOT_AUTHENTIC: "4015200",
        Outcome.FAILED: "5005200",
    }
    assert said(notice(ONE), outcome)[1]["responseCode"] == wanted.get(outcome, "2005200")


def test_who_has_no_good_token_is_told_to_sign_in_again():
    with clock.reading(now() + timedelta(minutes=16)):
        late = payment(ONE, TOKEN)
        assert said(late, Outcome.NOT_AUTHENTIC) == (
            401,
            {"responseCode": "4012501", "responseMessage": "Invalid Token (B2B)"},
        )
    assert said(sign_in(client="THIEF"), Outcome.NOT_AUTHENTIC)[1]["responseCode"] == "4017300"


NAMES = st.sampled_from(
    ["amount", "value", "currency", "originalPartnerReferenceNo", "additionalInfo", "rrn", "trxId",
     "latestTransactionStatus", "virtualAccountNo", "paidAmount", "paidTime"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=15,
)


@given(JSON | st.binary(max_size=100), st.sampled_from([NOTIFY, "/v1.0/transfer-va/payment"]))
@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_the_bank_signs_is_read_or_refused(fields: Any, path: str):
    """Rightly signed nonsense: a Notice or NotAuthentic, and an answer to it."""
    body = (
        fields if isinstance(fields, bytes) else json.dumps(fields, separators=(",", ":")).encode()
    )
    token = "" if path == NOTIFY else TOKEN
    request = (
        signed(path, body, token=token) if b" " not in body else signed(path, b"{}", token=token)
    )
    with suppress(NotAuthentic):
        assert isinstance(SNAP.read_notice(request), Notice)
    for outcome in (Outcome.TAKEN, Outcome.NOT_AUTHENTIC):
        assert SNAP.answer(request, outcome, due()).body


@given(
    st.dictionaries(st.text(max_size=10), st.text(max_size=30), max_size=4), st.text(), st.binary()
)
@hypothesis_settings(deadline=None)
def test_whatever_a_stranger_sends_is_refused(head: dict[str, str], path: str, body: bytes):
    for place in (path, f"/x{NOTIFY}", "/x/v1.0/access-token/b2b", "/x/v1.0/transfer-va/payment"):
        request = RawRequest(method="POST", path=place, headers=head, body=body)
        assert refused(request)
        assert SNAP.answer(request, Outcome.NOT_AUTHENTIC, None).status == 401


def test_one_number_on_two_rails_is_two_moneys():
    """A bank counts QR and accounts apart."""
    number = "000000000017"
    told = [notice(ONE), payment(ONE, TOKEN, referenceNo=number)]
    found = [SNAP.read_notice(one).seen[0].money_id for one in told]
    assert len(set(found)) == 2
    assert {number_of(one) for one in found} == {number}
