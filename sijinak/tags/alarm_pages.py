"""Alarms about tags for those who answer them."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, may
from sijinak.tags.alarms import ANSWER, SEES, alarm_by_id, alarms, count_open_alarms, is_about
from sijinak.tags.labels import alarm_lines
from sijinak.tags.services import CloseAlarm, close_alarm
from sijinak.web.access import actor, needs
from sijinak.web.fields import REQUIRED, TOO_LONG
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, InputSchema, blank, listing, place, read_form

bp = Blueprint("tags_alarms", __name__)


class CloseAlarmSchema(InputSchema[CloseAlarm]):
    makes = CloseAlarm

    id = fields.UUID(required=True)
    alarm_id = fields.UUID(required=True)
    resolution = fields.String(
        required=True,
        validate=validate.Length(max=500, error=TOO_LONG),
        error_messages=REQUIRED,
    )


@bp.get("/")
@needs(*SEES)
def index() -> ResponseReturnValue:
    closed = request.args.get("keadaan") == "selesai"
    page = alarms(by=actor(), is_open=not closed, place=place())
    return render_template(
        "tags/alarms.html",
        page=listing(page, ".index", keadaan="selesai" if closed else ""),
        closed=closed,
        lines=alarm_lines,
        full_name=full_name,
    )


@bp.get("/<uuid:alarm_id>")
@needs(*SEES)
def show(alarm_id: UUID) -> ResponseReturnValue:
    return _page(alarm_id, blank(alarm_id=str(alarm_id)))


@bp.post("/<uuid:alarm_id>")
@needs(*ANSWER)
def close(alarm_id: UUID) -> ResponseReturnValue:
    form = read_form(CloseAlarmSchema())
    form.raw["alarm_id"] = str(alarm_id)
    if form.value is None or form.value.alarm_id != alarm_id:
        return _page(alarm_id, form), 422
    try:
        with transaction():
            close_alarm(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(alarm_id, form.refuse(error, "resolution")), 422
    flash(_("The alarm is closed. What you wrote stays with it."), "success")
    return redirect(url_for(".index"))


def tiles(by: Actor) -> Sequence[Tile]:
    """Open alarms, for those who answer them, and for auditors."""
    if not any(may(by, permission) for permission in SEES):
        return ()
    count, url = count_open_alarms(by=by), url_for("tags_alarms.index")
    return [Tile(_("Alarms about tags"), thousands(count), url, "bell", "warning")] if count else ()


def _page(alarm_id: UUID, form: Form[CloseAlarm]) -> str:
    alarm = alarm_by_id(alarm_id, by=actor())
    return render_template(
        "tags/alarm.html",
        alarm=alarm,
        form=form,
        lines=alarm_lines(alarm),
        full_name=full_name,
        is_own=is_about(alarm, actor()),
        may_close=any(may(actor(), permission, region=alarm.region) for permission in ANSWER),
    )
