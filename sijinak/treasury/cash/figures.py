"""What the books say of a person's cash, from one day to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, case, cast, exists, func, select

from sijinak.core.db import db
from sijinak.ledger.chart import CASH
from sijinak.ledger.models import Journal, Posting

LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Figures:
    """``flows``: by kind of journal and direction, as in "money-in"; what went is below zero."""

    opening: int
    flows: Mapping[str, int]

    @property
    def came(self) -> int:
        return sum(amount for amount in self.flows.values() if amount > 0)

    @property
    def went(self) -> int:
        return -sum(amount for amount in self.flows.values() if amount < 0)

    @property
    def expected(self) -> int:
        return self.opening + self.came - self.went


def figures_of(person_id: UUID, closed_on: date | None, day: date) -> Figures:
    """From the day after the last that was closed, through a day."""
    since = closed_on or LONG_AGO
    opening = db.session.scalar(
        select(_sum()).where(*_cash(person_id), Posting.effective_on <= since)
    )
    way = case((Posting.amount > 0, "in"), else_="out")
    asked = (
        select(Journal.kind, way, _sum())
        .join(Journal, Journal.id == Posting.journal_id)
        .where(*_cash(person_id), Posting.effective_on > since, Posting.effective_on <= day)
        .group_by(Journal.kind, way)
        .order_by(Journal.kind, way)
    )
    flows = {f"{row[0]}-{row[1]}": int(row[2]) for row in db.session.execute(asked)}
    return Figures(int(opening or 0), flows)


def moved_after(person_id: UUID, day: date) -> bool:
    moved = exists().where(*_cash(person_id), Posting.effective_on > day)
    return bool(db.session.scalar(select(moved)))


def _cash(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return Posting.account == CASH, Posting.about == person_id


def _sum() -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(Posting.amount), 0), BigInteger)
