"""What must be so whatever the log says: numbers without a gap, voids, closed days, the books."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.audit.verifying.faults import Code, Fault
from sijinak.audit.verifying.tree import MARGIN
from sijinak.core.db import db
from sijinak.core.numbering import NumberSeries
from sijinak.core.rawrows import moment_text
from sijinak.ledger.checking import all_faults
from sijinak.ledger.models import ClosedDay, Journal
from sijinak.retribution.receipts.models import Receipt, ReceiptKind

COUNTER = "TBP/"  # how the counter of a series of receipts is called
AT_ONCE = 1_000
LONG_AGO = date(1, 1, 1)
RECEIPTS = Receipt.__tablename__


def book_faults() -> Iterator[Fault]:
    yield from _numbers()
    yield from _counters()
    yield from _voids()
    yield from _late_journals()
    for sentence in all_faults():
        yield Fault(code=Code.BOOKS, now=sentence)


def _numbers() -> Iterator[Fault]:
    """From 1 in each series and year, each a little later than the one before."""
    series = (Receipt.series, Receipt.year)
    last, before = (
        func.lag(column, type_=column.type).over(partition_by=series, order_by=Receipt.no)
        for column in (Receipt.no, Receipt.issued_at)
    )
    seen = select(
        Receipt.id, Receipt.series, Receipt.year, Receipt.no, Receipt.issued_at,
        func.coalesce(last, 0).label("last"), before.label("before"),
    ).subquery()  # fmt: skip
    wrong = or_(seen.c.no != seen.c.last + 1, seen.c.issued_at < seen.c.before)
    asked = select(seen).where(wrong).order_by(seen.c.series, seen.c.year, seen.c.no)
    for row in db.session.execute(asked.execution_options(yield_per=AT_ONCE)):
        if row.no != row.last + 1:
            missing = f"{row.series}/{row.year}: {row.last + 1} … {row.no - 1}"
            yield Fault(
                code=Code.NUMBER_MISSING, table=RECEIPTS, id=row.id, was=missing, now=f"{row.no}"
            )
        if row.before is not None and row.issued_at < row.before - MARGIN:
            was, now = moment_text(row.before), moment_text(row.issued_at)
            yield Fault(code=Code.NUMBER_DISORDER, table=RECEIPTS, id=row.id, was=was, now=now)


def _counters() -> Iterator[Fault]:
    """The last number that was given is that of the last receipt."""
    last = func.coalesce(func.max(Receipt.no), 0)
    same = and_(COUNTER + Receipt.series == NumberSeries.series, Receipt.year == NumberSeries.year)
    asked = (
        select(NumberSeries.id, NumberSeries.series, NumberSeries.year, NumberSeries.last_no, last)
        .outerjoin(Receipt, same)
        .where(NumberSeries.series.startswith(COUNTER, autoescape=True))
        .group_by(
            NumberSeries.id, NumberSeries.series, NumberSeries.year, NumberSeries.last_no
        )
        .having(last != NumberSeries.last_no)
        .order_by(NumberSeries.series, NumberSeries.year)
    )  # fmt: skip
    for one, series, year, counted, found in db.session.execute(asked):
        yield Fault(
            code=Code.COUNTER_DIFFERS, table=NumberSeries.__tablename__, id=one,
            was=f"{series}/{year}: {counted}", now=f"{found}",
        )  # fmt: skip


def _voids() -> Iterator[Fault]:
    """A void repeats what it voids."""
    voided = aliased(Receipt)
    same = and_(
        voided.amount == Receipt.amount,
        voided.skrd_id == Receipt.skrd_id,
        voided.kind == ReceiptKind.RECEIPT,
    )
    asked = (
        select(Receipt.id)
        .outerjoin(voided, voided.id == Receipt.voids_id)
        .where(Receipt.kind == ReceiptKind.VOID, or_(voided.id.is_(None), ~same))
        .order_by(Receipt.id)
    )
    for one in db.session.scalars(asked):
        yield Fault(code=Code.VOID_DIFFERS, table=RECEIPTS, id=one)


def _late_journals() -> Iterator[Fault]:
    """Nothing was written into a day after it was closed."""
    first, last = LONG_AGO, LONG_AGO
    for day, closed_at in _closed_days():
        first, last = last + timedelta(days=1), day
        asked = select(Journal.id, Journal.recorded_at).where(
            Journal.effective_on >= first,
            Journal.effective_on <= last,
            Journal.recorded_at > closed_at + MARGIN,
        )
        for one, recorded_at in db.session.execute(asked.order_by(Journal.id)):
            yield Fault(
                code=Code.DAY_CLOSED, table=Journal.__tablename__, id=one,
                was=f"{day} {moment_text(closed_at)}", now=moment_text(recorded_at),
            )  # fmt: skip


def _closed_days() -> list[tuple[date, datetime]]:
    asked = select(ClosedDay.day, ClosedDay.closed_at).order_by(ClosedDay.day)
    return [(day, closed_at) for day, closed_at in db.session.execute(asked)]
