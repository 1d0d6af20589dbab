"""What people send about messages that go out."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load, validate

from sijinak.notices.ending import AskEnding, DecideEnding
from sijinak.notices.mailing import EMAIL
from sijinak.notices.services import AddAddress, SendAgain
from sijinak.web.fields import REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, T

NOT_AN_EMAIL = N_("This is not an e-mail address. Write it like inspektorat@example.go.id.")


class AddAddressSchema(InputSchema[AddAddress]):
    makes = AddAddress

    id = fields.UUID(required=True)
    who = fields.String(
        required=True, validate=validate.Length(max=120, error=TOO_LONG), error_messages=REQUIRED
    )
    email = fields.String(
        required=True,
        validate=validate.Regexp(EMAIL, error=NOT_AN_EMAIL),
        error_messages=REQUIRED,
    )


class _GivenSchema(InputSchema[T]):
    """A command of which the address says a part."""

    id = fields.UUID(required=True)

    def __init__(self, **given: Any) -> None:
        super().__init__()
        self._given = given

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        return self.makes(**data, **self._given)


class AskEndingSchema(_GivenSchema[AskEnding]):
    makes = AskEnding


class DecideEndingSchema(_GivenSchema[DecideEnding]):
    makes = DecideEnding


class SendAgainSchema(_GivenSchema[SendAgain]):
    makes = SendAgain
