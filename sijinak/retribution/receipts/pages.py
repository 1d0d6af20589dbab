"""A receipt: its papers, its link, and its void by a second person."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may, require
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows, shows_list
from sijinak.retribution.claims.queries import interest_to_come, still_owed
from sijinak.retribution.receipts import labels
from sijinak.retribution.receipts.linking import SENDERS, end_link, make_link, may_send
from sijinak.retribution.receipts.models import Receipt, ReceiptKind, VoidRequest, VoidState
from sijinak.retribution.receipts.papers import receipt_pdf, roll_pdf
from sijinak.retribution.receipts.queries import (
    moneys_of,
    open_void_of,
    open_voids,
    paid_together,
    receipt_by_id,
    receipt_voided_by,
    skrd_of,
    void_of,
)
from sijinak.retribution.receipts.road import road
from sijinak.retribution.receipts.schemas import (
    AnswerVoidSchema,
    AskVoidSchema,
    EndLinkSchema,
    MakeLinkSchema,
)
from sijinak.retribution.receipts.sending import sent_of
from sijinak.retribution.receipts.services import answer_void, ask_void
from sijinak.retribution.ways import name_of_receipt
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form
from sijinak.web.messages import message_for
from sijinak.web.papers import pdf_answer
from sijinak.web.settings import settings

bp = Blueprint("receipts", __name__)
P = Permission


@bp.get("/tbp/<uuid:receipt_id>")
@needs(P.SKRD_READ)
def show(receipt_id: UUID) -> ResponseReturnValue:
    found = receipt_by_id(receipt_id, by=actor())
    shows(found.keeper_id, found.region, Where.RECEIPT)
    is_void = found.kind is ReceiptKind.VOID
    void = None if is_void else void_of(found.id)
    return render_template(
        "retribution/receipt.html",
        receipt=found,
        skrd=skrd_of(found),
        channel=name_of_receipt(found),
        void=void,
        voided=receipt_voided_by(found) if is_void else None,
        asked=None if is_void else open_void_of(found.id),
        together=paid_together(found),
        owed=() if is_void or void else still_owed(skrd_of(found)),
        to_come=0 if is_void or void else interest_to_come(skrd_of(found)),
        roads=[road.of(money, actor()) for _, money in moneys_of(found)],
        sent=sent_of(found) if may_send(found, actor()) else None,
        may_send=may_send(found, actor()),
        fresh=blank(),
        may_void=not is_void and not void and may(actor(), P.RECEIPT_VOID, region=found.region),
    )


@bp.get("/tbp/<uuid:receipt_id>.pdf")
@needs(P.SKRD_READ)
def paper(receipt_id: UUID) -> ResponseReturnValue:
    found = receipt_by_id(receipt_id, by=actor())
    shows(found.keeper_id, found.region, Where.PAPER)
    return pdf_answer(receipt_pdf(found, settings()), found.number)


@bp.get("/tbp/<uuid:receipt_id>/struk.pdf")
@needs(P.SKRD_READ)
def roll(receipt_id: UUID) -> ResponseReturnValue:
    found = receipt_by_id(receipt_id, by=actor())
    shows(found.keeper_id, found.region, Where.PAPER)
    return pdf_answer(roll_pdf(found, settings()), f"{found.number}-58mm")


@bp.post("/tbp/<uuid:receipt_id>/tautan")
@needs(*SENDERS)
def link(receipt_id: UUID) -> ResponseReturnValue:
    receipt_by_id(receipt_id, by=actor())
    form = read_form(MakeLinkSchema(receipt_id))
    if form.value is not None:
        try:
            with transaction():
                make_link(form.value, by=actor())
        except (Conflict, NotFound) as error:
            flash(message_for(error.code, error.facts), "error")
    return redirect(url_for(".show", receipt_id=receipt_id, _anchor="sent"))


@bp.post("/tbp/<uuid:receipt_id>/tautan/akhiri")
@needs(*SENDERS)
def unlink(receipt_id: UUID) -> ResponseReturnValue:
    receipt_by_id(receipt_id, by=actor())
    form = read_form(EndLinkSchema(receipt_id))
    if form.value is not None:
        with transaction():
            end_link(form.value, by=actor())
        flash(_("The link has ended: it shows nothing any more."), "success")
    return redirect(url_for(".show", receipt_id=receipt_id))


@bp.get("/tbp/<uuid:receipt_id>/batal")
@needs(P.RECEIPT_VOID)
def void(receipt_id: UUID) -> ResponseReturnValue:
    found = receipt_by_id(receipt_id, by=actor())
    require(actor(), P.RECEIPT_VOID, region=found.region)
    return _ask_page(found, blank())


@bp.post("/tbp/<uuid:receipt_id>/batal")
@needs(P.RECEIPT_VOID)
def ask(receipt_id: UUID) -> ResponseReturnValue:
    found = receipt_by_id(receipt_id, by=actor())
    form = read_form(AskVoidSchema(receipt_id))
    if form.value is None:
        return _ask_page(found, form), 422
    try:
        with transaction():
            request = ask_void(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _ask_page(found, form.refuse(error)), 422
    flash(_("A second person is asked to void this receipt."), "success")
    return redirect(url_for(".request_page", request_id=request.id))


@bp.get("/pembatalan")
@needs(P.RECEIPT_VOID)
def voids() -> ResponseReturnValue:
    rows = open_voids(by=actor())
    shows_list(Where.RECEIPTS, (receipt.keeper_id for _request, receipt in rows))
    return render_template("receipts/voids.html", rows=rows)


@bp.get("/pembatalan/<uuid:request_id>")
@needs(P.RECEIPT_VOID)
def request_page(request_id: UUID) -> ResponseReturnValue:
    return _request_page(*_request(request_id), blank())


@bp.post("/pembatalan/<uuid:request_id>")
@needs(P.RECEIPT_VOID)
def answer(request_id: UUID) -> ResponseReturnValue:
    request, receipt = _request(request_id)
    form = read_form(AnswerVoidSchema(request_id))
    if form.value is None:
        return _request_page(request, receipt, form), 422
    try:
        with transaction():
            request = answer_void(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _request_page(*_request(request_id), form.refuse(error)), 422
    issued = request.state is VoidState.ISSUED
    flash(_("The receipt is voided.") if issued else _("The receipt stands."), "success")
    return redirect(url_for(".show", receipt_id=receipt.id))


def _request(request_id: UUID) -> tuple[VoidRequest, Receipt]:
    """Raises NotFound, also for what is out of reach."""
    request = db.session.get(VoidRequest, request_id)
    if request is None:
        raise NotFound(request_id=str(request_id))
    return request, receipt_by_id(request.receipt_id, by=actor())


def _ask_page(receipt: Receipt, form: Form[Any]) -> str:
    return render_template("receipts/ask_void.html", receipt=receipt, form=form)


def _request_page(request: VoidRequest, receipt: Receipt, form: Form[Any]) -> str:
    who = actor()
    is_second = who.id not in {request.asked_by, receipt.issued_by}
    return render_template(
        "receipts/void.html",
        request=request,
        receipt=receipt,
        skrd=skrd_of(receipt),
        form=form,
        tones=labels.VOID_TONES,
        is_second=is_second and may(who, P.RECEIPT_VOID, region=receipt.region),
    )
