"""A statement as CSV, by its declared profile: every row is read, or the file is refused."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise

from sijinak.core.amounts import amount_of
from sijinak.core.money import NotAnAmount, Rupiah
from sijinak.treasury.statements.profiles import Profile
from sijinak.treasury.statements.reading import (
    LONGEST_TEXT,
    MOST_FAULTS,
    MOST_LINES,
    Fault,
    ReadLine,
    ReadStatement,
    UnfitStatement,
    accounting_day,
    text_of,
    unfit,
)

Row = tuple[int, list[str]]
_MARKS = {"D": -1, "DB": -1, "DR": -1, "C": 1, "K": 1, "CR": 1}


class BadCell(Exception):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code, self.text = code, text


def read_csv(content: bytes, profile: Profile) -> tuple[ReadStatement, ...]:
    """Raises UnfitStatement. The running balance proves each row against the one before."""
    rows = list(_rows(text_of(content, profile.encoding), profile.delimiter))
    rows = rows[profile.head : len(rows) - profile.foot]
    if len(rows) < 2:  # noqa: PLR2004 - the names and one line
        raise unfit(0, "no-lines")
    (head_row, names), table = rows[0], rows[1:]
    places = _places(head_row, names, profile)
    lines, faults = _lines(table, len(names), places, profile)
    if profile.newest_first:
        lines.reverse()
    faults = faults or _breaks(lines)
    if faults:
        raise UnfitStatement(faults)
    first, last = lines[0], lines[-1]
    return (
        ReadStatement(
            row=head_row,
            account=_account(table, places, profile),
            opening=Rupiah((first.balance or 0) - first.amount),
            closing=Rupiah(last.balance or 0),
            first_on=first.on,
            last_on=last.on,
            lines=tuple(lines),
        ),
    )


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    """With the number of the line on which a row begins, as an editor shows it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
            if begins > MOST_LINES:
                raise unfit(begins, "too-many-lines", str(MOST_LINES))
    except csv.Error:
        raise unfit(reader.line_num, "row-broken") from None


def _places(row: int, names: Sequence[str], profile: Profile) -> dict[str, int]:
    """Where each column stands. Raises UnfitStatement when one is missing or there twice."""
    given = [name.casefold() for name in names]
    wanted = [*profile.columns.values(), *profile.references]
    if missing := [name for name in wanted if given.count(name.casefold()) != 1]:
        raise unfit(row, "column-missing", ", ".join(missing))
    return {name: given.index(name.casefold()) for name in wanted}


def _account(table: Sequence[Row], places: dict[str, int], profile: Profile) -> str:
    """That of all rows, where the profile names the column. Raises UnfitStatement."""
    if "account" not in profile.columns:
        return ""
    place = places[profile.columns["account"]]
    first = table[0][1][place]
    if not first:
        raise unfit(table[0][0], "no-account")
    if other := next((one for one in table if one[1][place] != first), None):
        raise unfit(other[0], "two-accounts", f"{first} / {other[1][place]}")
    return first


def _lines(
    table: Sequence[Row], width: int, places: dict[str, int], profile: Profile
) -> tuple[list[ReadLine], list[Fault]]:
    lines: list[ReadLine] = []
    faults: list[Fault] = []
    for row, cells in table:
        if len(cells) != width:
            faults.append(Fault(row, "row-width", f"{len(cells)} ≠ {width}"))
        elif len(max(cells, key=len)) > LONGEST_TEXT:
            faults.append(Fault(row, "text-too-long"))
        else:
            try:
                lines.append(_line(row, {n: cells[p] for n, p in places.items()}, profile))
            except BadCell as bad:
                faults.append(Fault(row, bad.code, bad.text))
        if len(faults) >= MOST_FAULTS:
            break
    return lines, faults


def _line(row: int, cells: dict[str, str], profile: Profile) -> ReadLine:
    told = {field: cells[name] for field, name in profile.columns.items()}
    on, at = _when(told, profile)
    return ReadLine(
        row=row,
        on=on,
        at=at,
        amount=_amount(told, profile),
        balance=_rupiah(told["balance"], profile),
        remark=told["remark"],
        references=tuple(text for name in profile.references if (text := cells[name])),
    )


def _when(told: dict[str, str], profile: Profile) -> tuple[date, datetime | None]:
    shape, text = profile.date, told["date"]
    if profile.time:
        shape, text = f"{shape} {profile.time}", f"{text} {told['time']}"
    try:
        stamp = datetime.strptime(text, shape)  # noqa: DTZ007 - the profile names the zone
    except ValueError:
        raise BadCell("not-a-day", text) from None
    return accounting_day(stamp, profile.zone) if profile.time else (stamp.date(), None)


def _amount(told: dict[str, str], profile: Profile) -> Rupiah:
    if profile.sign == "columns":
        amount = _of_two(told["debit"], told["credit"], profile)
    elif profile.sign == "mark":
        mark = _MARKS.get(told["mark"].upper())
        if mark is None:
            raise BadCell("not-a-sign", told["mark"])
        amount = Rupiah(mark * _unsigned(told["amount"], profile))
    else:
        amount = _rupiah(told["amount"], profile)
    if amount == 0:
        raise BadCell("no-amount", "")
    return amount


def _of_two(debit: str, credit: str, profile: Profile) -> Rupiah:
    """Exactly one of the two columns says something; a zero beside it says nothing."""
    out, came = (_unsigned(text, profile) if text else 0 for text in (debit, credit))
    if out and came:
        raise BadCell("two-amounts", f"{debit} / {credit}")
    return Rupiah(came - out)


def _unsigned(text: str, profile: Profile) -> Rupiah:
    amount = _rupiah(text, profile)
    if amount < 0:
        raise BadCell("not-a-sign", text)
    return amount


def _rupiah(text: str, profile: Profile) -> Rupiah:
    try:
        return amount_of(text, profile.style)
    except NotAnAmount:
        raise BadCell("not-an-amount", text) from None


def _breaks(lines: Sequence[ReadLine]) -> list[Fault]:
    """Rows whose balance does not follow from the one before."""
    return [
        Fault(after.row, "balance-breaks", f"{before.balance} {after.amount:+} ≠ {after.balance}")
        for before, after in pairwise(lines)
        if (before.balance or 0) + after.amount != after.balance
    ]
