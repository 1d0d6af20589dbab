"""Numbers, money, days and moments as people read them."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from babel.dates import get_month_names
from flask import Flask

from sijinak.core.clock import clock, local
from sijinak.core.codes import spaced
from sijinak.core.money import rupiah_text, thousands
from sijinak.web.i18n import gettext as _
from sijinak.web.i18n import locale

MACHINES = "sijinak "  # what the names of all actors begin with that are no persons


def day(when: date | datetime) -> str:
    """A day such as 21 Nov 2026."""
    return day_in(locale())(when)


@cache
def day_in(language: str) -> Callable[[date | datetime], str]:
    """The days of one language. Babel's own format_date takes 20 times as long."""
    months = get_month_names("abbreviated", locale=language)

    def written(when: date | datetime) -> str:
        when = local(when) if isinstance(when, datetime) else when
        return f"{when.day} {months[when.month]} {when.year}"

    return written


def moment(when: datetime) -> str:
    """A moment such as 21 Nov 2026 14.05 WITA."""
    here = local(when)
    return f"{day(here.date())} {here:%H.%M} {clock.zone.tzname(None)}"


def _money(amount: int) -> str:
    """With a blank that does not break a line."""
    return rupiah_text(amount).replace(" ", "\u00a0")


def officer(name: str) -> str:
    """Who did it: the name of a machine is said so that people understand it."""
    return _("System (automatic)") if name.startswith(MACHINES) else name


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        day=day, moment=moment, money=_money, number=thousands, tag_code=spaced, officer=officer
    )
