"""What reports call components, places and ways."""

from sijinak.areas.queries import places
from sijinak.reports.books import INTEREST, WAY_OF_TICKETS
from sijinak.reports.periods import Period
from sijinak.reports.queries import Line
from sijinak.treasury.desk.labels import way_in
from sijinak.web.formats import day_in, officer
from sijinak.web.i18n import N_, locale
from sijinak.web.i18n import gettext as _
from sijinak.web.messages import MESSAGES

MESSAGES["report-layout"] = N_(
    "The file with the columns for SIPD cannot be used. Tell whoever keeps the server: %(why)s"
)
KECAMATAN = len("52.04.02")


def component_name(key: tuple[str, ...]) -> str:
    _code, component, kind = key
    if kind == WAY_OF_TICKETS:
        return _("Tickets")
    return _("Interest on late bills (STRD)") if component == INTEREST else component


def place_label(code: str) -> str:
    """Of a kecamatan or village; what is booked for the whole regency says so."""
    found = places().get(code)
    if len(code) < KECAMATAN:
        return _("Not by kecamatan")
    return found.name if found else code


def line_name(cut: str, line: Line) -> str:
    match cut:
        case "components":
            return component_name(line.key)
        case "channels":
            return way_in(line.key[0])
        case "officers":
            return officer(line.name)
        case _:
            return place_label(line.key[0])


def period_name(period: Period) -> str:
    """2026, or Nov 2026."""
    if not period.number:
        return str(period.year)
    return day_in(locale())(period.first).split(" ", 1)[1]


def short_month(number: int) -> str:
    return period_name(Period(2000, number)).split(" ", maxsplit=1)[0]
