"""The statements of an invented bank: each is taken in, and its lines meet what we know."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from sijinak.accounts.queries import SignedIn
from sijinak.core.db import db, transaction
from sijinak.demo.accounts import REGENCY
from sijinak.demo.reckonings import late_bills
from sijinak.demo.till import Deed, at, working_days_between
from sijinak.retribution.models import Skrd
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.matching import jobs as matching
from sijinak.treasury.matching.commands import DecideProposal, ProposeMoney
from sijinak.treasury.matching.services import decide_proposal, propose_money
from sijinak.treasury.statements.deciding import DecideFile, decide_file
from sijinak.treasury.statements.gate import read_statements
from sijinak.treasury.statements.models import BankLine
from sijinak.treasury.statements.profiles import profiles
from sijinak.treasury.statements.queries import last_statement
from sijinak.treasury.statements.services import TakeStatements, keep_file, take_statements

PROFILE = "csv-umum"
FIRST_BALANCE = 18_650_000  # what was in the account before; invented
OPENING = "opening.json"  # where a sandbox bank looks
MORNING, NOON, NIGHT = time(8, 30), time(13, 40), time(19)
MONDAY = 0
# Money that nobody told us of: the first pays no bill that is known, the last nobody knows at all.
UNKNOWN = ("TRF H MUSTAFA BAYAR RETRIBUSI 2 SAPI", 159_000)
UNMATCHED = ("KLIRING CV MAJU TERNAK", 318_000)
SHORT, MISSING = "TRF {} KURANG", 1_000  # a transfer for a late bill, typed too small
BEFORE_END = timedelta(days=8)

Row = tuple[date, str, int]


@dataclass(slots=True)
class Bank:
    people: Mapping[str, SignedIn]
    last: date
    balance: int = FIRST_BALANCE
    through: date = date.min

    def deeds(self, first: date) -> Iterator[Deed]:
        """Once a week, and on the last working day."""
        days = list(working_days_between(first + timedelta(days=1), self.last))
        weekly = [
            day
            for before, day in pairwise(days)
            if day.isocalendar().week != before.isocalendar().week and day < self.last
        ]
        unknown = max((d for d in weekly if d <= self.last - BEFORE_END), default=self.last)
        for day in weekly:
            extra = (UNKNOWN,) if day == unknown else ()
            yield at(day, MORNING), partial(self._take, day - timedelta(days=1), extra)
        yield at(unknown, NOON), partial(self._call_money, UNKNOWN[0], "Penyetor belum diketahui.")
        yield at(self.last, MORNING), self._take_last
        yield at(self.last, NOON), self._call_short
        yield at(self.last, NIGHT), matching.reconcile

    def _take_last(self) -> None:
        bill = self._short_bill()
        short = [(SHORT.format(bill.number), bill.total - MISSING)] if bill else []
        self._take(self.last - timedelta(days=1), [UNMATCHED, *short])

    def _call_short(self) -> None:
        if bill := self._short_bill():
            remark = SHORT.format(bill.number)
            self._call_money(remark, "Nomor SKRD tertulis pada berita transfer.", bill)

    def _short_bill(self) -> Skrd | None:
        """The newest that is late."""
        late = late_bills()
        return late[-1] if late else None

    def _take(self, through: date, extra: Iterable[tuple[str, int]]) -> None:
        day = max(through, self.through)
        rows = sorted([*self._rows(through), *((day, *one) for one in extra)])
        if not rows:
            return
        self.through = through
        by, profile = self.people["bendahara"], profiles()[PROFILE]
        content = self._written(rows)
        with transaction():
            kept = keep_file(content, by=by)
        with transaction():
            command = TakeStatements(
                account=bank_accounts.all()[0].code, profile=PROFILE, file_id=kept.id,
                file_name=f"mutasi-{through:%Y%m%d}.csv", region=REGENCY,
            )  # fmt: skip
            take_statements(command, read_statements(content, profile), by=by)
        with transaction():
            decide_file(DecideFile(file_id=command.id, action="confirm"), by=self.people["kabid"])

    def _rows(self, through: date) -> Iterator[Row]:
        """The STS of that time. Play money comes into no account."""
        asked = select(Deposit).where(Deposit.state == DepositState.DEPOSITED).order_by(Deposit.id)
        for deposit in db.session.scalars(asked).all():
            on = deposit.deposited_on or through
            if on <= through:
                yield on, f"SETORAN {deposit.number}", deposit.amount

    def _written(self, rows: Iterable[Row]) -> bytes:
        lines = ["tanggal;keterangan;debet;kredit;saldo"]
        for on, remark, amount in rows:
            self.balance += amount
            lines.append(f"{on:%d/%m/%Y};{remark};;{_rupiah(amount)};{_rupiah(self.balance)}")
        return "\r\n".join(lines).encode()

    def _call_money(self, remark: str, reason: str, bill: Skrd | None = None) -> None:
        """Two people say that the line is money for that bill, or for one that nobody knows."""
        line_id = db.session.scalar(select(BankLine.id).where(BankLine.remark == remark))
        if line_id is None:
            return
        bill_id = bill.id if bill else None
        with transaction():
            command = ProposeMoney(line_id=line_id, bill_id=bill_id, reason=reason)
            proposal = propose_money(command, by=self.people["bendahara"])
        with transaction():
            decided = DecideProposal(proposal_id=proposal.id, action="approve")
            decide_proposal(decided, by=self.people["kabid"])


def leave_balance(folder: Path) -> None:
    """How the statements end, for a bank of play money to go on from."""
    account = bank_accounts.all()[0]
    last = last_statement(account.code)
    if last is None:
        return
    told = {"account": account.number, "balance": last.closing, "day": last.last_on.isoformat()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / OPENING).write_text(json.dumps(told))


def _rupiah(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") + ",00"
