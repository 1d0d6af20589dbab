"""What receipts add up to, day by day or month by month: each table is asked once for all of them.

``received`` are receipts that stand; a voided one is in ``voided`` alone, on the day of its void.
``deposited`` and ``in_bank`` are of the receipts in ``received``, whenever that was.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from sijinak.audit.desk.wanted import IN_BANK, PLAY, Wanted, begin_of, conditions
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.payments.adapters.cash import CashAdapter
from sijinak.payments.adapters.wallet import WalletAdapter
from sijinak.payments.models import Collection
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.matching.models import MatchHold
from sijinak.treasury.tickets.models import TicketSale

Days = tuple[date, date]
Rows = Select[*tuple[Any, ...]]
K = TypeVar("K", bound=Hashable)
P = Permission.AUDIT_READ
_Void = aliased(Receipt)


@dataclass(frozen=True, slots=True)
class Amounts:
    """``differing`` is how many do not agree with their bill or money."""

    count: int = 0
    received: int = 0
    deposited: int = 0
    in_bank: int = 0
    voided: int = 0
    differing: int = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        names = [one.name for one in fields(self)]
        return Amounts(*(getattr(self, name) + getattr(other, name) for name in names))


class Cell(NamedTuple):
    """Of one of the periods, by its place among them."""

    place: int
    channel: str
    officer_id: UUID
    officer: str
    amounts: Amounts


def cells(periods: Sequence[Days], *, by: Actor) -> list[Cell]:
    """Of periods that follow each other; the caller has asked who may look."""
    looked = _looked_at(periods, by).subquery()
    groups = looked.c.place, looked.c.channel, looked.c.issued_by
    stood = case((looked.c.stands == 1, 1))
    asked = select(
        *groups,
        func.max(looked.c.issued_by_name),
        func.count(stood),
        func.sum(stood * looked.c.amount),
        func.sum(stood * looked.c.by_itself),
        func.sum(stood * looked.c.in_bank),
        func.sum(case((looked.c.kind == ReceiptKind.VOID, looked.c.amount))),
        func.sum(looked.c.differs),
    ).group_by(*groups)
    found = []
    carried = _carried(periods, by)
    for *key, name, count, received, by_itself, in_bank, voided, differing in db.session.execute(
        asked.order_by(*groups)
    ):
        deposited, matched = carried.get(tuple(key), (0, 0))
        amounts = Amounts(
            count, int(received or 0), int(by_itself or 0) + deposited,
            int(in_bank or 0) + matched, int(voided or 0), int(differing),
        )  # fmt: skip
        found.append(Cell(key[0], key[1], key[2], name, amounts))
    return found


def levied(periods: Sequence[Days], *, by: Actor) -> Mapping[int, int]:
    """By SKRD and STRD that were not withdrawn since, by the place of the period."""
    place = _place(Skrd.issued_on, [first for first, _ in periods])
    asked = select(place.label("place"), Skrd.total.label("amount")).where(
        Skrd.issued_on.between(periods[0][0], periods[-1][1]),
        Skrd.state != SkrdState.CANCELLED,
        within_reach(by, P, Skrd.region),
    )
    return _by_place(asked)


def tickets(periods: Sequence[Days], *, by: Actor) -> Mapping[int, int]:
    place = _place(TicketSale.sold_at, [begin_of(first) for first, _ in periods])
    asked = select(place.label("place"), TicketSale.amount.label("amount")).where(
        TicketSale.sold_at >= begin_of(periods[0][0]),
        TicketSale.sold_at < begin_of(periods[-1][1] + timedelta(days=1)),
        within_reach(by, P, TicketSale.region),
    )
    return _by_place(asked)


def added_up(pairs: Iterable[tuple[K, Amounts]]) -> Mapping[K, Amounts]:
    found: dict[K, Amounts] = defaultdict(Amounts)
    for key, amounts in pairs:
        found[key] += amounts
    return found


def _place(column: InstrumentedAttribute[Any], begins: Sequence[object]) -> ColumnElement[int]:
    """Among the periods: the number of those that had ended before."""
    told = [(column < begin, literal(place)) for place, begin in enumerate(begins[1:])]
    last = literal(len(begins) - 1)
    return case(*told, else_=last) if told else last


def _where(periods: Sequence[Days], by: Actor) -> list[ColumnElement[bool]]:
    wanted = Wanted(first=periods[0][0], last=periods[-1][1])
    return [*conditions(wanted, by=by), Receipt.channel != PLAY]


def _looked_at(periods: Sequence[Days], by: Actor) -> Rows:
    """Each receipt with its void, its bill, and the money behind it, added up."""
    place = _place(Receipt.issued_at, [begin_of(first) for first, _ in periods])
    stands = and_(Receipt.kind == ReceiptKind.RECEIPT, func.count(_Void.id) == 0)
    differs = or_(
        Receipt.amount != func.max(Skrd.total),
        Receipt.amount != func.coalesce(func.sum(Allocation.amount), 0),
    )
    by_itself = case((Collection.adapter != CashAdapter.name, Allocation.amount), else_=0)
    shown = or_(MatchHold.id.is_not(None), Collection.adapter == WalletAdapter.name)
    asked = select(
        place.label("place"), Receipt.channel, Receipt.issued_by, Receipt.issued_by_name,
        Receipt.kind, Receipt.amount,
        case((stands, 1), else_=0).label("stands"),
        case((differs, 1), else_=0).label("differs"),
        func.sum(by_itself).label("by_itself"),
        func.sum(case((shown, Allocation.amount), else_=0)).label("in_bank"),
    )  # fmt: skip
    return (
        asked.select_from(Receipt)
        .outerjoin(_Void, _Void.voids_id == Receipt.id)
        .outerjoin(Skrd, Skrd.id == Receipt.skrd_id)
        # A void repeats what it voids, whose money is behind both.
        .outerjoin(Allocation, Allocation.receipt_id == func.coalesce(Receipt.voids_id, Receipt.id))
        .outerjoin(Collection, Collection.id == Allocation.collection_id)
        .outerjoin(MatchHold, MatchHold.id == Collection.id)
        .where(*_where(periods, by))
        .group_by(Receipt.id)
    )


def _carried(periods: Sequence[Days], by: Actor) -> Mapping[tuple[int, str, UUID], tuple[int, int]]:
    """Cash of receipts that stand: brought to the bank, and of that found in its statement."""
    place = _place(Receipt.issued_at, [begin_of(first) for first, _ in periods])
    matched = case((Deposit.state == DepositState.MATCHED, DepositLine.amount), else_=0)
    asked = select(
        place.label("place"), Receipt.channel, Receipt.issued_by, DepositLine.amount,
        matched.label("matched"),
    )  # fmt: skip
    lines = (
        asked.join(DepositLine, DepositLine.reference == Receipt.number)
        .join(Deposit, Deposit.id == DepositLine.deposit_id)
        .outerjoin(_Void, _Void.voids_id == Receipt.id)
        .where(
            *_where(periods, by),
            Deposit.state.in_(IN_BANK),
            Receipt.kind == ReceiptKind.RECEIPT,
            _Void.id.is_(None),
        )
        .subquery()
    )
    groups = lines.c.place, lines.c.channel, lines.c.issued_by
    sums = func.sum(lines.c.amount), func.sum(lines.c.matched)
    rows = db.session.execute(select(*groups, *sums).group_by(*groups).order_by(*groups))
    return {(row[0], row[1], row[2]): (int(row[3]), int(row[4])) for row in rows}


def _by_place(asked: Rows) -> Mapping[int, int]:
    parts = asked.subquery()
    sums = select(parts.c.place, func.sum(parts.c.amount)).group_by(parts.c.place)
    return {row[0]: int(row[1]) for row in db.session.execute(sums.order_by(parts.c.place))}
