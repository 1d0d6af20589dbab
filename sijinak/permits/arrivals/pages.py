"""An arrival at the office: the link to hand over, what was said, and saying it for a receiver."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.permits.arrivals.commands import MakeArrivalLink
from sijinak.permits.arrivals.labels import field_of
from sijinak.permits.arrivals.schemas import ArrivalForm, RemindSchema
from sijinak.permits.arrivals.services import make_arrival_link, say_arrival
from sijinak.permits.arrivals.view import animals_to_say, blank_form, facts_for, handed_for
from sijinak.permits.chasing.commands import Remind
from sijinak.permits.chasing.models import ReminderWay
from sijinak.permits.chasing.queries import reminders_of
from sijinak.permits.chasing.services import remind
from sijinak.permits.commands import PermitCommand
from sijinak.permits.labels import message_of
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.queries import permit_by_id
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, InputSchema, blank, read_form
from sijinak.web.labels import options
from sijinak.web.messages import message_for
from sijinak.web.settings import settings

bp = Blueprint("arrivals", __name__)
P = Permission
ON_THE_WAY = (PermitState.DEPARTED, PermitState.ARRIVED)


class LinkSchema(InputSchema[PermitCommand]):
    """The form says which permit, and nothing else."""

    makes = PermitCommand
    id = RemindSchema().fields["id"]
    permit_id = RemindSchema().fields["permit_id"]


@bp.get("/<uuid:permit_id>/kedatangan")
@needs(P.PERMIT_READ)
def show(permit_id: UUID) -> ResponseReturnValue:
    permit = _left(permit_id)
    facts = facts_for(permit)
    return _page(permit, blank_form(permit, facts["said"]), blank())


@bp.post("/<uuid:permit_id>/kedatangan")
@needs(P.PERMIT_ARRIVE)
def say(permit_id: UUID) -> ResponseReturnValue:
    """What the receiver told the office by telephone or on paper."""
    permit = _left(permit_id)
    form = ArrivalForm(dict(request.form))
    form.take(animals_to_say(permit))
    command = form.command(permit.id)
    if command is None:
        return _page(permit, form, blank()), 422
    try:
        with transaction():
            say_arrival(command, by=actor())
    except (Conflict, Invalid) as error:
        form.errors.setdefault(field_of(error) or WHOLE_FORM, []).append(message_of(error))
        return _page(_left(permit_id), form, blank()), 422
    flash(_("The arrival is recorded."), "success")
    return redirect(url_for(".show", permit_id=permit_id))


@bp.post("/<uuid:permit_id>/tautan-penerima")
@needs(P.PERMIT_APPLY, P.PERMIT_ARRIVE)
def link(permit_id: UUID) -> ResponseReturnValue:
    """A new link; the one before ends."""
    permit = _left(permit_id)
    form = read_form(LinkSchema())
    if form.value is not None and form.value.permit_id == permit.id:
        command = MakeArrivalLink(
            id=form.value.id, permit_id=permit.id, days=settings().arrival_link_days
        )
        try:
            with transaction():
                make_arrival_link(command, by=actor())
        except (Conflict, Invalid) as error:
            flash(message_for(error.code, error.facts), "error")
        else:
            flash(_("There is a new link. The one before has ended."), "success")
    return redirect(url_for(".show", permit_id=permit_id))


@bp.post("/<uuid:permit_id>/ingatkan")
@needs(P.PERMIT_ARRIVE)
def record_reminder(permit_id: UUID) -> ResponseReturnValue:
    permit = _left(permit_id)
    form = read_form(RemindSchema())
    said = blank_form(permit, None)
    if form.value is None or form.value.permit_id != permit.id:
        return _page(permit, said, form), 422
    try:
        with transaction():
            remind(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(_left(permit_id), said, form.refuse(error)), 422
    flash(_("The reminder is recorded."), "success")
    return redirect(url_for(".show", permit_id=permit_id))


def _left(permit_id: UUID) -> Permit:
    """Before the animals left there is nothing to arrive."""
    permit = permit_by_id(permit_id, by=actor())
    if permit.departed_at is None:
        raise NotFound(permit_id=str(permit_id))
    return permit


def _page(permit: Permit, form: ArrivalForm, reminder: Form[Remind]) -> str:
    region, keeper_id = permit.region, permit.keeper_id
    may_say = may(actor(), P.PERMIT_ARRIVE, region=region, keeper_id=keeper_id)
    hands_over = may_say or may(actor(), P.PERMIT_APPLY, region=region, keeper_id=keeper_id)
    is_open = permit.state in ON_THE_WAY
    return render_template(
        "arrivals/show.html",
        **facts_for(permit),
        form=form,
        reminder=reminder,
        reminders=reminders_of(permit.id),
        ways=options(ReminderWay),
        fresh=blank(),
        handed=handed_for(permit) if hands_over and is_open else None,
        hands_over=hands_over and is_open,
        may_say=may_say and is_open,
        may_remind=may_say and permit.state is PermitState.DEPARTED,
    )
