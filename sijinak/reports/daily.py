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
from sijinak.treasury.matching.models import Match, MatchHold
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
    """Money through a channel or by transfer, on the day on which the books have it in the bank."""
    sums: dict[tuple[date, str, str], int] = defaultdict(int)
    references = _references(first, last)
    rows = _allocated(first, last)
    parts = lines_of({bill for _, _, bill, _ in rows})
    for day, match_id, bill, amount in rows:
        for (code, _component), share in shares(int(amount), parts[bill]).items():
            sums[day, code, references[match_id]] += share
    return [DayLine(day, "", code, ref, amount) for (day, code, ref), amount in sums.items()]


def _references(first: date, last: date) -> dict[UUID, str]:
    """A match may hold lines of several days, also earlier ones: its first line names it."""
    asked = select(Match.id, BankLine).join(MatchHold, MatchHold.match_id == Match.id)
    asked = asked.join(BankLine, BankLine.id == MatchHold.id)
    asked = asked.where(Match.matched_on.between(first, last))
    found: dict[UUID, str] = {}
    for match_id, line in db.session.execute(asked.order_by(BankLine.booked_on, BankLine.id)):
        found.setdefault(match_id, line.refs[0] if line.refs else line.key)
    return found


def _allocated(first: date, last: date) -> list[Row[date, UUID, UUID, int]]:
    """What each match that was not undone paid of which bill."""
    asked = select(Match.matched_on, Match.id, Receipt.skrd_id, Allocation.amount)
    asked = asked.select_from(Match).join(MatchHold, MatchHold.match_id == Match.id)
    asked = asked.join(Allocation, Allocation.collection_id == MatchHold.id)
    asked = asked.join(Receipt, Receipt.id == Allocation.receipt_id)
    asked = asked.where(Match.matched_on.between(first, last), is_live())
    return list(db.session.execute(asked.order_by(Match.id, Allocation.id)).all())
