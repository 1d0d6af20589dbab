"""What tickets came to: their money has no receipt (TBP), and stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, String, case, func, literal, select

from sijinak.audit.desk.wanted import IN_BANK, begin_of
from sijinak.audit.findings.portable import id_text
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.ledger.models import Journal
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.tickets.models import TicketSale


@dataclass(frozen=True, slots=True)
class Sold:
    """By one person. ``deposited`` and ``in_bank`` are of this money, whenever that was."""

    seller_id: UUID
    seller: str
    count: int
    amount: int
    deposited: int
    in_bank: int


def sold_by(first: date, last: date, *, by: Actor) -> Sequence[Sold]:
    """The caller has asked who may look."""
    within = _within(first, last, by)
    asked = (
        select(
            TicketSale.seller_id, func.max(TicketSale.seller_name),
            func.sum(TicketSale.count), func.sum(TicketSale.amount),
        )
        .where(*within)
        .group_by(TicketSale.seller_id)
        .order_by(TicketSale.seller_id)
    )  # fmt: skip
    matched = case((Deposit.state == DepositState.MATCHED, DepositLine.amount), else_=0)
    name = literal("tickets:", String()).concat(id_text(TicketSale.id))
    brought = (
        select(TicketSale.seller_id, func.sum(DepositLine.amount), func.sum(matched))
        .join(Journal, Journal.idem == name)
        .join(DepositLine, DepositLine.source_id == Journal.id)
        .join(Deposit, Deposit.id == DepositLine.deposit_id)
        .where(*within, Deposit.state.in_(IN_BANK))
        .group_by(TicketSale.seller_id)
        .order_by(TicketSale.seller_id)
    )
    carried = {row[0]: (int(row[1]), int(row[2])) for row in db.session.execute(brought)}
    return [
        Sold(row[0], row[1], int(row[2]), int(row[3]), *carried.get(row[0], (0, 0)))
        for row in db.session.execute(asked)
    ]


def _within(first: date, last: date, by: Actor) -> list[ColumnElement[bool]]:
    return [
        TicketSale.sold_at >= begin_of(first),
        TicketSale.sold_at < begin_of(last + timedelta(days=1)),
        within_reach(by, Permission.AUDIT_READ, TicketSale.region),
    ]
