"""The vaccine stock for people: stores, lots, bags, their ledgers, minutes of destruction."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.vaccinations.amounts import written
from sijinak.vaccinations.stock.labels import what, why
from sijinak.vaccinations.stock.ledger import (
    Line,
    account_of_lot,
    accounts_of_bag,
    bag_owner,
    lines_of_bag,
    lines_of_lot,
    lines_of_store,
)
from sijinak.vaccinations.stock.papers import minutes_pdf
from sijinak.vaccinations.stock.queries import (
    Place,
    lay_in_own_store,
    limits_inside,
    store_by_id,
    stores,
    vaccinators,
)
from sijinak.vaccinations.stock.shelves import (
    SOON_DAYS,
    cold_alarms,
    corrections_of,
    doses_in_bags,
    doses_in_stores,
    ending,
    lot_by_id,
    lying_in,
    minutes_by_id,
    minutes_of,
    places_of,
    readings_of,
)
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.settings import settings

bp = Blueprint("vaccinestock", __name__)
MOST_LINES = 50
LOOKS = (Permission.VACCINE_STOCK, Permission.AUDIT_READ)
HEAD = (
    "tanggal", "jenis", "vaksin", "lot", "dosis", "dari", "ke", "keterangan", "dicatat oleh",
)  # fmt: skip


@bp.get("/")
@needs(*LOOKS)
def index() -> ResponseReturnValue:
    found, officers = stores(by=actor()), vaccinators(by=actor())
    bags = doses_in_bags(list(officers))
    return render_template(
        "stock/index.html",
        stores=found,
        inside=doses_in_stores(found),
        bags=[(key, name, *bags[key]) for key, name in officers.items() if key in bags],
        ending=ending(by=actor()),
        soon_days=SOON_DAYS,
        alarms=cold_alarms(by=actor()),
        officers=officers,
        may_handle=may(actor(), Permission.VACCINE_STOCK),
        place_name=place_name,
        degrees=degrees,
    )


@bp.get("/gudang/<uuid:store_id>")
@needs(*LOOKS)
def store(store_id: UUID) -> ResponseReturnValue:
    found, place = store_by_id(store_id, by=actor()), Place(store_id=store_id)
    return render_template(
        "stock/store.html",
        store=found,
        lots=lying_in(place),
        limits=limits_inside(place),
        readings=readings_of(place),
        lines=lines_of_store(store_id, MOST_LINES),
        minutes=minutes_of(store_id),
        may_handle=may(actor(), Permission.VACCINE_STOCK, region=found.region),
        **SHOWN,
    )


@bp.get("/gudang/<uuid:store_id>/buku.csv")
@needs(*LOOKS)
def store_csv(store_id: UUID) -> Response:
    store_by_id(store_id, by=actor())
    return _csv("stok-vaksin", store_id, lines_of_store(store_id))


@bp.get("/lot/<uuid:lot_id>")
@needs(*LOOKS)
def lot(lot_id: UUID) -> ResponseReturnValue:
    found, product = lot_by_id(lot_id, by=actor())
    return render_template(
        "stock/lot.html",
        lot=found,
        product=product,
        places=places_of(lot_id, by=actor()),
        officers=vaccinators(by=actor()),
        account=account_of_lot(lot_id),
        lines=lines_of_lot(lot_id, by=actor(), most=MOST_LINES),
        corrections=corrections_of(lot_id),
        may_correct=lay_in_own_store(lot_id, by=actor()),
        date=date.fromisoformat,
        **SHOWN,
    )


@bp.get("/lot/<uuid:lot_id>/buku.csv")
@needs(*LOOKS)
def lot_csv(lot_id: UUID) -> Response:
    lot_by_id(lot_id, by=actor())
    return _csv("lot-vaksin", lot_id, lines_of_lot(lot_id, by=actor()))


@bp.get("/tas")
@needs(Permission.VACCINATION_RECORD)
def own_bag() -> ResponseReturnValue:
    return _bag(actor().id)


@bp.get("/tas/<uuid:officer_id>")
@needs(*LOOKS)
def bag(officer_id: UUID) -> ResponseReturnValue:
    return _bag(officer_id)


@bp.get("/tas/buku.csv")
@needs(Permission.VACCINATION_RECORD)
def own_bag_csv() -> Response:
    return _csv("tas-vaksin", actor().id, lines_of_bag(actor().id))


@bp.get("/tas/<uuid:officer_id>/buku.csv")
@needs(*LOOKS)
def bag_csv(officer_id: UUID) -> Response:
    bag_owner(officer_id, by=actor())
    return _csv("tas-vaksin", officer_id, lines_of_bag(officer_id))


@bp.get("/berita-acara/<uuid:minutes_id>.pdf")
@needs(*LOOKS)
def minutes(minutes_id: UUID) -> Response:
    found, where = minutes_by_id(minutes_id, by=actor())
    content = minutes_pdf(found, where, settings())
    name = f'inline; filename="berita-acara-{minutes_id}.pdf"'
    headers = {"Content-Disposition": name}
    return Response(content, content_type="application/pdf", headers=headers)


def tiles(by: Actor) -> Sequence[Tile]:
    """What the office must look after; and what lies in an officer's own bag."""
    found: list[Tile] = []
    if may(by, Permission.VACCINATION_RECORD):
        doses = sum(lying.doses for lying in lying_in(Place(officer_id=by.id)))
        if doses:
            bag = url_for("vaccinestock.own_bag")
            found.append(Tile(_("Vaccine doses in your bag"), thousands(doses), bag, "vaccine"))
    if may(by, Permission.VACCINE_STOCK):
        found += _office_tiles(by)
    return found


def degrees(tenths: int | None) -> str:
    return "–" if tenths is None else f"{written(tenths, digits=1)} °C"


def _office_tiles(by: Actor) -> list[Tile]:
    soon = len(ending(by=by, days=SOON_DAYS[0]))
    alarms = len(cold_alarms(by=by))
    rows = (
        (_("Vaccine lots expired or ending within 30 days"), soon, "calendar"),
        (_("Cold chain outside its limits this week"), alarms, "alert-triangle"),
    )
    url = url_for("vaccinestock.index")
    return [Tile(name, thousands(n), url, icon, "warning") for name, n, icon in rows if n]


def _bag(officer_id: UUID) -> str:
    place = Place(officer_id=officer_id)
    return render_template(
        "stock/bag.html",
        owner=bag_owner(officer_id, by=actor()),
        officer_id=officer_id,
        is_own=officer_id == actor().id,
        lots=lying_in(place),
        accounts=accounts_of_bag(officer_id),
        limits=limits_inside(place),
        readings=readings_of(place),
        lines=lines_of_bag(officer_id, MOST_LINES),
        may_handle=may(actor(), Permission.VACCINE_STOCK),
        **SHOWN,
    )


def _csv(name: str, of: UUID, lines: Sequence[Line]) -> Response:
    export = Export(what=name, name=name, head=HEAD, asked={"of": str(of)})
    return hand_out(CSV, export, (
        (line.move.moved_on, what(line), line.product, line.number, line.move.doses,
         line.source, line.target, why(line), line.move.by_name)
        for line in lines
    ))  # fmt: skip


SHOWN = {"what": what, "why": why, "degrees": degrees, "place_name": place_name}
