"""How a journal gets into the books: one INSERT for it, one for its postings, nothing read."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, ColumnElement, Date, Engine, bindparam, case, func, select

from sijinak.core import bulk
from sijinak.core.db import db, read
from sijinak.core.ids import uuid7
from sijinak.core.inserting import when_absent
from sijinak.ledger.chart import kind_of, law_code_of
from sijinak.ledger.models import Account, ClosedDay, Journal, Posting

_known: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()
_CODES = select(Account.code).order_by(Account.code)


class Written(Protocol):
    """A line, asked for or written."""

    @property
    def account(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def about(self) -> UUID | None: ...


def insert_journal(row: Mapping[str, Any]) -> date | None:
    """The day on which it counts: the one asked for, or the next that is open.

    None when a journal of that name is there. Two at once wait for each other here.
    """
    connection = db.session.connection()
    day: date | None = connection.execute(_new_journal(_dialect()), row).scalar()
    return day


def insert_postings(journal_id: UUID, day: date, lines: Sequence[Written]) -> None:
    many = len(lines)
    bulk.insert_new(
        Posting,
        {
            "id": [uuid7() for _ in lines],
            "journal_id": [journal_id] * many,
            "position": list(range(1, many + 1)),
            "effective_on": [day] * many,
            "account": [line.account for line in lines],
            "about": [line.about for line in lines],
            "amount": [line.amount for line in lines],
        },
    )


def open_accounts(codes: set[str]) -> None:
    """Those that are not open yet. Raises KeyError for a code that is not in the chart.

    What was committed is remembered, for it is never deleted; what this transaction opens is not,
    for it may yet be undone.
    """
    known = _known.setdefault(db.engine, set())
    if codes <= known:
        return
    known.update(row.code for row in read(_CODES))
    for code in sorted(codes - known):
        row = {"id": uuid7(), "code": code, "kind": kind_of(code), "law_code": law_code_of(code)}
        db.session.connection().execute(_new_account(_dialect()), row)


def forget_accounts() -> None:
    """After another database was put in the place of this one, as a restore does."""
    _known.clear()


def _dialect() -> str:
    return db.engine.dialect.name


@cache
def _new_account(dialect: str) -> Any:
    return when_absent(dialect, Account, ("code",), {})


@cache
def _new_journal(dialect: str) -> Any:
    asked = bindparam("effective_on", type_=Date())
    day = _open_day(asked) if dialect == "sqlite" else func.ledger_open_day(asked, type_=Date())
    new = when_absent(dialect, Journal, ("idem",), {"effective_on": day})
    return new.returning(Journal.__table__.c.effective_on)


def _open_day(asked: BindParameter[date]) -> ColumnElement[date]:
    """PostgreSQL has a function of this name, which first waits for whoever is closing a day."""
    closed = select(func.max(ClosedDay.day)).scalar_subquery()
    after = func.date(closed, "+1 day", type_=Date())
    return case((asked <= closed, after), else_=asked)
