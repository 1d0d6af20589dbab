"""The months and years of retribution: figures, charts, and what they are made of."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from sijinak.areas.queries import full_name, places
from sijinak.core.clock import today
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, may
from sijinak.reports.labels import period_name, short_month
from sijinak.reports.periods import Period
from sijinak.reports.pictures import pictures_of
from sijinak.reports.queries import Report, report_of
from sijinak.reports.view import here, tables_of
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.settings import settings

bp = Blueprint("reports", __name__)
YEARS = range(2000, 2101)
YEARS_BACK = 5


@bp.get("/")
@needs(Permission.REPORT_READ)
def index() -> ResponseReturnValue:
    """The year at a glance; the form above it leads to another month or year."""
    year, month = _number("tahun"), _number("bulan")
    if year in YEARS:
        more: dict[str, Any] = {"wilayah": request.args.get("wilayah") or None}
        if month in range(1, 13):
            return redirect(url_for(".show_of_month", year=year, month=month, **more))
        return redirect(url_for(".show_of_year", year=year, **more))
    return _shown(Period(today().year))


@bp.get("/<int:year>")
@needs(Permission.REPORT_READ)
def show_of_year(year: int) -> ResponseReturnValue:
    return _shown(period_at(year))


@bp.get("/<int:year>/<int:month>")
@needs(Permission.REPORT_READ)
def show_of_month(year: int, month: int) -> ResponseReturnValue:
    return _shown(period_at(year, month))


def period_at(year: int, month: int | None = None) -> Period:
    """Raises NotFound for what is no month or year of ours."""
    if year not in YEARS or (month is not None and month not in range(1, 13)):
        raise NotFound(year=year, month=month)
    return Period(year, month or 0)


def region_asked() -> str:
    """A place from our list, or empty."""
    asked = request.args.get("wilayah", "")
    if asked and asked not in places():
        raise NotFound(region=asked[:20])
    return asked


def asked_report(period: Period) -> Report:
    office = settings().regency
    return report_of(period, region=region_asked(), office=office, today=today(), by=actor())


def title_of(period: Period) -> str:
    return _("Retribution in %(period)s", period=period_name(period))


def _shown(period: Period) -> str:
    report = asked_report(period)
    region = region_asked()
    this_year = today().year
    return render_template(
        "reports/index.html",
        report=report,
        title=title_of(period),
        place=full_name(report.scope.region) if report.scope.region else "",
        region=region,
        tables=tables_of(report, region),
        pictures=[(one.title, Markup(one.svg)) for one in pictures_of(report)],  # noqa: S704
        years=range(this_year, this_year - YEARS_BACK, -1),
        month_names=[(n, short_month(n)) for n in range(1, 13)],
        period_name=period_name,
        here=here,
        sees_desk=may(actor(), Permission.TREASURY_READ),
        neighbours=_neighbours(period),
    )


def _neighbours(period: Period) -> list[tuple[str, str]]:
    """The period before and the one after it, unless that is to come."""
    if not period.number:
        found = [Period(period.year - 1), Period(period.year + 1)]
    else:
        place = period.year * 12 + period.number - 1
        found = [Period(n // 12, n % 12 + 1) for n in (place - 1, place + 1)]
    return [(period_name(one), _url(one)) for one in found if _is_known(one)]


def _is_known(period: Period) -> bool:
    return period.year in YEARS and period.first <= today()


def _url(period: Period) -> str:
    more: dict[str, Any] = {"wilayah": region_asked() or None}
    if not period.number:
        return url_for(".show_of_year", year=period.year, **more)
    return url_for(".show_of_month", year=period.year, month=period.number, **more)


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else 0  # noqa: PLR2004


def tiles(by: Actor) -> Sequence[Tile]:
    """Where the reports are; what a month brought is not asked for each first page."""
    if not by.reaches(Permission.REPORT_READ):
        return []
    this = Period(today().year, today().month)
    url = url_for("reports.show_of_month", year=this.year, month=this.number)
    return [Tile(_("Report of the month"), period_name(this), url, "chart-bar")]
