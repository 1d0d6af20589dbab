"""Tables of a report with their addresses: each total leads to its entries."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from sijinak.core.money import thousands
from sijinak.reports.labels import KECAMATAN, line_name
from sijinak.reports.pictures import CUTS
from sijinak.reports.queries import Line, Report
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _

FIRST = {
    "components": N_("Component"),
    "channels": N_("Channel"),
    "places": N_("Place"),
    "officers": N_("Officer"),
}
# The name in the address that narrows the entries to one line of a cut.
ASKED = {"channels": "kanal", "officers": "petugas", "places": "tempat"}


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    caption: str
    head: list[str]
    rows: list[list[object]]


def tables_of(report: Report, region: str) -> list[Table]:
    return [_table(report, cut, region) for cut in CUTS]


def here(report: Report, view: str, **more: Any) -> str:
    """A page of the same period."""
    of = "year" if not report.period.number else "month"
    place: dict[str, Any] = {"year": report.period.year}
    if report.period.number:
        place["month"] = report.period.number
    return url_for(f"reports.{view}_of_{of}", **place, **{k: v for k, v in more.items() if v})


def _table(report: Report, cut: str, region: str) -> Table:
    lines = getattr(report, cut)
    head = [_(FIRST[cut]), _("This month"), _("In the year so far"), _("Same month last year")]
    if not report.period.number:
        head = [_(FIRST[cut]), _("This year"), _("The year before")]
    rows: list[list[object]] = [_row(report, cut, one, region) for one in lines]
    whole = report.total
    rows.append(_cells(report, Markup("<strong>{}</strong>").format(_("Total")), whole, region))
    return Table(cut, _(CUTS[cut]), head, rows)


def _row(report: Report, cut: str, line: Line, region: str) -> list[object]:
    name: object = line_name(cut, line)
    if cut == "components":
        name = Markup("{} <small>{}</small>").format(name, line.key[0])
    elif cut == "places" and len(line.key[0]) == KECAMATAN:
        url = here(report, "show", wilayah=line.key[0])
        name = Markup('<a href="{}">{}</a>').format(url, name)
    return _cells(report, name, line, region, **_asked(cut, line))


def _asked(cut: str, line: Line) -> dict[str, str]:
    if cut == "components":
        code, component, kind = line.key
        return {"rekening": code, "komponen": component, "jenis": kind or "skrd"}
    narrowed = {ASKED[cut]: line.key[0]}
    if cut == "places" and len(line.key[0]) < KECAMATAN:
        narrowed["tepat"] = "1"
    return narrowed


def _cells(report: Report, name: object, line: Line, region: str, **asked: str) -> list[object]:
    url = here(report, "entries", wilayah=region, **asked)
    amount = Markup('<a href="{}">{}</a>').format(url, thousands(line.amount))
    cells: list[object] = [escape(name), amount]
    if report.period.number:
        cells.append(thousands(line.so_far))
    return [*cells, thousands(line.before)]
