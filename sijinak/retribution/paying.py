"""Paying bills: which way, how it goes, ask now, stop."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may, require
from sijinak.core.qr import qr_path, qr_png
from sijinak.payments import jobs as payment_jobs
from sijinak.payments import labels as payment_labels
from sijinak.payments.adapters.base import Can
from sijinak.payments.adapters.registry import registry
from sijinak.payments.discrepancies.queries import held_bills
from sijinak.payments.models import LIVE, Attempt, AttemptState
from sijinak.payments.queries import attempts_of, live_attempt_of
from sijinak.retribution.became import parts_of
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.pages import bp
from sijinak.retribution.purses import spend_for
from sijinak.retribution.queries import skrd_by_id
from sijinak.retribution.schemas import StartPaymentSchema
from sijinak.retribution.services import StartPayment, start_payment
from sijinak.retribution.standing import Standing, has_money, standing_of
from sijinak.retribution.telling import told_of, while_held
from sijinak.retribution.ways import Way, name_of, name_of_money, ways_for
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form

# Seconds until the page looks again: while the code is made, while people pay, and later.
SOON, OFTEN, SELDOM = 2, 5, 20
EAGER = timedelta(minutes=3)
LEVEL = "L"  # large dots: a clean screen needs no repair, an old camera does
GROUP = 4


@bp.get("/<uuid:skrd_id>/bayar")
@needs(Permission.PAYMENT_START)
def pay(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    if live := live_attempt_of(skrd.id):
        return redirect(url_for(".attempt", skrd_id=skrd.id, attempt_id=live.id))
    if skrd.state is not SkrdState.OPEN:
        return redirect(url_for(".show", skrd_id=skrd.id))
    return pay_page([skrd], back=url_for(".show", skrd_id=skrd.id))


@bp.post("/<uuid:skrd_id>/bayar")
@needs(Permission.PAYMENT_START)
def start(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    form = read_form(StartPaymentSchema((skrd.id,)))
    return begin([skrd], form, back=url_for(".show", skrd_id=skrd.id))


@bp.get("/<uuid:skrd_id>/pembayaran/<uuid:attempt_id>")
@needs(Permission.SKRD_READ)
def attempt(skrd_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    standing = standing_of(_attempt(skrd, attempt_id), by=actor())
    return attempt_answer(standing, _links(skrd, attempt_id), may_pay=_may_pay(standing))


@bp.get("/<uuid:skrd_id>/pembayaran/<uuid:attempt_id>/qr.png")
@needs(Permission.SKRD_READ)
def qr_picture(skrd_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    return picture_answer(_attempt(skrd_by_id(skrd_id, by=actor()), attempt_id))


@bp.post("/<uuid:skrd_id>/pembayaran/<uuid:attempt_id>/cek")
@needs(Permission.PAYMENT_START)
def check(skrd_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    """Ask now instead of at the next sweep."""
    ask_now(_own_attempt(skrd_id, attempt_id).id)
    return redirect(url_for(".attempt", skrd_id=skrd_id, attempt_id=attempt_id))


@bp.post("/<uuid:skrd_id>/pembayaran/<uuid:attempt_id>/batal")
@needs(Permission.PAYMENT_START)
def stop(skrd_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    one = _own_attempt(skrd_id, attempt_id)
    payment_jobs.stop(one.id)
    return redirect(url_for(".attempt", skrd_id=skrd_id, attempt_id=attempt_id))


def pay_page(skrds: Sequence[Skrd], *, back: str, form: Form[StartPayment] | None = None) -> str:
    """Choosing a way for one bill or several."""
    total = sum(skrd.total for skrd in skrds)
    held = held_bills([skrd.id for skrd in skrds])
    ways = ways_for(total, by=actor())
    takes = [way for way in ways if way.takes]
    return render_template(
        "retribution/pay.html",
        skrds=skrds,
        total=total,
        form=form or blank(adapter=takes[0].value if takes else ""),
        ways=[(way.value, way.label, way.hint) for way in takes],
        held=[skrd.number for skrd in skrds if skrd.id in held],
        while_held=while_held(),
        too_small=_too_small(ways, takes),
        back=back,
    )


def begin(skrds: Sequence[Skrd], form: Form[StartPayment], *, back: str) -> ResponseReturnValue:
    """Start to pay as the form says, and show how it goes."""
    if form.value is None:
        return pay_page(skrds, back=back, form=form), 422
    try:
        with transaction():
            made = start_payment(form.value, by=actor())
            spend_for(made, by=actor())
    except (Conflict, Invalid) as error:
        return pay_page(skrds, back=back, form=form.refuse(error)), 422
    return redirect(url_for("retribution.attempt", skrd_id=skrds[0].id, attempt_id=made.id))


def grouped(number: str) -> str:
    """A long number as people read it aloud."""
    return " ".join(number[at : at + GROUP] for at in range(0, len(number), GROUP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where the buttons of a payment's page lead."""

    back: str
    back_label: str
    check: str
    stop: str
    picture: str
    again: str


