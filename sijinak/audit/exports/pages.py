"""Lists to take away: each asked for by the same filters as on the screen, each in the trail."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name, places, regions_within
from sijinak.audit.exports.catalogue import KINDS, asked_of, kind_called, rows_of
from sijinak.audit.labels import event_name
from sijinak.audit.queries import trail
from sijinak.core.clock import today
from sijinak.core.permissions import Permission
from sijinak.payments.labels import CHANNELS
from sijinak.web.access import actor, needs
from sijinak.web.exporting import Export, hand_out
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, listing, place
from sijinak.web.streams import Question

bp = Blueprint("exports", __name__)


@bp.get("/")
@needs(Permission.AUDIT_WORK)
def index() -> ResponseReturnValue:
    """What there is, the filters, and what was taken away before, by whom."""
    asked = asked_of(request.args).spelt()
    return render_template(
        "audit/exports.html",
        kinds=KINDS.values(),
        asked=asked,
        form=Form(asked),
        regions=_regions(),
        channels=[(code, _(name)) for code, name in CHANNELS.items()],
        page=listing(trail(by=actor(), name="export.", place=place()), ".index", **asked),
        event_name=event_name,
    )


@bp.get("/<what>.<any(csv, xlsx):kind>")
@needs(Permission.AUDIT_WORK)
def take(what: str, kind: str) -> ResponseReturnValue:
    chosen, asked = kind_called(what), asked_of(request.args)
    rows = rows_of(chosen, asked, by=actor())
    head = [_(title) for title in chosen.columns]
    name = f"{what}-{asked.wanted.first or 'awal'}-{asked.wanted.last or today()}"
    region = asked.wanted.region if asked.wanted.region in places() else ""
    export = Export(
        what=what, name=name, title=_(chosen.title), head=head, asked=asked.spelt(), region=region
    )
    return hand_out(kind, export, Question(rows))


def _regions() -> list[tuple[str, str]]:
    """Kecamatan and villages where the person may look."""
    reaches = actor().reaches(Permission.AUDIT_WORK)
    found = {one.code: full_name(one.code) for r in reaches for one in regions_within(r.region)}
    return sorted(found.items())
