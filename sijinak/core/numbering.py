"""Numbers of documents, without a gap: the counter's row is part of the document's transaction.

A database sequence would lose a number at each rollback, and auditors read a gap as a theft.
"""

from functools import cache
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped

from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.core.model import Model


class NumberSeries(Model):
    """The last number given in a series and year."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("series", "year"),)

    series: Mapped[str]
    year: Mapped[int]
    last_no: Mapped[int]


def next_number(series: str, year: int) -> int:
    """The next number, 1 at first; others who want one wait until this transaction ends."""
    first = {"id": uuid7(), "series": series, "year": year, "last_no": 1}
    taken = db.session.connection().execute(_take(db.engine.dialect.name), first)
    number: int = taken.scalar_one()
    return number


@cache
def _take(dialect: str) -> Any:
    table = NumberSeries.__table__
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    taken = insert(table).on_conflict_do_update(  # type: ignore[arg-type]
        index_elements=["series", "year"], set_={"last_no": table.c.last_no + 1}
    )
    return taken.returning(table.c.last_no)
