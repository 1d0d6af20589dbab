"""Receipts: what the server signs when it has a record, so that neither side can deny it.

Ed25519 (RFC 8032) under a key derived from the installation's secret key. A phone learns the
public key when it is enrolled, and keeps it: a receipt can be checked without the server.
"""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sijinak.core.crypto import derived

_PURPOSE: Final = "field receipts"
_FORM: Final = "sijinak-receipt-v1"


class Signer:
    """Holds the key of this installation; the app hands it in at the start."""

    def __init__(self) -> None:
        self._key: Ed25519PrivateKey | None = None
        self._kid = ""

    def load(self, secret: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(derived(secret, _PURPOSE))
        self._kid = sha256(self.public_key).hexdigest()[:8]

    @property
    def kid(self) -> str:
        return self._kid

    @property
    def public_key(self) -> bytes:
        return self._loaded.public_key().public_bytes_raw()

    def sign(self, text: str) -> bytes:
        return self._loaded.sign(text.encode())

    @property
    def _loaded(self) -> Ed25519PrivateKey:
        if self._key is None:
            raise RuntimeError("the key for receipts was not loaded")
        return self._key


signer = Signer()


def receipt(record_id: UUID, digest: bytes, verdict: str, at: datetime) -> dict[str, str]:
    """For one record with the hash ``digest``: key id, moment and signature (base64)."""
    moment = spelt(at)
    signature = signer.sign(receipt_text(record_id, digest, verdict, moment))
    return {"kid": signer.kid, "at": moment, "sig": b64encode(signature).decode()}


def receipt_text(record_id: UUID, digest: bytes, verdict: str, at: str) -> str:
    """What is signed: five lines, the last without a line feed."""
    return "\n".join((_FORM, str(record_id), digest.hex(), verdict, at))


def receipt_keys() -> list[dict[str, str]]:
    """The public keys that a phone checks receipts with (raw, base64)."""
    return [{"kid": signer.kid, "key": b64encode(signer.public_key).decode()}]


def spelt(moment: datetime) -> str:
    """A moment in UTC, to the millisecond, as phones write it themselves."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