def attempt_answer(standing: Standing, links: Links, *, may_pay: bool) -> Response:
    """The page of a payment. It looks again by itself while the payment is under way."""
    response = make_response(_attempt_page(standing, links, may_pay=may_pay))
    if standing.waits:
        response.headers["Refresh"] = str(_look_again(standing.attempt))
    return response


def picture_answer(one: Attempt) -> Response:
    """For an app that reads the code from the gallery: the phone cannot scan itself."""
    payload = _instructions(one)["qr"]
    if one.state not in LIVE or not payload:
        raise NotFound(attempt_id=str(one.id))
    response = Response(qr_png(payload, level=LEVEL), mimetype="image/png")
    name = f"QRIS-{one.title.replace('/', '-').replace(' ', '-')}.png"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def ask_now(attempt_id: UUID) -> None:
    """Ask the other side at once, and say when nothing has come."""
    payment_jobs.ask(attempt_id)
    if not has_money(attempt_id):
        flash(_("We asked just now: no money has come yet. Wait a minute, then ask again."), "info")


def _attempt_page(standing: Standing, links: Links, *, may_pay: bool) -> str:
    one = standing.attempt
    found = _instructions(one)
    payable = one.state is AttemptState.PENDING and now() < one.expires_at
    return render_template(
        "retribution/attempt.html",
        links=links,
        standing=standing,
        attempt=one,
        told=told_of(standing),
        became=[(money, parts_of(money, by=actor())) for money in standing.money_to_explain],
        name_of_money=name_of_money,
        tone=payment_labels.TONES.get(one.state, "neutral"),
        channel=name_of(one.adapter, one.way),
        qr=qr_path(found["qr"], level=LEVEL) if payable and found["qr"] else None,
        merchant=found["facts"].get("merchant", ""),
        transfer=found["facts"] if found["code"] == "transfer" else None,
        pay_code=found["pay_code"] if payable else "",
        grouped=grouped,
        what_to_do=payment_labels.what_to_do(one) if payable else "",
        minutes=max(0, int((one.expires_at - now()).total_seconds() // 60)),
        may_pay=may_pay,
        can_stop=standing.waits and Can.CANCEL in registry.known(one.adapter).can,
    )


def _instructions(one: Attempt) -> dict[str, Any]:
    empty: dict[str, Any] = {"code": "", "facts": {}, "qr": "", "pay_code": ""}
    return empty | (json.loads(one.instructions) if one.instructions else {})


def _look_again(one: Attempt) -> int:
    if one.state is not AttemptState.PENDING:
        return SOON
    return OFTEN if now() - one.started_at < EAGER else SELDOM


def _too_small(ways: Sequence[Way], takes: Sequence[Way]) -> str:
    """Why a way is missing, and what helps."""
    names = ", ".join(dict.fromkeys(way.label for way in ways if not way.takes))
    if not names:
        return ""
    others = " / ".join(dict.fromkeys(way.label for way in takes))
    if not others:
        return _("%(names)s does not take so much at once.", names=names)
    return _("%(names)s does not take so much at once: use %(others)s.", names=names, others=others)


def _links(skrd: Skrd, attempt_id: UUID) -> Links:
    meant: dict[str, Any] = {"skrd_id": skrd.id, "attempt_id": attempt_id}
    return Links(
        back=url_for(".show", skrd_id=skrd.id),
        back_label=skrd.number,
        check=url_for(".check", **meant),
        stop=url_for(".stop", **meant),
        picture=url_for(".qr_picture", **meant),
        again=url_for(".pay", skrd_id=skrd.id),
    )


def _attempt(skrd: Skrd, attempt_id: UUID) -> Attempt:
    found = next((one for one in attempts_of(skrd.id) if one.id == attempt_id), None)
    if found is None:
        raise NotFound(attempt_id=str(attempt_id))
    return found


def _own_attempt(skrd_id: UUID, attempt_id: UUID) -> Attempt:
    skrd = skrd_by_id(skrd_id, by=actor())
    require(actor(), Permission.PAYMENT_START, region=skrd.region, keeper_id=skrd.keeper_id)
    return _attempt(skrd, attempt_id)


def _may_pay(standing: Standing) -> bool:
    return all(
        may(actor(), Permission.PAYMENT_START, region=skrd.region, keeper_id=skrd.keeper_id)
        for skrd in standing.bills
    )
