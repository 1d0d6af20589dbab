"""Applications and steps as they come in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from sijinak.animals.models import Species, WeighingMethod
from sijinak.areas.queries import ports
from sijinak.areas.schemas import KNOWN_DESTINATION, KNOWN_VILLAGE
from sijinak.core.clock import today
from sijinak.core.codes import NotATagCode, parse_tag_code, spaced
from sijinak.core.ids import uuid7
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Method
from sijinak.permits.commands import Inspected, Journey, SampleNamed
from sijinak.permits.finding_words import DAY_OVER
from sijinak.permits.models import RbtResult
from sijinak.permits.rules.models import Purpose
from sijinak.web.fields import A_DAY, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import InputSchema

MOST_ANIMALS = 500
LONGEST = 300
SHORTEST_LETTER = 5
CHOOSE_RESULT = N_("%(tag)s: choose the result.")
CHOOSE_RBT = N_("%(tag)s: choose the result of the brucellosis test.")


@dataclass(frozen=True, slots=True)
class FilledIn:
    """The form of an application: the command's id, and what it says."""

    id: UUID
    journey: Journey


@dataclass(frozen=True, slots=True)
class StepTaken:
    """The form of one step."""

    id: UUID
    decision: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineFilledIn:
    result: str
    weight_kg: int | None = None
    weight_method: WeighingMethod = WeighingMethod.SCALE
    rbt: RbtResult | None = None
    rbt_number: str = ""
    female_letter: str = ""
    reason: str = ""


