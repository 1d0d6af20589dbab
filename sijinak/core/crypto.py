"""Keys, sealed texts and keyed look-ups for personal data.

AES-256-GCM (NIST SP 800-38D) with associated data that names table, column and row, so that a
sealed text that was moved does not open. Look-ups are HMAC-SHA-256 under a key of their own:
the NIKs of a regency can be counted through in minutes, so a plain hash would hide nothing.
"""

import hashlib
import os
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_KEY_ID = 4
_NONCE = 12
_BLOCK = 64  # of SHA-256
_INNER, _OUTER = (bytes(one ^ pad for one in range(256)) for pad in (0x36, 0x5C))


def derived(secret: str, label: str) -> bytes:
    """32 bytes for one purpose (HKDF-SHA-256, RFC 5869)."""
    return HKDF(SHA256(), 32, None, label.encode()).derive(secret.encode())


class Mac:
    """HMAC-SHA-256 (RFC 2104) under one key, whose pads are made once.

    OpenSSL's own call looks its algorithm up each time, which costs more than the two hashes.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        """Up to 64 bytes."""
        block = key.ljust(_BLOCK, b"\x00")
        if len(block) != _BLOCK:
            raise ValueError(f"a key of {len(key)} bytes")
        self._inner, self._outer = block.translate(_INNER), block.translate(_OUTER)

    def digest(self, message: bytes) -> bytes:
        inner = hashlib.sha256(self._inner + message).digest()
        return hashlib.sha256(self._outer + inner).digest()


class Keyring:
    """Seals with the newest data key, opens with any that it holds."""

    def __init__(self) -> None:
        self._ciphers: dict[bytes, AESGCM] = {}
        self._newest = b""
        self._lookup = Mac(b"")

    def load(self, data_keys: Sequence[str], lookup_key: str) -> None:
        """Take the data keys, newest first, and the key for look-ups."""
        keys = [derived(secret, "sijinak column") for secret in data_keys]
        ids = [hashlib.sha256(b"id" + key).digest()[:_KEY_ID] for key in keys]
        self._ciphers = {key_id: AESGCM(key) for key_id, key in zip(ids, keys, strict=True)}
        self._newest = ids[0]
        self._lookup = Mac(derived(lookup_key, "sijinak look-up"))

    def seal(self, text: str, place: str) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._newest].encrypt(nonce, text.encode(), place.encode())
        return _VERSION + self._newest + nonce + sealed

    def open(self, sealed: bytes, place: str) -> str:
        """Raises cryptography's InvalidTag when the text was altered or comes from elsewhere."""
        key_id, rest = sealed[1 : 1 + _KEY_ID], sealed[1 + _KEY_ID :]
        text = self._ciphers[key_id].decrypt(rest[:_NONCE], rest[_NONCE:], place.encode())
        return text.decode()

    def lookup(self, kind: str, text: str) -> bytes:
        """What stands in an index for a text that must not."""
        return self._lookup.digest(f"{kind}:{text}".encode())


keyring = Keyring()


class _Row(Protocol):
    __tablename__: str
    id: UUID


class Sealed:
    """A text of a model that its table keeps encrypted in the column ``<name>_sealed``.

    The row's id is part of the seal: hand it in first when you make the row.
    """

    def __set_name__(self, owner: type[_Row], name: str) -> None:
        self._column = f"{name}_sealed"
        self._name = name

    def __get__(self, row: Any, owner: type[_Row]) -> Any:
        if row is None:
            return self
        sealed: bytes | None = getattr(row, self._column)
        return None if sealed is None else keyring.open(sealed, place_of(row, self._name))

    def __set__(self, row: Any, text: str | None) -> None:
        sealed = None if text is None else keyring.seal(text, place_of(row, self._name))
        setattr(row, self._column, sealed)


def place_of(row: Any, name: str) -> str:
    if row.id is None:
        raise ValueError(f"the row needs its id before {name} is sealed")
    return sealed_place(row.__tablename__, name, row.id)


def sealed_place(table: str, name: str, row_id: UUID) -> str:
    """The associated data of a sealed text."""
    return f"{table}:{name}:{row_id}"
