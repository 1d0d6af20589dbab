"""Vaccinations on the wire, and as they are typed into the form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from sijinak.core.clock import clock
from sijinak.core.codes import LENGTH, NotATagCode, TagCode, parse_tag_code
from sijinak.vaccinations.models import Disease, Standing
from sijinak.vaccinations.services import MOST_ANIMALS, RecordVaccinations
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG, Sentences
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import InputSchema

TOO_MANY = N_("At most 200 animals at once. Record the rest in a second act.")
MOST_TYPED = 2 * MOST_ANIMALS  # some twice
MOST_NAMED = 20
CHOOSE_ONE: Sentences = {**CHOOSE, "invalid_uuid": N_("Choose one.")}
LONGEST_LOT, LONGEST_NOTE = 40, 500
LONGEST_GROUP = 4  # of the groups in which a code is printed: 7K3M 9QX4 5J


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the form says, before the animals are looked up. ``step``: check, change or record."""

    id: UUID
    product_id: UUID
    lot: str
    given_at: datetime
    codes: tuple[TagCode, ...]
    note: str
    step: str
    campaign_id: UUID | None


class IdTuple(fields.List[UUID]):
    """A list that comes out as the tuple that a frozen command holds."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(*args, **kwargs))


class LocalMoment(fields.NaiveDateTime):
    """The day and time on the office's clock, as the browser's own field sends it."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(*args, **kwargs).replace(tzinfo=clock.zone)


class TagCodes(fields.String):
    """Many tag codes in one text: one per line, or with blanks or commas between them."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        codes: list[TagCode] = []
        wrong: list[str] = []
        typed = list(islice(split_codes(super()._deserialize(*args, **kwargs)), MOST_TYPED + 1))
        if len(typed) > MOST_TYPED:
            raise ValidationError(TOO_MANY)
        for text in typed:
            try:
                codes.append(parse_tag_code(text))
            except NotATagCode:
                wrong.append(
                    _("“%(code)s” is not a tag code. Read it from the tag again.", code=text)
                )
        if wrong:
            raise ValidationError(wrong[:MOST_NAMED])
        return tuple(dict.fromkeys(codes))


def split_codes(text: str) -> Iterator[str]:
    """The codes as they were typed. Short groups on one line are the parts of one code."""
    for chunk in re.split(r"[\n\r,;]+", text):
        parts: list[str] = []
        for word in chunk.split():
            whole = len(_letters(word)) > LONGEST_GROUP
            if whole and parts:
                yield " ".join(parts)
                parts = []
            parts.append(word.rstrip("/").rpartition("/")[2])  # a scanner types the whole address
            if whole or len(_letters("".join(parts))) >= LENGTH:
                yield " ".join(parts)
                parts = []
        if parts:
            yield " ".join(parts)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


class _ActFields(InputSchema[Any]):
    id = fields.UUID(required=True)
    product_id = fields.UUID(
        required=True,
        error_messages={
            "required": N_("Choose a vaccine from the list."),
            "invalid_uuid": N_("Choose a vaccine from the list."),
        },
    )
    lot = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_LOT, error=TOO_LONG),
        error_messages={"required": N_("Write down the lot number from the bottle.")},
    )
    campaign_id = fields.UUID(load_default=None, error_messages=CHOOSE_ONE)
    note = fields.String(
        load_default="", validate=validate.Length(max=LONGEST_NOTE, error=TOO_LONG)
    )


class RecordVaccinationsSchema(_ActFields):
    makes = RecordVaccinations

    given_at = fields.AwareDateTime(required=True, error_messages=REQUIRED)
    animal_ids = IdTuple(
        fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_ANIMALS)
    )


class VaccinationFormSchema(_ActFields):
    makes = Answers

    given_at = LocalMoment(
        required=True,
        error_messages={"invalid": N_("Choose the day and the time."), **REQUIRED},
    )
    codes = TagCodes(required=True, error_messages={"required": N_("Name at least one animal.")})
    step = fields.String(
        load_default="check", validate=validate.OneOf(["check", "change", "record"])
    )


class ProductSchema(Schema):
    id = fields.UUID()
    code = fields.String()
    name = fields.String()
    disease = fields.Enum(Disease, by_value=True)


class VaccinatedSchema(Schema):
    animal_id = fields.UUID(attribute="animal.id")
    tag = fields.String(attribute="animal.tag")
    next_due = fields.Date()
    standing = fields.Enum(Standing, by_value=True)


class ActSchema(Schema):
    """ActFacts: ``others`` says how many animals lie outside the reader's area."""

    id = fields.UUID(attribute="act.id")
    product = fields.Nested(ProductSchema, attribute="act.product")
    lot = fields.String(attribute="act.lot")
    given_at = fields.AwareDateTime(attribute="act.given_at")
    given_on = fields.Date(attribute="act.given_on")
    region = fields.String(attribute="act.region")
    vaccinator = fields.String(attribute="act.vaccinator_name")
    note = fields.String()
    recorded_at = fields.AwareDateTime(attribute="act.recorded_at")
    animals = fields.List(fields.Nested(VaccinatedSchema))
    others = fields.Integer()
