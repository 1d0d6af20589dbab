"""Signatures, minified texts and codes of SNAP, by published vectors and by altered ones."""

import hashlib
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijinak.payments.adapters.snap.codes import End, end_of
from sijinak.payments.adapters.snap.signatures import (
    asymmetric,
    is_asymmetric,
    is_symmetric,
    minified,
    public_key,
    symmetric,
    text_of_call,
    text_of_token,
)
from sijinak.payments.adapters.snap.tokens import is_good, made
from tests.payments.adapters.kit import key, vectors

SIGNATURES = {one["id"]: one for one in vectors("snap-signatures")["vectors"]}
MINIFIED = {one["id"]: one for one in vectors("snap-minify")["vectors"]}
NOTICES = [name for name, one in SIGNATURES.items() if "valid" in one["expected"]]


def text(found: dict[str, Any], **other: str) -> bytes:
    asked = {**found["input"], **other}
    token = asked.get("access_token", "")
    body = asked["body"].encode()
    return text_of_call(asked["method"], asked["path"], body, asked["timestamp"], token)


@pytest.mark.parametrize("name", MINIFIED)
def test_only_the_spaces_between_tokens_go(name: str):
    one = MINIFIED[name]
    made = minified(one["input"]["body"].encode())
    assert made == one["expected"]["minified"].encode()
    assert hashlib.sha256(made).hexdigest() == one["expected"]["sha256_hex"]
    assert minified(made) == made


def test_the_published_token_signature_is_verified():
    one = SIGNATURES["midtrans-b2b-token-rsa"]
    asked, wanted = one["input"], one["expected"]
    signed = text_of_token(asked["client_key"], asked["timestamp"])
    assert signed.decode() == asked["string_to_sign"]
    assert is_asymmetric(public_key(wanted["public_key_pem"]), signed, wanted["signature_base64"])


def test_the_published_service_signature_is_made():
    one = SIGNATURES["midtrans-symmetric-hmac512"]
    wanted, secret = one["expected"], one["input"]["client_secret"]
    assert text(one).decode() == wanted["string_to_sign"]
    assert minified(one["input"]["body"].encode()).decode() == wanted["minified_body"]
    assert symmetric(secret, text(one)) == wanted["signature_base64"]
    assert is_symmetric(secret, text(one), wanted["signature_base64"])
    assert not is_symmetric("other", text(one), wanted["signature_base64"])


def test_the_published_digest_keeps_spaces_inside_texts():
    one = SIGNATURES["doku-body-digest"]
    digest = hashlib.sha256(minified(one["input"]["body"].encode())).hexdigest()
    assert digest == one["expected"]["body_sha256_hex"]


def test_there_are_notices_of_both_kinds():
    found = {SIGNATURES[name]["expected"]["valid"] for name in NOTICES}
    assert (len(NOTICES), found) == (9, {True, False})


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_is_believed_as_the_vector_says(name: str):
    one = SIGNATURES[name]
    asked = one["input"]
    said = is_asymmetric(public_key(asked["public_key_pem"]), text(one), asked["signature_base64"])
    assert said is one["expected"]["valid"]


def test_a_signature_has_one_spelling():
    """The last letter of base64 has bits to spare: another letter would say the same bytes."""
    rsa, mac = asymmetric(key("us"), b"x"), symmetric("s", b"x")
    public = key("us").public_key()
    assert is_asymmetric(public, b"x", rsa)
    for signature, padding in ((rsa, "="), (mac, "==")):
        assert signature.endswith(padding)
        at = len(signature) - len(padding) - 1
        other = f"{signature[:at]}{chr(ord(signature[at]) + 1)}{padding}"
        assert not is_asymmetric(public, b"x", other)
        assert not is_symmetric("s", b"x", other)
        assert not is_asymmetric(public, b"x", signature + "\n")


@pytest.mark.parametrize("signature", ["", "é", "\udc80", "====", "AAAA", "a" * 100_000])
def test_a_strange_signature_is_only_wrong(signature: str):
    assert not is_asymmetric(key("us").public_key(), b"x", signature)
    assert not is_symmetric("s", b"x", signature)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_body_can_be_minified(body: bytes):
    assert minified(minified(body)) == minified(body)


@pytest.mark.parametrize(
    "body", [b'\\"' * 32_000, b'"' + b"\\" * 65_000, b" " * 65_000, b'"' * 65_001]
)
def test_no_body_keeps_us_busy(body: bytes):
    began = time.process_time()
    minified(body)
    assert time.process_time() - began < 0.5


def ends() -> dict[str, End]:
    """What we make of each code of the list; xx is any service."""
    good = dict.fromkeys([one["code"] for one in CODES if one["code"].startswith("200")], End.OK)
    refused = dict.fromkeys(
        "400xx00 400xx01 400xx02 401xx00 403xx00 404xx12 404xx13 404xx14 404xx18 404xx19".split(),  # noqa: SIM905
        End.REFUSED,
    )
    unclear = dict.fromkeys(["202xx00", "500xx01", "504xx00"], End.UNCLEAR)
    special = {
        "401xx01": End.NO_TOKEN,
        "404xx01": End.NOT_FOUND,
        "409xx00": End.SAME_ID,
        "409xx01": End.EXISTS,
    }
    return good | refused | unclear | special


CODES = vectors("snap-response-codes")["codes"]


def test_every_code_of_the_list_has_its_meaning():
    wanted = ends()
    assert set(wanted) == {one["code"] for one in CODES}
    for code, end in wanted.items():
        whole = code.replace("xx", "47")
        assert end_of(int(whole[:3]), whole, [whole[3:5]]) is end, code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (200, "4044701"),  # the status and the code say different things
        (503, "2004700"),
        (404, "2004700"),
        (200, "2005100"),  # another service answers
        (200, ""),
        (200, "20047000"),
        (200, "200470"),
        (200, "２００４７００"),
        (302, "3024700"),
        (429, "4294700"),
        (408, "4084700"),
    ],
)
def test_what_contradicts_itself_is_unclear(status: int, code: str):
    assert end_of(status, code, ["47"]) is End.UNCLEAR


def test_a_bank_may_answer_with_another_service_if_its_profile_says_so():
    assert end_of(200, "2005300", ["51", "53"]) is End.OK


def test_our_tokens_end_after_fifteen_minutes_and_are_nobody_elses():
    at = datetime(2026, 11, 22, 14, tzinfo=UTC)
    token = made("secret", "BANK", at)
    assert is_good("secret", "BANK", token, at + timedelta(seconds=899))
    assert not is_good("secret", "BANK", token, at + timedelta(seconds=900))
    assert not is_good("other", "BANK", token, at)
    assert not is_good("secret", "OTHER", token, at)
    later = str(int(token.partition(".")[0]) + 1)
    assert not is_good("secret", "BANK", later + token[token.index(".") :], at)
    for strange in ("", ".", "x.y", "1e9.x", "٣.x", token + "x", token[:-1]):
        assert not is_good("secret", "BANK", strange, at)
