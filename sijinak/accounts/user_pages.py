"""The administrator's pages: accounts, appointments, and what to do when a password is lost."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.delegation_queries import delegations_about, shareable_of
from sijinak.accounts.models import Role
from sijinak.accounts.queries import appointments_of, roles_of, sessions_of, user_by_id, users
from sijinak.accounts.schemas import AddUserSchema, AppointSchema, read_button
from sijinak.accounts.services import (
    UsernameTaken,
    add_user,
    appoint,
    end_appointment,
    reset_password,
    set_active,
    sign_out_everywhere,
)
from sijinak.areas.queries import VILLAGES, Place, regions_within
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.permissions import Permission
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.labels import options

bp = Blueprint("users", __name__)


@bp.get("/pengguna")
@needs(Permission.USER_MANAGE)
def index() -> ResponseReturnValue:
    words = request.args.get("cari", "").strip()[:64]
    page = users(by=actor(), words=words, place=place())
    return render_template(
        "accounts/users.html",
        page=listing(page, ".index", cari=words),
        roles=roles_of([user.id for user in page.items]),
        words=words,
    )


@bp.get("/pengguna/baru")
@needs(Permission.USER_MANAGE)
def new() -> ResponseReturnValue:
    """With ``pemilik`` in the address: the account of that owner, who is a trader."""
    start = {"valid_from": today().isoformat()}
    if owner := request.args.get("pemilik"):
        start |= {"keeper_id": owner[:36], "role": "trader"}
    return _new_page(blank(**start))


@bp.post("/pengguna/baru")
@needs(Permission.USER_MANAGE)
def create() -> ResponseReturnValue:
    """The one-time password is in this answer, and never again."""
    form = read_form(AddUserSchema())
    if form.value is None:
        return _new_page(form), 422
    try:
        with transaction():
            user, password = add_user(form.value, by=actor())
    except UsernameTaken as error:
        return _new_page(form.refuse(error, "username")), 422
    return render_template("accounts/one_time_password.html", user=user, password=password), 201


@bp.get("/pengguna/<uuid:user_id>")
@needs(Permission.USER_MANAGE)
def show(user_id: UUID) -> ResponseReturnValue:
    return render_template(
        "accounts/user.html",
        user=user_by_id(user_id, by=actor()),
        appointments=appointments_of(user_id),
        sessions=sessions_of(user_id),
        today=today(),
        is_own=user_id == actor().id,
        delegations=delegations_about(user_id),
        can_delegate=bool(shareable_of(user_id)),
    )


@bp.get("/pengguna/<uuid:user_id>/penunjukan")
@needs(Permission.USER_MANAGE)
def new_appointment(user_id: UUID) -> ResponseReturnValue:
    return _appoint_page(user_id, blank(valid_from=today().isoformat()))


@bp.post("/pengguna/<uuid:user_id>/penunjukan")
@needs(Permission.USER_MANAGE)
def create_appointment(user_id: UUID) -> ResponseReturnValue:
    form = read_form(AppointSchema(user_id))
    if form.value is None:
        return _appoint_page(user_id, form), 422
    with transaction():
        appoint(form.value, by=actor())
    flash(_("The appointment is saved."), "success")
    return redirect(url_for(".show", user_id=user_id))


@bp.post("/pengguna/<uuid:user_id>/penunjukan/<uuid:appointment_id>/akhiri")
@needs(Permission.USER_MANAGE)
def end(user_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    read_button()
    with transaction():
        end_appointment(appointment_id, by=actor())
    flash(_("The appointment has ended."), "success")
    return redirect(url_for(".show", user_id=user_id))


@bp.post("/pengguna/<uuid:user_id>/buka", defaults={"active": True}, endpoint="activate")
@bp.post("/pengguna/<uuid:user_id>/tutup", defaults={"active": False}, endpoint="deactivate")
@needs(Permission.USER_MANAGE)
def switch(user_id: UUID, *, active: bool) -> ResponseReturnValue:
    read_button()
    with transaction():
        set_active(user_id, active=active, by=actor())
    flash(_("The account is open.") if active else _("The account is closed."), "success")
    return redirect(url_for(".show", user_id=user_id))


@bp.post("/pengguna/<uuid:user_id>/keluarkan")
@needs(Permission.USER_MANAGE)
def sign_out(user_id: UUID) -> ResponseReturnValue:
    read_button()
    with transaction():
        sign_out_everywhere(user_id, by=actor())
    flash(_("The account is signed out on every device."), "success")
    return redirect(url_for(".show", user_id=user_id))


@bp.post("/pengguna/<uuid:user_id>/sandi")
@needs(Permission.USER_MANAGE)
def reset(user_id: UUID) -> ResponseReturnValue:
    """The one-time password is in this answer, and never again."""
    read_button()
    with transaction():
        password = reset_password(user_id, by=actor())
    user = user_by_id(user_id, by=actor())
    return render_template("accounts/one_time_password.html", user=user, password=password)


def _new_page(form: Form[Any]) -> str:
    return render_template(
        "accounts/user_new.html", form=form, roles=options(Role), regions=_regions()
    )


def _appoint_page(user_id: UUID, form: Form[Any]) -> str:
    user = user_by_id(user_id, by=actor())
    return render_template(
        "accounts/appoint.html", form=form, user=user, roles=options(Role), regions=_regions()
    )


def _regions() -> list[Place]:
    """Where the administrator may appoint: the wide ones, and a village where that is all."""
    own = [reach.region for reach in actor().reaches(Permission.USER_MANAGE)]
    found = {p.code: p for region in own for p in regions_within(region)}
    wide = [p for p in found.values() if p.level not in VILLAGES or p.code in own]
    return sorted(wide, key=lambda p: p.code)
