"""What people and officers fill in about requests."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from sijinak.privacy.erasing import DecideErasure, ProposeErasure
from sijinak.privacy.models import LegalReason, RequestKind
from sijinak.privacy.services import AnswerRequest, AskRequest, RefuseRequest
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, T

LONGEST_WORDS = 2000
WORDS = validate.Length(min=5, max=LONGEST_WORDS, error=N_("Write 5 to 2,000 letters."))


class _About(InputSchema[T]):
    """The form says what; the address says about whom."""

    id = fields.UUID(required=True)

    def __init__(self, **given: UUID) -> None:
        super().__init__()
        self._given = given

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        return self.makes(**data, **self._given)


class AskOwnSchema(_About[AskRequest]):
    makes = AskRequest

    kind = fields.Enum(RequestKind, by_value=True, required=True, error_messages=CHOOSE)
    words = fields.String(required=True, validate=WORDS, error_messages=REQUIRED)


class AskSchema(AskOwnSchema):
    """At the counter, where the officer looks at who asks."""

    identity = fields.String(
        required=True, validate=validate.Length(max=200, error=TOO_LONG), error_messages=REQUIRED
    )


class AnswerSchema(_About[AnswerRequest]):
    makes = AnswerRequest

    answer = fields.String(required=True, validate=WORDS, error_messages=REQUIRED)


class RefuseSchema(_About[RefuseRequest]):
    makes = RefuseRequest

    legal_reason = fields.Enum(LegalReason, by_value=True, required=True, error_messages=CHOOSE)
    answer = fields.String(required=True, validate=WORDS, error_messages=REQUIRED)


class ProposeErasureSchema(_About[ProposeErasure]):
    makes = ProposeErasure


class DecideErasureSchema(_About[DecideErasure]):
    makes = DecideErasure
