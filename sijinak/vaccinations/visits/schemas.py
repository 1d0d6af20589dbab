"""Forms of the results of visits."""

from marshmallow import fields, validate

from sijinak.animals.models import Species
from sijinak.areas.schemas import KNOWN_VILLAGE
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.schemas import LONGEST_LOT, LocalMoment
from sijinak.vaccinations.visits.commands import (
    MOST_HEADS,
    CountHeads,
    RecordReaction,
    RecordResult,
)
from sijinak.vaccinations.visits.models import Outcome, Severity
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, REQUIRED, TOO_LONG, Sentences
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

AN_ID: Sentences = {**CHOOSE, "invalid_uuid": N_("Choose one.")}
HEADS = validate.Range(1, MOST_HEADS, error=N_("This is a number from 1 to 1000."))
MOMENT: Sentences = {"invalid": N_("Choose the day and the time."), **REQUIRED}


def _text(longest: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=longest, error=TOO_LONG))


class ResultSchema(InputSchema[RecordResult]):
    makes = RecordResult

    id = fields.UUID(required=True)
    at = LocalMoment(required=True, attribute="found_at", error_messages=MOMENT)
    disease = fields.Enum(Disease, by_value=True, required=True, error_messages=CHOOSE)
    village = fields.String(required=True, validate=KNOWN_VILLAGE, error_messages=CHOOSE)
    outcome = fields.Enum(Outcome, by_value=True, required=True, error_messages=CHOOSE)
    reason = _text(200)
    animal_id = fields.UUID(load_default=None, error_messages=AN_ID)
    keeper_id = fields.UUID(load_default=None, error_messages=AN_ID)
    species = fields.Enum(Species, by_value=True, load_default=None, error_messages=CHOOSE)
    heads = fields.Integer(load_default=1, validate=HEADS, error_messages=A_NUMBER)
    campaign_id = fields.UUID(load_default=None, error_messages=AN_ID)
    next_visit = fields.Date(load_default=None, error_messages=A_DAY)


class HeadsSchema(InputSchema[CountHeads]):
    makes = CountHeads

    id = fields.UUID(required=True)
    act_id = fields.UUID(required=True)
    at = LocalMoment(required=True, attribute="given_at", error_messages=MOMENT)
    product_id = fields.UUID(required=True, error_messages=AN_ID)
    lot = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_LOT, error=TOO_LONG),
        error_messages={"required": N_("Write down the lot number from the bottle.")},
    )
    village = fields.String(required=True, validate=KNOWN_VILLAGE, error_messages=CHOOSE)
    species = fields.Enum(Species, by_value=True, required=True, error_messages=CHOOSE)
    heads = fields.Integer(required=True, validate=HEADS, error_messages=A_NUMBER)
    keeper_id = fields.UUID(load_default=None, error_messages=AN_ID)
    campaign_id = fields.UUID(load_default=None, error_messages=AN_ID)
    note = _text(500)


class ReactionSchema(InputSchema[RecordReaction]):
    makes = RecordReaction

    id = fields.UUID(required=True)
    animal_id = fields.UUID(required=True)
    at = LocalMoment(required=True, attribute="began_at", error_messages=MOMENT)
    signs = fields.String(
        required=True,
        validate=validate.Length(max=500, error=TOO_LONG),
        error_messages={"required": N_("Write down what was seen of the animal.")},
    )
    severity = fields.Enum(Severity, by_value=True, required=True, error_messages=CHOOSE)
    treatment = _text(500)
