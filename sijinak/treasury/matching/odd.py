"""Lines that name a bill and are not its money: another sum, or the bank took it back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.payments.discrepancies.services import Found, open_discrepancy
from sijinak.payments.models import DiscrepancyKind
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.treasury.matching.gathering import line_of
from sijinak.treasury.matching.holding import Why, taken_back_by
from sijinak.treasury.matching.queries import bill_numbered
from sijinak.treasury.matching.world import Line
from sijinak.treasury.naming import spelt
from sijinak.treasury.statements.models import BankLine


@dataclass(frozen=True, slots=True)
class Odd:
    """``bill`` is the open one that is named, if it is one; ``over`` how far the sum is from it."""

    line: BankLine
    bill: Skrd | None
    taken_back: bool

    @property
    def over(self) -> int:
        return self.line.amount - self.bill.total if self.bill else 0


def odd_lines(lines: Sequence[Line], held: Mapping[UUID, Why]) -> list[Odd]:
    """Of lines that are not matched; ``held`` are those that would be money by themselves."""
    return list(_odd(lines, held))


def odd_line(line: BankLine) -> Odd | None:
    """What is odd about a line that is not matched."""
    known = line_of(line)
    back = line.amount > 0 and taken_back_by(known)
    return next(_odd([known], {line.id: Why.TAKEN_BACK} if back else {}), None)


def open_odd(found: Sequence[Odd], *, by: Actor) -> None:
    """People see it at once, with its bill: they take it as money, or ask the bank."""
    for one in found:
        case = Found(
            kind=DiscrepancyKind.BANK_LINE,
            about=one.line,
            region=one.line.region,
            amount=one.line.amount,
            bill_id=one.bill.id if one.bill else None,
            facts={"account": one.line.account, "day": one.line.booked_on.isoformat()},
        )
        open_discrepancy(case, by=by)


def _odd(lines: Sequence[Line], held: Mapping[UUID, Why]) -> Iterator[Odd]:
    for line in lines:
        is_back = held.get(line.id) is Why.TAKEN_BACK
        bill = _bill_of(line)
        if is_back or (bill is not None and bill.total != line.amount):
            yield Odd(db.session.get_one(BankLine, line.id), bill, is_back)


def _bill_of(line: Line) -> Skrd | None:
    """Money that went out names a bill without paying it."""
    if line.amount < 0 or len(line.codes) != 1:
        return None
    bill = bill_numbered(spelt(next(iter(line.codes))))
    return bill if bill is not None and bill.state is SkrdState.OPEN else None
