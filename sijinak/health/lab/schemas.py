"""Results as they come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from sijinak.files.pictures import Picture
from sijinak.health.lab.commands import CorrectResult, RecordResults, ResultLine
from sijinak.health.lab.models import Finding, Sample
from sijinak.web.fields import A_DAY, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import gettext as _
from sijinak.web.io import InputSchema

MOST_SAMPLES = 200
LONGEST_NUMBER = 40
FINDING = "finding-"


def _text(most: int, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=most, error=TOO_LONG), **more)


@dataclass(frozen=True, slots=True)
class Report:
    """What all results of one report have in common."""

    id: UUID
    tested_on: date
    lab: str
    report_number: str


class ReportSchema(InputSchema[Report]):
    makes = Report

    id = fields.UUID(required=True)
    tested_on = fields.Date(required=True, error_messages=A_DAY)
    lab = _text(120, required=True, error_messages=REQUIRED)
    report_number = _text(80, required=True, error_messages=REQUIRED)


class CorrectionSchema(InputSchema[CorrectResult]):
    makes = CorrectResult

    id = fields.UUID(required=True)
    result_id = fields.UUID(required=True)
    finding = fields.Enum(Finding, by_value=True, required=True, error_messages=CHOOSE)
    tested_on = fields.Date(required=True, error_messages=A_DAY)
    report_number = _text(80, required=True, error_messages=REQUIRED)
    note = _text(300, required=True, error_messages=REQUIRED)


def numbers_in(text: str) -> list[str]:
    """One number a line, or with commas between them; each once, the first of too many."""
    typed = text.replace(",", "\n").replace(";", "\n").splitlines()
    numbers = dict.fromkeys(line.strip()[:LONGEST_NUMBER] for line in typed if line.strip())
    return list(numbers)[:MOST_SAMPLES]


def lines_of(
    raw: Mapping[str, str], samples: Sequence[Sample]
) -> tuple[tuple[ResultLine, ...], dict[str, list[str]]]:
    """What was chosen for each sample: those left empty go on waiting. And what is wrong."""
    made, errors = [], {}
    for sample in samples:
        name = f"{FINDING}{sample.id}"
        if not raw.get(name):
            continue
        try:
            made.append(ResultLine(sample_id=sample.id, finding=Finding(raw[name])))
        except ValueError:
            errors[name] = [_("%(number)s: choose the result.", number=sample.number)]
    return tuple(made), errors


def command_of(
    report: Report, lines: tuple[ResultLine, ...], picture: Picture | None
) -> RecordResults:
    return RecordResults(
        id=report.id,
        lines=lines,
        tested_on=report.tested_on,
        lab=report.lab,
        report_number=report.report_number,
        report=picture,
    )
