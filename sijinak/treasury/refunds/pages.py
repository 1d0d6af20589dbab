"""Refunds underway, and one page for each: decide it, or pay it out with a proof."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.payments.discrepancies.told import told_of_refunds
from sijinak.payments.labels import channel_name
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.queries import (
    RefundView,
    count_to_pay_out,
    every_refund,
    refund_by_id,
    refunds,
)
from sijinak.payments.refunds.services import decide_refund
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.answering import carried_out
from sijinak.treasury.cash.refunding import pay_out_free
from sijinak.treasury.people import holder_of_office
from sijinak.treasury.refunds.labels import BY_CHANNEL, BY_HAND, NEXT, TONES
from sijinak.treasury.refunds.papers import refund_pdf
from sijinak.treasury.refunds.schemas import CASH, DecideSchema, PayOutSchema
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.formats import moment
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.labels import label
from sijinak.web.papers import pdf_answer
from sijinak.web.settings import settings

bp = Blueprint("refunds", __name__)
P = Permission


@bp.get("/")
@needs(P.TREASURY_READ)
def index() -> ResponseReturnValue:
    view = _view()
    page = refunds(view, by=actor(), place=place())
    return render_template(
        "treasury/refunds/index.html",
        page=listing(page, ".index", tampil=view),
        form=Form({"tampil": view}),
        views=RefundView,
        tones=TONES,
        channel_name=channel_name,
        told=told_of_refunds(page.items),
    )


@bp.get("/pengembalian.csv")
@needs(P.TREASURY_READ)
def file() -> ResponseReturnValue:
    head = [
        _("Number"), _("Payer"), _("Bills"), _("Amount"), _("State"), _("Why"), _("Decree"),
        _("How"), _("Proof"), _("Asked for"), _("Approved by"), _("Given back"),
    ]  # fmt: skip
    found = every_refund(_view(), by=actor())
    told = told_of_refunds(found)
    rows = [
        (
            one.number or "", told[one.id].payer, told[one.id].bills, one.amount, label(one.state),
            one.reason, one.decree, _how(one), one.proof, moment(one.requested_at),
            one.approved_by_name, moment(one.done_at) if one.done_at else "",
        )
        for one in found
    ]  # fmt: skip
    asked = {"view": _view()}
    export = Export(what="refund-list", name="pengembalian", head=head, asked=asked)
    return hand_out(CSV, export, rows)


@bp.get("/<uuid:refund_id>.pdf")
@needs(P.TREASURY_READ)
def paper(refund_id: UUID) -> ResponseReturnValue:
    """What the payee signs."""
    refund = refund_by_id(refund_id, by=actor())
    payee = told_of_refunds([refund])[refund.id]
    treasurer = holder_of_office(Role.TREASURER, today(), by=actor())
    source = f"{payee.bills or '–'}, {channel_name(refund.adapter)}"
    pdf = refund_pdf(refund, payee.payer or "–", source, treasurer, settings())
    return pdf_answer(pdf, refund.number or refund.refund_ref)


@bp.get("/<uuid:refund_id>")
@needs(P.TREASURY_READ)
def show(refund_id: UUID) -> ResponseReturnValue:
    return _page(refund_by_id(refund_id, by=actor()), blank())


@bp.post("/<uuid:refund_id>/putus")
@needs(P.MONEY_RESOLVE)
def decide(refund_id: UUID) -> ResponseReturnValue:
    refund = refund_by_id(refund_id, by=actor())
    form = read_form(DecideSchema(refund.id))
    if carried_out(form, decide_refund, {"resolution-needs-decree": "decree"}) is None:
        return _page(refund_by_id(refund_id, by=actor()), form), 422
    flash(_("The decision is recorded."), "success")
    return redirect(url_for(".show", refund_id=refund_id))


@bp.post("/<uuid:refund_id>/bayar")
@needs(P.TREASURY_KEEP)
def pay_out(refund_id: UUID) -> ResponseReturnValue:
    refund = refund_by_id(refund_id, by=actor())
    form = read_form(PayOutSchema(refund.id))
    if carried_out(form, pay_out_free, {"cash-not-that-much": "out_of"}) is None:
        return _page(refund_by_id(refund_id, by=actor()), form), 422
    flash(_("The money is given back, and the books say so."), "success")
    return redirect(url_for(".show", refund_id=refund_id))


def tiles(by: Actor) -> Sequence[Tile]:
    """What the treasurer has to pay out."""
    count = count_to_pay_out(by=by) if by.reaches(P.TREASURY_KEEP) else 0
    if not count:
        return []
    url = url_for("refunds.index", tampil=RefundView.TO_PAY_OUT)
    return [Tile(_("To give back"), thousands(count), url, "wallet", "warning")]


def _view() -> RefundView:
    asked = request.args.get("tampil", "")
    return RefundView(asked) if asked in set(RefundView) else RefundView.UNDERWAY


def _how(refund: Refund) -> str:
    return _("by the office") if refund.paid_by_hand else channel_name(refund.adapter)


def _page(refund: Refund, form: Form[Any]) -> str:
    who, state = actor(), refund.state
    keeps = may(who, P.TREASURY_KEEP, region=refund.region)
    resolves = may(who, P.MONEY_RESOLVE, region=refund.region)
    is_asked, is_own = state is RefundState.REQUESTED, refund.requested_by == who.id
    accounts = [(one.code, f"{one.name} – {one.number}") for one in bank_accounts.all()]
    return render_template(
        "treasury/refunds/show.html",
        refund=refund,
        told=told_of_refunds([refund])[refund.id],
        form=form,
        tones=TONES,
        channel=channel_name(refund.adapter),
        next=_(NEXT.get(state) or (BY_HAND if refund.paid_by_hand else BY_CHANNEL)),
        may_decide=is_asked and resolves and not is_own,
        waits_for_other=is_asked and is_own,
        may_pay_out=state is RefundState.APPROVED and refund.paid_by_hand and keeps,
        ways_out=[*accounts, (CASH, _("Cash, from your own hands"))],
    )
