"""Which receipts are meant: the filters that lists, sums and samples share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.core.clock import clock
from sijinak.core.db import db
from sijinak.core.money import NotAnAmount, parse_rupiah
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.payments.adapters.cash import CashAdapter
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.adapters.wallet import WalletAdapter
from sijinak.payments.models import Collection
from sijinak.retribution.models import Skrd, SkrdLine
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.matching.models import MatchHold

YEARS = range(2000, 2101)
VILLAGE = len("52.04.02.2001")
FEW = 2_000
_Void = aliased(Receipt)
IN_BANK = (DepositState.DEPOSITED, DepositState.MATCHED)


class Standing(StrEnum):
    """What the list is narrowed to, without play money unless its channel was chosen.

    Receipts that were voided are in none but ``VOIDS``.
    """

    VALID = "valid"
    VOIDS = "voids"  # the voids themselves: each says what it voids
    DEPOSITED = "deposited"
    NOT_DEPOSITED = "not-deposited"
    IN_BANK = "in-bank"
    NOT_IN_BANK = "not-in-bank"
    DIFFERS = "differs"  # bill, receipt and money do not say the same


# What has to look at the money of each receipt: asked of some months, never of all years.
DEAR = frozenset(Standing) - {Standing.VALID, Standing.VOIDS}
PLAY = SandboxAdapter.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Everything left out means any. ``region`` holds all below it."""

    first: date | None = None
    last: date | None = None
    channel: str = ""
    officer_id: UUID | None = None
    region: str = ""
    component: str = ""
    standing: Standing | None = None
    least: int | None = None
    most: int | None = None
    keeper_id: UUID | None = None

    def spelt(self) -> dict[str, str]:
        """As it is written down; ``wanted_of`` reads it again."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: str(value) for name, value in told.items() if value not in (None, "")}


def wanted_of(told: Mapping[str, str]) -> Wanted:
    """What cannot be read is left out."""
    reading: dict[str, Any] = {
        "first": _day, "last": _day, "officer_id": _uuid, "keeper_id": _uuid,
        "standing": _standing, "least": _rupiah, "most": _rupiah,
    }  # fmt: skip
    known = {one.name for one in fields(Wanted)}
    given = {name: text.strip()[:80] for name, text in told.items() if name in known}
    return Wanted(**{name: reading.get(name, str)(text) for name, text in given.items() if text})


def conditions(
    wanted: Wanted, *, by: Actor, at: datetime | None = None
) -> list[ColumnElement[bool]]:
    """Where the auditor may look, and what is wanted there.

    ``at``: of what is valid, as it stood then. Without it, now.
    """
    found = [within_reach(by, Permission.AUDIT_READ, _unindexed(Receipt.region))]
    if wanted.first:
        found.append(Receipt.issued_at >= begin_of(wanted.first))
    if wanted.last:
        found.append(Receipt.issued_at < begin_of(wanted.last + timedelta(days=1)))
    if wanted.region:
        found.append(_below(wanted.region))
    if wanted.component:
        lines = select(SkrdLine.id).where(
            SkrdLine.skrd_id == Receipt.skrd_id, SkrdLine.component == wanted.component
        )
        found.append(lines.exists())
    return [*found, *_whose(wanted), *_amounts(wanted), *_standing_as(wanted.standing, at)]


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.zone)


def stands(at: datetime | None = None) -> ColumnElement[bool]:
    """A receipt that no void takes away: until now, or until then."""
    voided = select(_Void.id).where(_Void.voids_id == Receipt.id)
    if at is not None:
        voided = voided.where(_Void.issued_at <= at)
    return and_(Receipt.kind == ReceiptKind.RECEIPT, ~voided.exists())


def deposited() -> ColumnElement[int]:
    """Of a receipt: cash that an STS brought to the bank, and what came there by itself."""
    by_itself = select(func.sum(Allocation.amount)).join(
        Collection, Collection.id == Allocation.collection_id
    )
    by_itself = by_itself.where(
        Allocation.receipt_id == Receipt.id, Collection.adapter != CashAdapter.name
    )
    return _carried(IN_BANK) + func.coalesce(by_itself.scalar_subquery(), 0)


def in_bank() -> ColumnElement[int]:
    """Of a receipt: what a line of the bank's statement shows. A wallet's money was there before.

    The hold of a match has the id of the money that it holds.
    """
    moneys = select(func.sum(Allocation.amount)).join(
        Collection, Collection.id == Allocation.collection_id
    )
    held = select(MatchHold.id).where(MatchHold.id == Collection.id).exists()
    moneys = moneys.where(
        Allocation.receipt_id == Receipt.id, or_(held, Collection.adapter == WalletAdapter.name)
    )
    return _carried((DepositState.MATCHED,)) + func.coalesce(moneys.scalar_subquery(), 0)


def differs() -> ColumnElement[bool]:
    """The receipt says another amount than its bill, or than the money behind it.

    A void repeats what it voids, whose money is behind both.
    """
    bill = select(Skrd.total).where(Skrd.id == Receipt.skrd_id).scalar_subquery()
    paid = func.coalesce(Receipt.voids_id, Receipt.id)
    money = select(func.coalesce(func.sum(Allocation.amount), 0)).where(
        Allocation.receipt_id == paid
    )
    return or_(Receipt.amount != bill, Receipt.amount != money.scalar_subquery())


def _carried(states: tuple[DepositState, ...]) -> ColumnElement[int]:
    lines = (
        select(func.sum(DepositLine.amount))
        .join(Deposit, Deposit.id == DepositLine.deposit_id)
        .where(DepositLine.reference == Receipt.number, Deposit.state.in_(states))
    )
    return func.coalesce(lines.scalar_subquery(), 0)


def _standing_as(
    standing: Standing | None, at: datetime | None = None
) -> list[ColumnElement[bool]]:
    made: dict[Standing | None, Callable[[], list[ColumnElement[bool]]]] = {
        None: list,
        Standing.VOIDS: lambda: [Receipt.kind == ReceiptKind.VOID],
        Standing.VALID: lambda: [stands(at)],
        Standing.DEPOSITED: lambda: [stands(), deposited() >= Receipt.amount],
        Standing.IN_BANK: lambda: [stands(), in_bank() >= Receipt.amount],
        Standing.NOT_DEPOSITED: lambda: [stands(), deposited() < Receipt.amount],
        Standing.NOT_IN_BANK: lambda: [stands(), in_bank() < Receipt.amount],
        Standing.DIFFERS: lambda: [differs()],
    }
    return made[standing]()


def _whose(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.channel:
        found.append(_beside_voids(wanted, Receipt.channel) == wanted.channel)
    elif wanted.standing:
        found.append(Receipt.channel != PLAY)
    if wanted.officer_id:
        found.append(_beside_voids(wanted, Receipt.issued_by) == wanted.officer_id)
    if wanted.keeper_id:
        found.append(Receipt.keeper_id == wanted.keeper_id)
    return found


def _amounts(wanted: Wanted) -> list[ColumnElement[bool]]:
    amount = _beside_voids(wanted, Receipt.amount)
    if wanted.least is not None and wanted.least == wanted.most:
        return [amount == wanted.least]
    found = []
    if wanted.least is not None:
        found.append(Receipt.amount >= wanted.least)
    if wanted.most is not None:
        found.append(Receipt.amount <= wanted.most)
    return [_if_few(and_(*found))] if found else []


def _below(region: str) -> ColumnElement[bool]:
    if len(region) == VILLAGE:
        return and_(Receipt.region == region)
    bare = and_(Receipt.region >= region, Receipt.region < f"{region}/")
    plain = _unindexed(Receipt.region)
    return _if_few(bare, and_(plain >= region, plain < f"{region}/"))


def _if_few(
    few: ColumnElement[bool], many: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """SQLite knows not how rare a value is. What is rare is found by its own index, then sorted."""
    if _counts_itself():
        return few
    rare = select(Receipt.id).where(few)
    counted = select(func.count()).select_from(rare.limit(FEW).subquery())
    if (db.session.scalar(counted) or 0) < FEW:
        return Receipt.id.in_(rare)
    return few if many is None else many


def _beside_voids(wanted: Wanted, column: Any) -> Any:
    """Voids are few: what else is asked of them is no reason to leave their own index."""
    return _unindexed(column) if wanted.standing is Standing.VOIDS else column


def _unindexed(column: Any) -> Any:
    """SQLite would take the index of the column, and sort all that it finds there."""
    return column if _counts_itself() else func.coalesce(column, column, type_=column.type)


def _counts_itself() -> bool:
    """PostgreSQL weighs indexes by how many rows they would find."""
    return db.engine.dialect.name == "postgresql"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _standing(text: str) -> Standing | None:
    return Standing(text) if text in set(Standing) else None


def _rupiah(text: str) -> int | None:
    try:
        return parse_rupiah(text)
    except NotAnAmount:
        return None
