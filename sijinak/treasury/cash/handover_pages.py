"""Hand-overs: offered by one, counted by the other."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.permissions import Permission
from sijinak.treasury.answering import carried_out
from sijinak.treasury.cash.commands import NOTES
from sijinak.treasury.cash.differing import case_about
from sijinak.treasury.cash.handing import accept_cash, offer_cash, refuse_cash, withdraw_offer
from sijinak.treasury.cash.holding import own_holding
from sijinak.treasury.cash.labels import FIELD_OF, TONES
from sijinak.treasury.cash.models import HandOver, HandOverState
from sijinak.treasury.cash.pages import bp
from sijinak.treasury.cash.papers import handover_pdf
from sijinak.treasury.cash.queries import handover_by_id, handovers
from sijinak.treasury.cash.schemas import AcceptCashSchema, EndOfferSchema, OfferCashSchema
from sijinak.treasury.people import home_of, people_with
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.papers import pdf_answer
from sijinak.web.settings import settings

P = Permission
COUNTED = {**FIELD_OF, "cash-no-amount": "counted"}


@bp.get("/serah-terima")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def handed() -> ResponseReturnValue:
    page = listing(handovers(place(), by=actor()), ".handed")
    return render_template("treasury/cash/handovers.html", page=page, tones=TONES)


@bp.get("/serahkan")
@needs(P.CASH_RECEIVE)
def offering() -> ResponseReturnValue:
    return _offering(blank())


@bp.post("/serahkan")
@needs(P.CASH_RECEIVE)
def offer() -> ResponseReturnValue:
    form = read_form(OfferCashSchema())
    done = carried_out(form, offer_cash, FIELD_OF)
    if done is None:
        return _offering(form), 422
    flash(_("Offered. The money is yours to answer for until it has been counted."), "success")
    return redirect(url_for(".handover", handover_id=done.id))


@bp.get("/serah-terima/<uuid:handover_id>")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def handover(handover_id: UUID) -> ResponseReturnValue:
    return _page(handover_by_id(handover_id, by=actor()), blank())


@bp.post("/serah-terima/<uuid:handover_id>/terima")
@needs(P.CASH_RECEIVE)
def accept(handover_id: UUID) -> ResponseReturnValue:
    form = read_form(AcceptCashSchema(handover_id=handover_id))
    said = _("Received. You answer for this money now.")
    return _step(handover_id, form, accept_cash, said, COUNTED)


@bp.post("/serah-terima/<uuid:handover_id>/tarik")
@needs(P.CASH_RECEIVE)
def withdraw(handover_id: UUID) -> ResponseReturnValue:
    form = read_form(EndOfferSchema(handover_id=handover_id))
    return _step(handover_id, form, withdraw_offer, _("Withdrawn. The money is free again."))


@bp.post("/serah-terima/<uuid:handover_id>/tolak")
@needs(P.CASH_RECEIVE)
def refuse(handover_id: UUID) -> ResponseReturnValue:
    form = read_form(EndOfferSchema(handover_id=handover_id))
    return _step(handover_id, form, refuse_cash, _("Refused. The money stays with the giver."))


@bp.get("/serah-terima/<uuid:handover_id>.pdf")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def handover_paper(handover_id: UUID) -> ResponseReturnValue:
    found = handover_by_id(handover_id, by=actor())
    if _is_blind(found):
        return redirect(url_for(".handover", handover_id=handover_id))
    return pdf_answer(handover_pdf(found, settings()), found.number or "berita-acara")


def _step(
    handover_id: UUID,
    form: Form[Any],
    service: Callable[..., object],
    said: str,
    fields: Mapping[str, str] = MappingProxyType({}),
) -> ResponseReturnValue:
    handover_by_id(handover_id, by=actor())  # who may not see it is not told that it is there
    if carried_out(form, service, fields) is None:
        return _page(handover_by_id(handover_id, by=actor()), form), 422
    flash(said, "success")
    return redirect(url_for(".handover", handover_id=handover_id))


def _offering(form: Form[Any]) -> str:
    by = actor()
    takers = people_with(P.CASH_RECEIVE, home_of(by, P.CASH_RECEIVE), but=by.id)
    return render_template(
        "treasury/cash/offer.html", form=form, own=own_holding(by=by), takers=takers, notes=NOTES
    )


def _page(found: HandOver, form: Form[Any]) -> str:
    by = actor()
    return render_template(
        "treasury/cash/handover.html",
        found=found,
        form=form,
        tones=TONES,
        by=by,
        notes=NOTES,
        is_blind=_is_blind(found),
        case=case_about(found, by=by),
    )


def _is_blind(found: HandOver) -> bool:
    """Who is to count it does not see what was declared."""
    return found.state is HandOverState.OFFERED and found.taker_id == actor().id
