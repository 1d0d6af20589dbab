"""What the QR code of a paper says: a signed CBOR map in an address that any camera opens.

The map and its integer keys are the contract with the checkpoint's phone, which reads it without
a network; tests/permits/signing/vectors.json holds both sides to it.
"""

import hashlib
import re
from base64 import b32decode, b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from sijinak.core.codes import ALPHABET, RANDOM_LENGTH
from sijinak.core.cose import Malformed, canonical, opened, verified
from sijinak.core.errors import Invalid

MOST_LISTED = 30  # above this the code holds a digest of the tags
LONGEST = 1200  # letters of an address; thirty animals take about 520
LONGEST_HOLDER = 60
TAG_BYTES = 5
DIGEST_BYTES = 16
LARGEST = 2**53  # what JavaScript counts exactly
LISTED, DIGEST = 10, 11  # keys of the map: either one or the other
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_ADDRESS = re.compile(r"(HTTPS?)://([A-Z0-9.:\[\]-]+)/V/([A-Z2-7]+)")


class StrangeAddress(Invalid):
    """An address that is not ours: on a sticker over the code, or misread."""

    code = "strange-address"


class PaperKind(IntEnum):
    RECOMMENDATION = 1
    HEALTH_LETTER = 2  # SKKH


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFacts:
    """The map, with names instead of numbers; moments are seconds since 1970."""

    number: str
    issued: int
    until: int
    origin: str
    destination: str
    holder: str
    plate: str
    species: str
    males: int
    females: int
    animals: tuple[bytes, ...] | None  # five bytes of each tag, in the order of the list
    digest: bytes
    status_list: int
    status_index: int
    permit_id: UUID
    version: int
    port: str
    kind: PaperKind

    @property
    def heads(self) -> int:
        return self.males + self.females


def tag_bytes(code: str) -> bytes:
    """The eight random letters of a tag's code, without its check letters, as 40 bits."""
    number = 0
    for letter in code[:RANDOM_LENGTH]:
        number = number * 32 + _VALUES[letter]
    return number.to_bytes(TAG_BYTES)


def digest_of(animals: Sequence[bytes]) -> bytes:
    return hashlib.sha256(b"".join(sorted(animals))).digest()[:DIGEST_BYTES]


def payload_of(facts: SignedFacts) -> bytes:
    listed: dict[int, bytes] = {DIGEST: facts.digest}
    if facts.animals is not None:
        listed = {LISTED: b"".join(facts.animals)}
    return canonical(
        {
            1: facts.number,
            2: facts.issued,
            3: facts.until,
            4: facts.origin,
            5: facts.destination,
            6: facts.holder,
            7: facts.plate,
            8: facts.species,
            9: [facts.males, facts.females],
            **listed,
            12: facts.status_list,
            13: facts.status_index,
            14: facts.permit_id.bytes,
            15: facts.version,
            16: facts.port,
            17: int(facts.kind),
        }
    )


def facts_in(payload: bytes) -> SignedFacts:
    """Raises Malformed. Keys that we do not know are left alone: a newer office wrote them."""
    map_ = opened(payload)
    if not isinstance(map_, dict) or not all(type(key) is int for key in map_):
        raise Malformed
    males, females = _counts(map_)
    animals, digest = _animals(map_)
    try:
        return SignedFacts(
            number=_text(map_, 1),
            issued=_count(map_, 2),
            until=_count(map_, 3),
            origin=_text(map_, 4),
            destination=_text(map_, 5),
            holder=_text(map_, 6, LONGEST_HOLDER),
            plate=_text(map_, 7),
            species=_text(map_, 8),
            males=males,
            females=females,
            animals=animals,
            digest=digest,
            status_list=_count(map_, 12),
            status_index=_count(map_, 13),
            permit_id=UUID(bytes=_bytes(map_, 14, 16)),
            version=_count(map_, 15),
            port=_text(map_, 16),
            kind=PaperKind(_count(map_, 17)),
        )
    except ValueError:
        raise Malformed from None


def read(
    base32: str, keys: Mapping[bytes, EllipticCurvePublicKey]
) -> tuple[bytes, SignedFacts, bytes]:
    """Key id, facts and COSE bytes behind /V/. Raises Malformed, UnknownKey, Altered."""
    raw = raw_of(base32)
    kid, payload = verified(raw, keys)
    return kid, facts_in(payload), raw


def text_of(raw: bytes, public_url: str) -> str:
    """All in capitals: the alphanumeric mode of a QR code."""
    return f"{public_url.rstrip('/').upper()}/V/{base32_of(raw)}"


def base32_of(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=")


def raw_of(base32: str) -> bytes:
    """The one spelling of some bytes, or the same in small letters. Raises Malformed."""
    if len(base32) > LONGEST or not base32.isascii():
        raise Malformed
    letters = base32.upper()
    try:
        raw = b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        raise Malformed from None
    if base32_of(raw) != letters:  # bits beyond the last byte
        raise Malformed
    return raw


def base32_in(text: str, public_url: str) -> str:
    """What stands behind /V/ when the address is ours, wholly ours. Raises StrangeAddress."""
    if len(text) > LONGEST or not text.isascii():
        raise StrangeAddress
    ours = urlsplit(public_url)
    parts = _ADDRESS.fullmatch(text.upper())
    if not parts or (parts[1], parts[2]) != (ours.scheme.upper(), ours.netloc.upper()):
        raise StrangeAddress
    return parts[3]


def _text(map_: Mapping[int, object], key: int, longest: int = 200) -> str:
    value = map_.get(key)
    if not isinstance(value, str) or len(value) > longest:
        raise Malformed
    return value


def _count(map_: Mapping[int, object], key: int) -> int:
    return _number(map_.get(key))


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < LARGEST:
        raise Malformed
    return value


def _bytes(map_: Mapping[int, object], key: int, length: int) -> bytes:
    value = map_.get(key)
    if not isinstance(value, bytes) or len(value) != length:
        raise Malformed
    return value


def _counts(map_: Mapping[int, object]) -> tuple[int, int]:
    value = map_.get(9)
    if not isinstance(value, (list, tuple)) or len(value) != 2:  # noqa: PLR2004 - males, females
        raise Malformed
    return _number(value[0]), _number(value[1])


def _animals(map_: Mapping[int, object]) -> tuple[tuple[bytes, ...] | None, bytes]:
    """Either the list, and the digest that follows from it, or the digest alone."""
    if LISTED not in map_:
        return None, _bytes(map_, DIGEST, DIGEST_BYTES)
    listed = map_[LISTED]
    if DIGEST in map_ or not isinstance(listed, bytes):
        raise Malformed
    if len(listed) % TAG_BYTES or not 0 < len(listed) <= MOST_LISTED * TAG_BYTES:
        raise Malformed
    animals = tuple(listed[start : start + TAG_BYTES] for start in range(0, len(listed), TAG_BYTES))
    return animals, digest_of(animals)
