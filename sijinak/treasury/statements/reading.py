"""What a statement's file says, before anybody believes it. Pure: no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sijinak.core.clock import ZONES, local
from sijinak.core.errors import Invalid
from sijinak.core.money import Rupiah

MOST_FAULTS = 50
MOST_LINES = 20_000
LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and in which row of the file; row 0 is the file as a whole.

    ``on`` is the day that it is about, written before the text as pages write days.
    """

    row: int
    code: str
    text: str = ""
    on: date | None = None


class UnfitStatement(Invalid):
    """The whole file is refused, with all that is wrong."""

    code = "statement-unfit"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults=len(faults))
        self.faults = tuple(faults[:MOST_FAULTS])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """``amount`` is above zero for money that came. ``references`` are what the bank names."""

    row: int
    on: date
    at: datetime | None = None
    amount: Rupiah
    balance: Rupiah | None = None
    remark: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStatement:
    """``serial`` is its number and page as the bank counts them; a CSV has none."""

    row: int = 1
    account: str = ""
    number: str = ""
    serial: tuple[int, int] | None = None
    opening: Rupiah
    closing: Rupiah
    first_on: date
    last_on: date
    lines: tuple[ReadLine, ...]


def unfit(row: int, code: str, text: str = "") -> UnfitStatement:
    return UnfitStatement([Fault(row, code, text[:LONGEST_TEXT])])


def accounting_day(stamp: datetime, zone: str) -> tuple[date, datetime]:
    """The office's day of a bank's stamp, and the moment: 23:30 WIB is the next day in WITA.

    A date without a time is taken as it stands: nobody knows its hour.
    """
    moment = stamp.replace(tzinfo=ZONES[zone])
    return local(moment).date(), moment


def text_of(content: bytes, encoding: str) -> str:
    """Raises UnfitStatement for what is no text in the declared encoding."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise unfit(row, "not-in-encoding", encoding) from None
    if "\0" in text:
        raise unfit(text[: text.index("\0")].count("\n") + 1, "not-text")
    return text
