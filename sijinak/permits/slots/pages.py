"""How much the ports take, for the office; and the place of one permit, for its applicant."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import ports
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows_list
from sijinak.permits.models import Permit
from sijinak.permits.queries import permit_by_id
from sijinak.permits.slots.labels import FIELD_OF, why_ended
from sijinak.permits.slots.models import SlotUnit
from sijinak.permits.slots.queries import (
    booked_on,
    counted_days,
    days_to_choose,
    earlier_slots_of,
    ports_of,
    slot_of,
)
from sijinak.permits.slots.schemas import (
    BookSlotSchema,
    CancelSlotSchema,
    ChangeSlotSchema,
    SetCapacitySchema,
)
from sijinak.permits.slots.services import (
    BOOKABLE,
    book_slot,
    cancel_slot,
    change_slot,
    set_capacity,
)
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, day_in_address, read_form
from sijinak.web.labels import options

bp = Blueprint("slots", __name__)
SPAN = timedelta(days=34)
BOOKS = (Permission.PERMIT_APPLY, Permission.SLOT_MANAGE)


@bp.get("/slot/")
@needs(Permission.SLOT_MANAGE)
def index() -> ResponseReturnValue:
    own = ports_of(actor())
    asked = request.args.get("pelabuhan", "")
    port = next((p for p in own if p.code == asked), own[0] if own else None)
    first = day_in_address("dari", today())
    days = counted_days(port.code, first, first + SPAN) if port else []
    booked = [(one, booked_on(one)) for one in days]
    shows_list(Where.PERMITS, (one.permit.keeper_id for _day, some in booked for one in some))
    return render_template(
        "slots/index.html",
        ports=own,
        port=port,
        days=booked,
        first=first,
        earlier=first - SPAN - timedelta(days=1),
        later=first + SPAN + timedelta(days=1),
    )


@bp.get("/slot/atur")
@needs(Permission.SLOT_MANAGE)
def capacity() -> ResponseReturnValue:
    asked = request.args.get("pelabuhan", "")
    return _capacity(blank(port=asked, unit=SlotUnit.TRUCKS.value))


@bp.post("/slot/atur")
@needs(Permission.SLOT_MANAGE)
def keep_capacity() -> ResponseReturnValue:
    form = read_form(SetCapacitySchema())
    if form.value is None:
        return _capacity(form), 422
    try:
        with transaction():
            days = set_capacity(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _capacity(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422
    flash(_("The places are set."), "success")
    first = days[0].isoformat()
    return redirect(url_for(".index", pelabuhan=form.value.port, dari=first))


@bp.get("/<uuid:permit_id>/slot")
@needs(*BOOKS)
def choose(permit_id: UUID) -> ResponseReturnValue:
    return _choice(blank(), permit_by_id(permit_id, by=actor()))


@bp.post("/<uuid:permit_id>/slot")
@needs(*BOOKS)
def book(permit_id: UUID) -> ResponseReturnValue:
    """The first place, or another day instead of the one that is booked."""
    if slot_of(permit_id) is None or "why" not in request.form:
        return _carry(permit_id, BookSlotSchema(permit_id), book_slot, _("The place is booked."))
    return _carry(permit_id, ChangeSlotSchema(permit_id), change_slot, _("The day is changed."))


@bp.post("/<uuid:permit_id>/slot/batal")
@needs(*BOOKS)
def cancel(permit_id: UUID) -> ResponseReturnValue:
    return _carry(permit_id, CancelSlotSchema(permit_id), cancel_slot, _("The place is free."))


def _carry(permit_id: UUID, schema: Any, deed: Any, said: str) -> ResponseReturnValue:
    permit = permit_by_id(permit_id, by=actor())
    form = read_form(schema)
    if form.value is None:
        return _choice(form, permit), 422
    try:
        with transaction():
            deed(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _choice(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM)), permit), 422
    flash(said, "success")
    return redirect(url_for(".choose", permit_id=permit_id))


def _choice(form: Form[Any], permit: Permit) -> str:
    names = {port.code: port.name for port in ports()}
    days = days_to_choose(permit)
    return render_template(
        "slots/choose.html",
        form=form,
        cancelling=blank(),
        permit=permit,
        port=names.get(permit.port, permit.port),
        days=days,
        slot=slot_of(permit.id),
        earlier=earlier_slots_of(permit.id),
        why_ended=why_ended,
        is_bookable=permit.state in BOOKABLE,
    )


def _capacity(form: Form[Any]) -> str:
    own = [(port.code, port.name) for port in ports_of(actor())]
    return render_template("slots/capacity.html", form=form, ports=own, units=options(SlotUnit))
