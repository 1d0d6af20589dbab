"""A file that a phone exported when no network would take its records, and who signed it."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from msgspec import Meta, Struct

from sijinak.core.errors import Invalid
from sijinak.field.wire import Sent

FORMAT = "sijinak-field-export"
MOST_EXPORTED = 20_000
HALF = 32  # bytes of r and of s


class NotAnExport(Invalid):
    """The file is something else, or it was cut off."""

    code = "not-an-export"


class Export(Struct, frozen=True, forbid_unknown_fields=True):
    """``exported_at`` is kept as it was written: it is signed."""

    format: str
    v: int
    device: UUID
    exported_at: Annotated[str, Meta(max_length=40)]
    records: Annotated[list[Sent], Meta(max_length=MOST_EXPORTED)]
    author: UUID | None = None
    signature: Annotated[str, Meta(max_length=200)] | None = None


_exports = msgspec.json.Decoder(Export)


def read_export(content: bytes) -> Export:
    """Raises NotAnExport."""
    try:
        export = _exports.decode(content)
    except (msgspec.MsgspecError, UnicodeError):
        raise NotAnExport from None
    if (export.format, export.v) != (FORMAT, 1):
        raise NotAnExport
    return export


def signed_text(export: Export) -> bytes:
    lines = ["sijinak-export-v1", str(export.device), export.exported_at]
    return "\n".join([*lines, *(one.hash for one in export.records)]).encode()


def is_signed(export: Export, public_key: bytes) -> bool:
    """Whether the phone with this key (SubjectPublicKeyInfo) made the file as it is."""
    try:
        raw = b64decode(export.signature or "", validate=True)
        key = load_der_public_key(public_key)
    except (NotBase64, ValueError):
        return False
    if len(raw) != 2 * HALF or not isinstance(key, EllipticCurvePublicKey):
        return False
    first, second = (int.from_bytes(part) for part in (raw[:HALF], raw[HALF:]))
    try:
        key.verify(encode_dss_signature(first, second), signed_text(export), ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
