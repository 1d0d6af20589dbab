"""Fields and sentences that many schemas share."""

from typing import Any

from marshmallow import ValidationError, fields

from sijinak.core.codes import NotATagCode, parse_tag_code
from sijinak.web.i18n import N_

Sentences = dict[str, str | list[Any] | dict[Any, Any]]

REQUIRED: Sentences = {"required": N_("Fill this in."), "null": N_("Fill this in.")}
CHOOSE: Sentences = {
    "required": N_("Choose one."),
    "unknown": N_("Choose one."),
    "invalid": N_("Choose one."),
}
A_DAY: Sentences = {
    "required": N_("Choose a day."),
    "invalid": N_("This is not a day. Write it like 2024-12-31."),
}
A_NUMBER: Sentences = {"required": N_("Fill this in."), "invalid": N_("This is not a number.")}
TOO_LONG = N_("This is too long.")
NOT_A_CODE = N_("This is not a tag code. It has 10 characters, such as 7K3M-9QX4-5J.")


class TagCodeField(fields.String):
    """A tag code in any spelling people use; it comes out in the one we keep."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        try:
            return parse_tag_code(str(super()._deserialize(value, *args, **kwargs)))
        except NotATagCode:
            raise ValidationError(NOT_A_CODE) from None
