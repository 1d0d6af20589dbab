"""Delegations as they come in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from sijinak.accounts.delegating import EndDelegation, GiveDelegation
from sijinak.accounts.grants import DELEGABLE
from sijinak.accounts.models import Manner
from sijinak.accounts.schemas import asked
from sijinak.areas.schemas import KNOWN_REGION
from sijinak.core.permissions import Permission
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

TOO_LONG = N_("This is too long.")
CHOOSE_DAY = N_("Choose a day.")
CHOOSE_OFFICER = N_("Choose the officer.")
CHOOSE_MANNER = N_("Choose in which manner.")
CHOOSE_RIGHTS = N_("Choose what may be signed.")


def _day(message: str) -> fields.Date:
    return fields.Date(required=True, error_messages={"invalid": CHOOSE_DAY, **asked(message)})


class _Right(fields.Enum[Permission]):
    def __init__(self) -> None:
        super().__init__(Permission, by_value=True, error_messages={"unknown": CHOOSE_RIGHTS})


class GiveDelegationSchema(InputSchema[GiveDelegation]):
    makes = GiveDelegation

    id = fields.UUID(required=True)
    appointment_id = fields.UUID(required=True, error_messages=asked(N_("Choose the appointment.")))
    taker_id = fields.UUID(
        required=True, error_messages={"invalid_uuid": CHOOSE_OFFICER, **asked(CHOOSE_OFFICER)}
    )
    manner = fields.Enum(
        Manner,
        by_value=True,
        required=True,
        error_messages={"unknown": CHOOSE_MANNER, **asked(CHOOSE_MANNER)},
    )
    permissions = fields.List(_Right(), required=True, error_messages=asked(CHOOSE_RIGHTS))
    region = fields.String(
        required=True, validate=KNOWN_REGION, error_messages=asked(N_("Choose a region."))
    )
    decree = fields.String(
        required=True,
        validate=validate.Length(max=120, error=TOO_LONG),
        error_messages=asked(N_("Enter the number of the decree.")),
    )
    decree_on = _day(N_("Enter the day of the decree."))
    valid_from = _day(N_("Choose the first day."))
    valid_until = _day(N_("Choose the last day."))

    @validates_schema
    def _check(self, data: dict[str, object], **_: object) -> None:
        first, last = data.get("valid_from"), data.get("valid_until")
        if first is not None and last is not None and last < first:  # type: ignore[operator]
            raise ValidationError(N_("The last day is before the first."), "valid_until")
        written = data.get("decree_on")
        if first is not None and written is not None and written > first:  # type: ignore[operator]
            raise ValidationError(N_("The decree is younger than the first day."), "decree_on")
        given: object = data.get("permissions")
        if not given or not set(given) <= set(DELEGABLE):  # type: ignore[call-overload]
            raise ValidationError(CHOOSE_RIGHTS, "permissions")


class EndDelegationSchema(InputSchema[EndDelegation]):
    makes = EndDelegation

    id = fields.UUID(required=True)
    reason = fields.String(
        required=True,
        validate=validate.Length(min=3, max=300, error=N_("Say why in 3 to 300 characters.")),
        error_messages=asked(N_("Say why it ends.")),
    )

    def __init__(self, delegation_id: UUID) -> None:
        super().__init__()
        self._delegation_id = delegation_id

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> EndDelegation:
        return EndDelegation(delegation_id=self._delegation_id, **data)
