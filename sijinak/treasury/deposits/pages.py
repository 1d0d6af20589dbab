"""STS: prepared from the cash in a hand, brought to the bank, and how fast."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.errors import NotFound
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.files.answers import paper_answer, sent_paper
from sijinak.files.papers import UnfitPaper
from sijinak.files.pictures import UnfitPicture
from sijinak.ledger.labels import entry_title
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.answering import carried_out
from sijinak.treasury.cash.holding import own_holding
from sijinak.treasury.deposits.labels import FIELD_OF, TONES
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.deposits.papers import deposit_pdf
from sijinak.treasury.deposits.queries import (
    deposit_by_id,
    deposits,
    late_deposits,
    prepared_deposits,
    speeds,
    sums_by_code,
)
from sijinak.treasury.deposits.schemas import (
    MANY,
    DepositMoneySchema,
    PrepareDepositSchema,
    WithdrawDepositSchema,
)
from sijinak.treasury.deposits.services import deposit_money, prepare_deposit, withdraw_deposit
from sijinak.treasury.deposits.sources import parts_of
from sijinak.treasury.deposits.trail import handovers_of, journals_of, receipts_on
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, day_in_address, listing, place, read_form
from sijinak.web.papers import pdf_answer
from sijinak.web.settings import settings

bp = Blueprint("deposits", __name__)
P = Permission


@bp.get("/")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def index() -> ResponseReturnValue:
    asked = request.args.get("keadaan", "")
    state = DepositState(asked) if asked in set(DepositState) else None
    return render_template(
        "treasury/deposits/index.html",
        page=listing(deposits(place(), by=actor(), state=state), ".index", keadaan=state),
        form=Form({"keadaan": state or ""}),
        states=DepositState,
        tones=TONES,
        may_prepare=may(actor(), P.CASH_RECEIVE),
        may_read=may(actor(), P.TREASURY_READ),
    )


@bp.get("/baru")
@needs(P.CASH_RECEIVE)
def new() -> ResponseReturnValue:
    return _new(blank())


@bp.post("/baru")
@needs(P.CASH_RECEIVE)
def prepare() -> ResponseReturnValue:
    form = read_form(PrepareDepositSchema(), many=MANY)
    done = carried_out(form, prepare_deposit, FIELD_OF)
    if done is None:
        return _new(form), 422
    flash(_("The STS is ready. Print it and bring the money to the bank."), "success")
    return redirect(url_for(".show", deposit_id=done.id))


@bp.get("/<uuid:deposit_id>")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def show(deposit_id: UUID) -> ResponseReturnValue:
    return _page(deposit_by_id(deposit_id, by=actor()), blank(on=today().isoformat()))


@bp.post("/<uuid:deposit_id>/setor")
@needs(P.CASH_RECEIVE)
def bring(deposit_id: UUID) -> ResponseReturnValue:
    found = deposit_by_id(deposit_id, by=actor())
    form = read_form(DepositMoneySchema(deposit_id=deposit_id))
    try:
        picture = sent_paper("picture")
    except (UnfitPaper, UnfitPicture) as error:
        return _page(found, form.refuse(error, "picture")), 422
    if form.value is not None:
        form.value = replace(form.value, picture=picture)
    if carried_out(form, deposit_money, FIELD_OF) is None:
        return _page(deposit_by_id(deposit_id, by=actor()), form), 422
    flash(_("Written down. The bank statement will confirm it."), "success")
    return redirect(url_for(".show", deposit_id=deposit_id))


@bp.post("/<uuid:deposit_id>/tarik")
@needs(P.CASH_RECEIVE)
def withdraw(deposit_id: UUID) -> ResponseReturnValue:
    deposit_by_id(deposit_id, by=actor())
    form = read_form(WithdrawDepositSchema(deposit_id=deposit_id))
    if carried_out(form, withdraw_deposit, FIELD_OF) is None:
        return _page(deposit_by_id(deposit_id, by=actor()), form), 422
    flash(_("Withdrawn. Its number stays used."), "success")
    return redirect(url_for(".show", deposit_id=deposit_id))


@bp.get("/<uuid:deposit_id>.pdf")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def paper(deposit_id: UUID) -> ResponseReturnValue:
    found = deposit_by_id(deposit_id, by=actor())
    return pdf_answer(deposit_pdf(found, settings()), found.number)


@bp.get("/<uuid:deposit_id>/bukti")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def slip(deposit_id: UUID) -> ResponseReturnValue:
    found = deposit_by_id(deposit_id, by=actor())
    if found.slip_file_id is None:
        raise NotFound(slip=str(deposit_id))
    return paper_answer(found.slip_file_id, f"bukti-{found.no}")


@bp.get("/kecepatan")
@needs(P.TREASURY_READ)
def speed() -> ResponseReturnValue:
    last = day_in_address("sampai", today())
    first = min(day_in_address("dari", date(last.year, 1, 1)), last)
    return render_template(
        "treasury/deposits/speed.html",
        first=first,
        last=last,
        form=Form({"dari": first.isoformat(), "sampai": last.isoformat()}),
        speeds=speeds(first, last, by=actor()),
        late=late_deposits(first, last, by=actor()),
    )


def tiles(by: Actor) -> Sequence[Tile]:
    """STS that were printed and not brought to the bank."""
    if not (by.reaches(P.CASH_RECEIVE) or by.reaches(P.TREASURY_READ)):
        return []
    count = len(prepared_deposits(by=by))
    url = url_for("deposits.index", keadaan=DepositState.PREPARED)
    return [Tile(_("STS to bring to the bank"), thousands(count), url, "building", "warning")] * (
        count > 0
    )


def _new(form: Form[Any]) -> str:
    own = own_holding(by=actor())
    rows = [(one, _reference(one.idem)) for one in own.parcels if one.free > 0]
    chosen = request.form.getlist("sources") or [str(one.source_id) for one, _name in rows]
    return render_template(
        "treasury/deposits/new.html",
        form=form,
        own=own,
        rows=rows,
        chosen=chosen,
        accounts=[(one.code, f"{one.name} – {one.number}") for one in bank_accounts.all()],
    )


def _reference(idem: str) -> str:
    parts = parts_of(idem)
    return ", ".join(dict.fromkeys(part.reference for part in parts)) or _("Without a basis")


def _page(found: Deposit, form: Form[Any]) -> str:
    by = actor()
    return render_template(
        "treasury/deposits/show.html",
        found=found,
        form=form,
        sums=sums_by_code(found.lines),
        tones=TONES,
        mine=found.holder_id == by.id,
        receipts=receipts_on(found, by=by),
        handovers=handovers_of(found, by=by),
        journals=journals_of(found, by=by),
        entry_title=entry_title,
        sees_books=bool(by.reaches(P.LEDGER_READ)),
        sees_lines=bool(by.reaches(P.TREASURY_READ)),
    )
