"""Draws and second visits, as they are sent by forms."""

from marshmallow import fields, validate

from sijinak.vaccinations.revisits.models import RevisitResult, SeedSource
from sijinak.vaccinations.revisits.services import (
    LONGEST_SEED,
    AnnounceDraw,
    DrawDoses,
    RecordRevisit,
)
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema

LONGEST_WORDS = 500
_SEED = validate.Length(max=LONGEST_SEED, error=TOO_LONG)
_WORDS = validate.Length(max=LONGEST_WORDS, error=TOO_LONG)


class AnnounceDrawSchema(InputSchema[AnnounceDraw]):
    makes = AnnounceDraw

    id = fields.UUID(required=True)
    region = fields.String(required=True, error_messages=CHOOSE)
    first_day = fields.Date(required=True, error_messages=A_DAY)
    last_day = fields.Date(required=True, error_messages=A_DAY)
    permille = fields.Integer(required=True, error_messages=A_NUMBER)
    source = fields.Enum(SeedSource, by_value=True, required=True, error_messages=CHOOSE)
    source_words = fields.String(required=True, validate=_WORDS, error_messages=REQUIRED)
    seed = fields.String(load_default="", validate=_SEED)


class DrawDosesSchema(InputSchema[DrawDoses]):
    makes = DrawDoses

    id = fields.UUID(required=True)
    draw_id = fields.UUID(required=True)
    seed = fields.String(load_default="", validate=_SEED)


class RecordRevisitSchema(InputSchema[RecordRevisit]):
    makes = RecordRevisit

    id = fields.UUID(required=True)
    revisit_id = fields.UUID(required=True)
    result = fields.Enum(RevisitResult, by_value=True, required=True, error_messages=CHOOSE)
    visited_on = fields.Date(required=True, error_messages=A_DAY)
    note = fields.String(load_default="", validate=_WORDS)
