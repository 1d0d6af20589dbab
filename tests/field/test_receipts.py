"""A receipt can be checked by anybody who has the public key, and says one thing only."""

from base64 import b64decode
from hashlib import sha256
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from sijinak.core.clock import now
from sijinak.field.receipts import Signer, receipt, receipt_keys, receipt_text

RECORD = UUID("01a1b2c3-0000-7000-8000-000000000001")
DIGEST = sha256(b"a record").digest()


def _verify(signature: bytes, text: str) -> None:
    (known,) = receipt_keys()
    key = b64decode(known["key"])
    assert known["kid"] == sha256(key).hexdigest()[:8]
    Ed25519PublicKey.from_public_bytes(key).verify(signature, text.encode())


def test_a_receipt_verifies_with_the_published_key(app: Flask):
    made = receipt(RECORD, DIGEST, "accepted", now())
    text = f"sijinak-receipt-v1\n{RECORD}\n{DIGEST.hex()}\naccepted\n{made['at']}"
    assert made["at"].endswith("Z")
    assert made["kid"] == receipt_keys()[0]["kid"]
    _verify(b64decode(made["sig"]), text)


def test_a_receipt_for_anything_else_does_not_verify(app: Flask):
    at = now()
    made = receipt(RECORD, DIGEST, "accepted", at)
    signature = b64decode(made["sig"])
    others = (
        receipt_text(UUID(int=1), DIGEST, "accepted", made["at"]),
        receipt_text(RECORD, sha256(b"another").digest(), "accepted", made["at"]),
        receipt_text(RECORD, DIGEST, "conflict", made["at"]),
        receipt_text(RECORD, DIGEST, "accepted", "2026-01-01T00:00:00.000Z"),
    )
    for text in others:
        with pytest.raises(InvalidSignature):
            _verify(signature, text)
    changed = bytes([signature[0] ^ 1]) + signature[1:]
    with pytest.raises(InvalidSignature):
        _verify(changed, receipt_text(RECORD, DIGEST, "accepted", made["at"]))


def test_another_installation_signs_with_another_key(app: Flask):
    before = receipt_keys()
    other = Signer()
    other.load("another secret")
    assert other.kid != before[0]["kid"]
