"""Accounts as they come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
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
REQUIRED: dict[str, Any] = {"required": N_("Fill this in.")}
LONGEST_TYPED = 256
PASSWORD_TEXT = partial(
    fields.String,
    required=True,
    error_messages=REQUIRED,
    validate=validate.Length(max=LONGEST_TYPED, error=N_("This is too long.")),
)
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
class Nothing:
    """No words came."""


class _AppointmentFields(InputSchema[T]):
    id = fields.UUID(required=True)
    role = fields.Enum(
        Role,
        by_value=True,
        required=True,
        error_messages={"unknown": N_("Choose a role."), **REQUIRED},
    )
    region = fields.String(required=True, validate=KNOWN_REGION, error_messages=REQUIRED)
    decree = fields.String(load_default="", validate=validate.Length(max=120))
    valid_from = fields.Date(
        required=True, error_messages={"invalid": N_("Choose a day."), **REQUIRED}
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

    username = fields.String(required=True, validate=USERNAME, error_messages=REQUIRED)
    name = fields.String(
        required=True, validate=validate.Length(min=2, max=120), error_messages=REQUIRED
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

    username = PASSWORD_TEXT()
    password = PASSWORD_TEXT()


class ChangePasswordSchema(AsTyped[ChangePassword]):
    makes = ChangePassword

    current = PASSWORD_TEXT()
    new = PASSWORD_TEXT()


class PasswordSchema(AsTyped[OwnPassword]):
    makes = OwnPassword

    password = PASSWORD_TEXT()


class DigitsSchema(InputSchema[Digits]):
    makes = Digits

    digits = PASSWORD_TEXT()


class RemoveSecondFactorSchema(AsTyped[RemoveSecondFactor]):
    makes = RemoveSecondFactor

    password = PASSWORD_TEXT()
    digits = PASSWORD_TEXT()


class NothingSchema(InputSchema[Nothing]):
    makes = Nothing


def read_button() -> None:
    """A button sends nothing but its token. Raises ValidationError when more came."""
    form = read_form(NothingSchema())
    if form.value is None:
        raise ValidationError(dict(form.errors))
