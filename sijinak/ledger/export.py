"""The books as a text that another program reads and adds up anew: beancount or hledger.

It begins with what each account held before, and ends with what we say it holds: the other program
refuses the file when it comes to something else.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sijinak.core.permissions import Actor
from sijinak.ledger.chart import kind_of
from sijinak.ledger.models import AccountKind, Journal
from sijinak.ledger.queries import journals_between, trial_balance

CURRENCY = "IDR"
DAY = timedelta(days=1)
OPENING = "opening"


class Format(StrEnum):
    BEANCOUNT = "beancount"
    HLEDGER = "hledger"


@dataclass(frozen=True, slots=True)
class Line:
    account: str
    amount: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """How one of the programs wants it."""

    begin: Callable[[date, list[str]], Iterable[str]]
    journal: Callable[[date, str, str, list[Line]], Iterable[str]]
    end: Callable[[date, list[Line]], Iterable[str]]


def exported(kind: Format, first: date, last: date, *, by: Actor) -> Iterator[str]:
    """The text of the journals between two days, line by line, while it is read."""
    writer = WRITERS[kind]
    opening = _balances(first - DAY, by=by)
    closing = _balances(last, by=by)
    yield from writer.begin(first - DAY, [line.account for line in closing])
    if opening := [line for line in opening if line.amount]:
        yield from writer.journal(first - DAY, OPENING, OPENING, opening)
    for journal in journals_between(first, last, by=by):
        yield from writer.journal(journal.effective_on, journal.kind, journal.idem, _lines(journal))
    yield from writer.end(last, closing)


def outside(code: str) -> str:
    """The name of an account outside: two of ours never share one."""
    family, _, rest = code.partition(":")
    parts = [_ROOTS[kind_of(code)], family.title(), _part(rest)] if rest else [
        _ROOTS[kind_of(code)], family.title()
    ]  # fmt: skip
    return ":".join(parts)


_ROOTS = {
    AccountKind.ASSET: "Assets",
    AccountKind.LIABILITY: "Liabilities",
    AccountKind.REVENUE: "Income",
    AccountKind.EXPENSE: "Expenses",
}


def _part(rest: str) -> str:
    """Digits and letters stay, the dots of a kode rekening become strokes, others their number."""
    spelt = re.sub(r"[^A-Za-z0-9.]", lambda m: f"-x{ord(m[0]):x}-", rest).replace(".", "-")
    return spelt[:1].upper() + spelt[1:]


def _balances(day: date, *, by: Actor) -> list[Line]:
    return [Line(total.code, total.balance) for total in trial_balance(day, by=by)]


def _lines(journal: Journal) -> list[Line]:
    return [Line(p.account, p.amount, str(p.about or "")) for p in journal.postings]


def _bean_begin(day: date, codes: list[str]) -> Iterator[str]:
    yield 'option "title" "SiJINAK"'
    yield f'option "operating_currency" "{CURRENCY}"'
    for code in codes:
        yield f"{day} open {outside(code)} {CURRENCY}"


def _bean_journal(day: date, kind: str, idem: str, lines: list[Line]) -> Iterator[str]:
    yield ""
    yield f'{day} * "{_clean(kind)}" "{_clean(idem)}"'
    for line in lines:
        yield f"  {outside(line.account)}  {line.amount} {CURRENCY}"
        if line.about:
            yield f'    about: "{line.about}"'


def _bean_end(day: date, totals: list[Line]) -> Iterator[str]:
    """Beancount checks a balance at the beginning of its day."""
    yield ""
    for line in totals:
        yield f"{day + DAY} balance {outside(line.account)}  {line.amount} {CURRENCY}"


def _hledger_begin(_: date, codes: list[str]) -> Iterator[str]:
    yield f"commodity {CURRENCY} 1000."
    for code in codes:
        yield f"account {outside(code)}"


def _hledger_journal(day: date, kind: str, idem: str, lines: list[Line]) -> Iterator[str]:
    yield ""
    yield f"{day} * {_clean(kind)} | {_clean(idem)}"
    for line in lines:
        about = f"  ; about:{line.about}" if line.about else ""
        yield f"    {outside(line.account)}  {CURRENCY} {line.amount}{about}"


def _hledger_end(day: date, totals: list[Line]) -> Iterator[str]:
    yield ""
    yield f"{day} * balances"
    for line in totals:
        yield f"    {outside(line.account)}  {CURRENCY} 0 = {CURRENCY} {line.amount}"


def _clean(text: str) -> str:
    """A name of ours within one quoted line: no quote, comment or line end of its own."""
    return re.sub(r"[^\w .:/-]", "-", text)


WRITERS = {
    Format.BEANCOUNT: Writer(_bean_begin, _bean_journal, _bean_end),
    Format.HLEDGER: Writer(_hledger_begin, _hledger_journal, _hledger_end),
}
