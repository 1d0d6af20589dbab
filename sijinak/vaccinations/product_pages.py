"""Products for people: what their labels say, with its source, and the form for it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals import labels as _animal_labels  # noqa: F401 - names species
from sijinak.animals.models import Species
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.vaccinations import labels as _labels  # noqa: F401 - names our diseases
from sijinak.vaccinations.amounts import written
from sijinak.vaccinations.models import Disease, PregnancyAdvice, Product, Route
from sijinak.vaccinations.product_schemas import DOSE, LabelSchema
from sijinak.vaccinations.products import WriteLabel, label_of, mark_of, write_label
from sijinak.vaccinations.queries import all_products, product_by_id
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

bp = Blueprint("products", __name__)
FIELD_OF = {"product-name-taken": "name", "coldest-above-warmest": "warmest"}
SEES = (Permission.VACCINATION_READ, Permission.VACCINE_LABEL)
NUMBERS = (
    "second_dose_days", "interval_days", "withdrawal_days", "least_age_days", "doses_per_vial",
)  # fmt: skip


@bp.get("/")
@needs(*SEES)
def index() -> ResponseReturnValue:
    return render_template(
        "products/index.html", products=all_products(), may_write=_may_write(), dose=dose
    )


@bp.get("/baru")
@needs(Permission.VACCINE_LABEL)
def new() -> ResponseReturnValue:
    return _form(blank(is_active="true"), None)


@bp.post("/baru")
@needs(Permission.VACCINE_LABEL)
def create() -> ResponseReturnValue:
    return _save(None)


@bp.get("/<uuid:product_id>")
@needs(*SEES)
def show(product_id: UUID) -> ResponseReturnValue:
    return render_template(
        "products/show.html",
        product=_found(product_id),
        may_write=_may_write(),
        species=list(Species),
        dose=dose,
        written=written,
    )


@bp.get("/<uuid:product_id>/ubah")
@needs(Permission.VACCINE_LABEL)
def edit(product_id: UUID) -> ResponseReturnValue:
    product = _found(product_id)
    return _form(blank(**_typed(product)), product)


@bp.post("/<uuid:product_id>/ubah")
@needs(Permission.VACCINE_LABEL)
def change(product_id: UUID) -> ResponseReturnValue:
    return _save(_found(product_id))


def dose(product: Product, species: Species) -> str:
    """In ml; empty when nobody has read it."""
    found = next((one.microlitres for one in product.doses if one.species is species), None)
    return f"{written(found, digits=3)} ml" if found else ""


def _save(product: Product | None) -> ResponseReturnValue:
    form: Form[WriteLabel] = read_form(LabelSchema())
    if form.value is None:
        return _form(form, product), 422
    try:
        with transaction():
            saved = write_label(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM)), product), 422
    flash(_("The label of %(name)s is saved.", name=saved.name), "success")
    return redirect(url_for(".show", product_id=saved.id))


def _found(product_id: UUID) -> Product:
    product = product_by_id(product_id)
    if product is None:
        raise NotFound(product=str(product_id))
    return product


def _may_write() -> bool:
    return may(actor(), Permission.VACCINE_LABEL)


def _typed(product: Product) -> dict[str, str]:
    """The product as somebody would type it."""
    label = label_of(product)
    numbers = {name: getattr(label, name) for name in NUMBERS}
    return {
        "seen": mark_of(product),
        "name": label.name,
        "disease": label.disease.value,
        "pregnancy": label.pregnancy.value if label.pregnancy else "",
        "route": label.route.value if label.route else "",
        "coldest": written(label.coldest, digits=1),
        "warmest": written(label.warmest, digits=1),
        "source": label.source,
        "is_active": "true" if label.is_active else "false",
        **{name: "" if number is None else str(number) for name, number in numbers.items()},
        **{DOSE + name: written(amount, digits=3) for name, amount in label.doses.items()},
    }


def _form(form: Form[Any], product: Product | None) -> str:
    return render_template(
        "products/form.html",
        form=form,
        product=product,
        species=list(Species),
        prefix=DOSE,
        types={"Disease": Disease, "Route": Route, "PregnancyAdvice": PregnancyAdvice},
    )
