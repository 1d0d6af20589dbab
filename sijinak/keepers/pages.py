"""Keepers for people: the search, and the page of one."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name, villages_in
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict
from sijinak.core.paging import Page
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers import labels as _labels  # noqa: F401 - names our enumerations
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.numbers import digits_of
from sijinak.keepers.queries import (
    brands_of,
    facts_of,
    groups_of,
    keeper_by_id,
    keepers,
    keepers_with_number,
    members_of,
    phone_masked,
    suspension_of,
)
from sijinak.keepers.schemas import LONGEST_REASON, RestoreKeeperSchema
from sijinak.keepers.search import SHOWN, search_keepers
from sijinak.keepers.services import restore_keeper, reveal_nik
from sijinak.keepers.showing import shows, shows_list, write_looks
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form

bp = Blueprint("keepers", __name__)
bp.after_app_request(write_looks)
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
    if name.strip():
        page = Page(search_keepers(name, by=actor(), village=village))
    else:
        page = keepers(by=actor(), village=village, place=place())
    return _list(page, {"nama": name, "desa": village})


@bp.post("/cari")
@needs(Permission.KEEPER_READ)
def find() -> ResponseReturnValue:
    """By a number. It is sent, not written into an address, which logs would keep."""
    number = request.form.get("number", "").strip()[:LONGEST_SEARCH]
    found = keepers_with_number(digits_of(number), by=actor()) if number else []
    if len(found) == 1:
        return redirect(url_for(".show", keeper_id=found[0].id))
    if not found:
        flash(_("Nobody with this number is registered in your working area."), "warning")
        return redirect(url_for(".index"))
    return _list(Page(found), {})


@bp.get("/<uuid:keeper_id>")
@needs(Permission.KEEPER_READ)
def show(keeper_id: UUID) -> ResponseReturnValue:
    return _page(keeper_id, blank())


@bp.post("/<uuid:keeper_id>/nik")
@needs(Permission.KEEPER_REVEAL)
def reveal(keeper_id: UUID) -> ResponseReturnValue:
    """Show the full NIK once; the reason is kept."""
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    form: Form[None] = Form({"reason": reason})
    if len(reason) < SHORTEST_REASON:
        form.errors["reason"] = [_("Say why you need to see it.")]
        return _page(keeper_id, form), 422
    with transaction():
        nik = reveal_nik(keeper_id, reason, by=actor())
    return _page(keeper_id, blank(), nik=nik)


@bp.post("/<uuid:keeper_id>/pulihkan")
@needs(Permission.KEEPER_REGISTER)
def restore(keeper_id: UUID) -> ResponseReturnValue:
    form = read_form(RestoreKeeperSchema(keeper_id=keeper_id))
    if form.value is None:
        return _page(keeper_id, form), 422
    try:
        with transaction():
            restore_keeper(form.value, by=actor())
    except Conflict as error:
        return _page(keeper_id, form.refuse(error)), 422
    flash(_("The registration counts again."), "success")
    return redirect(url_for(".show", keeper_id=keeper_id))


def _list(page: Page[Keeper], asked: dict[str, str]) -> str:
    shows_list(Where.KEEPERS, (one.id for one in page.items), asked.get("desa", ""), asked)
    return render_template(
        "keepers/index.html",
        page=listing(page, ".index", **asked),
        is_cut=bool(asked.get("nama")) and len(page.items) == SHOWN,
        facts_of=facts_of,
        full_name=full_name,
        form=Form(asked),
        villages=village_options(actor(), Permission.KEEPER_READ),
    )


def _page(keeper_id: UUID, form: Form[Any], nik: str = "") -> str:
    keeper = keeper_by_id(keeper_id, by=actor())
    shows(keeper.id, keeper.village, Where.KEEPER)
    is_firm, is_group = keeper.kind is KeeperKind.FIRM, keeper.kind is KeeperKind.GROUP
    return render_template(
        "keepers/show.html",
        keeper=keeper,
        facts=facts_of(keeper),
        phone=phone_masked(keeper),
        place=full_name(keeper.village),
        age=_age(keeper),
        is_old_licence=keeper.licence_until is not None and keeper.licence_until < today(),
        suspension=suspension_of(keeper.id, today()) if is_firm else None,
        groups=[] if is_group else groups_of(keeper.id),
        members=members_of(keeper.id) if is_group else [],
        brands=[brand for brand in brands_of(keeper.id) if brand.ended_at is None],
        form=form,
        nik=nik,
        may={p.name.lower(): may(actor(), p, region=keeper.village) for p in Permission},
    )


def _age(keeper: Keeper) -> int | None:
    """Years. The day of birth is not shown: with the end of the NIK it would tell all of it."""
    born, day = keeper.birth_date, today()
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
