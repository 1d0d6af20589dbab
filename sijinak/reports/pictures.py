"""Which charts a report has, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sijinak.core.money import rupiah_text, thousands
from sijinak.reports.charts import Named, Series, Titled, Unit, bars, columns, lines, running
from sijinak.reports.labels import line_name, period_name, short_month
from sijinak.reports.queries import Line, Report
from sijinak.reports.shapes import Drawing, svg
from sijinak.treasury.desk.labels import way_in
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _

MOST_BARS, MOST_WAYS = 8, 4
MONTHS = range(1, 13)
UNITS = (
    (1_000_000_000, N_("billion rupiah")),
    (1_000_000, N_("million rupiah")),
    (1_000, N_("thousand rupiah")),
    (1, N_("rupiah")),
)
CUTS = {
    "components": N_("Received by component"),
    "channels": N_("Received by channel"),
    "places": N_("Received by kecamatan"),
    "officers": N_("Received by officer"),
}


class Picture(NamedTuple):
    title: str
    svg: str


@dataclass(frozen=True, slots=True)
class _Words:
    name: str
    title: str
    most: int
    about: str

    def titled(self) -> Titled:
        size, unit = next((s, u) for s, u in UNITS if self.most >= s or s == 1)
        title = f"{self.title} ({_(unit)})"
        return Titled(name=self.name, title=title, about=self.about, unit=Unit(size))


def pictures_of(report: Report) -> list[Picture]:
    """For a year and for a month: the months of the year, then where and what for."""
    if not report.sum("received") and not any(one.received for one in report.months):
        return []
    drawings = [by_month(report), so_far(report)]
    if any(one.before for one in report.months):
        drawings.append(beside_last_year(report))
    drawings += [bars_of(report, cut) for cut in CUTS if getattr(report, cut)]
    return [Picture(one.title, svg(one)) for one in drawings]


def by_month(report: Report) -> Drawing:
    """Stacked by channel, the smaller ones in one, with the target of each month."""
    months, year = report.months, report.period.year
    totals: dict[str, int] = {}
    for one in months:
        for way, amount in one.ways.items():
            totals[way] = totals.get(way, 0) + amount
    ways = sorted(totals, key=lambda way: -totals[way])
    shown, rest = (ways, []) if len(ways) <= MOST_WAYS else (ways[:3], ways[3:])
    stacks = [Series(way_in(way), [one.ways.get(way, 0) for one in months]) for way in shown]
    if rest:
        others = [sum(one.ways.get(way, 0) for way in rest) for one in months]
        stacks.append(Series(_("Others"), others))
    target = Series(_("Target"), [one.target for one in months]) if _has_target(report) else None
    best = max(months, key=lambda one: one.received)
    said = _(
        "In %(year)s %(amount)s was received; most of it, %(most)s, in month %(month)s.",
        year=year,
        amount=rupiah_text(sum(one.received for one in months)),
        most=rupiah_text(best.received),
        month=best.month.month,
    )
    most = max(max(one.received, one.target) for one in months)
    words = _Words("bulan", _("Received month by month, %(year)s", year=year), most, said)
    return columns(words.titled(), [short_month(n) for n in MONTHS], stacks, target)


def so_far(report: Report) -> Drawing:
    """Only months that have begun."""
    year = report.period.year
    known = [one.received for one in report.months if not one.is_to_come]
    sums, targets = running(known), running([one.target for one in report.months])
    target = Series(_("Target"), targets) if _has_target(report) else None
    last, goal = (sums or [0])[-1], targets[-1]
    said = _("Until now %(amount)s was received.", amount=rupiah_text(last))
    if goal:
        aim = _("The target of the year is %(amount)s.", amount=rupiah_text(goal))
        said = f"{said} {aim}"
    title = _("Received so far in the year, %(year)s", year=year)
    words = _Words("jumlah", title, max(last, goal), said).titled()
    return lines(words, [short_month(n) for n in MONTHS], Series(_("Received"), sums), target)


def beside_last_year(report: Report) -> Drawing:
    year = report.period.year
    known = [one.received for one in report.months if not one.is_to_come]
    sums, before = running(known), running([one.before for one in report.months])
    said = _(
        "Until now %(amount)s in %(year)s, and %(before)s in the same months of the year before.",
        amount=rupiah_text((sums or [0])[-1]),
        year=year,
        before=rupiah_text(before[len(sums) - 1] if sums else 0),
    )
    words = _Words("lalu", _("Beside the year before"), max([0, *sums, *before]), said).titled()
    groups = [short_month(n) for n in MONTHS]
    return lines(words, groups, Series(str(year), sums), Series(str(year - 1), before))


def bars_of(report: Report, cut: str) -> Drawing:
    """The largest, and what all the others come to."""
    found: Sequence[Line] = getattr(report, cut)
    shown = found if len(found) <= MOST_BARS else found[: MOST_BARS - 1]
    rows = [Named(line_name(cut, one), one.amount, thousands(one.amount)) for one in shown]
    if rest := found[len(shown) :]:
        amount = sum(one.amount for one in rest)
        rows.append(Named(_("%(count)s others", count=len(rest)), amount, thousands(amount)))
    name = f"{_(CUTS[cut])}, {period_name(report.period)}"
    said = "; ".join(f"{row.name}: {row.said}" for row in rows[:3])
    return bars(Titled(name=cut, title=f"{name} ({_('rupiah')})", about=said, unit=Unit(1)), rows)


def _has_target(report: Report) -> bool:
    return any(one.target for one in report.months)
