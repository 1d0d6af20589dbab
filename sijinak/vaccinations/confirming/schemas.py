"""Answers of owners, as they are sent by forms."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from marshmallow import fields, validate

from sijinak.vaccinations.confirming.services import Answer, MakeLink, WriteDown
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema

LONGEST_WORDS = 500
_WORDS = validate.Length(max=LONGEST_WORDS, error=TOO_LONG)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLink:
    """First the digits alone; then the answer, which brings them along."""

    digits: str
    id: UUID | None = None
    says_yes: bool | None = None
    words: str = ""


A = TypeVar("A", bound=Answer)


class _AnswerFields(InputSchema[A]):
    id = fields.UUID(required=True)
    confirmation_id = fields.UUID(required=True)
    says_yes = fields.Boolean(required=True, error_messages=CHOOSE)
    words = fields.String(load_default="", validate=_WORDS)


class AnswerSchema(_AnswerFields[Answer]):
    makes = Answer


class WriteDownSchema(_AnswerFields[WriteDown]):
    makes = WriteDown


class MakeLinkSchema(InputSchema[MakeLink]):
    makes = MakeLink

    id = fields.UUID(required=True)
    confirmation_id = fields.UUID(required=True)


class ByLinkSchema(InputSchema[ByLink]):
    makes = ByLink

    id = fields.UUID(load_default=None)
    digits = fields.String(
        required=True, validate=validate.Length(max=8, error=TOO_LONG), error_messages=REQUIRED
    )
    says_yes = fields.Boolean(load_default=None)
    words = fields.String(load_default="", validate=_WORDS)
