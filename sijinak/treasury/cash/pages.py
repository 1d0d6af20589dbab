"""Cash for whoever holds it, and for whoever answers for those who do."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.money import rupiah_text, thousands
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.ledger.queries import last_closed_day
from sijinak.treasury.answering import carried_out
from sijinak.treasury.cash.commands import CloseOffice, NotFinished
from sijinak.treasury.cash.holding import coming_break, counts_on, everybody, own_holding
from sijinak.treasury.cash.labels import FIELD_OF, TONES
from sijinak.treasury.cash.officeday import close_office_day
from sijinak.treasury.cash.queries import (
    counts_to_sign,
    floats_out,
    not_closed_on,
    unfinished_on,
    waiting_count_of,
    waiting_handovers,
)
from sijinak.treasury.cash.schemas import CloseOfficeSchema
from sijinak.treasury.policy import policy
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.messages import message_for

bp = Blueprint("cash", __name__)
P = Permission


@bp.get("/")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def index() -> ResponseReturnValue:
    by = actor()
    holds, reads = may(by, P.CASH_RECEIVE), may(by, P.TREASURY_READ)
    return render_template(
        "treasury/cash/index.html",
        own=own_holding(by=by) if holds else None,
        waits=waiting_count_of(by.id) if holds else None,
        everybody=everybody(by=by) if reads else [],
        handovers=waiting_handovers(by=by),
        floats=floats_out(by=by),
        to_sign=counts_to_sign(by=by),
        coming=coming_break(today()),
        tones=TONES,
        may_keep=may(by, P.TREASURY_KEEP),
        may_close=may(by, P.TREASURY_KEEP, region=policy.regency),
        counts_on=counts_on(by.id),
        by=by,
    )


@bp.get("/tutup-hari")
@needs(P.TREASURY_KEEP)
def day() -> ResponseReturnValue:
    require(actor(), P.TREASURY_KEEP, region=policy.regency)
    return _day(blank(day=today().isoformat()))


@bp.post("/tutup-hari")
@needs(P.TREASURY_KEEP)
def close_day() -> ResponseReturnValue:
    form = read_form(CloseOfficeSchema())
    if carried_out(form, close_office_day, FIELD_OF) is None:
        return _day(form), 422
    flash(_("The day is closed. What comes now counts on the next day."), "success")
    return redirect(url_for(".index"))


def tiles(by: Actor) -> Sequence[Tile]:
    """What is in hand, what waits, and who carries money into days off."""
    found = list[Tile]()
    url = url_for("cash.index")
    if by.reaches(P.CASH_RECEIVE):
        own = own_holding(by=by)
        tone = "warning" if own.overdue else "neutral"
        found.append(Tile(_("Cash in your hands"), rupiah_text(own.held), url, "wallet", tone))
        waiting = [one for one in waiting_handovers(by=by) if one.taker_id == by.id]
        if waiting:
            label = _("Hand-overs for you to count")
            found.append(Tile(label, thousands(len(waiting)), url, "cash", "warning"))
    if count := len(counts_to_sign(by=by)):
        found.append(Tile(_("Counts to countersign"), thousands(count), url, "check", "warning"))
    if by.reaches(P.TREASURY_READ):
        found += _office_tiles(by, url)
    return found


def _office_tiles(by: Actor, url: str) -> list[Tile]:
    held = everybody(by=by)
    late = sum(one.overdue for one in held)
    found = []
    if late:
        found.append(Tile(_("Cash that is overdue"), rupiah_text(late), url, "clock", "warning"))
    coming, total = coming_break(today()), sum(one.held for one in held)
    if coming and total:
        label = _("To the bank by %(hour)s: days off begin", hour=coming.by)
        found.append(Tile(label, rupiah_text(total), url, "calendar", "warning"))
    return found


def _day(form: Form[CloseOffice]) -> str:
    try:
        asked = date.fromisoformat(form.raw.get("day", ""))
    except ValueError:
        asked = today()
    must_confirm = message_for(NotFinished.code, {}) in form.errors.get(WHOLE_FORM, [])
    return render_template(
        "treasury/cash/day.html",
        form=form,
        asked=asked,
        missing=not_closed_on(asked),
        last=last_closed_day(),
        open=unfinished_on(asked) if must_confirm else None,
        next_day=asked + timedelta(days=1),
        tones=TONES,
    )
