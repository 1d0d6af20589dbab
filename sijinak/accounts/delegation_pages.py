"""Delegations: of one's own appointments, and for administrators of those they look after."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.delegating import (
    EndDelegation,
    GiveDelegation,
    end_delegation,
    give_delegation,
    shareable_appointment,
)
from sijinak.accounts.delegation_queries import (
    DelegationLine,
    delegation_line,
    delegations_about,
    own_running_out,
    possible_takers,
    running_out,
    shareable_of,
)
from sijinak.accounts.delegation_schemas import EndDelegationSchema, GiveDelegationSchema
from sijinak.accounts.grants import DELEGABLE, GRANTS
from sijinak.accounts.mandates import PREFIXES
from sijinak.accounts.models import Appointment, Manner
from sijinak.accounts.own_pages import me
from sijinak.accounts.queries import user_by_id
from sijinak.areas.queries import Place, place_name, regions_within
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Invalid, NotFound, SijinakError
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.web.access import actor, needs, signed_in
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.labels import label
from sijinak.web.settings import settings

bp = Blueprint("accounts_delegations", __name__)
MANY = frozenset({"permissions"})
BESIDE = {
    "taker-unfit": "taker_id",
    "delegation-to-oneself": "taker_id",
    "delegation-profession": "taker_id",
    "delegation-not-held": "permissions",
    "delegation-outside": "region",
    "delegation-too-long": "valid_until",
    "office-held": "manner",
}


bp.add_app_template_global(Permission, "permission_named")
bp.add_app_template_global(PREFIXES.__getitem__, "manner_prefix")


@bp.get("/akun/pelimpahan")
@signed_in
def index() -> ResponseReturnValue:
    who = me()
    return render_template(
        "accounts/delegations.html",
        lines=delegations_about(who.id),
        who=who,
        can_give=bool(shareable_of(who.id)),
    )


@bp.get("/akun/pelimpahan/baru")
@signed_in
def new() -> ResponseReturnValue:
    return _form_page(me().id, blank(valid_from=today().isoformat()))


@bp.post("/akun/pelimpahan/baru")
@signed_in
def give() -> ResponseReturnValue:
    return _give(me().id, url_for(".index"))


@bp.get("/pengguna/<uuid:user_id>/pelimpahan")
@needs(Permission.USER_MANAGE)
def new_for(user_id: UUID) -> ResponseReturnValue:
    return _form_page(user_id, blank(valid_from=today().isoformat()))


@bp.post("/pengguna/<uuid:user_id>/pelimpahan")
@needs(Permission.USER_MANAGE)
def give_for(user_id: UUID) -> ResponseReturnValue:
    return _give(user_id, url_for("users.show", user_id=user_id))


@bp.get("/akun/pelimpahan/<uuid:delegation_id>/akhiri")
@signed_in
def ending(delegation_id: UUID) -> ResponseReturnValue:
    return _end_page(delegation_id, blank())


@bp.post("/akun/pelimpahan/<uuid:delegation_id>/akhiri")
@signed_in
def end(delegation_id: UUID) -> ResponseReturnValue:
    line = _line(delegation_id)
    form: Form[EndDelegation] = read_form(EndDelegationSchema(delegation_id))
    if form.value is None:
        return _end_page(delegation_id, form), 422
    with transaction():
        end_delegation(form.value, by=me())
    flash(_("The delegation has ended."), "success")
    own = line.row.giver_id == me().id
    return redirect(url_for(".index") if own else url_for("users.show", user_id=line.row.giver_id))


@bp.get("/mandat")
@needs(Permission.MANDATE_READ)
def soon_over() -> ResponseReturnValue:
    days = settings().mandate_warning_days
    return render_template("accounts/mandates.html", found=running_out(days, by=actor()), days=days)


def tiles(by: Actor) -> Sequence[Tile]:
    """What ends soon: one's own mandates, and for the heads all within reach."""
    days = settings().mandate_warning_days
    own, near = own_running_out(by.id, days), []
    if may(by, Permission.MANDATE_READ):
        near = [one for one in running_out(days, by=by) if one.user_id != by.id]
    found = []
    if own:
        left, url = str(own[0].days_left), url_for("accounts_own.account")
        found.append(Tile(_("Days left of your mandate"), left, url, "calendar", "warning"))
    if near:
        count, url = thousands(len(near)), url_for("accounts_delegations.soon_over")
        found.append(Tile(_("Mandates that end soon"), count, url, "calendar", "warning"))
    return found


def _give(giver_id: UUID, then: str) -> ResponseReturnValue:
    form: Form[GiveDelegation] = read_form(GiveDelegationSchema(), many=MANY)
    if form.value is None:
        return _form_page(giver_id, form), 422
    try:
        with transaction():
            _must_be_of(form.value.appointment_id, giver_id)
            give_delegation(form.value, by=me())
    except SijinakError as error:
        status = 422 if isinstance(error, Invalid) else 409
        refused = form.refuse(error, BESIDE.get(error.code, WHOLE_FORM))
        return _form_page(giver_id, refused), status
    flash(_("The delegation is saved."), "success")
    return redirect(then)


def _must_be_of(appointment_id: UUID, giver_id: UUID) -> None:
    if shareable_appointment(appointment_id, by=me()).user_id != giver_id:
        raise NotFound(appointment_id=str(appointment_id))


def _form_page(giver_id: UUID, form: Form[Any]) -> str:
    own = giver_id == me().id
    giver = me() if own else user_by_id(giver_id, by=actor())
    held = shareable_of(giver_id)
    return render_template(
        "accounts/delegate.html",
        form=form,
        giver=giver,
        own=own,
        appointments=[(str(a.id), f"{label(a.role)}, {place_name(a.region)}") for a in held],
        takers=[
            (str(user_id), f"{name} ({', '.join(map(label, roles))})")
            for user_id, name, roles in possible_takers(giver_id)
            if user_id != me().id
        ],
        manners=[m for m in Manner if not (own and m is Manner.PLT)],
        rights=[(p.value, label(p)) for p in DELEGABLE if any(p in GRANTS[a.role] for a in held)],
        regions=_regions(held),
    )


def _regions(held: list[Appointment]) -> list[Place]:
    found = {p.code: p for a in held for p in regions_within(a.region)}
    return sorted(found.values(), key=lambda p: p.code)


def _line(delegation_id: UUID) -> DelegationLine:
    line = delegation_line(delegation_id)
    if line is None:
        raise NotFound(delegation_id=str(delegation_id))
    shareable_appointment(line.row.appointment_id, by=me())
    return line


def _end_page(delegation_id: UUID, form: Form[Any]) -> str:
    return render_template(
        "accounts/delegation_end.html", form=form, line=_line(delegation_id), own=me().id
    )
