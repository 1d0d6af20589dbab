"""The quota for the office: how it stands, the ledger of a line, and decrees."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.permits.quota.commands import LetAhead
from sijinak.permits.quota.labels import FIELD_OF, signed_heads
from sijinak.permits.quota.ledger import decrees, ledger
from sijinak.permits.quota.looking import (
    Standing,
    account_by_id,
    claim_to_let,
    firm_shares,
    let_ahead_of,
    queue_of,
    standings,
    waiter_of,
    years,
)
from sijinak.permits.quota.models import QuotaClaim
from sijinak.permits.quota.schemas import LetAheadSchema
from sijinak.permits.quota.services import let_ahead
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, listing, place, read_form

bp = Blueprint("quota", __name__)


@bp.get("/")
@needs(Permission.QUOTA_READ)
def index() -> ResponseReturnValue:
    known = years(by=actor())
    year = _year(known)
    found = standings(year, by=actor())
    return render_template(
        "quota/index.html",
        standings=found,
        sums=_sums(found),
        decrees=decrees(year, by=actor()),
        year=year,
        years=known,
        place_name=place_name,
        may_manage=may(actor(), Permission.QUOTA_MANAGE),
    )


@bp.get("/<uuid:account_id>")
@needs(Permission.QUOTA_READ)
def show(account_id: UUID) -> ResponseReturnValue:
    account = account_by_id(account_id, by=actor())
    return render_template(
        "quota/show.html",
        account=account,
        queue=queue_of(account),
        ahead=let_ahead_of(account),
        shares=firm_shares(account),
        page=listing(ledger(account, place()), ".show", account_id=account.id),
        signed=signed_heads,
        place_name=place_name,
        may_manage=may(actor(), Permission.QUOTA_MANAGE, region=account.origin),
    )


@bp.get("/antrean/<uuid:claim_id>")
@needs(Permission.QUOTA_MANAGE)
def overtaking(claim_id: UUID) -> ResponseReturnValue:
    claim, _account = claim_to_let(claim_id, by=actor())
    return _overtaking(blank(), claim)


@bp.post("/antrean/<uuid:claim_id>")
@needs(Permission.QUOTA_MANAGE)
def overtake(claim_id: UUID) -> ResponseReturnValue:
    claim, account_id = claim_to_let(claim_id, by=actor())
    form = read_form(LetAheadSchema(claim_id))
    if form.value is None:
        return _overtaking(form, claim), 422
    try:
        with transaction():
            let_ahead(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _overtaking(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM)), claim), 422
    flash(_("The quota is reserved. Who let it go first and why stands in the list."), "success")
    return redirect(url_for(".show", account_id=account_id))


def _overtaking(form: Form[LetAhead], claim: QuotaClaim) -> str:
    return render_template(
        "quota/overtake.html",
        form=form,
        waiter=waiter_of(claim),
        account=account_by_id(claim.account_id, by=actor()),
        place_name=place_name,
    )


def _year(known: list[int]) -> int:
    """The one asked for, else this year, else the newest."""
    asked = request.args.get("tahun", "")
    if asked.isdecimal() and int(asked) in known:
        return int(asked)
    return today().year if today().year in known or not known else known[0]


def _sums(found: list[Standing]) -> dict[str, int]:
    return {
        "granted": sum(one.account.cap for one in found),
        "used": sum(one.account.used for one in found),
        "reserved": sum(one.account.reserved for one in found),
        "left": sum(one.account.left for one in found),
        "waiting": sum(one.waiting for one in found),
    }
