"""Accounts as they come in."""

from marshmallow import ValidationError, fields, validate, validates_schema

from sijinak.accounts.models import Role
from sijinak.accounts.services import AddUser, Appoint, ChangePassword
from sijinak.areas.schemas import KNOWN_REGION
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

REQUIRED = {"required": N_("Fill this in.")}
USERNAME = validate.Regexp(
    r"^[a-z][a-z0-9._-]{2,31}\Z",
    error=N_("A user name has 3 to 32 small letters, digits, dots or dashes, and begins with a letter."),
)


class _AppointmentFields(InputSchema[Appoint]):
    id = fields.UUID(required=True)
    role = fields.Enum(
        Role, by_value=True, required=True, error_messages={"unknown": N_("Choose a role."), **REQUIRED}
    )
    region = fields.String(required=True, validate=KNOWN_REGION, error_messages=REQUIRED)
    decree = fields.String(load_default="", validate=validate.Length(max=120))
    valid_from = fields.Date(required=True, error_messages={"invalid": N_("Choose a day."), **REQUIRED})
    valid_until = fields.Date(load_default=None, error_messages={"invalid": N_("Choose a day.")})

    @validates_schema
    def _check(self, data: dict[str, object], **_: object) -> None:
        if data.get("role") is not Role.TRADER and not data.get("decree"):
            raise ValidationError(N_("An officer needs the number of the decree."), "decree")
        until, start = data.get("valid_until"), data.get("valid_from")
        if until is not None and start is not None and until < start:  # type: ignore[operator]
            raise ValidationError(N_("The last day is before the first."), "valid_until")


class AppointSchema(_AppointmentFields):
    makes = Appoint

    user_id = fields.UUID(required=True)


class AddUserSchema(_AppointmentFields):
    makes = AddUser  # type: ignore[assignment]

    username = fields.String(required=True, validate=USERNAME, error_messages=REQUIRED)
    name = fields.String(required=True, validate=validate.Length(min=2, max=120), error_messages=REQUIRED)
    keeper_id = fields.UUID(load_default=None)


class ChangePasswordSchema(InputSchema[ChangePassword]):
    makes = ChangePassword

    current = fields.String(required=True, error_messages=REQUIRED)
    new = fields.String(required=True, error_messages=REQUIRED)
