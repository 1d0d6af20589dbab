"""Forms of the desk: targets, and what BPKAD has."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.core.money import NotAnAmount, Rupiah, parse_rupiah
from sijinak.treasury.desk.services import MONTHS, EnterRegionalFigure, SetTarget
from sijinak.web.fields import A_NUMBER, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

NOT_RUPIAH = N_("This is not an amount in rupiah. Write it like 79.500.")
A_YEAR = validate.Range(2000, 2100, error=N_("Write a year with four digits."))
A_CODE = validate.Regexp(r"[0-9][0-9.]{0,30}\Z", error=N_("Write it like 4.1.02.02.01."))
A_MONTH = N_("Write the month like 2026-11.")


def _text(most: int) -> fields.String:
    limit = validate.Length(max=most, error=TOO_LONG)
    return fields.String(required=True, validate=limit, error_messages=REQUIRED)


def _money() -> fields.String:
    return fields.String(required=True, error_messages=REQUIRED)


class SetTargetSchema(InputSchema[SetTarget]):
    """``months`` may all be left empty: the year is then cut into twelve."""

    makes = SetTarget

    id = fields.UUID(required=True)
    year = fields.Integer(required=True, validate=A_YEAR, error_messages=A_NUMBER)
    law_code = fields.String(required=True, validate=A_CODE, error_messages=REQUIRED)
    amount = _money()
    months = fields.List(fields.String(), load_default=[], validate=validate.Length(max=MONTHS))
    decree = _text(120)

    @post_load
    def _make(self, data: Any, **_: Any) -> SetTarget:
        given = [text for text in data["months"] if text.strip()]
        if len(given) not in {0, MONTHS}:
            raise ValidationError(N_("Fill in all twelve months, or none."), "months")
        months = tuple(_rupiah(text, "months") for text in given)
        amount = _rupiah(data["amount"], "amount")
        return SetTarget(**{**data, "amount": amount, "months": months})


class RegionalFigureSchema(InputSchema[EnterRegionalFigure]):
    makes = EnterRegionalFigure

    id = fields.UUID(required=True)
    month = fields.String(required=True, error_messages=REQUIRED)
    amount = _money()
    source = _text(120)

    @post_load
    def _make(self, data: Any, **_: Any) -> EnterRegionalFigure:
        month = month_of(data["month"])
        if month is None:
            raise ValidationError(A_MONTH, "month")
        return EnterRegionalFigure(
            **{**data, "month": month, "amount": _rupiah(data["amount"], "amount")}
        )


def month_of(text: str) -> date | None:
    """2026-11 as its first day; None for what is no month of ours."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if 2000 <= month.year <= 2100 else None  # noqa: PLR2004


def _rupiah(text: str, field: str) -> Rupiah:
    try:
        return parse_rupiah(text)
    except NotAnAmount:
        raise ValidationError(NOT_RUPIAH, field) from None
