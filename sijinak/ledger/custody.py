"""Who holds cash: locked before it moves, and the day on which it counts."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.core.db import db
from sijinak.ledger.chart import CASH
from sijinak.ledger.models import CashHolder


class HasAccount(Protocol):
    @property
    def account(self) -> str: ...

    @property
    def about(self) -> UUID | None: ...


def lock_holders(people: Collection[UUID]) -> dict[UUID, CashHolder]:
    """What each of them holds, locked until this transaction ends.

    Always in one order: two who give to each other at once never wait for each other.
    """
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    known = set(db.session.scalars(select(CashHolder.id).where(CashHolder.id.in_(people))))
    for person in sorted(set(people) - known):
        start = {"id": person, "held": 0, "floats": 0}
        db.session.execute(insert(CashHolder).values(start).on_conflict_do_nothing())
    asked = select(CashHolder).where(CashHolder.id.in_(people)).order_by(CashHolder.id)
    asked = asked.with_for_update().execution_options(populate_existing=True)
    return {holder.id: holder for holder in db.session.scalars(asked)}


def day_for(lines: Iterable[HasAccount], on: date) -> date:
    """The day on which an entry counts: cash that comes after its holder closed, on the next."""
    people = {line.about for line in lines if line.account == CASH and line.about is not None}
    if not people:
        return on
    closed = db.session.scalar(
        select(func.max(CashHolder.closed_on)).where(CashHolder.id.in_(people))
    )
    return on if closed is None or closed < on else closed + timedelta(days=1)
