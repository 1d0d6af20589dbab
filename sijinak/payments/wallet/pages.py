"""The wallets as the office sees them: who has one, what is in it, and what goes out."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.queries import keeper_facts
from sijinak.keepers.showing import shows_list
from sijinak.payments.refunds.services import decide_refund
from sijinak.payments.wallet.labels import ACTION_NAMES, TONES
from sijinak.payments.wallet.models import WALLET_FLOW, Wallet
from sijinak.payments.wallet.paying_out import PayOut, ask_pay_out
from sijinak.payments.wallet.policy import Mode, policy
from sijinak.payments.wallet.queries import (
    float_standing,
    pay_out_waiting,
    pay_outs_waiting,
    statement_of,
    top_ups_of,
    wallet_by_id,
    wallets,
)
from sijinak.payments.wallet.schemas import (
    ChangeWalletSchema,
    DecideSchema,
    OpenWalletSchema,
    PayOutSchema,
)
from sijinak.payments.wallet.services import OpenWallet, change_wallet, open_wallet
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form

bp = Blueprint("wallets", __name__)
P = Permission


@bp.get("/")
@needs(P.TREASURY_READ)
def index() -> ResponseReturnValue:
    page = listing(wallets(by=actor(), place=place()), ".index")
    shows_list(Where.WALLETS, (one.keeper_id for one in page.items))
    return render_template(
        "wallets/index.html",
        page=page,
        owners=keeper_facts([one.keeper_id for one in page.items]),
        standing=float_standing(by=actor()),
        is_off=policy.mode is Mode.OFF,
        mirrors=policy.mode is Mode.BANK_MIRROR,
        tones=TONES,
        may_open=may(actor(), P.TREASURY_KEEP) and policy.mode is not Mode.OFF,
    )


@bp.get("/baru")
@needs(P.TREASURY_KEEP)
def new() -> ResponseReturnValue:
    return _new(blank())


@bp.post("/baru")
@needs(P.TREASURY_KEEP)
def create() -> ResponseReturnValue:
    form = read_form(OpenWalletSchema())
    if form.value is None:
        return _new(form), 422
    try:
        with transaction():
            wallet = open_wallet(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _new(form.refuse(error)), 422
    flash(_("The wallet is open."), "success")
    return redirect(url_for(".show", wallet_id=wallet.id))


@bp.get("/<uuid:wallet_id>")
@needs(P.TREASURY_READ)
def show(wallet_id: UUID) -> ResponseReturnValue:
    return _show(wallet_by_id(wallet_id, by=actor()), blank())


@bp.post("/<uuid:wallet_id>/langkah")
@needs(P.TREASURY_KEEP)
def step(wallet_id: UUID) -> ResponseReturnValue:
    wallet = wallet_by_id(wallet_id, by=actor())
    form = read_form(ChangeWalletSchema(wallet_id=wallet.id))
    if form.value is None:
        return _show(wallet, blank()), 422
    try:
        with transaction():
            change_wallet(form.value, by=actor())
    except (Conflict, Invalid) as error:
        flash(form.refuse(error).errors["_schema"][0], "warning")
    return redirect(url_for(".show", wallet_id=wallet.id))


@bp.post("/<uuid:wallet_id>/keluar")
@needs(P.MONEY_RESOLVE)
def pay_out(wallet_id: UUID) -> ResponseReturnValue:
    wallet = wallet_by_id(wallet_id, by=actor())
    form = read_form(PayOutSchema())
    known = {money.id for _order, money in top_ups_of(wallet)}
    if form.value is None or form.value.collection_id not in known:
        return _show(wallet, form), 422
    try:
        with transaction():
            ask_pay_out(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _show(wallet, form.refuse(error)), 422
    flash(_("It waits for a second person."), "success")
    return redirect(url_for(".show", wallet_id=wallet.id))


@bp.post("/<uuid:wallet_id>/keluar/<uuid:refund_id>")
@needs(P.MONEY_RESOLVE)
def decide(wallet_id: UUID, refund_id: UUID) -> ResponseReturnValue:
    wallet = wallet_by_id(wallet_id, by=actor())
    asked = pay_out_waiting(wallet, refund_id)
    form = read_form(DecideSchema(refund_id=asked.id))
    if form.value is None:
        return _show(wallet, blank()), 422
    try:
        with transaction():
            decide_refund(form.value, by=actor())
    except (Conflict, Invalid) as error:
        flash(form.refuse(error).errors["_schema"][0], "warning")
    return redirect(url_for(".show", wallet_id=wallet.id))


def _new(form: Form[OpenWallet]) -> str:
    return render_template("wallets/new.html", form=form, mirrors=policy.mode is Mode.BANK_MIRROR)


def _show(wallet: Wallet, form: Form[PayOut]) -> str:
    by, steps = actor(), [step.action for step in WALLET_FLOW.steps_from(wallet.state)]
    return render_template(
        "wallets/show.html",
        wallet=wallet,
        owner=keeper_facts([wallet.keeper_id])[wallet.keeper_id],
        tones=TONES,
        page=listing(statement_of(wallet, by=by, place=place()), ".show", wallet_id=wallet.id),
        top_ups=top_ups_of(wallet),
        waiting=pay_outs_waiting(wallet),
        names=ACTION_NAMES,
        steps=steps,
        step_ids={action: blank().raw["id"] for action in steps},
        may_keep=may(by, P.TREASURY_KEEP, region=wallet.region),
        may_pay_out=may(by, P.MONEY_RESOLVE, region=wallet.region),
        form=form,
        step_form=blank(),
        me_id=by.id,
    )
