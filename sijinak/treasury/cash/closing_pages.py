"""The daily closing: count, and let a second person sign."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.permissions import Permission, may
from sijinak.treasury.answering import carried_out
from sijinak.treasury.cash.closing import count_cash, countersign_closing, reject_closing
from sijinak.treasury.cash.commands import NOTES
from sijinak.treasury.cash.differing import case_about
from sijinak.treasury.cash.labels import FIELD_OF, FLOWS, OTHER_FLOW, TONES
from sijinak.treasury.cash.models import CashClosing
from sijinak.treasury.cash.pages import bp
from sijinak.treasury.cash.papers import closing_pdf
from sijinak.treasury.cash.queries import closing_by_id, closings, holder_of, waiting_count_of
from sijinak.treasury.cash.schemas import (
    CountCashSchema,
    RejectClosingSchema,
    SignClosingSchema,
)
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, day_in_address, listing, place, read_form
from sijinak.web.papers import pdf_answer
from sijinak.web.settings import settings

P = Permission


@bp.get("/tutup")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def closed() -> ResponseReturnValue:
    page = listing(closings(place(), by=actor()), ".closed")
    return render_template("treasury/cash/closings.html", page=page, tones=TONES)


@bp.get("/tutup/hitung")
@needs(P.CASH_RECEIVE)
def counting() -> ResponseReturnValue:
    waiting = waiting_count_of(actor().id)
    if waiting:
        return redirect(url_for(".closing", closing_id=waiting.id))
    return _counting(blank(day=day_in_address("hari", today()).isoformat()))


@bp.post("/tutup/hitung")
@needs(P.CASH_RECEIVE)
def count() -> ResponseReturnValue:
    form = read_form(CountCashSchema())
    done = carried_out(form, count_cash, {**FIELD_OF, "cash-no-amount": "counted"})
    if done is None:
        return _counting(form), 422
    flash(_("Counted. Now a second person looks at the money and signs."), "success")
    return redirect(url_for(".closing", closing_id=done.id))


@bp.get("/tutup/<uuid:closing_id>")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def closing(closing_id: UUID) -> ResponseReturnValue:
    return _page(closing_by_id(closing_id, by=actor()), blank())


@bp.post("/tutup/<uuid:closing_id>/sahkan")
@needs(P.MONEY_RESOLVE)
def sign(closing_id: UUID) -> ResponseReturnValue:
    closing_by_id(closing_id, by=actor())
    form = read_form(SignClosingSchema(closing_id=closing_id))
    if carried_out(form, countersign_closing, {}) is None:
        return _page(closing_by_id(closing_id, by=actor()), form), 422
    flash(_("Signed. The person's day is closed."), "success")
    return redirect(url_for(".closing", closing_id=closing_id))


@bp.post("/tutup/<uuid:closing_id>/tolak")
@needs(P.MONEY_RESOLVE)
def reject(closing_id: UUID) -> ResponseReturnValue:
    closing_by_id(closing_id, by=actor())
    form = read_form(RejectClosingSchema(closing_id=closing_id))
    if carried_out(form, reject_closing, {}) is None:
        return _page(closing_by_id(closing_id, by=actor()), form), 422
    flash(_("Sent back: the money is counted again."), "success")
    return redirect(url_for(".closing", closing_id=closing_id))


@bp.get("/tutup/<uuid:closing_id>.pdf")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def closing_paper(closing_id: UUID) -> ResponseReturnValue:
    found = closing_by_id(closing_id, by=actor())
    name = f"tutup-kas-{found.day.isoformat()}"
    return pdf_answer(closing_pdf(found, settings()), name)


def flow_rows(flows: dict[str, int]) -> list[tuple[str, int]]:
    """What came, then what went, which is below zero; named."""
    in_order = sorted(flows.items(), key=lambda flow: (flow[1] < 0, flow[0]))
    return [(_(FLOWS.get(name, OTHER_FLOW)), amount) for name, amount in in_order]


def _counting(form: Form[Any]) -> str:
    """What the books say is not among it: who knows the sum does not count."""
    return render_template(
        "treasury/cash/count.html", form=form, holder=holder_of(actor().id), notes=NOTES
    )


def _page(found: CashClosing, form: Form[Any]) -> str:
    by = actor()
    may_sign = may(by, P.MONEY_RESOLVE, region=found.region) and found.holder_id != by.id
    return render_template(
        "treasury/cash/closing.html",
        found=found,
        form=form,
        rows=flow_rows(found.flows),
        tones=TONES,
        may_sign=may_sign,
        case=case_about(found, by=by),
    )
