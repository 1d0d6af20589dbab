"""The counter: cash for one bill or several of one payer, and what was received on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may, within_reach
from sijinak.payments.adapters.cash import CashAdapter
from sijinak.payments.adapters.registry import registry
from sijinak.payments.discrepancies.queries import held_bills
from sijinak.payments.queries import live_attempt_of
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.queries import count_open, skrd_by_id
from sijinak.retribution.questions import questions_about
from sijinak.retribution.receipts.models import Receipt, ReceiptKind
from sijinak.retribution.receipts.queries import open_voids, receipts_of_day, voided_among
from sijinak.retribution.receipts.schemas import ReceiveCashSchema, change_of
from sijinak.retribution.receipts.services import ReceiveCash, receive_cash
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form
from sijinak.web.settings import settings

bp = Blueprint("retribution_counter", __name__)
ALSO = frozenset({"also"})
MOST_BESIDE = 50
FIELD_OF = {"money-in-question": "despite_question"}


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
    form = read_form(ReceiveCashSchema(skrd.id), many=ALSO)
    if form.value is None:
        return _cash_form(skrd, form), 422
    try:
        with transaction():
            receipt = receive_cash(form.value, series=settings().receipt_series, by=actor())
    except (Conflict, Invalid) as error:
        field = FIELD_OF.get(error.code, "amount")
        return _cash_form(skrd_by_id(skrd_id, by=actor()), form.refuse(error, field)), 422
    if change := change_of(form.raw):
        flash(_("Give back Rp %(change)s.", change=change), "info")
    flash(_("The money is received. Give the payer this receipt."), "success")
    return redirect(url_for("receipts.show", receipt_id=receipt.id))


@bp.get("/uang-tanpa-tagihan")
@needs(Permission.CASH_RECEIVE, Permission.AUDIT_READ)
def loose() -> ResponseReturnValue:
    """Where the list of money without a receipt was before."""
    return redirect(url_for("discrepancies.index"))


@dataclass(frozen=True, slots=True)
class Received:
    """The receipts and voids of one day, cash and all other ways apart."""

    day: date
    receipts: Sequence[Receipt]
    is_today: bool
    voided: frozenset[UUID]

    @property
    def by_channel(self) -> list[tuple[str, int, int]]:
        """Name, how many receipts, and how much is left of them after the voids of the day."""
        cash = [one for one in self.receipts if one.channel == CashAdapter.name]
        other = [one for one in self.receipts if one.channel != CashAdapter.name]
        return [(_("Cash"), *_counted(cash)), (_("Other ways"), *_counted(other))]

    @property
    def total(self) -> int:
        return _counted(self.receipts)[1]


def received_on(day: date) -> Received:
    found = receipts_of_day(day, by=actor())
    return Received(day, found, day == today(), voided_among(found))


def tiles(by: Actor) -> Sequence[Tile]:
    """What the person may pay, receive, or must void."""
    found = []
    url = url_for("retribution.index", keadaan=SkrdState.OPEN)
    if by.reaches(Permission.CASH_RECEIVE):
        count = count_open(by=by, permission=Permission.CASH_RECEIVE)
        found.append(Tile(_("SKRD waiting for money"), thousands(count), url, "cash"))
    if by.reaches(Permission.RECEIPT_VOID) and (waiting := _voids_for(by)):
        url = url_for("receipts.voids")
        if len(waiting) == 1:
            url = url_for("receipts.request_page", request_id=waiting[0])
        label = _("Voids that wait for a second person")
        found.append(Tile(label, thousands(len(waiting)), url, "alert-triangle", "warning"))
    return found


def _voids_for(by: Actor) -> list[UUID]:
    """Those that the person may decide: neither asked for nor issued by them."""
    return [
        request.id
        for request, receipt in open_voids(by=by)
        if by.id not in {request.asked_by, receipt.issued_by}
    ]


def may_cash(skrd: Skrd, who: Actor) -> bool:
    """Four eyes: who issued the bill, or took part before it, does not receive its money."""
    holds = may(who, Permission.CASH_RECEIVE, region=skrd.region)
    took_part = skrd.issued_by == who.id or str(who.id) in skrd.took_part
    return holds and not took_part and registry.offers(CashAdapter.name)


def others_to_pay(skrd: Skrd, *, by: Actor) -> Sequence[Skrd]:
    """More open bills of the same payer that the actor may take money for."""
    asked = select(Skrd).where(
        Skrd.keeper_id == skrd.keeper_id,
        Skrd.id != skrd.id,
        Skrd.state == SkrdState.OPEN,
        within_reach(by, Permission.CASH_RECEIVE, Skrd.region),
    )
    found = db.session.scalars(asked.order_by(Skrd.due_on, Skrd.id).limit(MOST_BESIDE))
    return [one for one in found if may_cash(one, by)]


def _counted(receipts: Sequence[Receipt]) -> tuple[int, int]:
    """How many receipts, and what they come to less the voids among them."""
    real = [one.amount for one in receipts if one.kind is ReceiptKind.RECEIPT]
    void = [one.amount for one in receipts if one.kind is ReceiptKind.VOID]
    return len(real), sum(real) - sum(void)


def _tone(count: int) -> str:
    return "warning" if count else "neutral"


def _cash_form(skrd: Skrd, form: Form[ReceiveCash]) -> str:
    others = others_to_pay(skrd, by=actor())
    held = held_bills([skrd.id, *(one.id for one in others)])
    return render_template(
        "retribution/cash.html",
        skrd=skrd,
        form=form,
        also=set(request.form.getlist("also")),
        others=others,
        held=held,
        live=live_attempt_of(skrd.id),
        may_cash=may_cash(skrd, actor()),
        questions=questions_about(skrd),
    )
