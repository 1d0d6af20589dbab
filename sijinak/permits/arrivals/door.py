"""The receiver's door: no account, any phone, no script; by the link, or by number and code."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.keepers.proving import LinkOver
from sijinak.permits.arrivals.guard import count_message, count_miss, refuse_guessers
from sijinak.permits.arrivals.labels import field_of
from sijinak.permits.arrivals.models import ArrivalLink, ArrivalStatement, SaidBy
from sijinak.permits.arrivals.queries import link_behind, link_by_code, permit_behind, statements_of
from sijinak.permits.arrivals.schemas import ArrivalForm, DoorwaySchema
from sijinak.permits.arrivals.secrets import shown
from sijinak.permits.arrivals.services import say_arrival
from sijinak.permits.arrivals.view import animals_to_say, blank_form, facts_for
from sijinak.permits.labels import message_of
from sijinak.permits.models import Permit, PermitState
from sijinak.web.access import public
from sijinak.web.i18n import N_
from sijinak.web.io import WHOLE_FORM, blank, read_form

bp = Blueprint("arrival_door", __name__)
WRONG = N_(
    "Number and code do not fit together. Compare both with the person who gave them to you."
    " After five wrong tries the code ends, and only the link opens the list."
)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    return render_template("arrivals/door.html", form=blank())


@bp.post("/")
@public
def enter() -> ResponseReturnValue:
    """The code leads to the link. A wrong one costs a try of the code, and one of the address."""
    refuse_guessers()
    form = read_form(DoorwaySchema())
    if form.value is None:
        return render_template("arrivals/door.html", form=form), 422
    with transaction():
        link = link_by_code(form.value.number, form.value.code)
    secrets = shown(link) if link else None
    if secrets is None:
        count_miss()
        form.errors["code"] = [WRONG]
        return render_template("arrivals/door.html", form=form), 422
    return redirect(url_for(".show", secret=secrets[0]))


@bp.get("/<secret>")
@public
def show(secret: str) -> ResponseReturnValue:
    link = _link(secret)
    permit, _who = permit_behind(link)
    said = _standing(permit)
    return _page(secret, permit, said, blank_form(permit, said))


@bp.post("/<secret>")
@public
def say(secret: str) -> ResponseReturnValue:
    """All of them well is asked once more; everything else is said animal by animal."""
    link = _link(secret)
    permit, _who = permit_behind(link)
    form = ArrivalForm(dict(request.form))
    form.take(animals_to_say(permit))
    if form.is_all_well and not form.is_confirmed:
        return render_template("arrivals/sure.html", secret=secret, form=form, **facts_for(permit))
    return _say(secret, link, permit, form)


def _say(secret: str, link: ArrivalLink, permit: Permit, form: ArrivalForm) -> ResponseReturnValue:
    command = form.command(permit.id)
    if command is None:
        return _page(secret, permit, _standing(permit), form), 422
    count_message()
    _permit, receiver = permit_behind(link)
    try:
        with transaction():
            say_arrival(command, by=receiver, link=link)
    except (Conflict, Invalid) as error:
        form.errors.setdefault(field_of(error) or WHOLE_FORM, []).append(message_of(error))
        permit, _who = permit_behind(_link(secret))
        return _page(secret, permit, _standing(permit), form), 422
    return redirect(url_for(".show", secret=secret, terima=1))


def _link(secret: str) -> ArrivalLink:
    refuse_guessers()
    try:
        return link_behind(secret)
    except LinkOver:
        count_miss()
        raise


def _standing(permit: Permit) -> ArrivalStatement | None:
    return next(iter(statements_of(permit.id)), None)


def _page(secret: str, permit: Permit, said: ArrivalStatement | None, form: ArrivalForm) -> str:
    by_office = said is not None and said.said_by is SaidBy.OFFICER
    facts = facts_for(permit)
    return render_template(
        "arrivals/list.html",
        **facts,
        secret=secret,
        form=form,
        is_first=permit.state is PermitState.DEPARTED,
        may_correct=permit.state is PermitState.ARRIVED and said is not None and not by_office,
        by_office=by_office,
        thanks="terima" in request.args,
    )
