"""What the books say: debit above zero, credit below.

``balance``, ``balances`` and ``revenue_between`` are for other features, which have asked who may
know.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import contains_eager, selectinload

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.ledger.chart import kind_of, law_code_of
from sijinak.ledger.models import Account, AccountKind, ClosedDay, Journal, Posting

_TOTAL = func.coalesce(func.sum(Posting.amount), 0)
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class AccountTotal:
    """What an account received and gave up to a day."""

    code: str
    debit: int
    credit: int

    @property
    def kind(self) -> AccountKind:
        return kind_of(self.code)

    @property
    def balance(self) -> int:
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class Moves:
    """``before`` is the balance ahead of the first day, ``after`` at the end of the last."""

    before: int
    after: int
    page: Page[Posting]


def balance(account: str, about: UUID | None = None) -> int:
    """Of the whole account, or of one thing or person it is about."""
    asked = select(_TOTAL).where(Posting.account == account)
    if about is not None:
        asked = asked.where(Posting.about == about)
    return int(db.session.execute(asked).scalar_one())


def balances(account: str) -> dict[UUID | None, int]:
    """By what it is about; what is even is left out."""
    asked = select(Posting.about, _TOTAL).where(Posting.account == account)
    asked = asked.group_by(Posting.about).having(func.sum(Posting.amount) != 0)
    return {about: int(total) for about, total in db.session.execute(asked.order_by(Posting.about))}


def revenue_between(first: date, last: date) -> dict[str, int]:
    """What was earned by law code, above zero: the bills set, less those taken back."""
    asked = (
        select(Posting.account, -func.sum(Posting.amount))
        .join(Account, Account.code == Posting.account)
        .where(Account.law_code != "", Posting.effective_on.between(first, last))
        .group_by(Posting.account)
        .order_by(Posting.account)
    )
    return {law_code_of(code): int(total) for code, total in db.session.execute(asked)}


def last_closed_day() -> date | None:
    return db.session.scalar(select(func.max(ClosedDay.day)))


def trial_balance(day: date, *, by: Actor) -> list[AccountTotal]:
    """Every account that was used up to the end of a day."""
    debit = func.sum(case((Posting.amount > 0, Posting.amount), else_=0))
    asked = select(Posting.account, debit, func.sum(Posting.amount)).where(
        Posting.effective_on <= day, _seen_by(by)
    )
    found = db.session.execute(asked.group_by(Posting.account).order_by(Posting.account))
    return [AccountTotal(code, int(d), int(d) - int(total)) for code, d, total in found]


def moves_of(
    account: str,
    days: tuple[date, date],
    *,
    by: Actor,
    about: UUID | None = None,
    place: Place = START,
) -> Moves:
    """Lines of one account between two days, newest first. Raises NotFound for no such account."""
    if db.session.scalar(select(Account.id).where(Account.code == account)) is None:
        raise NotFound(account=account)
    mine = [Posting.account == account, _seen_by(by)]
    if about is not None:
        mine.append(Posting.about == about)
    asked = (
        select(Posting)
        .join(Posting.journal)
        .options(contains_eager(Posting.journal))
        .where(*mine, Posting.effective_on.between(*days))
    )
    page = page_of(asked, Posting.id, place, first=(Posting.effective_on,))
    before, after = Posting.effective_on < days[0], Posting.effective_on <= days[1]
    return Moves(_sum(mine, before), _sum(mine, after), page)


def journal_by_id(journal_id: UUID, *, by: Actor) -> Journal:
    asked = select(Journal).where(Journal.id == journal_id)
    asked = asked.where(within_reach(by, Permission.LEDGER_READ, Journal.region))
    journal = db.session.scalar(asked.options(selectinload(Journal.postings)))
    if journal is None:
        raise NotFound(journal_id=str(journal_id))
    return journal


def reversal_of(journal: Journal) -> Journal | None:
    return db.session.scalar(select(Journal).where(Journal.reverses_id == journal.id))


def journal_called(idem: str) -> Journal | None:
    return db.session.scalar(select(Journal).where(Journal.idem == idem))


def first_and_last_day(*, by: Actor) -> tuple[date, date] | None:
    """Between which anything was written; None for empty books."""
    require(by, Permission.LEDGER_READ)
    asked = select(func.min(Journal.effective_on), func.max(Journal.effective_on))
    first, last = db.session.execute(asked).one()
    return None if first is None else (first, last)


def journals_between(first: date, last: date, *, by: Actor) -> Iterator[Journal]:
    """With their postings, by day, some at a time: the books are never in memory as a whole."""
    seen = within_reach(by, Permission.LEDGER_READ, Journal.region)
    asked = (
        select(Journal)
        .where(Journal.effective_on.between(first, last), seen)
        .options(selectinload(Journal.postings))
        .order_by(Journal.effective_on, Journal.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for part in db.session.scalars(asked).partitions():
        yield from part
        for journal in part:
            db.session.expunge(journal)


def _seen_by(by: Actor) -> ColumnElement[bool]:
    """Whoever sees all books spares the database the look at each journal."""
    require(by, Permission.LEDGER_READ)
    if any(not reach.region for reach in by.reaches(Permission.LEDGER_READ)):
        return Posting.journal_id.is_not(None)
    seen = within_reach(by, Permission.LEDGER_READ, Journal.region)
    return Posting.journal_id.in_(select(Journal.id).where(seen))


def _sum(mine: list[ColumnElement[bool]], when: ColumnElement[bool]) -> int:
    return int(db.session.execute(select(_TOTAL).where(*mine, when)).scalar_one())
