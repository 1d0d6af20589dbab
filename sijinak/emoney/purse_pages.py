"""A trader's wallet: what is in it, what moved, and topping it up."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission
from sijinak.emoney.queries import top_up_of
from sijinak.emoney.schemas import TopUpSchema
from sijinak.payments import jobs as payment_jobs
from sijinak.payments.wallet.labels import TONES
from sijinak.payments.wallet.models import Wallet
from sijinak.payments.wallet.policy import Mode, policy
from sijinak.payments.wallet.queries import statement_of, wallet_by_id
from sijinak.payments.wallet.services import ADAPTER, StartTopUp, start_top_up
from sijinak.retribution.paying import Links, ask_now, attempt_answer, picture_answer
from sijinak.retribution.purses import lies_in
from sijinak.retribution.standing import standing_of
from sijinak.retribution.ways import ways_for
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form

bp = Blueprint("emoney_purse", __name__)


@bp.get("/<uuid:wallet_id>")
@needs(Permission.PAYMENT_START)
def show(wallet_id: UUID) -> ResponseReturnValue:
    return _page(wallet_by_id(wallet_id, by=actor()), blank())


@bp.post("/<uuid:wallet_id>")
@needs(Permission.PAYMENT_START)
def top_up(wallet_id: UUID) -> ResponseReturnValue:
    wallet = wallet_by_id(wallet_id, by=actor())
    form = read_form(TopUpSchema(wallet.id))
    if form.value is None:
        return _page(wallet, form), 422
    try:
        with transaction():
            made = start_top_up(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(wallet_by_id(wallet_id, by=actor()), form.refuse(error, "amount")), 422
    return redirect(url_for(".attempt", attempt_id=made.id))


@bp.get("/isi/<uuid:attempt_id>")
@needs(Permission.PAYMENT_START)
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    one, wallet = top_up_of(attempt_id, by=actor())
    back = url_for(".show", wallet_id=wallet.id)
    links = Links(
        back=back,
        back_label=_("e-Money balance"),
        check=url_for(".check", attempt_id=one.id),
        stop=url_for(".stop", attempt_id=one.id),
        picture=url_for(".qr_picture", attempt_id=one.id),
        again=back,
    )
    return attempt_answer(standing_of(one, by=actor()), links, may_pay=True)


@bp.get("/isi/<uuid:attempt_id>/qr.png")
@needs(Permission.PAYMENT_START)
def qr_picture(attempt_id: UUID) -> ResponseReturnValue:
    return picture_answer(top_up_of(attempt_id, by=actor())[0])


@bp.post("/isi/<uuid:attempt_id>/cek")
@needs(Permission.PAYMENT_START)
def check(attempt_id: UUID) -> ResponseReturnValue:
    ask_now(top_up_of(attempt_id, by=actor())[0].id)
    return redirect(url_for(".attempt", attempt_id=attempt_id))


@bp.post("/isi/<uuid:attempt_id>/batal")
@needs(Permission.PAYMENT_START)
def stop(attempt_id: UUID) -> ResponseReturnValue:
    payment_jobs.stop(top_up_of(attempt_id, by=actor())[0].id)
    return redirect(url_for(".attempt", attempt_id=attempt_id))


def _page(wallet: Wallet, form: Form[StartTopUp]) -> str:
    ways = [way for way in ways_for(0, by=actor()) if way.adapter != ADAPTER]
    page = statement_of(wallet, by=actor(), place=place())
    return render_template(
        "emoney/purse.html",
        wallet=wallet,
        amount=lies_in(wallet),
        tones=TONES,
        page=listing(page, ".show", wallet_id=wallet.id),
        form=form,
        ways=[(way.value, way.label, way.hint) for way in ways],
        fills=policy.mode is Mode.CLOSED_LOOP,
        most=policy.most(wallet),
    )
