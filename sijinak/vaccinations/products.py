"""What is done with products: somebody reads a label, and writes down what it says."""

import re
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Species
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.vaccinations.models import Disease, PregnancyAdvice, Product, ProductDose, Route


class ProductNameTaken(Conflict):
    code = "product-name-taken"


class ProductChangedMeanwhile(Conflict):
    """Somebody else saved the product since this form was opened."""

    code = "product-changed-meanwhile"


class ColdestAboveWarmest(Invalid):
    code = "coldest-above-warmest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What the label says; None: nobody has read it there. ``doses`` in microlitres."""

    name: str
    disease: Disease
    second_dose_days: int | None = None
    interval_days: int | None = None
    withdrawal_days: int | None = None
    least_age_days: int | None = None
    pregnancy: PregnancyAdvice | None = None
    route: Route | None = None
    doses_per_vial: int | None = None
    coldest: int | None = None
    warmest: int | None = None
    source: str
    is_active: bool = True
    doses: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLabel:
    """A new product, or with ``product_id`` one that was there, as ``seen`` names its state."""

    id: UUID = field(default_factory=uuid7)
    product_id: UUID | None = None
    seen: str = ""
    label: Label


def write_label(command: WriteLabel, *, by: Actor) -> Product:
    """Raises NotFound, ProductNameTaken, ProductChangedMeanwhile, ColdestAboveWarmest."""
    require(by, Permission.VACCINE_LABEL)
    if not first_time(command, by=by):
        return db.session.get_one(Product, command.product_id or command.id)
    product = _held(command)
    label, before = command.label, label_of(product) if command.product_id else None
    _check(label, product)
    for name in _PLAIN:
        setattr(product, name, getattr(label, name))
    _write_doses(product, label.doses)
    db.session.add(product)
    db.session.flush()
    name = "product.changed" if before else "product.added"
    where = min(reach.region for reach in by.reaches(Permission.VACCINE_LABEL))
    events.record(name, product, by=by, region=where, **_difference(before, label))
    return product


def label_of(product: Product) -> Label:
    doses = {dose.species.value: dose.microlitres for dose in product.doses}
    return Label(**{name: getattr(product, name) for name in _PLAIN}, doses=doses)


def mark_of(product: Product) -> str:
    """Names the state of a product: another one after every change."""
    return sha256(repr(sorted(_facts(label_of(product)).items())).encode()).hexdigest()[:16]


_PLAIN = tuple(name for name in Label.__dataclass_fields__ if name != "doses")


def _held(command: WriteLabel) -> Product:
    """The product, held until the end; or a new one."""
    if command.product_id is None:
        return Product(id=command.id, code=f"{_slug(command.label.name)}-{command.id.hex[-6:]}")
    asked = select(Product).where(Product.id == command.product_id).with_for_update()
    product = db.session.scalar(asked.execution_options(populate_existing=True))
    if product is None:
        raise NotFound(product=str(command.product_id))
    if mark_of(product) != command.seen:
        raise ProductChangedMeanwhile
    return product


def _check(label: Label, product: Product) -> None:
    with db.session.no_autoflush:
        others = select(Product.name).where(Product.id != product.id)
        if label.name.lower() in {name.lower() for name in db.session.scalars(others)}:
            raise ProductNameTaken
    if label.coldest is not None and label.warmest is not None and label.coldest > label.warmest:
        raise ColdestAboveWarmest


def _write_doses(product: Product, doses: dict[str, int]) -> None:
    known = {dose.species.value: dose for dose in product.doses}
    for name, dose in known.items():
        if name not in doses:
            product.doses.remove(dose)
            db.session.delete(dose)
    for name, microlitres in doses.items():
        if name in known:
            known[name].microlitres = microlitres
        else:
            product.doses.append(ProductDose(species=Species(name), microlitres=microlitres))


def _facts(label: Label) -> dict[str, Any]:
    """Flat, as JSON takes it."""
    flat = asdict(label)
    doses = {f"dose_{name}": microlitres for name, microlitres in flat.pop("doses").items()}
    return flat | doses


def _difference(before: Label | None, after: Label) -> dict[str, Any]:
    """What stood there and what stands there now, of what changed."""
    old, new = _facts(before) if before else {}, _facts(after)
    changed = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    return {
        "before": {name: old.get(name) for name in changed} if before else {},
        "after": {name: new.get(name) for name in changed},
    }


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
