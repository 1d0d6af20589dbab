"""What is due and overdue, by village and by owner, to be printed and taken along."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name
from sijinak.core.errors import NotFound
from sijinak.core.money import thousands
from sijinak.core.permissions import Permission
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows_list
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.pages import bp
from sijinak.vaccinations.queries import SOON_DAYS
from sijinak.vaccinations.reminding import Due, due_by_village, due_in_village, owners_of
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form
from sijinak.web.labels import options

MOST_SHOWN = 200
MOST_PRINTED = 1000


@bp.get("/jatuh-tempo")
@needs(Permission.VACCINATION_READ)
def due() -> ResponseReturnValue:
    """Where animals are due or overdue: which villages to visit first."""
    found = due_by_village(_disease(), by=actor())
    rows = sorted(found.items(), key=lambda row: (-sum(row[1]), full_name(row[0])))
    return render_template(
        "vaccinations/due.html",
        rows=[(v, full_name(v), thousands(over), thousands(near)) for v, (over, near) in rows],
        days=SOON_DAYS,
        **_filter(),
    )


@bp.get("/jatuh-tempo/<village>")
@needs(Permission.VACCINATION_READ)
def due_in(village: str) -> ResponseReturnValue:
    """Which animals of a village to look for; the first of them when there are very many."""
    found = due_in_village(village, _disease(), by=actor(), most=MOST_SHOWN + 1)
    _tell(found[:MOST_SHOWN], village)
    return render_template(
        "vaccinations/due_in.html",
        village=village,
        name=full_name(village) if found else "",
        rows=found[:MOST_SHOWN],
        most=MOST_SHOWN if len(found) > MOST_SHOWN else 0,
        days=SOON_DAYS,
        **_filter(),
    )


@bp.get("/jatuh-tempo/<village>/pemilik")
@needs(Permission.VACCINATION_RECORD)
def due_owners(village: str) -> ResponseReturnValue:
    """For paper: each owner with the animals to bring."""
    found = due_in_village(village, _disease(), by=actor(), most=MOST_PRINTED)
    if not found:
        raise NotFound(village=village)
    _tell(found, village)
    return render_template(
        "vaccinations/due_owners.html", village=full_name(village), owners=owners_of(found)
    )


def _tell(shown: Sequence[Due], village: str) -> None:
    asked = {"penyakit": _disease()}
    shows_list(Where.DUE, (one.animal.keeper_id for one in shown), village, asked)


def _disease() -> Disease | None:
    asked = request.args.get("penyakit", "")
    return Disease(asked) if asked in set(Disease) else None


def _filter() -> dict[str, object]:
    chosen = _disease()
    return {
        "chosen": chosen,
        "form": Form({"penyakit": chosen.value if chosen else ""}),
        "diseases": [("", _("All diseases")), *options(Disease)],
    }
