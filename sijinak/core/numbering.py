"""Numbers of documents, without a gap: the counter's row is part of the document's transaction.

A database sequence would lose a number at each rollback, and auditors read a gap as a theft.
"""

from sqlalchemy import UniqueConstraint, update
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
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    start = {"id": uuid7(), "series": series, "year": year, "last_no": 0}
    db.session.execute(insert(NumberSeries).values(start).on_conflict_do_nothing())
    number: int = db.session.execute(
        update(NumberSeries)
        .where(NumberSeries.series == series, NumberSeries.year == year)
        .values(last_no=NumberSeries.last_no + 1)
        .returning(NumberSeries.last_no)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return number
