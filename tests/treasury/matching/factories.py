"""Money, deposits and lines of the bank that belong together, or not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.ledger import chart
from sijinak.ledger.services import Entry, Line, post
from sijinak.payments.adapters.base import Trust
from sijinak.payments.models import Collection, Discrepancy, DiscrepancyState, SettlementRow
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.matching.models import Method
from sijinak.treasury.matching.queries import match_of
from sijinak.treasury.statements.deciding import DecideFile, decide_file
from sijinak.treasury.statements.gate import read_statements
from sijinak.treasury.statements.models import BankLine, BankStatement
from sijinak.treasury.statements.profiles import profiles
from sijinak.treasury.statements.services import TakeStatements, keep_file, take_statements
from tests.factories import LUNYUK_REA, REGENCY, actor_for
from tests.treasury.statements.files import DAY, day_csv

CODE = "rkud"
_serials = count(1)


def register_account() -> None:
    bank_accounts.load("rkud|Bank NTB Syariah a.n. RKUD|0012345678901|rkud")


def treasurer() -> SignedIn:
    return actor_for(Role.TREASURER)


def kabid() -> SignedIn:
    return actor_for(Role.KABID)


def take(content: bytes, *, by: Any, **fields: str) -> list[BankStatement]:
    """Brought in by one person, and confirmed by another."""
    statements = bring(content, by=by, **fields)
    if statements:
        decide(statements[0])
    return statements


def decide(statement: BankStatement, action: str = "confirm", by: Any = None) -> None:
    """About the whole file in which it came."""
    command = DecideFile(file_id=statement.file_id, action=action, answer="Dicek di bank.")
    with transaction():
        decide_file(command, by=by or kabid())


def bring(
    content: bytes,
    *,
    by: Any,
    profile: str = "csv-umum",
    account: str = CODE,
    region: str = REGENCY,
) -> list[BankStatement]:
    """It waits for a second person."""
    with transaction():
        kept = keep_file(content, by=by)
        command = TakeStatements(
            account=account, profile=profile, file_id=kept.id, file_name="x.csv", region=region
        )
        return take_statements(command, read_statements(content, profiles()[profile]), by=by)


def take_lines(
    lines: Sequence[tuple[int, str]],
    *,
    by: Any,
    opening: int = 0,
    day: date = DAY,
    region: str = REGENCY,
) -> list[BankLine]:
    """Lines of one day of the bank, taken in."""
    (statement,) = take(day_csv(lines, opening, day), by=by, region=region)
    with transaction():
        asked = select(BankLine).where(BankLine.statement_id == statement.id)
        return list(db.session.scalars(asked.order_by(BankLine.position)))


def came(amount: int, *, day: date = DAY, adapter: str = "snap", **fields: Any) -> Collection:
    """Money that a channel told us of, with its journal."""
    number = next(_serials)
    told: dict[str, Any] = {
        "money_id": f"RRN{number:09}",
        "ref": f"SJ-{number:012}",
        "bill_id": None,
        "attempt_id": None,
        "region": LUNYUK_REA,
        "happened_at": datetime.combine(day, time(10), clock.zone),
        **fields,
    }
    money = Collection(
        adapter=adapter,
        amount=Rupiah(amount),
        payer="",
        channel="qris",
        seen_at=now(),
        trust=Trust.SIGNED_PUSH,
        seen_by=OPERATOR.id,
        **told,
    )
    _write(money, chart.clearing(adapter), chart.SUSPENSE, None)
    return money


def deposited(amount: int, *, day: date = DAY, **fields: Any) -> Deposit:
    """Cash at the bank's counter, with its journal."""
    number = next(_serials)
    told: dict[str, Any] = {
        "number": f"STS/2026/{number:06}-X", "slip": f"SLIP{number:06}", "account": CODE,
        "region": LUNYUK_REA, "state": DepositState.DEPOSITED, "deposited_on": day, **fields,
    }  # fmt: skip
    step = {name: told.pop(name) for name in ("state", "deposited_on", "slip")}
    deposit = Deposit(
        year=2026,
        no=number,
        holder_id=OPERATOR.id,
        holder_name="Bendahara",
        account_name="RKUD",
        account_number="0012345678901",
        amount=Rupiah(amount),
        state=DepositState.PREPARED,
        prepared_at=now(),
        **told,
    )
    _write(deposit, chart.TRANSIT, chart.SURPLUS, deposit.id, step)
    return deposit


def settled(
    moneys: Sequence[Collection],
    batch: str,
    *,
    fee: int = 0,
    day: date = DAY,
    strange: Mapping[str, int] | None = None,
) -> None:
    """The channel says that it paid these in one sum, and some of which nobody told us."""
    known = {money.money_id: int(money.amount) for money in moneys}
    with transaction():
        for place, (money_id, gross) in enumerate({**known, **(strange or {})}.items()):
            row = SettlementRow(
                adapter=moneys[0].adapter,
                money_id=money_id,
                gross=Rupiah(gross),
                fee=Rupiah(0 if place else fee),
                settled_on=day,
                batch=batch,
                fetched_at=now(),
            )
            db.session.add(row)


def method_of(thing: Any) -> Method | None:
    with transaction():
        match = match_of(thing.id)
        return match.method if match else None


def open_cases() -> list[Discrepancy]:
    with transaction():
        asked = select(Discrepancy).where(Discrepancy.state == DiscrepancyState.OPEN)
        return list(db.session.scalars(asked.order_by(Discrepancy.opened_at, Discrepancy.id)))


def _write(thing: Any, debit: str, credit: str, about: UUID | None, step: Any = None) -> None:
    def write() -> None:
        db.session.add(thing)
        db.session.flush()
        for name, value in (step or {}).items():
            if value is not None:  # else it is written, and the guards ask why
                setattr(thing, name, value)
        lines = [
            Line(debit, thing.amount, about),
            Line(credit, -thing.amount, thing.id if credit == chart.SUSPENSE else None),
        ]
        on = clock.now().date()
        post(
            Entry(idem=f"test:{uuid7()}", kind="test", on=on, region=LUNYUK_REA, lines=lines),
            by=OPERATOR,
        )

    if db.session().info.get("writing"):
        write()
    else:
        with transaction():
            write()
