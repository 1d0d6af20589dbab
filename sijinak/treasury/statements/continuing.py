"""Whether a file continues what is known of its account: what is new in it, and what is not."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.money import Rupiah, thousands
from sijinak.treasury.accounts import BankAccount
from sijinak.treasury.statements.models import BankLine, BankStatement
from sijinak.treasury.statements.queries import (
    last_statement,
    lines_of,
    lines_since,
    statement_named,
)
from sijinak.treasury.statements.reading import Fault, ReadLine, ReadStatement

GAP, CHANGED = "statement-gap", "statement-changed"


@dataclass(frozen=True, slots=True)
class End:
    """Where the statements of an account end: the next must begin there."""

    closing: Rupiah
    serial: tuple[int, int] | None
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What taking a statement in would do. With faults nothing is done.

    ``about`` is the row that a fault is about: what the file does not follow, or says otherwise.
    """

    statement: ReadStatement
    new: tuple[tuple[str, ReadLine], ...] = ()
    known: int = 0
    notes: tuple[tuple[UUID, str], ...] = ()  # a line that was known, and its other remark
    faults: tuple[Fault, ...] = ()
    about: BankLine | BankStatement | None = None
    is_repeated: bool = field(default=False)  # all of it was taken in before


def plans_of(found: Sequence[ReadStatement], account: BankAccount) -> list[Plan]:
    """One for each statement of a file, each following the one before."""
    last = last_statement(account.code)
    end = _end_of(last) if last else None
    plans: list[Plan] = []
    for one in found:
        plan = _plan(one, account, end, last)
        plans.append(plan)
        if not plan.is_repeated:
            end = End(one.closing, one.serial, one.last_on.year)
    return plans


def _plan(
    one: ReadStatement, account: BankAccount, end: End | None, last: BankStatement | None
) -> Plan:
    if one.account and not _is_of(one.account, account.number):
        return Plan(statement=one, faults=(Fault(one.row, "other-account", one.account),))
    return (
        _numbered(one, account, end, last) if one.number else _by_balance(one, account, end, last)
    )


def _is_of(named: str, number: str) -> bool:
    """Banks write their own code before the number, and the currency after it."""
    text = named.upper().removesuffix("IDR")
    spellings = re.sub(r"[^0-9A-Z]", "", text), re.split(r"[/\s]", text.strip())[-1]
    return any(re.fullmatch(rf"(.*\D)?{number}", one) for one in spellings)


def _numbered(
    one: ReadStatement, account: BankAccount, end: End | None, last: BankStatement | None
) -> Plan:
    """The bank counts its statements: the same number is the same statement."""
    if known := statement_named(account.code, one.number, one.last_on):
        return _repeated(one, lines_of(known.id), known)
    if end and (fault := _break(one, end)):
        return Plan(statement=one, faults=(fault,), about=last)
    name = f"{one.last_on.year}/{one.number}"
    new = tuple((f"{name}#{place}", line) for place, line in enumerate(one.lines, start=1))
    return Plan(statement=one, new=new)


def _by_balance(
    one: ReadStatement, account: BankAccount, end: End | None, last: BankStatement | None
) -> Plan:
    """A CSV may begin with days that are known; those must be the same, and the rest follows."""
    known = lines_since(account.code, one.first_on)
    again = _repeated(one, known, last)
    if known and not again.faults:
        return again
    if end and one.opening != end.closing:
        if known:
            return again
        return Plan(statement=one, faults=(_gap(one, end),), about=last)
    return Plan(statement=one, new=_keyed(one.lines, known))


def _repeated(one: ReadStatement, known: Sequence[BankLine], last: BankStatement | None) -> Plan:
    """What is known stands in the file once more, then what is new; else something was changed."""
    for line, before in zip(one.lines, known, strict=False):
        if (line.on, line.amount) != (before.booked_on, before.amount) or (
            line.balance is not None and line.balance != before.balance
        ):
            text = f"{thousands(before.amount)} ≠ {thousands(line.amount)}"
            fault = Fault(line.row, CHANGED, text, before.booked_on)
            return Plan(statement=one, faults=(fault,), about=before)
    if one.number and len(one.lines) != len(known):
        text = f"{len(known)} ≠ {len(one.lines)}"
        return Plan(statement=one, faults=(Fault(one.row, CHANGED, text),), about=last)
    new, pairs = one.lines[len(known) :], zip(one.lines, known, strict=False)
    return Plan(
        statement=one,
        new=_keyed(new, known),
        known=len(one.lines) - len(new),
        notes=tuple((old.id, line.remark) for line, old in pairs if line.remark != old.remark),
        is_repeated=not new,
    )


def _keyed(
    lines: Sequence[ReadLine], known: Sequence[BankLine]
) -> tuple[tuple[str, ReadLine], ...]:
    """Which line each is, for good: its day, amount and balance, and the how-manieth such."""
    seen = Counter(_named(old.booked_on, old.amount, old.balance) for old in known)
    keyed = []
    for line in lines:
        named = _named(line.on, line.amount, line.balance)
        seen[named] += 1
        keyed.append((f"{named}#{seen[named]}", line))
    return tuple(keyed)


def _named(on: object, amount: int, balance: int | None) -> str:
    return f"{on}|{amount:+}|{balance}"


def _break(one: ReadStatement, end: End) -> Fault | None:
    """Its number or its opening balance does not follow."""
    if one.opening != end.closing or not _follows(one, end):
        return _gap(one, end)
    return None


def _gap(one: ReadStatement, end: End) -> Fault:
    text = f"{thousands(end.closing)} ≠ {thousands(one.opening)}"
    if one.serial and end.serial and not _follows(one, end):
        text = "{}/{} → {}/{}".format(*end.serial, *one.serial)
    return Fault(one.row, GAP, text)


def _follows(one: ReadStatement, end: End) -> bool:
    if one.serial is None or end.serial is None:
        return True
    (no, page), (last_no, last_page) = one.serial, end.serial
    anew = no == 1 and one.last_on.year > end.year
    return (no, page) == (last_no, last_page + 1) or (page == 1 and (no == last_no + 1 or anew))


def _end_of(last: BankStatement) -> End:
    serial = None if last.serial_no is None else (last.serial_no, last.serial_page or 1)
    return End(last.closing, serial, last.last_on.year)
