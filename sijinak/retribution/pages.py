"""What a trader owes, why, and how to pay it."""

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows, shows_list
from sijinak.payments import labels as payment_labels
from sijinak.payments.adapters.registry import registry
from sijinak.payments.models import LIVE
from sijinak.payments.queries import attempts_of
from sijinak.retribution import labels
from sijinak.retribution.claims.interest import lapses_on
from sijinak.retribution.claims.queries import (
    days_in_question,
    interest_due,
    interest_unbilled,
    interest_until,
    replaced_by,
    replaced_with,
    waiting_write_off,
)
from sijinak.retribution.counter import may_cash, received_on
from sijinak.retribution.models import BillKind, Skrd, SkrdState
from sijinak.retribution.papers import skrd_pdf
from sijinak.retribution.queries import skrd_by_id, skrds, strds_of, uses_example_tariff
from sijinak.retribution.questions import questions_about
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.retribution.schemas import CancelSkrdSchema
from sijinak.retribution.services import CancelSkrd, cancel_skrd
from sijinak.retribution.ways import name_of
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, day_in_address, listing, place, read_form
from sijinak.web.papers import pdf_answer
from sijinak.web.settings import settings

bp = Blueprint("retribution", __name__)


@bp.get("/")
@needs(Permission.SKRD_READ)
def index() -> ResponseReturnValue:
    wanted = request.args.get("keadaan", "")
    state = SkrdState(wanted) if wanted in set(SkrdState) else None
    text = request.args.get("cari", "")[:80]
    asked = {"keadaan": state, "cari": text}
    page = skrds(by=actor(), state=state, text=text, place=place())
    received = received_on(_day_asked()) if _counts_money() else None
    shows_list(Where.BILLS, (one.keeper_id for one in page.items), "", asked)
    shows_list(Where.RECEIPTS, (one.keeper_id for one in received.receipts) if received else ())
    return render_template(
        "retribution/index.html",
        page=listing(page, ".index", **asked),
        form=Form({"keadaan": wanted, "cari": text}),
        states=SkrdState,
        tones=labels.TONES,
        today=today(),
        channel_name=payment_labels.channel_name,
        received=received,
    )


@bp.get("/<uuid:skrd_id>")
@needs(Permission.SKRD_READ)
def show(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    shows(skrd.keeper_id, skrd.region, Where.BILL)
    attempts, questions = attempts_of(skrd.id), questions_about(skrd)
    return render_template(
        "retribution/show.html",
        skrd=skrd,
        tones=labels.TONES,
        is_example=uses_example_tariff(skrd),
        receipt=receipt_of(skrd.id),
        late=db.session.get(Skrd, skrd.late_id) if skrd.late_id else None,
        strds=strds_of(skrd.id),
        interest=interest_due(skrd, interest_until(skrd)),
        unbilled=interest_unbilled(skrd),
        stopped=days_in_question(skrd, interest_until(skrd)),
        replaced_by=replaced_by(skrd),
        replaces=replaced_with(skrd),
        write_off=waiting_write_off(skrd.id),
        attempts=attempts,
        attempt_tones=payment_labels.TONES,
        name_of=name_of,
        live=next((one for one in attempts if one.state in LIVE), None),
        questions=questions,
        is_held=any(one.holds for one in questions),
        lapses_on=lapses_on(skrd.due_on),
        fresh=blank(),
        today=today(),
        **_rights(skrd),
    )


@bp.get("/<uuid:skrd_id>.pdf")
@needs(Permission.SKRD_READ)
def skrd_paper(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    shows(skrd.keeper_id, skrd.region, Where.PAPER)
    pdf = skrd_pdf(skrd, settings(), is_example=uses_example_tariff(skrd))
    return pdf_answer(pdf, skrd.number)


@bp.get("/<uuid:skrd_id>/tarik")
@needs(Permission.SKRD_ISSUE)
def withdraw(skrd_id: UUID) -> ResponseReturnValue:
    return _withdraw_form(skrd_by_id(skrd_id, by=actor()), blank())


@bp.post("/<uuid:skrd_id>/tarik")
@needs(Permission.SKRD_ISSUE)
def cancel(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    form = read_form(CancelSkrdSchema(skrd.id))
    if form.value is None:
        return _withdraw_form(skrd, form), 422
    try:
        with transaction():
            cancel_skrd(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _withdraw_form(skrd, form.refuse(error)), 422
    flash(_("%(number)s is withdrawn.", number=skrd.number), "success")
    return redirect(url_for(".show", skrd_id=skrd.id))


def may_pay(skrd: Skrd) -> bool:
    return may(actor(), Permission.PAYMENT_START, region=skrd.region, keeper_id=skrd.keeper_id)


def _rights(skrd: Skrd) -> dict[str, bool]:
    issues = may(actor(), Permission.SKRD_ISSUE, region=skrd.region)
    return {
        "may_pay": may_pay(skrd) and bool(registry.online()),
        "may_cash": may_cash(skrd, actor()),
        "may_withdraw": issues and skrd.kind is BillKind.SKRD,
        "may_claim": issues and skrd.kind is BillKind.SKRD,
        "may_write_off": may(actor(), Permission.MONEY_RESOLVE, region=skrd.region),
    }


def _withdraw_form(skrd: Skrd, form: Form[CancelSkrd]) -> str:
    return render_template("retribution/withdraw.html", skrd=skrd, form=form)


def _counts_money() -> bool:
    """Whether the day's receipts are the actor's business."""
    who = actor()
    return bool(who.reaches(Permission.CASH_RECEIVE) or who.reaches(Permission.AUDIT_READ))


def _day_asked() -> date:
    """The last day of all has no next one."""
    return day_in_address("hari", today())
