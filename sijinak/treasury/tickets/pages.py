"""Tickets for whoever sells them, and for whoever keeps the stock."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.ids import uuid7
from sijinak.core.money import rupiah_text, thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.treasury.answering import carried_out
from sijinak.treasury.people import home_of, people_with
from sijinak.treasury.tickets.labels import FIELD_OF, TONES
from sijinak.treasury.tickets.models import BlockState
from sijinak.treasury.tickets.papers import block_pdf
from sijinak.treasury.tickets.queries import (
    all_counts,
    block_by_id,
    blocks,
    blocks_coming_back,
    gaps,
    own_blocks,
    stored_blocks,
    ticket_tariffs,
)
from sijinak.treasury.tickets.schemas import MANY, EnterBlocksSchema, OfferBlocksSchema
from sijinak.treasury.tickets.services import enter_blocks, offer_blocks
from sijinak.treasury.tickets.unseen import own_spoilt, spoilt_counts, spoilt_to_count
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.papers import pdf_answer
from sijinak.web.settings import settings

bp = Blueprint("tickets", __name__)
P = Permission


@bp.get("/")
@needs(P.TICKET_SELL, P.TICKET_STOCK, P.TREASURY_READ)
def index() -> ResponseReturnValue:
    by = actor()
    asked, text = request.args.get("keadaan", ""), request.args.get("cari", "")[:40]
    state = BlockState(asked) if asked in set(BlockState) else None
    keeps = may(by, P.TICKET_STOCK) or may(by, P.TREASURY_READ)
    found = blocks(place(), by=by, state=state, text=text) if keeps else None
    return render_template(
        "treasury/tickets/index.html",
        own=own_blocks(by=by, text=text) if may(by, P.TICKET_SELL) else [],
        back=blocks_coming_back(by=by) if may(by, P.TICKET_STOCK) else [],
        hand_in=own_spoilt(by=by) if may(by, P.TICKET_SELL) else [],
        to_count=spoilt_to_count(by=by) if may(by, P.TICKET_STOCK) else [],
        page=listing(found, ".index", keadaan=state, cari=text) if found else None,
        form=Form({"keadaan": state or "", "cari": text}),
        states=BlockState,
        tones=TONES,
        may_stock=may(by, P.TICKET_STOCK),
        new_id=uuid7,
    )


@bp.get("/terima")
@needs(P.TICKET_STOCK)
def delivery() -> ResponseReturnValue:
    return _delivery(blank(size="100"))


@bp.post("/terima")
@needs(P.TICKET_STOCK)
def deliver() -> ResponseReturnValue:
    form = read_form(EnterBlocksSchema())
    done = carried_out(form, enter_blocks, FIELD_OF)
    if done is None:
        return _delivery(form), 422
    flash(_("%(count)s blocks are written down.", count=len(done)), "success")
    return redirect(url_for(".index"))


@bp.get("/serahkan")
@needs(P.TICKET_STOCK)
def offering() -> ResponseReturnValue:
    return _offering(blank())


@bp.post("/serahkan")
@needs(P.TICKET_STOCK)
def offer() -> ResponseReturnValue:
    form = read_form(OfferBlocksSchema(), many=MANY)
    if carried_out(form, offer_blocks, FIELD_OF) is None:
        return _offering(form), 422
    flash(_("Offered. They count in the seller's hands once accepted."), "success")
    return redirect(url_for(".index"))


@bp.get("/laporan")
@needs(P.TICKET_STOCK, P.TREASURY_READ)
def report() -> ResponseReturnValue:
    found = gaps(by=actor())
    return render_template(
        "treasury/tickets/report.html",
        counts=all_counts(by=actor()),
        gaps=found,
        seen=spoilt_counts([use for _block, use in found]),
    )


@bp.get("/<uuid:block_id>.pdf")
@needs(P.TICKET_SELL, P.TICKET_STOCK, P.TREASURY_READ)
def paper(block_id: UUID) -> ResponseReturnValue:
    block = block_by_id(block_id, by=actor())
    return pdf_answer(block_pdf(block, settings()), f"karcis-{block.series}-{block.first}")


def tiles(by: Actor) -> Sequence[Tile]:
    """Blocks to accept, to sell from, and to take back."""
    found, url = list[Tile](), url_for("tickets.index")
    if by.reaches(P.TICKET_SELL):
        own = own_blocks(by=by)
        waiting = sum(one.state is BlockState.OFFERED for one in own)
        left = sum(one.left for one in own if one.state is BlockState.HELD)
        if waiting:
            label = _("Blocks of tickets to accept")
            found.append(Tile(label, thousands(waiting), url, "receipt", "warning"))
        if left:
            found.append(Tile(_("Tickets in your hands"), thousands(left), url, "receipt"))
        if spoilt := len(own_spoilt(by=by)):
            label = _("Spoilt tickets for you to hand in")
            found.append(Tile(label, thousands(spoilt), url, "receipt", "warning"))
    return [*found, *_stock_tiles(by, url)] if by.reaches(P.TICKET_STOCK) else found


def _stock_tiles(by: Actor, url: str) -> Iterator[Tile]:
    if count := len(blocks_coming_back(by=by)):
        label = _("Blocks of tickets that come back")
        yield Tile(label, thousands(count), url, "receipt", "warning")
    if spoilt := len(spoilt_to_count(by=by)):
        yield Tile(_("Spoilt tickets to count"), thousands(spoilt), url, "receipt", "warning")


def _delivery(form: Form[Any]) -> str:
    tariffs = [
        (str(one.id), f"{one.component} – {rupiah_text(one.amount)}")
        for one in ticket_tariffs(today())
    ]
    return render_template("treasury/tickets/delivery.html", form=form, tariffs=tariffs)


def _offering(form: Form[Any]) -> str:
    by = actor()
    sellers = people_with(P.TICKET_SELL, home_of(by, P.TICKET_STOCK), but=by.id)
    return render_template(
        "treasury/tickets/offer.html",
        form=form,
        stored=stored_blocks(by=by),
        chosen=request.form.getlist("block_ids"),
        sellers=sellers,
    )
