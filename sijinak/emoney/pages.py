"""e-Money for traders: what I owe, paying one bill or many, receipts, and how it went."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.money import rupiah_text
from sijinak.core.permissions import Actor, Permission
from sijinak.emoney.queries import (
    attempts_under_way,
    attempts_without_money,
    bills_chosen,
    bills_in_question,
    bills_owed,
    last_receipts,
    live_attempts,
    money_in_question,
    moneys_paid,
    payment_of,
    receipts_held,
    total_owed,
)
from sijinak.emoney.stories import void_story
from sijinak.payments import labels as payment_labels
from sijinak.payments.discrepancies.queries import held_bills
from sijinak.retribution.became import parts_of
from sijinak.retribution.claims.queries import interest_due
from sijinak.retribution.models import Skrd
from sijinak.retribution.paying import begin, pay_page
from sijinak.retribution.purses import lies_in, purses_held
from sijinak.retribution.questions import questions_about
from sijinak.retribution.schemas import StartPaymentSchema
from sijinak.retribution.ways import name_of, name_of_money, name_of_receipt
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import listing, place, read_form

bp = Blueprint("emoney", __name__)
MOST_AT_ONCE = 50


@bp.get("/")
@needs(Permission.PAYMENT_START)
def index() -> ResponseReturnValue:
    bills = bills_owed(by=actor())
    questions = money_in_question(by=actor())
    live = bills_in_question(bills, questions) | live_attempts(bills)
    held = held_bills([one.id for one in bills])
    return render_template(
        "emoney/index.html",
        bills=bills,
        live=live,
        held={one.id: questions_about(one) for one in bills if one.id in held},
        free=[one for one in bills if one.id not in live and one.id not in held],
        total=sum(one.total for one in bills),
        several_payers=len({one.keeper_id for one in bills}) > 1,
        interest={one.id: interest_due(one, today()) for one in bills},
        today=today(),
        under_way=attempts_under_way(by=actor()),
        questions=questions,
        receipts=last_receipts(by=actor()),
        purses=[(one, lies_in(one)) for one in purses_held(by=actor())],
        name_of=name_of,
        story_of=void_story,
        most=MOST_AT_ONCE,
    )


@bp.get("/bayar")
@needs(Permission.PAYMENT_START)
def pay() -> ResponseReturnValue:
    """The bills that were ticked."""
    chosen = _chosen(request.args.getlist("skrd"))
    if not chosen:
        return redirect(url_for(".index"))
    if len(chosen) == 1:
        return redirect(url_for("retribution.pay", skrd_id=chosen[0].id))
    return pay_page(chosen, back=url_for(".index"))


@bp.post("/bayar")
@needs(Permission.PAYMENT_START)
def start() -> ResponseReturnValue:
    chosen = _chosen(request.form.getlist("skrd"))
    if not chosen:
        return redirect(url_for(".index"))
    form = read_form(StartPaymentSchema(tuple(one.id for one in chosen)))
    return begin(chosen, form, back=url_for(".index"))


@bp.get("/pembayaran/<uuid:attempt_id>")
@needs(Permission.PAYMENT_START)
def payment(attempt_id: UUID) -> ResponseReturnValue:
    one, skrd = payment_of(attempt_id, by=actor())
    return redirect(url_for("retribution.attempt", skrd_id=skrd.id, attempt_id=one.id))


@bp.get("/riwayat")
@needs(Permission.PAYMENT_START)
def history() -> ResponseReturnValue:
    page = moneys_paid(by=actor(), place=place())
    return render_template(
        "emoney/history.html",
        page=listing(page, ".history"),
        parts_of=lambda money: parts_of(money, by=actor()),
        tries=attempts_without_money(by=actor()),
        tones=payment_labels.TONES,
        name_of=name_of,
        name_of_money=name_of_money,
    )


@bp.get("/bukti")
@needs(Permission.PAYMENT_START)
def receipts() -> ResponseReturnValue:
    page = receipts_held(by=actor(), place=place())
    return render_template(
        "emoney/receipts.html",
        page=listing(page, ".receipts"),
        story_of=void_story,
        name_of_receipt=name_of_receipt,
    )


def tiles(by: Actor) -> Sequence[Tile]:
    """What the person has to pay."""
    if not by.reaches(Permission.PAYMENT_START):
        return []
    owed = total_owed(by=by)
    tone = "warning" if owed else "neutral"
    return [Tile(_("To pay"), rupiah_text(owed), url_for("emoney.index"), "wallet", tone)]


def _chosen(texts: Sequence[str]) -> list[Skrd]:
    """What is no id is no bill. Raises NotFound for a bill of somebody else."""
    try:
        ids = [UUID(text) for text in texts[:MOST_AT_ONCE]]
    except ValueError:
        return []
    return bills_chosen(ids, by=actor()) if ids else []
