"""COSE_Sign1 with ES256 (RFC 9052, RFC 9053) over deterministic CBOR (RFC 8949, section 4.2).

Nothing is read twice: what is not spelt in the one canonical way is refused, so that one paper
has one text. A payload is opened only after its signature held.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from sijinak.core.errors import Invalid

DEEPEST = 4
KEY_ID = 8  # bytes
SIDE = 32  # bytes of r, and of s
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
# Tag 18, an array of four, and the protected header {1: -7, 4: kid} as a byte string.
_HEAD = bytes.fromhex("d2844da201260448")
_UNPROTECTED = b"\xa0"
_SHA256 = ECDSA(SHA256())
# RFC 6979: what is signed twice has the same bytes, and no weak random number betrays the key.
_SIGNING = ECDSA(SHA256(), deterministic_signing=True)


class Malformed(Invalid):
    """These bytes are none that we write."""

    code = "cose-malformed"


class UnknownKey(Invalid):
    """Signed, perhaps, but by none of our keys. Facts: ``kid``."""

    code = "cose-unknown-key"


class Altered(Invalid):
    """One of our keys is named, and it did not sign this."""

    code = "cose-altered"


def canonical(value: object) -> bytes:
    return cbor2.dumps(value, canonical=True)


def opened(raw: bytes) -> Any:
    """The value; raises Malformed unless these are its canonical bytes and nothing else."""
    try:
        value = cbor2.loads(
            raw, max_depth=DEEPEST, allow_indefinite=False, allow_duplicate_keys=False
        )
        spelt = canonical(value)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError):
        raise Malformed from None
    if spelt != raw:
        raise Malformed
    return value


def key_id(spki: bytes) -> bytes:
    """The name of a key: the first eight bytes of SHA-256 over its SubjectPublicKeyInfo."""
    return hashlib.sha256(spki).digest()[:KEY_ID]


def spki_of(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def public_key(spki: bytes) -> EllipticCurvePublicKey:
    key = load_der_public_key(spki)
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise Malformed
    return key


def sign1(payload: bytes, key: EllipticCurvePrivateKey, kid: bytes) -> bytes:
    signature = _spelt(key.sign(_to_sign(kid, payload), _SIGNING))
    return _HEAD + kid + _UNPROTECTED + canonical(payload) + canonical(signature)


def verified(raw: bytes, keys: Mapping[bytes, EllipticCurvePublicKey]) -> tuple[bytes, bytes]:
    """Key id and payload of what was signed. Raises Malformed, UnknownKey, Altered."""
    kid, payload, signature = _parts(raw)
    key = keys.get(kid)
    if key is None:
        raise UnknownKey(kid=kid.hex())
    r, s = (int.from_bytes(part) for part in (signature[:SIDE], signature[SIDE:]))
    if not 0 < r < ORDER or not 0 < s <= ORDER // 2:  # n - s would be a second signature
        raise Altered
    try:
        key.verify(encode_dss_signature(r, s), _to_sign(kid, payload), _SHA256)
    except InvalidSignature:
        raise Altered from None
    return kid, payload


def _parts(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Key id, payload, signature. The frame has one spelling, so it is compared, not parsed."""
    start, end = len(_HEAD), len(raw) - 2 * SIDE
    kid, signature = raw[start : start + KEY_ID], raw[end:]
    try:
        payload = cbor2.loads(raw[start + KEY_ID + 1 : max(end - 2, 0)], max_depth=1)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError):
        raise Malformed from None
    if not isinstance(payload, bytes):
        raise Malformed
    if raw != _HEAD + kid + _UNPROTECTED + canonical(payload) + canonical(signature):
        raise Malformed
    return kid, payload, signature


def _to_sign(kid: bytes, payload: bytes) -> bytes:
    return canonical(["Signature1", _HEAD[3:] + kid, b"", payload])


def _spelt(der: bytes) -> bytes:
    """R and s, 32 bytes each; of the two signatures that hold, the one with the smaller s."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(SIDE) + min(s, ORDER - s).to_bytes(SIDE)
