"""One block: who has it, what became of its serials, and what is to be done with it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Permission, may
from sijinak.treasury.answering import carried_out
from sijinak.treasury.tickets.destroying import answer_condemned, condemn_block
from sijinak.treasury.tickets.labels import FIELD_OF, TONES
from sijinak.treasury.tickets.models import TicketBlock, TicketSale
from sijinak.treasury.tickets.pages import bp
from sijinak.treasury.tickets.queries import (
    block_by_id,
    counts_of,
    uses_of,
    ways_of,
)
from sijinak.treasury.tickets.schemas import (
    USES,
    AnswerCondemnedSchema,
    CondemnBlockSchema,
    CountSpoiltSchema,
    SellTicketsSchema,
    StepBlockSchema,
    TakeBlockBackSchema,
)
from sijinak.treasury.tickets.selling import sell_tickets, take_block_back
from sijinak.treasury.tickets.services import step_block
from sijinak.treasury.tickets.spoilt import count_spoilt
from sijinak.treasury.tickets.unseen import spoilt_counts, spoilt_unseen
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form

P = Permission
BACK = {**FIELD_OF, "ticket-wrong-serials": "first", "ticket-why-missing": "why"}


@bp.get("/<uuid:block_id>")
@needs(P.TICKET_SELL, P.TICKET_STOCK, P.TREASURY_READ)
def show(block_id: UUID) -> ResponseReturnValue:
    return _page(block_by_id(block_id, by=actor()), blank())


@bp.get("/penjualan/<uuid:sale_id>")
@needs(P.TICKET_SELL, P.TICKET_STOCK, P.TREASURY_READ)
def sale(sale_id: UUID) -> ResponseReturnValue:
    """Shown with its block."""
    sold = db.session.get(TicketSale, sale_id)
    if sold is None:
        raise NotFound(sale_id=str(sale_id))
    return redirect(url_for(".show", block_id=block_by_id(sold.block_id, by=actor()).id))


@bp.get("/<uuid:block_id>/jual")
@needs(P.TICKET_SELL)
def selling(block_id: UUID) -> ResponseReturnValue:
    block = block_by_id(block_id, by=actor())
    if block.holder_id != actor().id:
        return redirect(url_for(".show", block_id=block.id))
    return _selling(block, blank(first=str(block.next)))


@bp.post("/<uuid:block_id>/jual")
@needs(P.TICKET_SELL)
def sell(block_id: UUID) -> ResponseReturnValue:
    block_by_id(block_id, by=actor())
    form = read_form(SellTicketsSchema(block_id=block_id))
    done = carried_out(form, sell_tickets, FIELD_OF)
    if done is None:
        return _selling(block_by_id(block_id, by=actor()), form), 422
    flash(
        _("%(count)s tickets are booked. The money is in your cash.", count=done.count), "success"
    )
    return redirect(url_for(".index"))


@bp.post("/<uuid:block_id>/terima")
@needs(P.TICKET_SELL)
def accept(block_id: UUID) -> ResponseReturnValue:
    return _step(block_id, "accept")


@bp.post("/<uuid:block_id>/kembalikan")
@needs(P.TICKET_SELL)
def give_back(block_id: UUID) -> ResponseReturnValue:
    return _step(block_id, "give-back")


@bp.post("/<uuid:block_id>/simpan")
@needs(P.TICKET_SELL)
def keep(block_id: UUID) -> ResponseReturnValue:
    return _step(block_id, "keep")


@bp.post("/<uuid:block_id>/tarik")
@needs(P.TICKET_STOCK)
def withdraw(block_id: UUID) -> ResponseReturnValue:
    return _step(block_id, "withdraw")


@bp.post("/<uuid:block_id>/ambil")
@needs(P.TICKET_STOCK)
def take_back(block_id: UUID) -> ResponseReturnValue:
    form = read_form(TakeBlockBackSchema(block_id=block_id))
    return _shown(block_id, form, take_block_back, _("Taken back."), BACK)


@bp.post("/<uuid:block_id>/rusak")
@needs(P.TICKET_STOCK)
def spoilt(block_id: UUID) -> ResponseReturnValue:
    form = read_form(CountSpoiltSchema(block_id=block_id), many=USES)
    return _shown(
        block_id, form, count_spoilt, _("Counted. What you did not tick is a case for two people.")
    )


@bp.post("/<uuid:block_id>/musnahkan")
@needs(P.TICKET_STOCK)
def condemn(block_id: UUID) -> ResponseReturnValue:
    form = read_form(CondemnBlockSchema(block_id=block_id))
    return _shown(block_id, form, condemn_block, _("Proposed. A second person approves it."))


@bp.post("/<uuid:block_id>/musnahkan/jawab")
@needs(P.MONEY_RESOLVE)
def answer_condemning(block_id: UUID) -> ResponseReturnValue:
    form = read_form(AnswerCondemnedSchema(block_id=block_id))
    return _shown(block_id, form, answer_condemned, _("Done."))


def _shown(
    block_id: UUID,
    form: Form[Any],
    service: Callable[..., object],
    said: str,
    fields: Mapping[str, str] = MappingProxyType({}),
) -> ResponseReturnValue:
    block_by_id(block_id, by=actor())  # who may not see it is not told that it is there
    if carried_out(form, service, fields) is None:
        return _page(block_by_id(block_id, by=actor()), form), 422
    flash(said, "success")
    return redirect(url_for(".show", block_id=block_id))


def _step(block_id: UUID, action: str) -> ResponseReturnValue:
    block_by_id(block_id, by=actor())
    form = read_form(StepBlockSchema(block_id=block_id, action=action))
    if carried_out(form, step_block, {}) is None:
        return _page(block_by_id(block_id, by=actor()), form), 422
    flash(_("Done."), "success")
    return redirect(url_for(".index"))


def _selling(block: TicketBlock, form: Form[Any]) -> str:
    return render_template("treasury/tickets/sell.html", block=block, form=form)


def _page(block: TicketBlock, form: Form[Any]) -> str:
    by, uses = actor(), uses_of(block.id)
    return render_template(
        "treasury/tickets/show.html",
        block=block,
        form=form,
        count=counts_of([block])[block.id],
        uses=uses,
        seen=spoilt_counts(uses),
        unseen=[use for use in spoilt_unseen(block.id) if use.by_id != by.id],
        ways=ways_of(block.id),
        tones=TONES,
        mine=block.holder_id == by.id,
        new_id=uuid7,
        may_stock=may(by, P.TICKET_STOCK, region=block.region),
        may_resolve=may(by, P.MONEY_RESOLVE, region=block.region),
        is_second=by.id not in {block.entered_by, block.condemned_by},
    )
