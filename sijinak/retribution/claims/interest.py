"""How much interest the law asks: days in, whole rupiah out. No clock, no database."""

import calendar
from collections.abc import Iterable
from datetime import date

from sijinak.core.money import Rupiah
from sijinak.retribution.policy import policy

LAPSES_AFTER_MONTHS = 36  # PP 35/2023: a claim lapses after three years unless it was warned of
_WHOLE = 1000  # tenths of a percent in one


def months_late(due: date, paid: date) -> int:
    """How many months have begun since the due date; paid on the due date is in time.

    A month from the 31st of January ends on the last day of February.
    """
    if paid <= due:
        return 0
    months = (paid.year - due.year) * 12 + paid.month - due.month
    return months if months and month_after(due, months) >= paid else months + 1


def days_stopped(due: date, on: date, spans: Iterable[tuple[date, date]]) -> int:
    """How many days after the due date, up to a day, lie in a span; its ends belong to it."""
    begins, ends = due.toordinal() + 1, on.toordinal()
    bounds = ((first.toordinal(), last.toordinal()) for first, last in spans)
    return len({d for a, b in bounds for d in range(max(a, begins), min(b, ends) + 1)})


def interest_on(amount: int, months: int) -> Rupiah:
    """Of the whole at once, rounded down to whole rupiah: in doubt for who pays."""
    counted = min(max(months, 0), policy.most_months)
    return Rupiah(amount * policy.interest_tenths * counted // _WHOLE)


def month_after(day: date, months: int) -> date:
    """The same day so many months on, or the last one of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def lapses_on(due: date) -> date:
    return month_after(due, LAPSES_AFTER_MONTHS)


def percent_text(tenths: int) -> str:
    """1 and 1,5 for 10 and 15 tenths, as papers write it."""
    whole, rest = divmod(tenths, 10)
    return f"{whole},{rest}" if rest else str(whole)
