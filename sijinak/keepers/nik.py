"""The NIK: six digits of area, day (40 more for women), month, year, and a serial.

It has no check digit, and the area may be one that was divided since: that is no fault.
"""

from dataclasses import dataclass
from datetime import date

from sijinak.core.errors import Invalid
from sijinak.keepers.numbers import digits_of

LENGTH = 16
_WOMEN = 40


class NotANik(Invalid):
    """Facts: ``reason``, one of digits, length, day, serial; ``length`` as it was typed."""

    code = "not-a-nik"

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason=reason, **facts)
        self.code = f"not-a-nik-{reason}"


@dataclass(frozen=True, slots=True)
class Nik:
    text: str
    birth_date: date
    is_woman: bool

    @property
    def area(self) -> str:
        """The kecamatan that registered the person first, as its code is written: 52.04.02."""
        return f"{self.text[:2]}.{self.text[2:4]}.{self.text[4:6]}"


def parse_nik(text: str, *, on: date) -> Nik:
    """Raises NotANik. Two digits of a year mean the last hundred years before ``on``."""
    digits = digits_of(text)
    if not digits.isascii() or not digits.isdigit():
        raise NotANik("digits")
    if len(digits) != LENGTH:
        raise NotANik("length", length=len(digits))
    if digits[12:] == "0000":
        raise NotANik("serial")
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    woman = day > _WOMEN
    try:
        born = date(on.year // 100 * 100 + year, month, day - _WOMEN if woman else day)
        born = born if born <= on else born.replace(year=born.year - 100)
    except ValueError:
        raise NotANik("day") from None
    return Nik(digits, born, woman)
