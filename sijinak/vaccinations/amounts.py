"""Amounts as people type them, with comma or point: millilitres, degrees."""

import re
from typing import Any

from marshmallow import ValidationError, fields

from sijinak.web.i18n import N_

NOT_ML = N_("This is not a dose in ml. Write it like 2 or 0,5.")
NOT_DEGREES = N_("This is not a temperature. Write it like 4,5.")
MOST_ML = 100
NUMBER = re.compile(r"([+-]?)(\d{1,4})(?:[.,](\d{1,3}))?", re.ASCII)


class Millilitres(fields.Field[int]):
    """In microlitres, so that no fraction is lost."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:  # noqa: ARG002
        found = parsed(str(value), digits=3)
        if found is None or not 0 < found <= MOST_ML * 1000:
            raise ValidationError(NOT_ML)
        return found


class Degrees(fields.Field[int]):
    """In tenths of a degree Celsius."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:  # noqa: ARG002
        found = parsed(str(value), digits=1)
        if found is None or not -900 <= found <= 900:  # noqa: PLR2004 - dry ice to a fire
            raise ValidationError(NOT_DEGREES)
        return found


def parsed(text: str, *, digits: int) -> int | None:
    """A decimal number times ten to the power of ``digits``; None when it is none."""
    found = NUMBER.fullmatch(text.strip().replace("\N{MINUS SIGN}", "-"))
    if found is None or len(found[3] or "") > digits:
        return None
    whole = int(found[2] + (found[3] or "").ljust(digits, "0"))
    return -whole if found[1] == "-" else whole


def written(amount: int | None, *, digits: int) -> str:
    """The same the other way: 500 of three digits is 0,5."""
    if amount is None:
        return ""
    whole, rest = divmod(abs(amount), 10**digits)
    decimals = f"{rest:0{digits}}".rstrip("0")
    return f"{'-' if amount < 0 else ''}{whole}{',' + decimals if decimals else ''}"
