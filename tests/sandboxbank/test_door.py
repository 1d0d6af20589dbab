"""Who may speak SNAP with the bank."""

from datetime import timedelta

import pytest

from sijinak.core.clock import now
from sijinak.sandboxbank.signing import minified
from tests.sandboxbank.partners import Merchant, Running

SERVICES = [
    ("POST", "/v1.0/qr/qr-mpm-generate", "47"),
    ("POST", "/v1.0/qr/qr-mpm-query", "51"),
    ("POST", "/v1.0/qr/qr-mpm-cancel", "77"),
    ("POST", "/v1.0/qr/qr-mpm-refund", "78"),
    ("POST", "/v1.0/transfer-va/create-va", "27"),
    ("POST", "/v1.0/transfer-va/status", "26"),
    ("DELETE", "/v1.0/transfer-va/delete-va", "31"),
    ("GET", "/v1.0/settlements?day=2026-11-22", "90"),
]
each_service = pytest.mark.parametrize(("method", "path", "service"), SERVICES)
OTHER = "c29tZWJvZHkgZWxzZQ=="


SIGNED_WRONG: tuple[tuple[dict[str, str | None], str], ...] = (
    ({"X-SIGNATURE": OTHER}, "401{}00"),
    ({"Authorization": "Bearer nobody"}, "401{}00"),
    ({"X-PARTNER-ID": "999"}, "401{}00"),
    ({"X-TIMESTAMP": "2020-01-01T00:00:00+07:00"}, "401{}00"),
    ({"X-EXTERNAL-ID": "letters"}, "400{}01"),
    ({"X-EXTERNAL-ID": None}, "400{}02"),
    ({"CHANNEL-ID": None}, "400{}02"),
)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"X-SIGNATURE": OTHER}, "4017300"),
        ({"X-SIGNATURE": "no base64"}, "4017300"),
        ({"X-CLIENT-KEY": "SOMEBODY"}, "4017300"),
        ({"X-TIMESTAMP": None}, "4007302"),
        ({"X-TIMESTAMP": "yesterday"}, "4007301"),
        ({"X-TIMESTAMP": "2026-13-41T00:00:00+07:00"}, "4007301"),
        ({"X-SIGNATURE": None}, "4007302"),
    ],
)
def test_a_token_is_for_who_signs(bank: Running, changes: dict[str, str | None], code: str):
    assert Merchant(bank, changes=changes).ask_token().code == code


@pytest.mark.parametrize(("minutes", "code"), [(4, "2007300"), (-4, "2007300"), (6, "4017300")])
def test_clocks_may_be_five_minutes_apart(bank: Running, minutes: int, code: str):
    merchant = Merchant(bank, stamp=lambda: now() + timedelta(minutes=minutes))
    assert merchant.ask_token().code == code


@each_service
def test_every_service_refuses_what_is_not_signed_right(
    merchant: Merchant, method: str, path: str, service: str
):
    body = None if method == "GET" else {"merchantId": "x"}
    for changes, case in SIGNED_WRONG:
        merchant.changes = changes
        assert merchant.ask(method, path, body).code == case.format(service), changes


@each_service
def test_every_service_lets_both_signatures_in(
    merchant: Merchant, method: str, path: str, service: str
):
    body = None if method == "GET" else {"merchantId": "x"}
    for rsa in (False, True):
        said = merchant.ask(method, path, body, rsa=rsa)
        assert said.status != 401, said


def test_a_signature_over_another_body_or_path_is_none(merchant: Merchant, bank: Running):
    right = merchant.qr("SJ-1")
    assert right.code == "2004700"
    merchant.changes = {"X-SIGNATURE": OTHER[:-1]}
    assert merchant.qr("SJ-2").code == "4014700"


def test_a_token_ends(merchant: Merchant, bank: Running):
    bank.bank.guard.tokens[merchant.token] = now()
    assert merchant.query("SJ-1").code == "4015101"


def test_an_external_id_is_used_once_a_day(merchant: Merchant):
    merchant.changes = {"X-EXTERNAL-ID": "4711"}
    assert merchant.qr("SJ-1").code == "2004700"
    assert merchant.qr("SJ-2").code == "4094700"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{ "a" : "  088899" , "b":"x  y" }', '{"a":"  088899","b":"x  y"}'),
        ('{"a":"say \\"hi there\\" ok" }', '{"a":"say \\"hi there\\" ok"}'),
        ('{"v": 1.10,\n\t"w": 100000.00}', '{"v":1.10,"w":100000.00}'),
        ('{"n": "caf\\u00e9", "m": null}', '{"n":"caf\\u00e9","m":null}'),
        ('{"n": "café", "u": "http:\\/\\/x"}', '{"n":"café","u":"http:\\/\\/x"}'),
        ('{"a": "\\\\" , "b": " " }', '{"a":"\\\\","b":" "}'),
        ("", ""),
    ],
)
def test_only_blanks_between_the_words_are_left_out(body: str, expected: str):
    assert minified(body.encode()) == expected.encode()