class TagCodes(fields.String):
    """One tag code a line, or with commas between them."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> tuple[str, ...]:  # type: ignore[override]
        typed = (
            str(super()._deserialize(value, *args, **kwargs))
            .replace(",", "\n")
            .replace(";", "\n")
            .splitlines()
        )
        lines = [(row, text.strip()) for row, text in enumerate(typed, start=1) if text.strip()]
        if len(lines) > MOST_ANIMALS:
            raise ValidationError(_("At most %(most)s animals.", most=MOST_ANIMALS))
        wrong: list[str] = []
        codes: dict[str, None] = {}
        for row, text in lines:
            try:
                codes[parse_tag_code(text)] = None
            except NotATagCode:
                wrong.append(_("Line %(row)s: %(text)s is not a tag code.", row=row, text=text))
        if wrong:
            raise ValidationError(wrong)
        return tuple(codes)


def _known_port(code: str) -> None:
    if code not in {port.code for port in ports()}:
        raise ValidationError(N_("Choose one."))


def _still_to_come(day: date) -> None:
    if day < today():
        raise ValidationError(DAY_OVER)


def _letter_number(text: str) -> None:
    if len(text) < SHORTEST_LETTER or not any(character.isdigit() for character in text):
        raise ValidationError(
            N_("Copy the number of the sale letter: at least 5 characters, with a digit.")
        )


def _text(most: int = LONGEST, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=most, error=TOO_LONG), **more)


class ApplicationSchema(InputSchema[FilledIn]):
    makes = FilledIn

    id = fields.UUID(required=True)
    species = fields.Enum(Species, by_value=True, required=True, error_messages=CHOOSE)
    purpose = fields.Enum(Purpose, by_value=True, required=True, error_messages=CHOOSE)
    destination = fields.String(required=True, validate=KNOWN_DESTINATION, error_messages=CHOOSE)
    destination_note = _text(load_default="")
    port = fields.String(required=True, validate=_known_port, error_messages=CHOOSE)
    planned_on = fields.Date(required=True, validate=_still_to_come, error_messages=A_DAY)
    vehicle_plate = _text(20, load_default="")
    region = fields.String(required=True, validate=KNOWN_VILLAGE, error_messages=CHOOSE)
    tags = TagCodes(required=True, error_messages={"required": N_("Enter at least one tag code.")})
    sale_letter = fields.String(
        load_default="", validate=[validate.Length(max=80, error=TOO_LONG), _letter_number]
    )

    @validates_schema
    def _leaves(self, data: Mapping[str, Any], **_: Any) -> None:
        """A journey inside one regency needs no permit to leave it."""
        if data.get("region", "").startswith(data.get("destination", "?")):
            raise ValidationError(
                N_("The destination must lie outside the regency."), "destination"
            )

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> FilledIn:
        says = {name: value for name, value in data.items() if name != "id"}
        return FilledIn(data["id"], Journey(**says))


class StepSchema(InputSchema[StepTaken]):
    makes = StepTaken

    id = fields.UUID(required=True)


class CancelSchema(StepSchema):
    """``reason`` and not ``note``: this form may stand beside one that has a note."""

    reason = _text(required=True, error_messages=REQUIRED)

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> StepTaken:
        return StepTaken(data["id"], note=data["reason"])


class DecisionSchema(StepSchema):
    """Yes or no; a no needs its reason."""

    decision = fields.String(
        required=True,
        validate=validate.OneOf(("yes", "no"), error=N_("Choose one.")),
        error_messages=CHOOSE,
    )
    note = _text(load_default="")

    @validates_schema
    def _says_why(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("decision") == "no" and not data.get("note"):
            raise ValidationError(N_("Say what must be put right, or why not."), "note")


class LineSchema(InputSchema[LineFilledIn]):
    """One animal of the inspection form. Its sentences name the animal."""

    makes = LineFilledIn

    result = fields.String(
        required=True,
        validate=validate.OneOf(("pass", "refuse", "absent"), error=CHOOSE_RESULT),
        error_messages={"required": CHOOSE_RESULT},
    )
    weight_kg = fields.Integer(
        load_default=None,
        validate=validate.Range(1, 2000, error=N_("%(tag)s: the weight is between 1 and 2000 kg.")),
        error_messages={"invalid": N_("%(tag)s: write the weight in whole kilograms.")},
    )
    weight_method = fields.Enum(
        WeighingMethod, by_value=True, load_default=WeighingMethod.SCALE, error_messages=CHOOSE
    )
    female_letter = _text(80, load_default="")
    reason = _text(load_default="")

    @validates_schema
    def _is_whole(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("result") == "pass" and data.get("weight_kg") is None:
            raise ValidationError(N_("%(tag)s: write the weight."), "weight_kg")
        says_why = data.get("reason") or data.get("rbt") is RbtResult.POSITIVE
        if data.get("result") in ("refuse", "absent") and not says_why:
            raise ValidationError(N_("%(tag)s: write the reason of the refusal."), "reason")


class RbtLineSchema(LineSchema):
    """The same where the destination asks for the brucellosis test."""

    rbt = fields.Enum(
        RbtResult,
        by_value=True,
        load_default=None,
        error_messages={"unknown": CHOOSE_RBT},
    )
    rbt_number = _text(80, load_default="")

    @validates_schema
    def _has_number(self, data: Mapping[str, Any], **_: Any) -> None:
        told = data.get("rbt") not in (None, RbtResult.NOT_TESTED)
        if told and not data.get("rbt_number"):
            raise ValidationError(N_("%(tag)s: write the number of the test result."), "rbt_number")


@dataclass
class InspectionForm:
    """What was typed for each animal: the fields are called weight_kg-1 and so on."""

    raw: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    lines: list[Inspected] = field(default_factory=list)
    needs_rbt: bool = False
    tests: Mapping[UUID, Sequence[tuple[Disease, Method]]] = field(default_factory=dict)

    def take_id(self) -> UUID:
        """The command's id; a form without one is no form of ours and gets a new one."""
        try:
            return UUID(self.raw.get("id", ""))
        except ValueError:
            return uuid7()

    def take(self, animal_id: UUID, tag: str, position: int) -> None:
        schema = RbtLineSchema() if self.needs_rbt else LineSchema()
        typed = {name: self.raw.get(f"{name}-{position}", "") for name in schema.fields}
        try:
            line = schema.load(typed)
        except ValidationError as error:
            for name, messages in error.messages_dict.items():
                said = [_(str(message), tag=spaced(tag)) for message in messages]
                self.errors[f"{name}-{position}"] = said
            return
        self.lines.append(
            Inspected(
                animal_id=animal_id,
                passed=line.result == "pass",
                was_absent=line.result == "absent",
                weight_kg=line.weight_kg,
                weight_method=line.weight_method,
                samples=tuple(self._samples(animal_id, position)),
                rbt=line.rbt,
                rbt_number=line.rbt_number,
                female_letter=line.female_letter,
                reason=line.reason,
            )
        )

    def _samples(self, animal_id: UUID, position: int) -> Iterator[SampleNamed]:
        """Those whose number was written."""
        for disease, method in self.tests.get(animal_id, ()):
            number = self.raw.get(f"sample_{disease}-{position}", "").strip()
            if number:
                yield SampleNamed(number=number[:40], disease=disease, method=method)
