"""Numbers of papers, which must have no gap: each is looked at in the order of an index."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.audit.findings.checks.rows import rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.portable import whole_number
from sijinak.core.numbering import NumberSeries
from sijinak.permits.models import Permit
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from sijinak.treasury.cash.models import HandOver
from sijinak.treasury.deposits.models import Deposit
from sijinak.web.i18n import N_

Column = Any
# Where the running number stands in "524/000123/REK/2026", and where the year does.
RECOMMENDATION, SKKH = (5, 6, 16, 4), (7, 6, 19, 4)


def receipt_gaps() -> Iterator[Hit]:
    numbers = _numbers(Receipt, Receipt.series, Receipt.year, Receipt.no)
    yield from _gaps("receipts", numbers, "TBP/{series}")


def bill_gaps() -> Iterator[Hit]:
    yield from _gaps("skrd", _numbers(Skrd, Skrd.kind, Skrd.year, Skrd.no), "{series}")


def deposit_gaps() -> Iterator[Hit]:
    numbers = _numbers(Deposit, func.substr("STS", 1), Deposit.year, Deposit.no)
    yield from _gaps("deposits", numbers, "STS")


def handover_gaps() -> Iterator[Hit]:
    numbers = _numbers(HandOver, func.substr("BAST", 1), HandOver.year, HandOver.no)
    yield from _gaps("handovers", numbers.where(HandOver.no.is_not(None)), "BAST")


def permit_gaps() -> Iterator[Hit]:
    yield from _gaps("permits", _numbers_in(Permit.number, RECOMMENDATION, "permit"), "permit")


def skkh_gaps() -> Iterator[Hit]:
    yield from _gaps("permits", _numbers_in(Permit.skkh_number, SKKH, "skkh"), "skkh")


def _numbers(model: Any, series: Column, year: Column, no: Column) -> Select[Any]:
    """Each with the number before it, in the order of an index."""
    before = func.lag(no).over(partition_by=(series, year), order_by=no)
    return select(
        model.id, model.region, series.label("series"), year.label("year"), no.label("no"),
        func.coalesce(before, 0).label("before"),
    )  # fmt: skip


def _numbers_in(
    text: InstrumentedAttribute[str | None], places: tuple[int, int, int, int], series: str
) -> Select[Any]:
    at, size, year_at, year_size = places
    no = whole_number(func.substr(text, at, size))
    year = whole_number(func.substr(text, year_at, year_size))
    readable = (text.is_not(None), no > 0, year > 0)  # what was never a number of ours is left out
    return _numbers(Permit, func.substr(series, 1), year, no).where(*readable)


def _gaps(table: str, numbers: Select[Any], series: str) -> Iterator[Hit]:
    """What is missing before a number, and after the last one that was given."""
    found = numbers.subquery()
    holes = select(found).where(found.c.no > found.c.before + 1)
    for row in rows(holes.order_by(found.c.series, found.c.year, found.c.no)):
        yield _gap(table, row, row.before + 1, row.no - 1)
    last = select(found.c.series, found.c.year, func.max(found.c.no).label("no"))
    last_of = last.group_by(found.c.series, found.c.year).subquery()
    at_end = (last_of.c.series == found.c.series) & (last_of.c.year == found.c.year)
    ends = select(found).join(last_of, at_end & (last_of.c.no == found.c.no))
    given = _given()
    for row in rows(ends.order_by(found.c.series, found.c.year)):
        name = str(getattr(row.series, "value", row.series))
        spelt = series.format(series=name.upper() if table == "skrd" else name)
        if (top := given.get((spelt, row.year), row.no)) > row.no:
            yield _gap(table, row, row.no + 1, top)


def _gap(table: str, row: Any, first: int, last: int) -> Hit:
    name = str(getattr(row.series, "value", row.series))
    return Hit(
        subject=table, subject_id=row.id, key=f"{name}/{row.year}/{first}", region=row.region,
        facts={"series": name, "year": row.year, "first": first, "last": last,
               "missing": last + 1 - first},
        evidence=((table, row.id),),
    )  # fmt: skip


def _given() -> dict[tuple[str, int], int]:
    asked = select(NumberSeries.series, NumberSeries.year, NumberSeries.last_no)
    return {(row[0], row[1]): row[2] for row in rows(asked.order_by(NumberSeries.id))}


_GAP = N_("Numbers were given, and no paper in the records has them. A gap is read as a theft.")
_SEARCH = N_("Ask for the paper. Look for the numbers in the trail and in the last back-up.")
_RARE = N_("None is known: numbers are given in the transaction of the paper itself.")
CHECKS = (
    Check(
        code="gap-receipts", severity=Severity.HIGH, look=receipt_gaps,
        title=N_("A gap in the numbers of receipts"), means=_GAP, do=_SEARCH, false_alarm=_RARE,
        source="Permendagri 77/2020",
    ),
    Check(
        code="gap-bills", severity=Severity.HIGH, look=bill_gaps,
        title=N_("A gap in the numbers of SKRD and STRD"), means=_GAP, do=_SEARCH,
        false_alarm=_RARE, source="PP 35/2023",
    ),
    Check(
        code="gap-deposits", severity=Severity.HIGH, look=deposit_gaps,
        title=N_("A gap in the numbers of STS"), means=_GAP, do=_SEARCH, false_alarm=_RARE,
        source="Permendagri 77/2020",
    ),
    Check(
        code="gap-handovers", severity=Severity.MIDDLE, look=handover_gaps,
        title=N_("A gap in the numbers of hand-overs"), means=_GAP, do=_SEARCH,
        false_alarm=_RARE, source="Permendagri 77/2020",
    ),
    Check(
        code="gap-permits", severity=Severity.HIGH, look=permit_gaps,
        title=N_("A gap in the numbers of permits"), means=_GAP, do=_SEARCH, false_alarm=_RARE,
        source="Pergub NTB; UU 41/2014",
    ),
    Check(
        code="gap-skkh", severity=Severity.HIGH, look=skkh_gaps,
        title=N_("A gap in the numbers of SKKH"), means=_GAP, do=_SEARCH,
        false_alarm=N_("A returned application gives its letter up, and the number with it."),
        source="UU 41/2014",
    ),
)  # fmt: skip
