"""The form of a keeper: registering one, and putting right what is known."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name, places, villages_in
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, require
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper, KeeperKind, LegalForm
from sijinak.keepers.nik import NotANik, parse_nik
from sijinak.keepers.numbers import digits_of
from sijinak.keepers.pages import village_options
from sijinak.keepers.queries import (
    keeper_by_group_no,
    keeper_by_id,
    keeper_by_nib,
    keeper_by_nik,
    keeper_in_reach,
)
from sijinak.keepers.schemas import AmendKeeperSchema, RegisterKeeperSchema
from sijinak.keepers.services import (
    AmendKeeper,
    GroupNoTaken,
    NibTaken,
    NikTaken,
    RegisterKeeper,
    amend_keeper,
    register_keeper,
)
from sijinak.keepers.showing import shows
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form

bp = Blueprint("keepers_forms", __name__)
FIELD_OF = {
    "not-a-nib": "nib",
    "nib-taken": "nib",
    "not-an-npwp": "npwp",
    "group-no-taken": "group_no",
    "clash": "_schema",
    "said-otherwise": "_schema",
}
SHOWN_AGAIN = ("name", "village", "hamlet", "nib", "npwp", "licence", "group_no")
Said = RegisterKeeper | AmendKeeper
# Who has the number that was refused.
HOLDERS: Mapping[type[Exception], Callable[[Said], Keeper | None]] = {
    NikTaken: lambda said: keeper_by_nik(parse_nik(said.nik, on=today()).text),
    NibTaken: lambda said: keeper_by_nib(digits_of(said.nib)),
    GroupNoTaken: lambda said: keeper_by_group_no(said.group_no),
}
_REGENCY = len("52.04")


@bp.get("/baru")
@needs(Permission.KEEPER_REGISTER)
def new() -> ResponseReturnValue:
    return _new_page(blank(kind=_kind(request.args.get("jenis", ""))))


@bp.post("/baru")
@needs(Permission.KEEPER_REGISTER)
def create() -> ResponseReturnValue:
    form = read_form(RegisterKeeperSchema(_kind(request.form.get("kind", ""))))
    if form.value is None or _doubts_area(form, form.value):
        return _new_page(form), 422
    try:
        with transaction():
            keeper = register_keeper(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _new_page(form, _refuse(form, form.value, error)), 422
    flash(_("%(name)s is registered.", name=keeper.name), "success")
    return redirect(url_for("keepers.show", keeper_id=keeper.id))


@bp.get("/<uuid:keeper_id>/ubah")
@needs(Permission.KEEPER_REGISTER)
def edit(keeper_id: UUID) -> ResponseReturnValue:
    keeper = _amendable(keeper_id)
    shown = {name: getattr(keeper, name) or "" for name in SHOWN_AGAIN}
    if keeper.licence_until:
        shown["licence_until"] = keeper.licence_until.isoformat()
    return _edit_page(keeper, blank(**shown, legal_form=keeper.legal_form or ""))


@bp.post("/<uuid:keeper_id>/ubah")
@needs(Permission.KEEPER_REGISTER)
def save(keeper_id: UUID) -> ResponseReturnValue:
    keeper = _amendable(keeper_id)
    form = read_form(AmendKeeperSchema(keeper.kind, keeper_id=keeper.id))
    if form.value is None or _doubts_area(form, form.value):
        return _edit_page(keeper, form), 422
    try:
        with transaction():
            amend_keeper(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _edit_page(keeper, form, _refuse(form, form.value, error)), 422
    flash(_("What was changed is saved."), "success")
    if keeper_in_reach(keeper, by=actor()) is None:  # another office goes on with it
        return redirect(url_for("keepers.index"))
    return redirect(url_for("keepers.show", keeper_id=keeper_id))


def _amendable(keeper_id: UUID) -> Keeper:
    keeper = keeper_by_id(keeper_id, by=actor())
    require(actor(), Permission.KEEPER_REGISTER, region=keeper.village)
    shows(keeper.id, keeper.village, Where.FORM)
    return keeper


def _doubts_area(form: Form[Any], command: Said) -> bool:
    """Whether nobody knows the area of the NIK, and nobody has said yet that it is right.

    Areas were divided and renamed, so that it is a question and never a refusal.
    """
    if not command.nik or form.raw.get("area_is_right"):
        return False
    try:
        area = parse_nik(command.nik, on=today()).area
    except NotANik:
        return False  # the service says what is wrong with it
    if _is_known(area):
        return False
    sentence = _(
        "No area of Indonesia is known by the first six digits, %(area)s. Compare them with the"
        " identity card. If they are right, tick the box below and send again.",
        area=area.replace(".", ""),
    )
    form.errors["nik"] = [sentence]
    return True


def _is_known(area: str) -> bool:
    """Of other regencies the list has no kecamatan."""
    known = places()
    regency = area[:_REGENCY]
    lists_kecamatan = any(place.parent == regency for place in known.values())
    return area in known if lists_kecamatan else regency in known


def _refuse(form: Form[Any], command: Said, error: Conflict | Invalid) -> Keeper | None:
    """Say so beside the field; the answer is who has the number already, if in reach."""
    field, known = FIELD_OF.get(error.code, "nik"), None
    if type(error) in HOLDERS:
        known = keeper_in_reach(HOLDERS[type(error)](command), by=actor())
        if known is None:
            error.code += "-elsewhere"
    form.refuse(error, field)
    return known


def _new_page(form: Form[Any], known: Keeper | None = None) -> str:
    return render_template(
        "keepers/new.html",
        form=form,
        kind=_kind(form.raw.get("kind", "")),
        kinds=KeeperKind,
        villages=village_options(actor(), Permission.KEEPER_REGISTER),
        known=known,
        legal_forms=LegalForm,
    )


def _edit_page(keeper: Keeper, form: Form[Any], known: Keeper | None = None) -> str:
    """A keeper may move to any village of the regency."""
    there = [village.code for village in villages_in(keeper.village[:_REGENCY])]
    return render_template(
        "keepers/edit.html",
        form=form,
        keeper=keeper,
        kind=keeper.kind,
        villages=[(code, full_name(code)) for code in there],
        known=known,
        legal_forms=LegalForm,
    )


def _kind(text: str) -> KeeperKind:
    return KeeperKind(text) if text in set(KeeperKind) else KeeperKind.PERSON
