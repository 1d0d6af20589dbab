"""Stores as forms, and the destruction of what lies in one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission
from sijinak.vaccinations.stock.commands import CorrectLotDay, DestroyDoses, KeepStore
from sijinak.vaccinations.stock.keeping import correct_lot_day, destroy_doses, keep_store
from sijinak.vaccinations.stock.models import WHY_DESTROYED, Lot, Store
from sijinak.vaccinations.stock.queries import Place, lot_to_correct, offices, store_to_change
from sijinak.vaccinations.stock.schemas import (
    CorrectLotDaySchema,
    DestroyDosesSchema,
    KeepStoreSchema,
)
from sijinak.vaccinations.stock.shelves import lying_in
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.labels import label

bp = Blueprint("vaccinestock_stores", __name__)
FIELD_OF = {
    "store-name-taken": "name",
    "store-not-empty": "is_active",
    "minutes-number-taken": "number",
    "stock-day-ahead": "destroyed_on",
    "nothing-to-destroy": "doses",
    "no-reason-to-destroy": "note",
    "lot-day-is-that": "expires_on",
    "lot-day-reason-missing": "reason",
}


@bp.get("/gudang/baru")
@needs(Permission.VACCINE_STOCK)
def new() -> ResponseReturnValue:
    return _store_form(blank(), None)


@bp.post("/gudang/baru")
@needs(Permission.VACCINE_STOCK)
def create() -> ResponseReturnValue:
    return _keep(None)


@bp.get("/gudang/<uuid:store_id>/ubah")
@needs(Permission.VACCINE_STOCK)
def edit(store_id: UUID) -> ResponseReturnValue:
    store = store_to_change(store_id, by=actor())
    is_active = "true" if store.is_active else "false"
    return _store_form(blank(name=store.name, is_active=is_active), store)


@bp.post("/gudang/<uuid:store_id>/ubah")
@needs(Permission.VACCINE_STOCK)
def change(store_id: UUID) -> ResponseReturnValue:
    return _keep(store_to_change(store_id, by=actor()))


@bp.get("/gudang/<uuid:store_id>/musnah")
@needs(Permission.VACCINE_STOCK)
def destruction(store_id: UUID) -> ResponseReturnValue:
    form = blank(destroyed_on=today().isoformat())
    return _destruction(form, store_to_change(store_id, by=actor()))


@bp.post("/gudang/<uuid:store_id>/musnah")
@needs(Permission.VACCINE_STOCK)
def destroy(store_id: UUID) -> ResponseReturnValue:
    store = store_to_change(store_id, by=actor())
    form = read_form(DestroyDosesSchema(), many=frozenset({"lots", "doses"}))
    if form.value is None:
        return _destruction(form, store), 422
    try:
        with transaction():
            destroy_doses(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _destruction(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM)), store), 422
    flash(_("The destruction is written down. Print the minutes and have them signed."), "success")
    return redirect(url_for("vaccinestock.store", store_id=store_id))


@bp.get("/lot/<uuid:lot_id>/tanggal")
@needs(Permission.VACCINE_STOCK)
def lot_day(lot_id: UUID) -> ResponseReturnValue:
    return _lot_day(blank(), lot_to_correct(lot_id, by=actor()))


@bp.post("/lot/<uuid:lot_id>/tanggal")
@needs(Permission.VACCINE_STOCK)
def correct_day(lot_id: UUID) -> ResponseReturnValue:
    lot = lot_to_correct(lot_id, by=actor())
    form = read_form(CorrectLotDaySchema())
    if form.value is None or form.value.lot_id != lot_id:
        return _lot_day(form, lot), 422
    try:
        with transaction():
            correct_lot_day(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _lot_day(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM)), lot), 422
    flash(_("The expiry day is corrected."), "success")
    return redirect(url_for("vaccinestock.lot", lot_id=lot_id))


def _lot_day(form: Form[CorrectLotDay], lot: Lot) -> str:
    return render_template("stock/lot_day.html", form=form, lot=lot)


def _keep(store: Store | None) -> ResponseReturnValue:
    form = read_form(KeepStoreSchema())
    if form.value is None:
        return _store_form(form, store), 422
    try:
        with transaction():
            kept = keep_store(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _store_form(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM)), store), 422
    flash(_("The store is saved."), "success")
    return redirect(url_for("vaccinestock.store", store_id=kept.id))


def _store_form(form: Form[KeepStore], store: Store | None) -> str:
    where = [(code, place_name(code)) for code in offices(by=actor())]
    return render_template("stock/store_form.html", form=form, store=store, offices=where)


def _destruction(form: Form[DestroyDoses], store: Store) -> str:
    lots = [lying for lying in lying_in(Place(store_id=store.id)) if lying.doses > 0]
    typed = dict(zip(request.form.getlist("lots"), request.form.getlist("doses"), strict=False))
    return render_template(
        "stock/destroy.html",
        form=form,
        store=store,
        lots=sorted(lots, key=lambda lying: lying.days_left),
        typed=typed,
        reasons=[(one.value, label(one)) for one in WHY_DESTROYED],
    )
