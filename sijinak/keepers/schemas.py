"""Keepers as they come in."""

import re
from typing import Any

from marshmallow import fields, post_load, validate

from sijinak.areas.schemas import KNOWN_VILLAGE
from sijinak.keepers.models import KeeperKind
from sijinak.keepers.services import RegisterKeeper
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

PHONE = validate.Regexp(
    r"^(\+?62|0)[ -]?8[0-9 -]{7,14}\Z", error=N_("Write a mobile number such as 0812 3456 7890.")
)


class RegisterKeeperSchema(InputSchema[RegisterKeeper]):
    makes = RegisterKeeper

    id = fields.UUID(required=True)
    kind = fields.Enum(KeeperKind, by_value=True, required=True, error_messages=CHOOSE)
    name = fields.String(
        required=True,
        validate=validate.Length(min=2, max=120, error=N_("A name has 2 to 120 letters.")),
        error_messages=REQUIRED,
    )
    village = fields.String(required=True, validate=KNOWN_VILLAGE, error_messages=REQUIRED)
    hamlet = fields.String(load_default="", validate=validate.Length(max=80, error=TOO_LONG))
    nik = fields.String(load_default="", validate=validate.Length(max=32, error=TOO_LONG))
    nib = fields.String(load_default="", validate=validate.Length(max=32, error=TOO_LONG))
    phone = fields.String(load_default="", validate=PHONE)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> RegisterKeeper:
        """One spelling of a telephone number, so that it is found again."""
        digits = re.sub(r"\D", "", data["phone"])
        phone = re.sub(r"^62", "0", digits)
        return RegisterKeeper(**{**data, "phone": phone})
