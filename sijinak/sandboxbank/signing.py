"""SNAP's signatures, written from its published rules and from nothing else."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

_BLANK = frozenset(b" \t\r\n")
_QUOTE, _ESCAPE = b'"\\'


@dataclass(frozen=True, slots=True, kw_only=True)
class Signable:
    """``path`` as it is called, with its query."""

    method: str
    path: str
    body: bytes
    stamp: str

    def text(self, token: str | None = None) -> bytes:
        """With a token for the symmetric signature, without one for the asymmetric."""
        digest = hashlib.sha256(minified(self.body)).hexdigest()
        held = [] if token is None else [token]
        return ":".join([self.method, self.path, *held, digest, self.stamp]).encode()


def minified(body: bytes) -> bytes:
    """Only the blanks outside of texts go; numbers, order and escapes stay as they were sent."""
    kept, in_text, escaped = bytearray(), False, False
    for byte in body:
        if in_text or byte not in _BLANK:
            kept.append(byte)
        if escaped:
            escaped = False
        elif in_text and byte == _ESCAPE:
            escaped = True
        elif byte == _QUOTE:
            in_text = not in_text
    return bytes(kept)


def hmac_of(secret: str, text: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), text, "sha512")).decode()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def rsa_of(key: RSAPrivateKey, text: bytes) -> str:
    return base64.b64encode(key.sign(text, PKCS1v15(), SHA256())).decode()


def is_signed(key: RSAPublicKey, signature: str, text: bytes) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
