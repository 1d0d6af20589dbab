"""The treasurer's counter: cash, receipts, and money that has none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.payments import labels as payment_labels
from sijinak.payments.adapters.cash import CashAdapter
from sijinak.payments.adapters.registry import registry
from sijinak.payments.models import Collection
from sijinak.payments.queries import collections_of, live_attempt_of
from sijinak.retribution.models import Receipt, Skrd, SkrdState
from sijinak.retribution.papers import receipt_pdf
from sijinak.retribution.queries import (
    count_loose_money,
    count_open,
    loose_money,
    loose_of,
    receipt_by_id,
    receipts_of_day,
    skrd_by_id,
)
from sijinak.retribution.schemas import ReceiveCashSchema
from sijinak.retribution.services import ReceiveCash, receive_cash
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form
from sijinak.web.settings import settings

bp = Blueprint("retribution_counter", __name__)


@bp.get("/<uuid:skrd_id>/tunai")
@needs(Permission.CASH_RECEIVE)
def cash(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    if skrd.state is not SkrdState.OPEN:
        return redirect(url_for("retribution.show", skrd_id=skrd.id))
    return _cash_form(skrd, blank())


@bp.post("/<uuid:skrd_id>/tunai")
@needs(Permission.CASH_RECEIVE)
def take(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    form = read_form(ReceiveCashSchema(skrd.id))
    if form.value is None:
        return _cash_form(skrd, form), 422
    try:
        with transaction():
            receipt = receive_cash(form.value, series=settings().receipt_series, by=actor())
    except (Conflict, Invalid) as error:
        return _cash_form(skrd, form.refuse(error, "amount")), 422
    flash(_("The money is received. Give the payer this receipt."), "success")
    return redirect(url_for(".receipt", receipt_id=receipt.id))


@bp.get("/tbp/<uuid:receipt_id>")
@needs(Permission.SKRD_READ)
def receipt(receipt_id: UUID) -> ResponseReturnValue:
    found = receipt_by_id(receipt_id, by=actor())
    return render_template(
        "retribution/receipt.html",
        receipt=found,
        skrd=db.session.get_one(Skrd, found.skrd_id),
        channel=payment_labels.channel_name(found.channel),
    )


@bp.get("/tbp/<uuid:receipt_id>.pdf")
@needs(Permission.SKRD_READ)
def receipt_paper(receipt_id: UUID) -> ResponseReturnValue:
    found = receipt_by_id(receipt_id, by=actor())
    skrd = db.session.get_one(Skrd, found.skrd_id)
    money = db.session.get_one(Collection, found.collection_id)
    return pdf_answer(receipt_pdf(found, skrd, money, settings()), found.number)


@bp.get("/uang-tanpa-tagihan")
@needs(Permission.CASH_RECEIVE, Permission.AUDIT_READ)
def loose() -> ResponseReturnValue:
    return render_template(
        "retribution/loose.html",
        found=loose_money(by=actor()),
        channel_name=payment_labels.channel_name,
    )


@dataclass(frozen=True, slots=True)
class Received:
    """The receipts of one day, cash and all other ways apart."""

    day: date
    receipts: Sequence[Receipt]
    is_today: bool

    @property
    def by_channel(self) -> list[tuple[str, int, int]]:
        """Name, how many receipts, and how much."""
        cash = [one.amount for one in self.receipts if one.channel == CashAdapter.name]
        other = [one.amount for one in self.receipts if one.channel != CashAdapter.name]
        return [(_("Cash"), len(cash), sum(cash)), (_("Other ways"), len(other), sum(other))]

    @property
    def total(self) -> int:
        return sum(one.amount for one in self.receipts)


def received_on(day: date) -> Received:
    return Received(day, receipts_of_day(day, by=actor()), day == today())


def tiles(by: Actor) -> Sequence[Tile]:
    """What the person may pay, receive, or must clear up."""
    found = []
    if by.reaches(Permission.PAYMENT_START):
        count = count_open(by=by, permission=Permission.PAYMENT_START)
        url = url_for("retribution.index", keadaan=SkrdState.OPEN)
        found.append(Tile(_("SKRD to pay"), thousands(count), url, "receipt", _tone(count)))
    if by.reaches(Permission.CASH_RECEIVE):
        count = count_open(by=by, permission=Permission.CASH_RECEIVE)
        url = url_for("retribution.index", keadaan=SkrdState.OPEN)
        found.append(Tile(_("SKRD waiting for money"), thousands(count), url, "cash"))
    if by.reaches(Permission.CASH_RECEIVE) or by.reaches(Permission.AUDIT_READ):
        count = count_loose_money(by=by)
        url = url_for("retribution_counter.loose")
        label = _("Money without a receipt")
        found.append(Tile(label, thousands(count), url, "alert-triangle", _tone(count)))
    return found


def may_cash(skrd: Skrd, who: Actor) -> bool:
    """Four eyes: who issued the SKRD does not receive its money."""
    holds = may(who, Permission.CASH_RECEIVE, region=skrd.region)
    return holds and skrd.issued_by != who.id and registry.offers(CashAdapter.name)


def pdf_answer(pdf: bytes, number: str) -> Response:
    name = number.replace("/", "-")
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _tone(count: int) -> str:
    return "warning" if count else "neutral"


def _cash_form(skrd: Skrd, form: Form[ReceiveCash]) -> str:
    return render_template(
        "retribution/cash.html",
        skrd=skrd,
        form=form,
        live=live_attempt_of(skrd.id),
        may_cash=may_cash(skrd, actor()),
        loose=loose_of(skrd, collections_of(skrd.id)),
    )
