"""Keepers for people."""

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name, villages_in
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers import labels as _labels  # noqa: F401 - names our enumerations
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.nik import parse_nik
from sijinak.keepers.queries import (
    facts_of,
    keeper_by_id,
    keeper_by_nib,
    keeper_by_nik,
    keeper_in_reach,
    keepers,
    phone_masked,
)
from sijinak.keepers.schemas import RegisterKeeperSchema
from sijinak.keepers.services import (
    NibTaken,
    NikTaken,
    RegisterKeeper,
    register_keeper,
    reveal_nik,
)
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form

bp = Blueprint("keepers", __name__)
SHORTEST_REASON = 5
LONGEST_SEARCH = 64


def village_options(by: Actor, permission: Permission) -> list[tuple[str, str]]:
    """The villages where the actor holds the permission, for a select."""
    regions = {reach.region for reach in by.reaches(permission)}
    found = {v.code for region in regions for v in villages_in(region)}
    return sorted(((code, full_name(code)) for code in found), key=lambda option: option[1])


@bp.get("/")
@needs(Permission.KEEPER_READ)
def index() -> ResponseReturnValue:
    name, village = request.args.get("nama", "")[:LONGEST_SEARCH], request.args.get("desa", "")
    page = keepers(by=actor(), name=name, village=village, place=place())
    return render_template(
        "keepers/index.html",
        page=listing(page, ".index", nama=name, desa=village),
        facts_of=facts_of,
        full_name=full_name,
        form=Form({"nama": name, "desa": village}),
        villages=village_options(actor(), Permission.KEEPER_READ),
    )


@bp.post("/cari-nik")
@needs(Permission.KEEPER_READ)
def find() -> ResponseReturnValue:
    """Whoever has a NIK. It is sent, not written into an address, which logs would keep."""
    digits = re.sub(r"[\s.'-]", "", request.form.get("nik", ""))[:LONGEST_SEARCH]
    keeper = keeper_in_reach(keeper_by_nik(digits), by=actor())
    if keeper is None:
        flash(_("Nobody with this NIK is registered in your working area."), "warning")
        return redirect(url_for(".index"))
    return redirect(url_for(".show", keeper_id=keeper.id))


@bp.get("/baru")
@needs(Permission.KEEPER_REGISTER)
def new() -> ResponseReturnValue:
    return _form(blank(kind="person"))


@bp.post("/baru")
@needs(Permission.KEEPER_REGISTER)
def create() -> ResponseReturnValue:
    form = read_form(RegisterKeeperSchema())
    if form.value is None:
        return _form(form), 422
    try:
        with transaction():
            keeper = register_keeper(form.value, by=actor())
    except (NikTaken, NibTaken) as error:
        known = keeper_in_reach(_with_number(form.value), by=actor())
        if known is None:
            error.code += "-elsewhere"
        return _form(form.refuse(error, _field_of(error.code)), known), 422
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, _field_of(error.code))), 422
    flash(_("%(name)s is registered.", name=keeper.name), "success")
    return redirect(url_for(".show", keeper_id=keeper.id))


@bp.get("/<uuid:keeper_id>")
@needs(Permission.KEEPER_READ)
def show(keeper_id: UUID) -> ResponseReturnValue:
    return _page(keeper_id, Form())


@bp.post("/<uuid:keeper_id>/nik")
@needs(Permission.KEEPER_REVEAL)
def reveal(keeper_id: UUID) -> ResponseReturnValue:
    """Show the full NIK once; the reason is kept."""
    reason = request.form.get("reason", "").strip()[:200]
    form: Form[None] = Form({"reason": reason})
    if len(reason) < SHORTEST_REASON:
        form.errors["reason"] = [_("Say why you need to see it.")]
        return _page(keeper_id, form), 422
    with transaction():
        nik = reveal_nik(keeper_id, reason, by=actor())
    return _page(keeper_id, Form(), nik=nik)


def _page(keeper_id: UUID, form: Form[Any], nik: str = "") -> str:
    keeper = keeper_by_id(keeper_id, by=actor())
    return render_template(
        "keepers/show.html",
        keeper=keeper,
        facts=facts_of(keeper),
        phone=phone_masked(keeper),
        place=full_name(keeper.village),
        form=form,
        nik=nik,
        may_reveal=may(actor(), Permission.KEEPER_REVEAL, region=keeper.village),
        may_register=may(actor(), Permission.ANIMAL_REGISTER, region=keeper.village),
    )


def _with_number(command: RegisterKeeper) -> Keeper | None:
    """Whoever has the number already that somebody wanted to register."""
    if command.kind is KeeperKind.FIRM:
        return keeper_by_nib(command.nib)
    return keeper_by_nik(parse_nik(command.nik, on=today()).text)


def _form(form: Form[RegisterKeeper], known: Keeper | None = None) -> str:
    villages = village_options(actor(), Permission.KEEPER_REGISTER)
    return render_template("keepers/new.html", form=form, villages=villages, known=known)


def _field_of(code: str) -> str:
    """Which field a refusal belongs to."""
    return "nib" if "nib" in code else "nik"
