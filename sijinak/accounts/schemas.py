"""Accounts as they come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, pre_load, validate, validates_schema

from sijinak.accounts.factors import RemoveSecondFactor
from sijinak.accounts.models import Role
from sijinak.accounts.services import AddUser, Appoint, ChangePassword
from sijinak.areas.schemas import KNOWN_REGION
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, read_form

T = TypeVar("T")
LONGEST_TYPED = 256


def asked(message: str) -> dict[str, Any]:
    """What is said when the field was left empty; it stands above the form too, so it names it."""
    return {"required": message}


def secret_text(message: str) -> fields.String:
    too_long = validate.Length(max=LONGEST_TYPED, error=N_("This is too long."))
    return fields.String(required=True, error_messages=asked(message), validate=too_long)


ASK_PASSWORD = N_("Enter the password.")
ASK_DIGITS = N_("Enter the code.")
USERNAME = validate.Regexp(
    r"^[a-z][a-z0-9._-]{2,31}\Z",
    error=N_(
        "A user name has 3 to 32 small letters, digits, dots or dashes, and begins with a letter."
    ),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class OwnPassword:
    password: str


@dataclass(frozen=True, slots=True)
class Digits:
    digits: str


@dataclass(frozen=True, slots=True)
class SecondStep:
    """Digits, a code from paper, or what a passkey answered."""

    digits: str = ""
    proof_assertion: str = ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No words came."""


class _AppointmentFields(InputSchema[T]):
    id = fields.UUID(required=True)
    role = fields.Enum(
        Role,
        by_value=True,
        required=True,
        error_messages={"unknown": N_("Choose a role."), **asked(N_("Choose a role."))},
    )
    region = fields.String(
        required=True, validate=KNOWN_REGION, error_messages=asked(N_("Choose a region."))
    )
    decree = fields.String(load_default="", validate=validate.Length(max=120))
    valid_from = fields.Date(
        required=True,
        error_messages={"invalid": N_("Choose a day."), **asked(N_("Choose the first day."))},
    )
    valid_until = fields.Date(load_default=None, error_messages={"invalid": N_("Choose a day.")})

    @validates_schema
    def _check(self, data: dict[str, object], **_: object) -> None:
        if data.get("role") is not Role.TRADER and not data.get("decree"):
            raise ValidationError(N_("An officer needs the number of the decree."), "decree")
        until, start = data.get("valid_until"), data.get("valid_from")
        if until is not None and start is not None and until < start:  # type: ignore[operator]
            raise ValidationError(N_("The last day is before the first."), "valid_until")


class AppointSchema(_AppointmentFields[Appoint]):
    """Whose appointment it is stands in the address, not in the form."""

    makes = Appoint

    def __init__(self, user_id: UUID) -> None:
        super().__init__()
        self._user_id = user_id

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> Appoint:
        return Appoint(user_id=self._user_id, **data)


class AddUserSchema(_AppointmentFields[AddUser]):
    makes = AddUser

    username = fields.String(
        required=True, validate=USERNAME, error_messages=asked(N_("Enter the user name."))
    )
    name = fields.String(
        required=True,
        validate=validate.Length(min=2, max=120),
        error_messages=asked(N_("Enter the full name.")),
    )
    keeper_id = fields.UUID(load_default=None)

    @validates_schema
    def _check_keeper(self, data: dict[str, object], **_: object) -> None:
        if data.get("role") is Role.TRADER and data.get("keeper_id") is None:
            raise ValidationError(N_("Open a trader's account from the page of the owner."), "role")


class AsTyped(InputSchema[T]):
    """Blanks are a part of a password (ASVS 5.0 6.2.8)."""

    @pre_load
    def _trim(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value != ""}


class SignInSchema(AsTyped[SignIn]):
    makes = SignIn

    username = secret_text(N_("Enter the user name."))
    password = secret_text(ASK_PASSWORD)


class ChangePasswordSchema(AsTyped[ChangePassword]):
    makes = ChangePassword

    current = secret_text(N_("Enter the password that you have now."))
    new = secret_text(N_("Enter a new password."))


class PasswordSchema(AsTyped[OwnPassword]):
    makes = OwnPassword

    password = secret_text(ASK_PASSWORD)


class DigitsSchema(InputSchema[Digits]):
    makes = Digits

    digits = secret_text(ASK_DIGITS)


class SecondStepSchema(InputSchema[SecondStep]):
    makes = SecondStep

    digits = fields.String(load_default="", validate=validate.Length(max=LONGEST_TYPED))
    proof_assertion = fields.String(load_default="", validate=validate.Length(max=8000))

    @validates_schema
    def _check(self, data: dict[str, object], **_: object) -> None:
        if not any(data.values()):
            raise ValidationError(ASK_DIGITS, "digits")


class RemoveSecondFactorSchema(AsTyped[RemoveSecondFactor]):
    makes = RemoveSecondFactor

    password = secret_text(ASK_PASSWORD)
    digits = secret_text(ASK_DIGITS)


class NothingSchema(InputSchema[Nothing]):
    makes = Nothing


def read_button() -> None:
    """A button sends nothing but its token. Raises ValidationError when more came."""
    form = read_form(NothingSchema())
    if form.value is None:
        raise ValidationError(dict(form.errors))
