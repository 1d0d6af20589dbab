"""SWIFT MT940 as its standard spells it, read strictly: a line that is not legal ends the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sijinak.core.amounts import Style, amount_of
from sijinak.core.money import NotAnAmount, Rupiah
from sijinak.treasury.statements.reading import (
    LONGEST_TEXT,
    MOST_LINES,
    ReadLine,
    ReadStatement,
    text_of,
    unfit,
)

CURRENCY = "IDR"
_FIELD = re.compile(r":(\d{2}[A-Z]?):(.*)", re.ASCII | re.DOTALL)
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})(.+)", re.ASCII)
# Value day, entry day, mark, funds code, amount, kind, reference, reference of the bank.
_LINE = re.compile(
    r"(\d{6})(\d{4})?(RC|RD|C|D)([A-Z])?(\d[\d,]*)([NFS][A-Z0-9]{3})([^/\n]{0,16})(?://([^\n]{0,16}))?"
    r"(?:\n([^\n]{0,34}))?",
    re.ASCII,
)
_NUMBER = re.compile(r"(\d{1,5})(?:/(\d{1,5}))?", re.ASCII)
_NAMES = {"25": "account", "28C": "number"}
_IGNORED = {"21", "64", "65"}  # a related reference, and what is available: nothing is booked
_SIGN = {"C": 1, "RD": 1, "D": -1, "RC": -1}


@dataclass
class _Draft:
    row: int
    account: str = ""
    number: str = ""
    opening: tuple[Rupiah, date] | None = None
    closing: tuple[Rupiah, date] | None = None
    lines: list[ReadLine] = field(default_factory=list)
    remarks: dict[int, str] = field(default_factory=dict)


def read_mt940(content: bytes) -> tuple[ReadStatement, ...]:
    """Raises UnfitStatement. One file may hold several statements."""
    drafts: list[_Draft] = []
    for row, tag, text in _fields(text_of(content, "ascii")):
        if tag == "20":
            drafts.append(_Draft(row))
        elif not drafts:
            raise unfit(row, "mt940-order", tag)
        else:
            _take(drafts[-1], row, tag, text)
        if row > MOST_LINES * 4:
            raise unfit(row, "too-many-lines", str(MOST_LINES))
    if not drafts:
        raise unfit(0, "no-lines")
    return tuple(_made(draft) for draft in drafts)


def _fields(text: str) -> Iterator[tuple[int, str, str]]:
    """Each field with the row on which it begins; an envelope around the block is left out."""
    begins, kept = 0, ""
    for row, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line.startswith((":", "-", "{")) or not line.strip():
            if kept:
                yield _field(begins, kept)
            begins, kept = row, line if line.startswith(":") else ""
            if "{4:" not in line and line.startswith("{"):
                continue
        elif kept:
            kept += "\n" + line
        else:
            raise unfit(row, "mt940-field", line)
    if kept:
        yield _field(begins, kept)


def _field(row: int, text: str) -> tuple[int, str, str]:
    found = _FIELD.fullmatch(text)
    if found is None or len(text) > LONGEST_TEXT:
        raise unfit(row, "mt940-field", text)
    return row, found[1], found[2]


def _take(draft: _Draft, row: int, tag: str, text: str) -> None:
    if draft.closing and tag in {"60F", "60M", "61"}:
        raise unfit(row, "mt940-order", tag)
    if tag in {"60F", "60M", "62F", "62M"}:
        setattr(draft, "opening" if tag.startswith("60") else "closing", _balance(row, text))
    elif tag == "61":
        draft.lines.append(_line(row, text))
    elif tag == "86":
        draft.remarks[len(draft.lines) - 1] = " ".join(text.split())
    elif tag in _NAMES:
        setattr(draft, _NAMES[tag], text.strip())
    elif tag not in _IGNORED:
        raise unfit(row, "mt940-field", tag)


def _made(draft: _Draft) -> ReadStatement:
    number = _NUMBER.fullmatch(draft.number)
    if not (draft.opening and draft.closing and draft.account and number):
        raise unfit(draft.row, "mt940-incomplete")
    (opening, first_on), (closing, last_on) = draft.opening, draft.closing
    return ReadStatement(
        row=draft.row,
        account=draft.account,
        number=draft.number,
        serial=(int(number[1]), int(number[2] or 1)),
        opening=opening,
        closing=closing,
        first_on=min([line.on for line in draft.lines], default=first_on),
        last_on=last_on,
        lines=tuple(
            _with_remark(line, draft.remarks.get(i, "")) for i, line in enumerate(draft.lines)
        ),
    )


def _with_remark(line: ReadLine, remark: str) -> ReadLine:
    return ReadLine(
        row=line.row,
        on=line.on,
        amount=line.amount,
        remark=" ".join(filter(None, [line.remark, remark])),
        references=line.references,
    )


def _balance(row: int, text: str) -> tuple[Rupiah, date]:
    found = _BALANCE.fullmatch(text.strip())
    if found is None or found[3] != CURRENCY:
        raise unfit(row, "mt940-balance", text)
    return Rupiah(_SIGN[found[1]] * _amount(row, found[4])), _day(row, found[2])


def _line(row: int, text: str) -> ReadLine:
    found = _LINE.fullmatch(text.strip("\n"))
    if found is None:
        raise unfit(row, "mt940-line", text)
    amount = _SIGN[found[3]] * _amount(row, found[5])
    if amount == 0:
        raise unfit(row, "no-amount", text)
    names = (found[7].strip(), (found[8] or "").strip())
    return ReadLine(
        row=row,
        on=_booked(row, found[1], found[2]),
        amount=Rupiah(amount),
        remark=(found[9] or "").strip(),
        references=tuple(name for name in names if name and name != "NONREF"),
    )


def _amount(row: int, text: str) -> Rupiah:
    try:
        return amount_of(text, Style.SWIFT)
    except NotAnAmount:
        raise unfit(row, "not-an-amount", text) from None


def _day(row: int, text: str) -> date:
    try:
        return datetime.strptime(text, "%y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise unfit(row, "not-a-day", text) from None


def _booked(row: int, value_day: str, entry: str | None) -> date:
    """The entry day names no year: it is the one that lies nearest to the value day."""
    value = _day(row, value_day)
    if entry is None:
        return value
    nearby = (value.year + step for step in (-1, 0, 1))
    days = [_day(row, f"{year % 100:02}{entry}") for year in nearby if _is_day(year, entry)]
    if not days:
        raise unfit(row, "not-a-day", entry)
    return min(days, key=lambda day: abs(day - value))


def _is_day(year: int, entry: str) -> bool:
    try:
        date(year, int(entry[:2]), int(entry[2:]))
    except ValueError:
        return False
    return True
