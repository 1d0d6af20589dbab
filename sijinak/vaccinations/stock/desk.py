"""The moves of doses as forms: one page for each step of a store or of a bag."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may, require
from sijinak.vaccinations.queries import products
from sijinak.vaccinations.stock import schemas
from sijinak.vaccinations.stock.keeping import count_doses
from sijinak.vaccinations.stock.labels import lot_name
from sijinak.vaccinations.stock.ledger import bag_owner
from sijinak.vaccinations.stock.models import WasteReason
from sijinak.vaccinations.stock.moving import (
    issue_doses,
    receive_doses,
    return_doses,
    transfer_doses,
)
from sijinak.vaccinations.stock.queries import (
    Place,
    open_stores,
    store_to_change,
    stores,
    vaccinators_of,
)
from sijinak.vaccinations.stock.services import note_temperature, note_waste
from sijinak.vaccinations.stock.shelves import lying_in
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.labels import label, options

bp = Blueprint("vaccinestock_desk", __name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One form: what its page says, what reads it and what it does, and its fields in order."""

    title: str
    lead: str
    schema: Callable[[], Any]
    does: Callable[..., Any]
    fields: tuple[str, ...]


STORE = {
    "terima": Step(
        N_("Receive vaccine"),
        N_("What came from the province or the maker. Copy lot and expiry day from the bottle."),
        schemas.ReceiveDosesSchema, receive_doses,
        ("product_id", "number", "expires_on", "doses", "paper", "tenths", "received_on", "note"),
    ),
    "kirim": Step(
        N_("Send to another store"),
        N_("The doses leave this store and are in the other one at once."),
        schemas.TransferDosesSchema, transfer_doses, ("lot_id", "doses", "to_store_id", "note"),
    ),
    "serahkan": Step(
        N_("Issue doses to an officer"),
        N_("The lot that expires first stands first. An expired lot is not offered."),
        schemas.IssueDosesSchema, issue_doses, ("lot_id", "doses", "officer_id", "note"),
    ),
    "buang": Step(
        N_("Report spoilt doses"),
        N_("Doses that nobody can use any more, with the reason."),
        schemas.NoteWasteSchema, note_waste, ("lot_id", "doses", "reason", "note"),
    ),
    "suhu": Step(
        N_("Write down a temperature"),
        N_("What the thermometer shows now."),
        schemas.NoteTemperatureSchema, note_temperature, ("tenths", "note"),
    ),
    "hitung": Step(
        N_("Count a lot"),
        N_("Count the doses first. The difference to the books is written down."),
        schemas.CountDosesSchema, count_doses, ("found", "note"),
    ),
}  # fmt: skip
OWN_BAG = {name: STORE[name] for name in ("buang", "suhu")}
BAG = {
    "kembali": Step(
        N_("Take doses back"),
        N_("The officer hands doses back that were not used; they are in the store at once."),
        schemas.ReturnDosesSchema, return_doses, ("lot_id", "doses", "back_to", "note"),
    ),
    "hitung": STORE["hitung"],
}  # fmt: skip
FIELD_OF = {
    "not-that-many-doses": "doses",
    "not-enough-doses": "doses",
    "unknown-lot": "lot_id",
    "lot-has-expired": "lot_id",
    "older-lot-first": "note",
    "lot-came-expired": "expires_on",
    "lot-expires-otherwise": "expires_on",
    "unknown-product": "product_id",
    "same-store": "to_store_id",
    "not-a-vaccinator": "officer_id",
    "stock-note-missing": "note",
    "counted-meanwhile": "found",
    "nothing-to-count": "found",
    "stock-day-ahead": "received_on",
}


@bp.route("/gudang/<uuid:store_id>/<step>", methods=["GET", "POST"])
@needs(Permission.VACCINE_STOCK)
def of_store(store_id: UUID, step: str) -> ResponseReturnValue:
    store = store_to_change(store_id, by=actor())
    back = url_for("vaccinestock.store", store_id=store_id)
    return _step(_found(STORE, step), Place(store_id=store_id), store.name, back)


