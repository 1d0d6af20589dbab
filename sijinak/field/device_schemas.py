"""What comes in about phones."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from marshmallow import ValidationError, fields, validate

from sijinak.field.devices import EnrolDevice, RevokeReason
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

RECOVERY_BYTES = 32
NOT_A_KEY = N_("This is no P-256 key in SPKI form.")
NOT_32_BYTES = N_("This is not 32 bytes in base64.")


@dataclass(frozen=True, slots=True)
class Revoking:
    """The form of a phone's page; which phone it is stands in the address."""

    id: UUID
    reason: RevokeReason


@dataclass(frozen=True, slots=True)
class Asking:
    id: UUID


class Base64Field(fields.String):
    """Bytes in base64; ``read`` makes of text and bytes what is wanted, or raises ValueError."""

    def __init__(self, read: Callable[[str, bytes], Any], fault: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._read, self._fault = read, fault

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            return self._read(text, b64decode(text, validate=True))
        except (ValueError, UnsupportedAlgorithm):
            raise ValidationError(self._fault) from None


def _public_key(_: str, raw: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a P-256 key."""
    if not _is_p256(load_der_public_key(raw)):
        raise ValueError(NOT_A_KEY)
    return raw


def _is_p256(key: object) -> bool:
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)


def _recovery(text: str, raw: bytes) -> str:
    """The text as it was sent, which is how it is sealed."""
    if len(raw) != RECOVERY_BYTES:
        raise ValueError(NOT_32_BYTES)
    return text


def short_text(most: int) -> fields.String:
    length = validate.Length(1, most, error=TOO_LONG)
    return fields.String(required=True, validate=length, error_messages=REQUIRED)


class EnrolDeviceSchema(InputSchema[EnrolDevice]):
    makes = EnrolDevice

    id = fields.UUID(required=True)
    name = short_text(60)
    platform = short_text(200)
    public_key = Base64Field(
        _public_key, NOT_A_KEY, required=True, validate=validate.Length(max=200)
    )
    recovery = Base64Field(_recovery, NOT_32_BYTES, required=True)
    app = short_text(40)


class RevokingSchema(InputSchema[Revoking]):
    makes = Revoking

    id = fields.UUID(required=True)
    reason = fields.Enum(RevokeReason, by_value=True, required=True, error_messages=CHOOSE)


class AskingSchema(InputSchema[Asking]):
    makes = Asking

    id = fields.UUID(required=True)
