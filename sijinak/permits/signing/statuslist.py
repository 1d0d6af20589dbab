"""The list that says what became of each paper: two bits for each, signed, and small.

Whoever holds a fresh one knows without a network that a paper was revoked, used or replaced.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)

from sijinak.core.cose import Malformed, canonical, opened, sign1, verified

SIZE = 131_072  # papers of one list
PER_BYTE = 4
_LARGEST = SIZE // PER_BYTE


class PaperStatus(IntEnum):
    VALID = 0
    REVOKED = 1
    USED = 2
    REPLACED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """Moments are seconds since 1970."""

    number: int
    made: int
    fresh_until: int
    size: int
    bits: bytes

    def status(self, index: int) -> PaperStatus:
        """Raises Malformed when the list has no such index."""
        if not 0 <= index < self.size:
            raise Malformed
        return PaperStatus(self.bits[index // PER_BYTE] >> index % PER_BYTE * 2 & 3)


def bits_of(statuses: Mapping[int, PaperStatus], size: int = SIZE) -> bytes:
    """Two bits for each index, the lowest first; what is not named is valid."""
    bits = bytearray(size // PER_BYTE)
    for index, status in statuses.items():
        bits[index // PER_BYTE] |= status << index % PER_BYTE * 2
    return bytes(bits)


def sign_list(found: StatusList, key: EllipticCurvePrivateKey, kid: bytes) -> bytes:
    said = {
        1: found.number,
        2: found.made,
        3: found.fresh_until,
        4: found.size,
        5: zlib.compress(found.bits, 9),
    }
    return sign1(canonical(said), key, kid)


def read_list(raw: bytes, keys: Mapping[bytes, EllipticCurvePublicKey]) -> StatusList:
    """Raises Malformed, UnknownKey, Altered."""
    _, payload = verified(raw, keys)
    match opened(payload):
        case {1: int(number), 2: int(made), 3: int(until), 4: int(size), 5: bytes(packed)}:
            bits = _unpacked(packed)
        case _:
            raise Malformed
    if len(bits) * PER_BYTE != size:
        raise Malformed
    return StatusList(number=number, made=made, fresh_until=until, size=size, bits=bits)


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        bits = unpacker.decompress(packed, _LARGEST)
    except zlib.error:
        raise Malformed from None
    if not unpacker.eof or unpacker.unused_data:
        raise Malformed
    return bits
