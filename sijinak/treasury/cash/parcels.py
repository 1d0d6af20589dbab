"""The cash in a hand, by the day on which the public paid it: the oldest money comes first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, literal, select, union_all

from sijinak.core.db import db
from sijinak.ledger.chart import CASH
from sijinak.ledger.models import Journal, Posting
from sijinak.treasury.cash.models import CashMove, MoveState

_ZERO = literal(0, BigInteger)
_NOTHING = _ZERO.label("reserved")
HANDOVER = "handover"  # the kind of journal by which money only changes hands


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is left in a hand of the money that came by one journal."""

    source_id: UUID
    idem: str
    received_on: date
    amount: int
    reserved: int

    @property
    def free(self) -> int:
        return self.amount - self.reserved


def parcels_of(person_id: UUID) -> list[Parcel]:
    """The oldest first; they add up to what the books say the person holds."""
    found = [Parcel(*row) for row in db.session.execute(_parcels(person_id))]
    gone = sum(one.amount for one in found) - held_by(person_id)
    return list(_without(found, gone))


def held_by(person_id: UUID) -> int:
    asked = select(func.coalesce(func.sum(Posting.amount), 0)).where(*_cash_of(person_id))
    return int(db.session.scalar(asked) or 0)


def oldest(parcels: Sequence[Parcel], amount: int) -> list[tuple[Parcel, int]]:
    """What is taken of each for an amount, of the free money and the oldest first."""
    taken, left = list[tuple[Parcel, int]](), amount
    for parcel in parcels:
        part = min(parcel.free, left)
        if part > 0:
            taken.append((parcel, part))
            left -= part
    if left:
        raise ValueError(left)
    return taken


def _without(parcels: Sequence[Parcel], gone: int) -> Iterator[Parcel]:
    """Money that left by a journal of others (a refund in cash) was the oldest that was free."""
    for one in parcels:
        part = max(min(one.free, gone), 0)
        gone -= part
        if one.amount > part:
            yield Parcel(one.source_id, one.idem, one.received_on, one.amount - part, one.reserved)


def _parcels(person_id: UUID) -> Select[UUID, str, date, int, int]:
    came = select(
        Posting.journal_id.label("source_id"), Posting.amount.label("amount"), _NOTHING
    ).join(Journal, Journal.id == Posting.journal_id)
    came = came.where(*_cash_of(person_id), Posting.amount > 0, Journal.kind != HANDOVER)
    moved = CashMove.state == MoveState.MOVED
    gained = select(CashMove.source_id, CashMove.amount, _NOTHING)
    lost = select(CashMove.source_id, -CashMove.amount, _NOTHING)
    promised = select(CashMove.source_id, _ZERO, CashMove.amount)
    every = union_all(
        came,
        gained.where(CashMove.taker_id == person_id, moved),
        lost.where(CashMove.giver_id == person_id, moved),
        promised.where(CashMove.giver_id == person_id, CashMove.state == MoveState.RESERVED),
    ).subquery()
    left, reserved = _sum(every.c.amount), _sum(every.c.reserved)
    return (
        select(Journal.id, Journal.idem, Journal.effective_on, left, reserved)
        .join(every, every.c.source_id == Journal.id)
        .group_by(Journal.id, Journal.idem, Journal.effective_on)
        .having(left > 0)
        .order_by(Journal.effective_on, Journal.id)
    )


def _cash_of(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return Posting.account == CASH, Posting.about == person_id


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    """A sum of big integers is a numeric on PostgreSQL."""
    return cast(func.sum(column), BigInteger)
