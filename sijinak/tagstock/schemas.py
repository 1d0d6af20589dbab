"""Forms of the tag stock."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from sijinak.areas.schemas import KNOWN_REGION
from sijinak.core.codes import NotATagCode, parse_tag_code
from sijinak.tagstock.commands import MOST_TAGS, MoveTags, PrintRun
from sijinak.web.fields import A_NUMBER, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import InputSchema

NOT_CODES = N_("These are not tag codes: %(codes)s. One code a line, such as 7K3M-9QX4-5J.")


class TagCodes(fields.String):
    """Codes as they were typed or scanned, one a line or with commas; a whole address will do."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = str(super()._deserialize(value, *args, **kwargs))
        codes, wrong = dict[str, None](), []
        for piece in filter(None, map(str.strip, re.split(r"[\n,;]+", text))):
            try:
                codes[parse_tag_code(piece.rsplit("/", 1)[-1])] = None
            except NotATagCode:
                wrong.append(piece[:20])
        if wrong:
            raise ValidationError(_(NOT_CODES, codes=", ".join(wrong[:5])))
        return tuple(codes)


def _note() -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=300, error=TOO_LONG))


def _number(missing: int | None) -> fields.Integer:
    within = validate.Range(1, MOST_TAGS, error=N_("This is a number from 1 to 2000."))
    return fields.Integer(load_default=missing, validate=within, error_messages=A_NUMBER)


class PrintRunSchema(InputSchema[PrintRun]):
    makes = PrintRun

    id = fields.UUID(required=True)
    region = fields.String(required=True, validate=KNOWN_REGION, error_messages=REQUIRED)
    count = fields.Integer(required=True, error_messages=A_NUMBER)
    layout = fields.String(required=True, error_messages=CHOOSE)
    note = _note()


class MoveTagsSchema(InputSchema[MoveTags]):
    makes = MoveTags

    id = fields.UUID(required=True)
    action = fields.String(load_default="")
    region = fields.String(load_default="", validate=KNOWN_REGION)
    codes = TagCodes(load_default=())
    run_id = fields.UUID(load_default=None, error_messages=CHOOSE)
    first = _number(1)
    last = _number(None)
    count = _number(0)
    holder_id = fields.UUID(load_default=None, error_messages=CHOOSE)
    note = _note()
