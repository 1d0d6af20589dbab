"""What a phone's record of a check at a post says, version 1."""

import re

from marshmallow import fields, validate

from sijinak.field.bodies import SCHEMAS, Body, Moment, Number, maybe_id, needed, one_of, text_field
from sijinak.permits.checkpoint.models import CheckDecision, PaperVerdict

MOST_HEADS, MOST_DRAWN = 10_000, 200


def _count(most: int = 1000) -> Number:
    return Number(required=True, validate=validate.Range(0, most))


def _spelt(pattern: str) -> validate.Regexp:
    return validate.Regexp(pattern, flags=re.ASCII)


class ScannedBody(Body):
    position = Number(required=True, validate=validate.Range(1, MOST_HEADS))
    code = text_field(10, _spelt(r"^[0-9A-Z]*\Z"))
    found = fields.String(
        required=True, validate=validate.OneOf(["on", "off", "unknown", "no-tag"])
    )


class CheckBody(Body):
    paper = text_field(1200)
    verdict = one_of(PaperVerdict)
    permit = maybe_id()
    number = text_field(200)
    decision = one_of(CheckDecision)
    reasons = fields.List(
        fields.String(validate=_spelt(r"^[a-z-]{1,32}\Z")),
        required=True,
        validate=validate.Length(max=30),
    )
    note = text_field(500)
    plate = text_field(16)
    males = _count()
    females = _count()
    others = _count()
    seed = text_field(32, _spelt(r"^([0-9a-f]{32})?\Z"))
    heads = _count(MOST_HEADS)
    positions = fields.List(
        Number(validate=validate.Range(1, MOST_HEADS)),
        required=True,
        validate=validate.Length(max=MOST_DRAWN),
    )
    scanned = fields.List(
        fields.Nested(ScannedBody), required=True, validate=validate.Length(max=MOST_DRAWN)
    )
    listed = Moment(required=True, allow_none=True)
    port = needed(40)
    post = needed(80)


SCHEMAS["check", 1] = CheckBody()
