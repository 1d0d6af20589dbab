"""Forms of the steps that are signed, asked for or answered, and of what lies with a permit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from sijinak.accounts.proof_schemas import ProofFields
from sijinak.accounts.proofs import Proof
from sijinak.core.clock import today
from sijinak.permits.models import DocumentKind, ExternalKind
from sijinak.permits.schemas import LONGEST, StepSchema, StepTaken
from sijinak.web.fields import A_DAY, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

LONG_TEXT = 2000
SAY_WHY = N_("Say what must be put right, or why not.")
YES_NO = validate.OneOf(("yes", "no"), error=N_("Choose one."))


@dataclass(frozen=True, slots=True)
class Signed:
    """A form that is signed."""

    id: UUID
    proof: Proof
    decision: str = "yes"
    note: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """More days asked for."""

    id: UUID
    wanted_until: date
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentFilledIn:
    id: UUID
    kind: DocumentKind
    number: str = ""
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaperFilledIn:
    id: UUID
    kind: ExternalKind
    number: str
    issued_on: date
    valid_until: date | None = None
    place: str = ""
    days: int | None = None
    note: str = ""


def text(most: int = LONGEST, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=most, error=TOO_LONG), **more)


def not_to_come(day: date) -> None:
    if day > today():
        raise ValidationError(N_("This day has not come yet."))


class CertifySchema(ProofFields[Signed]):
    makes = Signed

    id = fields.UUID(required=True)


class SignedDecisionSchema(CertifySchema):
    """Yes or no; a no needs its reason."""

    decision = fields.String(required=True, validate=YES_NO, error_messages=CHOOSE)
    note = text(load_default="")

    @validates_schema
    def _says_why(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("decision") == "no" and not data.get("note"):
            raise ValidationError(SAY_WHY, "note")


class ExtensionAnswerSchema(SignedDecisionSchema):
    valid_until = fields.Date(load_default=None, error_messages=A_DAY)

    @validates_schema
    def _says_until_when(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("decision") == "yes" and data.get("valid_until") is None:
            raise ValidationError(REQUIRED["required"], "valid_until")


class WantedSchema(InputSchema[Wanted]):
    makes = Wanted

    id = fields.UUID(required=True)
    wanted_until = fields.Date(required=True, error_messages=A_DAY)
    reason = text(required=True, error_messages=REQUIRED)


class AppealSchema(StepSchema):
    note = text(LONG_TEXT, required=True, error_messages=REQUIRED)


class HearingSchema(StepSchema):
    """Both answers say why."""

    decision = fields.String(required=True, validate=YES_NO, error_messages=CHOOSE)
    note = text(LONG_TEXT, required=True, error_messages=REQUIRED)


class ClosingSchema(StepSchema):
    closing = text(load_default="")

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> StepTaken:
        return StepTaken(data["id"], note=data["closing"])


class DocumentSchema(InputSchema[DocumentFilledIn]):
    makes = DocumentFilledIn

    id = fields.UUID(required=True)
    kind = fields.Enum(DocumentKind, by_value=True, required=True, error_messages=CHOOSE)
    number = text(80, load_default="")
    issued_on = fields.Date(load_default=None, validate=not_to_come, error_messages=A_DAY)


class PaperSchema(InputSchema[PaperFilledIn]):
    makes = PaperFilledIn

    id = fields.UUID(required=True)
    kind = fields.Enum(ExternalKind, by_value=True, required=True, error_messages=CHOOSE)
    number = text(80, required=True, error_messages=REQUIRED)
    issued_on = fields.Date(required=True, validate=not_to_come, error_messages=A_DAY)
    valid_until = fields.Date(load_default=None, error_messages=A_DAY)
    place = text(120, load_default="")
    days = fields.Integer(
        load_default=None,
        validate=validate.Range(0, 365, error=N_("Between 0 and 365 days.")),
        error_messages={"invalid": N_("Write the days as a whole number.")},
    )
    note = text(load_default="")

    @validates_schema
    def _in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        begins, ends = data.get("issued_on"), data.get("valid_until")
        if begins and ends and ends < begins:
            raise ValidationError(N_("This is before the day of issue."), "valid_until")
        if data.get("kind") is ExternalKind.KH11 and data.get("days") is None:
            raise ValidationError(N_("Write the days that the animals spent there."), "days")
        if data.get("kind") is ExternalKind.KH11 and not data.get("place"):
            raise ValidationError(N_("Write the name of the holding ground."), "place")
