"""The minutes of a destruction as a paper. It is always in Indonesian."""

from babel.dates import format_date

from sijinak.areas.queries import place_name
from sijinak.config import Settings
from sijinak.core.documents import render_pdf
from sijinak.core.money import thousands
from sijinak.vaccinations.stock.models import Minutes, Store
from sijinak.vaccinations.stock.shelves import Lying, destroyed_by, why_destroyed
from sijinak.web.formats import day_in
from sijinak.web.labels import label_in
from sijinak.web.papers import office_facts

LANGUAGE = "id"


def minutes_pdf(minutes: Minutes, store: Store, settings: Settings) -> bytes:
    """The same bytes each time."""
    lots = destroyed_by(minutes.id)
    day = format_date(minutes.destroyed_on, "d MMMM y", locale=LANGUAGE)
    facts = {
        "office": office_facts(settings),
        "number": minutes.number,
        "day": format_date(minutes.destroyed_on, "EEEE, d MMMM y", locale=LANGUAGE),
        "where": minutes.place,
        "method": minutes.method,
        "reason": _reason(minutes),
        "store": f"{store.name}, {place_name(store.region)}",
        "lots": [_line(no, lying) for no, lying in enumerate(lots, start=1)],
        "total": thousands(sum(lying.doses for lying in lots)),
        "witnesses": [name.strip() for name in minutes.witnesses.splitlines() if name.strip()],
        "signer": {"role": "Yang memusnahkan,", "name": minutes.by_name},
        "place": f"{minutes.place}, {day}",
    }
    return render_pdf("destruction", facts, at=minutes.recorded_at)


def _reason(minutes: Minutes) -> str:
    """Empty of minutes from before reasons were asked for."""
    reason, note = why_destroyed(minutes.id)
    return ": ".join(filter(None, (reason and label_in(LANGUAGE)(reason), note)))


def _line(no: int, lying: Lying) -> dict[str, object]:
    return {
        "no": no,
        "product": lying.product,
        "number": lying.number,
        "expires": day_in(LANGUAGE)(lying.expires_on),
        "doses": thousands(lying.doses),
    }
