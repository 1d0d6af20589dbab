"""The brands of a keeper for people."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.files.answers import picture_answer, sent_picture
from sijinak.keepers.branding import end_brand, register_brand
from sijinak.keepers.models import Brand, BrandPlace, Keeper
from sijinak.keepers.queries import brand_by_id, brands_of, keeper_by_id
from sijinak.keepers.schemas import EndBrandSchema, RegisterBrandSchema
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form
from sijinak.web.labels import label

bp = Blueprint("keepers_brands", __name__)


@bp.get("/<uuid:keeper_id>/cap")
@needs(Permission.KEEPER_READ)
def index(keeper_id: UUID) -> ResponseReturnValue:
    return _page(keeper_by_id(keeper_id, by=actor()), blank())


@bp.post("/<uuid:keeper_id>/cap")
@needs(Permission.KEEPER_REGISTER)
def create(keeper_id: UUID) -> ResponseReturnValue:
    keeper = keeper_by_id(keeper_id, by=actor())
    try:
        sent, unfit = sent_picture("picture"), None
    except Invalid as error:
        sent, unfit = None, error
    form = read_form(RegisterBrandSchema(keeper_id=keeper.id, picture=sent))
    if unfit:
        form.refuse(unfit, "picture")
    if form.value is None:
        return _page(keeper, form), 422
    try:
        with transaction():
            register_brand(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(keeper, form.refuse(error)), 422
    flash(_("The brand is registered."), "success")
    return redirect(url_for("keepers.show", keeper_id=keeper.id))


@bp.get("/cap/<uuid:brand_id>.jpg")
@needs(Permission.KEEPER_READ)
def picture(brand_id: UUID) -> ResponseReturnValue:
    brand = brand_by_id(brand_id, by=actor())
    if brand.file_id is None:
        raise NotFound(brand_id=str(brand_id))
    return picture_answer(brand.file_id, small="kecil" in request.args)


@bp.get("/cap/<uuid:brand_id>/akhiri")
@needs(Permission.KEEPER_REGISTER)
def ending(brand_id: UUID) -> ResponseReturnValue:
    return _end_page(brand_by_id(brand_id, by=actor()), blank())


@bp.post("/cap/<uuid:brand_id>/akhiri")
@needs(Permission.KEEPER_REGISTER)
def end(brand_id: UUID) -> ResponseReturnValue:
    brand = brand_by_id(brand_id, by=actor())
    form = read_form(EndBrandSchema(brand_id=brand.id))
    if form.value is None:
        return _end_page(brand, form), 422
    try:
        with transaction():
            end_brand(form.value, by=actor())
    except Conflict as error:
        return _end_page(brand, form.refuse(error)), 422
    flash(_("The brand has ended. It stays in the history."), "success")
    return redirect(url_for(".index", keeper_id=brand.keeper_id))


def _page(keeper: Keeper, form: Form[Any]) -> str:
    return render_template(
        "keepers/brands.html",
        keeper=keeper,
        brands=brands_of(keeper.id),
        form=form,
        body_places=BrandPlace,
        may_change=may(actor(), Permission.KEEPER_REGISTER, region=keeper.village),
    )


def _end_page(brand: Brand, form: Form[Any]) -> str:
    return render_template(
        "keepers/step.html",
        form=form,
        title=_("End the brand"),
        lead=_("Brand %(brand)s, %(place)s", brand=brand.letters, place=label(brand.place).lower()),
        back_url=url_for(".index", keeper_id=brand.keeper_id),
        asks="reason",
        button_label=_("End the brand"),
    )
