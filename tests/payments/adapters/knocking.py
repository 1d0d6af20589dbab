"""A bank at our door, as the descriptions say: it signs in, and signs what it says."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from sijinak.core.clock import now
from sijinak.payments.adapters.base import Order, Outcome, RawRequest
from sijinak.payments.adapters.reading import WIB
from sijinak.payments.adapters.snap.adapter import SnapAdapter
from tests.payments.adapters.kit import key

DOOR = "/api/v1/payments/notices/snap"
NUMBER = "88100123456789012345"


def stamp_of(at: datetime) -> str:
    return at.astimezone(WIB).isoformat(timespec="seconds")


def rsa(text: str) -> str:
    return base64.b64encode(key("bank").sign(text.encode(), PKCS1v15(), SHA256())).decode()


def request(path: str, head: dict[str, str], body: bytes) -> RawRequest:
    """Header names as a server hands them on: spelt otherwise than they were sent."""
    head = {name.title(): value for name, value in head.items()}
    return RawRequest(method="POST", path=DOOR + path, headers=head, body=body)


def sign_in(at: datetime | None = None, client: str = "BANK") -> RawRequest:
    stamp = stamp_of(at or now())
    head = {"X-TIMESTAMP": stamp, "X-CLIENT-KEY": client, "X-SIGNATURE": rsa(f"{client}|{stamp}")}
    body = b'{"grantType":"client_credentials"}'
    return request("/v1.0/access-token/b2b", head, body)


def signed(path: str, fields: Any, at: datetime | None = None, *, token: str = "") -> RawRequest:
    """With a token by our common secret, without one by the bank's key. Spaces are no matter."""
    body = fields if isinstance(fields, bytes) else json.dumps(fields, indent=1).encode()
    stamp = stamp_of(at or now())
    tight = (
        body if isinstance(fields, bytes) else json.dumps(fields, separators=(",", ":")).encode()
    )
    parts = ["POST", DOOR + path, hashlib.sha256(tight).hexdigest(), stamp]
    head = {"X-TIMESTAMP": stamp, "X-EXTERNAL-ID": "7" * 20, "X-PARTNER-ID": "BANK"}
    if not token:
        return request(path, {**head, "X-SIGNATURE": rsa(":".join(parts))}, body)
    text = ":".join([*parts[:2], token, *parts[2:]]).encode()
    mac = hmac.new(b"the-bank-s-secret-at-our-door", text, hashlib.sha512).digest()
    more = {"Authorization": f"Bearer {token}", "X-SIGNATURE": base64.b64encode(mac).decode()}
    return request(path, head | more, body)


def token_of(adapter: SnapAdapter) -> str:
    asked = sign_in()
    assert adapter.read_notice(asked).wants_token
    said = json.loads(adapter.answer(asked, Outcome.TAKEN, None).body)
    assert said["responseCode"] == "2007300"
    return str(said["accessToken"])


def notice(order: Order, at: datetime | None = None, **other: Any) -> RawRequest:
    fields = {
        "originalReferenceNo": "Q-1",
        "originalPartnerReferenceNo": order.ref,
        "latestTransactionStatus": "00",
        "amount": {"value": f"{order.amount}.00", "currency": "IDR"},
        "additionalInfo": {
            "rrn": "000000000017",
            "paidTime": "2026-11-22T21:00:00+07:00",
            "payerName": "Siti Aminah",
            "issuerName": "Bank X",
        },
        **other,
    }
    return signed("/v1.0/qr/qr-mpm-notify", fields, at)


def payment(order: Order, token: str, at: datetime | None = None, **other: Any) -> RawRequest:
    fields = {
        "partnerServiceId": "   88100",
        "customerNo": NUMBER[5:],
        "virtualAccountNo": f"   {NUMBER}",
        "trxId": order.ref,
        "paymentRequestId": "I-1",
        "paidAmount": {"value": f"{order.amount}.00", "currency": "IDR"},
        "totalAmount": {"value": f"{order.amount}.00", "currency": "IDR"},
        "trxDateTime": "2026-11-22T21:00:00+07:00",
        "referenceNo": "000000000018",
        **other,
    }
    return signed("/v1.0/transfer-va/payment", fields, at, token=token)


def inquiry(token: str, at: datetime | None = None) -> RawRequest:
    fields = {
        "partnerServiceId": "   88100",
        "customerNo": NUMBER[5:],
        "virtualAccountNo": f"   {NUMBER}",
        "inquiryRequestId": "I-1",
    }
    return signed("/v1.0/transfer-va/inquiry", fields, at, token=token)