@bp.route("/tas/<step>", methods=["GET", "POST"])
@needs(Permission.VACCINATION_RECORD)
def of_own_bag(step: str) -> ResponseReturnValue:
    place = Place(officer_id=actor().id)
    return _step(
        _found(OWN_BAG, step), place, _("Your vaccine bag"), url_for("vaccinestock.own_bag")
    )


@bp.route("/tas/<uuid:officer_id>/<step>", methods=["GET", "POST"])
@needs(Permission.VACCINE_STOCK)
def of_bag(officer_id: UUID, step: str) -> ResponseReturnValue:
    require(actor(), Permission.VACCINE_STOCK)
    owner = bag_owner(officer_id, by=actor())
    back = url_for("vaccinestock.bag", officer_id=officer_id)
    return _step(_found(BAG, step), Place(officer_id=officer_id), owner, back)


def _found(steps: dict[str, Step], name: str) -> Step:
    if name not in steps:
        raise NotFound(step=name)
    return steps[name]


def _step(step: Step, place: Place, name: str, back: str) -> ResponseReturnValue:
    if request.method == "GET":
        day, lot = today().isoformat(), request.args.get("lot", "")
        return _form(step, blank(received_on=day, lot_id=lot), place, name, back)
    form = read_form(step.schema())
    if form.value is None:
        return _form(step, form, place, name, back), 422
    try:
        with transaction():
            step.does(form.value, by=actor())
    except (Conflict, Invalid) as error:
        refused = form.refuse(error, _field_of(error, step))
        return _form(step, refused, place, name, back), 422
    flash(_("%(what)s: written down.", what=_(step.title)), "success")
    return redirect(back)


def _field_of(error: Conflict | Invalid, step: Step) -> str:
    field = FIELD_OF.get(error.code, WHOLE_FORM)
    return field if field in step.fields else WHOLE_FORM


def _form(step: Step, form: Form[Any], place: Place, name: str, back: str) -> str:
    lots = lying_in(place)
    return render_template(
        "stock/step.html",
        form=form,
        step=step,
        place=place,
        name=name,
        back=back,
        lots=_lots(step, lots),
        counted=_counted(form, lots) if "found" in step.fields else None,
        **_choices(step, place),
    )


def _choices(step: Step, place: Place) -> dict[str, Any]:
    """The lists that the form offers."""
    found: dict[str, Any] = {}
    if "product_id" in step.fields:
        found["products"] = [(str(p.id), f"{p.name} – {label(p.disease)}") for p in products()]
    if "to_store_id" in step.fields:
        there = [store for store in open_stores() if store.id != place.store_id]
        found["stores"] = [(str(store.id), store.name) for store in there]
    if "back_to" in step.fields:
        own = [s for s in stores(by=actor()) if s.is_active and
               may(actor(), Permission.VACCINE_STOCK, region=s.region)]  # fmt: skip
        found["stores"] = [(str(store.id), store.name) for store in own]
    if "reason" in step.fields:
        found["reasons"] = options(WasteReason)
    if "officer_id" in step.fields and place.store_id:
        region = store_to_change(place.store_id, by=actor()).region
        found["officers"] = [(str(key), name) for key, name in vaccinators_of(region).items()]
    return found


def _lots(step: Step, lots: list[Any]) -> list[tuple[str, str]]:
    may_expire = step.does not in (issue_doses, transfer_doses)
    return [
        (str(lying.lot_id), lot_name(lying))
        for lying in lots
        if lying.doses > 0 and (may_expire or lying.days_left >= 0)
    ]


def _counted(form: Form[Any], lots: list[Any]) -> Any:
    """The lot that is counted, as the books have it now. Raises NotFound."""
    for lying in lots:
        if str(lying.lot_id) == form.raw.get("lot_id"):
            return lying
    raise NotFound(lot=form.raw.get("lot_id", ""))
