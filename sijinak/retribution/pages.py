"""What a trader owes, why, and how to pay it."""

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may, require
from sijinak.payments import jobs as payment_jobs
from sijinak.payments import labels as payment_labels
from sijinak.payments.adapters.base import Can
from sijinak.payments.adapters.registry import registry
from sijinak.payments.models import LIVE, Attempt
from sijinak.payments.queries import attempts_of, collections_of, live_attempt_of
from sijinak.retribution import labels
from sijinak.retribution.counter import may_cash, pdf_answer, received_on
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.papers import skrd_pdf
from sijinak.retribution.queries import (
    loose_of,
    receipt_of,
    skrd_by_id,
    skrds,
    uses_example_tariff,
)
from sijinak.retribution.schemas import CancelSkrdSchema, StartPaymentSchema
from sijinak.retribution.services import StartPayment, cancel_skrd, start_payment
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.settings import settings

bp = Blueprint("retribution", __name__)
LOOK_AGAIN = "3"  # seconds, while a payment is under way


@bp.get("/")
@needs(Permission.SKRD_READ)
def index() -> ResponseReturnValue:
    wanted = request.args.get("keadaan", "")
    state = SkrdState(wanted) if wanted in set(SkrdState) else None
    page = skrds(by=actor(), state=state, place=place())
    return render_template(
        "retribution/index.html",
        page=listing(page, ".index", keadaan=state),
        form=Form({"keadaan": wanted}),
        states=SkrdState,
        tones=labels.TONES,
        channel_name=payment_labels.channel_name,
        received=received_on(_day_asked()) if _counts_money() else None,
    )


@bp.get("/<uuid:skrd_id>")
@needs(Permission.SKRD_READ)
def show(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    attempts = attempts_of(skrd.id)
    return render_template(
        "retribution/show.html",
        skrd=skrd,
        tones=labels.TONES,
        is_example=uses_example_tariff(skrd),
        receipt=receipt_of(skrd.id),
        attempts=attempts,
        attempt_tones=payment_labels.TONES,
        channel_name=payment_labels.channel_name,
        live=next((one for one in attempts if one.state in LIVE), None),
        loose=loose_of(skrd, collections_of(skrd.id)),
        may_pay=_may_pay(skrd) and bool(registry.online()),
        may_cash=may_cash(skrd, actor()),
        may_withdraw=may(actor(), Permission.SKRD_ISSUE, region=skrd.region),
    )


@bp.get("/<uuid:skrd_id>.pdf")
@needs(Permission.SKRD_READ)
def skrd_paper(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    pdf = skrd_pdf(skrd, settings(), is_example=uses_example_tariff(skrd))
    return pdf_answer(pdf, skrd.number)


@bp.get("/<uuid:skrd_id>/tarik")
@needs(Permission.SKRD_ISSUE)
def withdraw(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    return render_template("retribution/withdraw.html", skrd=skrd, form=blank())


@bp.post("/<uuid:skrd_id>/tarik")
@needs(Permission.SKRD_ISSUE)
def cancel(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    form = read_form(CancelSkrdSchema(skrd.id))
    if form.value is None:
        return render_template("retribution/withdraw.html", skrd=skrd, form=form), 422
    try:
        with transaction():
            cancel_skrd(form.value, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error)
        return render_template("retribution/withdraw.html", skrd=skrd, form=form), 422
    flash(_("The SKRD is withdrawn."), "success")
    return redirect(url_for(".show", skrd_id=skrd.id))


@bp.get("/<uuid:skrd_id>/bayar")
@needs(Permission.PAYMENT_START)
def pay(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    if live := live_attempt_of(skrd.id):
        return redirect(url_for(".attempt", skrd_id=skrd.id, attempt_id=live.id))
    if skrd.state is not SkrdState.OPEN:
        return redirect(url_for(".show", skrd_id=skrd.id))
    return _pay_form(skrd, blank(adapter=next(iter(registry.online()), "")))


@bp.post("/<uuid:skrd_id>/bayar")
@needs(Permission.PAYMENT_START)
def start(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    form = read_form(StartPaymentSchema(skrd.id))
    if form.value is None:
        return _pay_form(skrd, form), 422
    try:
        with transaction():
            attempt = start_payment(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _pay_form(skrd, form.refuse(error)), 422
    return redirect(url_for(".attempt", skrd_id=skrd.id, attempt_id=attempt.id))


@bp.get("/<uuid:skrd_id>/pembayaran/<uuid:attempt_id>")
@needs(Permission.SKRD_READ)
def attempt(skrd_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    one = _attempt(skrd, attempt_id)
    receipt = receipt_of(skrd.id)
    waits = one.state in LIVE
    page = render_template(
        "retribution/attempt.html",
        skrd=skrd,
        attempt=one,
        receipt=receipt,
        waits=waits,
        tone=payment_labels.TONES[one.state],
        channel=payment_labels.channel_name(one.adapter),
        what_to_do=payment_labels.what_to_do(one),
        may_pay=_may_pay(skrd),
        can_stop=waits and Can.CANCEL in registry.known(one.adapter).can,
        loose=loose_of(skrd, collections_of(skrd.id)),
    )
    response = make_response(page)
    if waits:
        response.headers["Refresh"] = LOOK_AGAIN
    return response


@bp.post("/<uuid:skrd_id>/pembayaran/<uuid:attempt_id>/cek")
@needs(Permission.PAYMENT_START)
def check(skrd_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    """Ask now instead of at the next sweep."""
    one = _own_attempt(skrd_id, attempt_id)
    payment_jobs.ask(one.id)
    return redirect(url_for(".attempt", skrd_id=skrd_id, attempt_id=attempt_id))


@bp.post("/<uuid:skrd_id>/pembayaran/<uuid:attempt_id>/batal")
@needs(Permission.PAYMENT_START)
def stop(skrd_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    one = _own_attempt(skrd_id, attempt_id)
    payment_jobs.stop(one.id)
    return redirect(url_for(".attempt", skrd_id=skrd_id, attempt_id=attempt_id))


def _counts_money() -> bool:
    """Whether the day's receipts are the actor's business."""
    who = actor()
    return bool(who.reaches(Permission.CASH_RECEIVE) or who.reaches(Permission.AUDIT_READ))


def _day_asked() -> date:
    """The day in the address; what is none means today. The last day of all has no next one."""
    try:
        asked = date.fromisoformat(request.args.get("hari", ""))
    except ValueError:
        return today()
    return asked if date.min < asked < date.max else today()


def _pay_form(skrd: Skrd, form: Form[StartPayment]) -> str:
    channels = [(name, payment_labels.channel_name(name)) for name in registry.online()]
    return render_template("retribution/pay.html", skrd=skrd, form=form, channels=channels)


def _attempt(skrd: Skrd, attempt_id: UUID) -> Attempt:
    found = next((one for one in attempts_of(skrd.id) if one.id == attempt_id), None)
    if found is None:
        raise NotFound(attempt_id=str(attempt_id))
    return found


def _own_attempt(skrd_id: UUID, attempt_id: UUID) -> Attempt:
    skrd = skrd_by_id(skrd_id, by=actor())
    require(actor(), Permission.PAYMENT_START, region=skrd.region, keeper_id=skrd.keeper_id)
    return _attempt(skrd, attempt_id)


def _may_pay(skrd: Skrd) -> bool:
    return may(actor(), Permission.PAYMENT_START, region=skrd.region, keeper_id=skrd.keeper_id)
