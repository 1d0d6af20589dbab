"""What came into the bank day by day, as it is typed into SIPD: STS, kode rekening, reference."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Row, func, select

from sijinak.core.db import db
from sijinak.reports.books import lines_of, shares
from sijinak.retribution.receipts.models import Allocation, Receipt
from sijinak.retribution.receipts.queries import is_live
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.matching.models import MatchHold, MatchPart, PartKind
from sijinak.treasury.statements.models import BankLine

_ON = func.coalesce(Deposit.booked_on, Deposit.deposited_on)
_IN_BANK = (DepositState.DEPOSITED, DepositState.MATCHED)


@dataclass(frozen=True, slots=True, order=True)
class DayLine:
    """``sts`` is empty for money that no hand brought to the bank."""

    day: date
    sts: str
    law_code: str
    reference: str
    amount: int

    @property
    def is_cash(self) -> bool:
        return bool(self.sts)


def day_lines(first: date, last: date) -> list[DayLine]:
    """The caller has asked who may look at the bank accounts of the whole office."""
    return sorted([*_deposits(first, last), *_matched(first, last)])


def _deposits(first: date, last: date) -> list[DayLine]:
    groups = (_ON, Deposit.number, DepositLine.law_code, Deposit.slip)
    asked = select(*groups, func.sum(DepositLine.amount)).select_from(Deposit)
    asked = asked.join(DepositLine, DepositLine.deposit_id == Deposit.id).where(
        _ON.between(first, last), Deposit.state.in_(_IN_BANK)
    )
    return [
        DayLine(day, number, code, slip or "", int(amount))
        for day, number, code, slip, amount in db.session.execute(
            asked.group_by(*groups).order_by(*groups)
        )
    ]


def _matched(first: date, last: date) -> list[DayLine]:
    """Money through a channel or by transfer, on the day on which the bank booked it."""
    sums: dict[tuple[date, str, str], int] = defaultdict(int)
    rows = _paid(first, last)
    parts = lines_of({bill for _, bill, _ in rows})
    for line, bill, amount in rows:
        for (code, _component), share in shares(amount, parts[bill]).items():
            sums[line[0], code, line[1]] += share
    return [DayLine(day, "", code, ref, amount) for (day, code, ref), amount in sums.items()]


def _paid(first: date, last: date) -> list[tuple[tuple[date, str], UUID, int]]:
    """What each line of the bank paid of which bill. One match counts by its first line."""
    lines = select(MatchHold.match_id, BankLine).join(BankLine, BankLine.id == MatchHold.id)
    lines = lines.where(BankLine.booked_on.between(first, last))
    found: dict[UUID, tuple[date, str]] = {}
    for match_id, line in db.session.execute(lines.order_by(BankLine.booked_on, BankLine.id)):
        found.setdefault(match_id, (line.booked_on, line.refs[0] if line.refs else line.key))
    return [
        (found[row[0]], row[1], int(row[2])) for row in _allocated(first, last) if row[0] in found
    ]


def _allocated(first: date, last: date) -> list[Row[UUID, UUID, int]]:
    held = select(MatchHold.match_id).join(BankLine, BankLine.id == MatchHold.id)
    held = held.where(BankLine.booked_on.between(first, last))
    asked = select(MatchPart.match_id, Receipt.skrd_id, Allocation.amount).select_from(MatchPart)
    asked = asked.join(Allocation, Allocation.collection_id == MatchPart.thing_id)
    asked = asked.join(Receipt, Receipt.id == Allocation.receipt_id)
    asked = asked.where(
        MatchPart.kind == PartKind.COLLECTION, MatchPart.match_id.in_(held), is_live()
    )
    return list(db.session.execute(asked.order_by(MatchPart.id, Allocation.id)).all())
