"""What auditors send: plans of samples, results, notes and files."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.audit.desk.commands import (
    AddPart,
    CloseFile,
    DrawSample,
    OpenFile,
    PlanSample,
    TickItem,
    WriteNote,
)
from sijinak.audit.desk.links import ASKED
from sijinak.audit.desk.models import Method, Result
from sijinak.audit.desk.services import MOST_DRAWN
from sijinak.audit.desk.wanted import wanted_of
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.services import RaiseByHand
from sijinak.core.money import NotAnAmount, parse_rupiah
from sijinak.treasury.forms import GivenSchema, needed, text
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

LONGEST_WORDS = 4000
NOT_RUPIAH = N_("This is not an amount in rupiah. Write it like 79.500.")


class PlanSampleSchema(InputSchema[PlanSample]):
    """The filters are those of the list of receipts."""

    makes = PlanSample

    id = fields.UUID(required=True)
    title = needed(120)
    region = fields.String(required=True, error_messages=CHOOSE)
    method = fields.Enum(Method, by_value=True, required=True, error_messages=CHOOSE)
    size = fields.Integer(
        required=True, error_messages=A_NUMBER, validate=validate.Range(1, MOST_DRAWN)
    )
    words = needed(200)
    dari = fields.Date(required=True, error_messages=A_DAY)
    sampai = fields.Date(required=True, error_messages=A_DAY)
    cara = text(40, load_default="")
    petugas = fields.UUID()
    wilayah = text(13, load_default="")
    komponen = text(80, load_default="")
    minim = text(30, load_default="")
    maks = text(30, load_default="")
    peternak = fields.UUID()
    count = fields.String()  # the button that only counts

    @post_load
    def _make(self, data: Any, **_: Any) -> PlanSample:
        data.pop("count", None)
        told = {name: str(data.pop(name)) for name in list(ASKED) if name in data}
        return PlanSample(wanted=wanted_of({ASKED[n]: t for n, t in told.items()}), **data)


class DrawSampleSchema(GivenSchema[DrawSample]):
    makes = DrawSample


class TickItemSchema(GivenSchema[TickItem]):
    makes = TickItem

    result = fields.Enum(Result, by_value=True, required=True, error_messages=CHOOSE)
    right_amount = text(30, load_default="")
    words = text(LONGEST_WORDS, load_default="")

    def _told(self, data: dict[str, Any]) -> dict[str, Any]:
        typed = data.pop("right_amount")
        return {**data, "right_amount": _rupiah(typed) if typed else None}


class RaiseFromItemSchema(GivenSchema[RaiseByHand]):
    """The subject, the place and the people are those of the drawn receipt."""

    makes = RaiseByHand

    title = needed(160)
    severity = fields.Enum(Severity, by_value=True, required=True, error_messages=CHOOSE)
    words = text(LONGEST_WORDS, load_default="")


class WriteNoteSchema(GivenSchema[WriteNote]):
    makes = WriteNote

    words = needed(LONGEST_WORDS)


class OpenFileSchema(InputSchema[OpenFile]):
    makes = OpenFile

    id = fields.UUID(required=True)
    title = needed(120)
    region = fields.String(required=True, error_messages=CHOOSE)
    first_day = fields.Date(required=True, error_messages=A_DAY)
    last_day = fields.Date(required=True, error_messages=A_DAY)


class AddPartSchema(InputSchema[AddPart]):
    """Twice in is once in: its form brings no id."""

    makes = AddPart

    file_id = fields.UUID(required=True, error_messages=CHOOSE)
    subject_type = needed(40)
    subject_id = fields.UUID(required=True)


class CloseFileSchema(GivenSchema[CloseFile]):
    makes = CloseFile

    conclusion = needed(LONGEST_WORDS)


def _rupiah(typed: str) -> int:
    try:
        return parse_rupiah(typed)
    except NotAnAmount:
        raise ValidationError(NOT_RUPIAH, "right_amount") from None
