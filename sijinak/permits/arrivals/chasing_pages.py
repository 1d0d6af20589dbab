"""Open permits by age, asking for time, and the limits."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.queries import keeper_facts
from sijinak.keepers.showing import shows_list
from sijinak.permits.arrivals import labels as _labels  # noqa: F401 - names our ways
from sijinak.permits.arrivals.schemas import (
    AskForTimeSchema,
    Heard,
    HeardSchema,
    SetLimitSchema,
    answer_of,
)
from sijinak.permits.chasing.commands import AskForTime, SetLimit
from sijinak.permits.chasing.queries import (
    Blocked,
    appeal_by_id,
    appeals,
    count_appeals_to_hear,
    count_to_chase,
    limit_on,
    limits,
    open_too_long,
    permits_to_chase,
    time_given,
    waiting_appeal,
)
from sijinak.permits.chasing.services import answer_appeal, ask_for_time, set_limit
from sijinak.permits.queries import heads_on
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

bp = Blueprint("chasing", __name__)
P = Permission
CHOOSE_DAY = N_("Choose the last day on which the keeper may apply all the same.")
TIME_USUALLY_GIVEN = timedelta(days=14)


@bp.get("/belum-tiba")
@needs(P.PERMIT_ARRIVE, P.PERMIT_HEAR, P.PERMIT_APPLY)
def index() -> ResponseReturnValue:
    found = permits_to_chase(by=actor())
    keepers = keeper_facts({one.permit.keeper_id for one in found})
    shows_list(Where.PERMITS, keepers)
    return render_template(
        "arrivals/open.html",
        found=found,
        keepers=keepers,
        limit=limit_on(today()),
        heads_on=heads_on,
        place_name=place_name,
        blocked=_own_block(),
        may_set=bool(actor().reaches(P.RULE_MANAGE)),
    )


@bp.get("/waktu")
@needs(P.PERMIT_APPLY, P.PERMIT_HEAR, P.PERMIT_ARRIVE)
def time_asked() -> ResponseReturnValue:
    return _time_page(blank())


@bp.post("/waktu")
@needs(P.PERMIT_APPLY)
def ask() -> ResponseReturnValue:
    form = read_form(AskForTimeSchema())
    if form.value is None:
        return _time_page(form), 422
    try:
        with transaction():
            ask_for_time(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _time_page(form.refuse(error)), 422
    flash(_("You have asked for time. The Kabid answers."), "success")
    return redirect(url_for(".time_asked"))


@bp.get("/waktu/<uuid:appeal_id>")
@needs(P.PERMIT_HEAR)
def appeal(appeal_id: UUID) -> ResponseReturnValue:
    until = today() + TIME_USUALLY_GIVEN
    return _appeal_page(appeal_id, blank(until=until.isoformat()))


@bp.post("/waktu/<uuid:appeal_id>")
@needs(P.PERMIT_HEAR)
def answer(appeal_id: UUID) -> ResponseReturnValue:
    form = read_form(HeardSchema())
    if form.value is not None and form.value.decision == "yes" and form.value.until is None:
        form.errors["until"], form.value = [CHOOSE_DAY], None
    if form.value is None:
        return _appeal_page(appeal_id, form), 422
    try:
        with transaction():
            answer_appeal(answer_of(appeal_id, form.value), by=actor())
    except (Conflict, Invalid) as error:
        field = "until" if error.code == "day-has-passed" else WHOLE_FORM
        return _appeal_page(appeal_id, form.refuse(error, field)), 422
    flash(_("Your answer is recorded, and the keeper sees it."), "success")
    return redirect(url_for(".time_asked"))


@bp.get("/batas")
@needs(P.RULE_MANAGE)
def bounds() -> ResponseReturnValue:
    known = limit_on(today())
    values = {"valid_from": today().isoformat()}
    if known is not None:
        names = ("remind_after_days", "late_after_days", "most_late")
        values |= {name: str(getattr(known, name)) for name in names}
    return _bounds_page(blank(**values))


@bp.post("/batas")
@needs(P.RULE_MANAGE)
def set_bounds() -> ResponseReturnValue:
    form = read_form(SetLimitSchema())
    if form.value is None:
        return _bounds_page(form), 422
    fields = {
        "late-before-reminder": "late_after_days",
        "limit-there": "valid_from",
        "day-has-passed": "valid_from",
    }
    try:
        with transaction():
            set_limit(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _bounds_page(form.refuse(error, fields.get(error.code, WHOLE_FORM))), 422
    flash(_("The limits are set."), "success")
    return redirect(url_for(".bounds"))


def tiles(by: Actor) -> Sequence[Tile]:
    """Of the desk and the applicant: what did not arrive; of the Kabid: who asks for time."""
    found = []
    if any(by.reaches(needed) for needed in (P.PERMIT_ARRIVE, P.PERMIT_APPLY)) and (
        count := count_to_chase(by=by)
    ):
        name, url = _("Left and not arrived"), url_for("chasing.index")
        found.append(Tile(name, str(count), url, "ship", "warning"))
    if by.reaches(P.PERMIT_HEAR) and (count := count_appeals_to_hear(by=by)):
        name, url = _("Keepers who ask for time"), url_for("chasing.time_asked")
        found.append(Tile(name, str(count), url, "clock", "warning"))
    return found


def _own_block() -> Blocked | None:
    own = _own_keeper()
    return open_too_long(own) if own else None


def _own_keeper() -> UUID | None:
    reaches = actor().reaches(P.PERMIT_APPLY)
    return next((reach.keeper_id for reach in reaches if reach.keeper_id), None)


def _time_page(form: Form[AskForTime]) -> str:
    own = _own_keeper()
    blocked = open_too_long(own) if own else None
    rows = appeals(by=actor())
    shows_list(Where.PERMITS, (keeper.id for _appeal, keeper in rows))
    return render_template(
        "arrivals/time.html",
        form=form,
        own=own,
        blocked=blocked,
        given=time_given(own) if own else None,
        may_ask=blocked is not None and own is not None and waiting_appeal(own) is None,
        rows=rows,
        may_hear=bool(actor().reaches(P.PERMIT_HEAR)),
    )


def _appeal_page(appeal_id: UUID, form: Form[Heard]) -> str:
    asked, keeper = appeal_by_id(appeal_id, by=actor())
    return render_template(
        "arrivals/appeal.html",
        form=form,
        appeal=asked,
        keeper=keeper,
        blocked=open_too_long(keeper.id),
        may_answer=asked.heard_at is None and may(actor(), P.PERMIT_HEAR, region=keeper.village),
    )


def _bounds_page(form: Form[SetLimit]) -> str:
    return render_template("arrivals/limits.html", form=form, rows=limits())
