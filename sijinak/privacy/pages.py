"""The protection officer's desk: requests with their clock, answers, and erasures by two."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper
from sijinak.keepers.showing import shows, shows_list
from sijinak.privacy import labels
from sijinak.privacy.erasing import confirm_erasure, drop_erasure, propose_erasure
from sijinak.privacy.models import LegalReason, PrivacyRequest, RequestKind, RequestState
from sijinak.privacy.obstacles import obstacles
from sijinak.privacy.queries import (
    erasure_of,
    erasures_waiting,
    keeper_of_wish,
    keepers_of,
    open_and_late,
    request_by_id,
    requests,
    requests_of,
)
from sijinak.privacy.schemas import (
    AnswerSchema,
    AskSchema,
    DecideErasureSchema,
    ProposeErasureSchema,
    RefuseSchema,
)
from sijinak.privacy.services import answer_request, ask_request, note_copy, refuse_request
from sijinak.privacy.zipping import copy_answer
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, InputSchema, T, blank, listing, place, read_form

bp = Blueprint("privacy", __name__)
P = Permission


@bp.get("/")
@needs(P.PRIVACY_KEEP, P.PRIVACY_CONFIRM)
def index() -> ResponseReturnValue:
    page = requests(by=actor(), place=place())
    shows_list(Where.REQUESTS, (one.keeper_id for one in page.items))
    return render_template(
        "privacy/index.html",
        page=listing(page, ".index"),
        keepers=keepers_of(page.items),
        counts=open_and_late(by=actor()),
        now=now(),
        left=clock_text,
        tones=labels.TONES,
    )


@bp.get("/<uuid:request_id>")
@needs(P.PRIVACY_KEEP, P.PRIVACY_CONFIRM)
def show(request_id: UUID) -> ResponseReturnValue:
    return _page(request_id)


@bp.post("/<uuid:request_id>/jawab")
@needs(P.PRIVACY_KEEP)
def answer(request_id: UUID) -> ResponseReturnValue:
    schema = AnswerSchema(request_id=request_id)
    return _do(request_id, "answer", schema, answer_request, _("The answer is written down."))


@bp.post("/<uuid:request_id>/tolak")
@needs(P.PRIVACY_KEEP)
def refuse(request_id: UUID) -> ResponseReturnValue:
    schema = RefuseSchema(request_id=request_id)
    return _do(request_id, "refuse", schema, refuse_request, _("The request is refused."))


@bp.post("/<uuid:request_id>/hapus")
@needs(P.PRIVACY_KEEP)
def propose(request_id: UUID) -> ResponseReturnValue:
    schema = ProposeErasureSchema(request_id=request_id)
    done = _("Proposed. A second person must confirm it.")
    return _do(request_id, "propose", schema, propose_erasure, done)


@bp.post("/<uuid:request_id>/setuju")
@needs(P.PRIVACY_CONFIRM)
def confirm(request_id: UUID) -> ResponseReturnValue:
    schema = DecideErasureSchema(request_id=request_id)
    done = _("The person is erased. This cannot be undone.")
    return _do(request_id, "confirm", schema, confirm_erasure, done)


@bp.post("/<uuid:request_id>/tidak-setuju")
@needs(P.PRIVACY_CONFIRM)
def drop(request_id: UUID) -> ResponseReturnValue:
    schema = DecideErasureSchema(request_id=request_id)
    done = _("The erasure is not agreed to. The request waits for an answer.")
    return _do(request_id, "drop", schema, drop_erasure, done)


@bp.post("/peternak/<uuid:keeper_id>/salinan")
@needs(P.PRIVACY_KEEP)
def take_copy(keeper_id: UUID) -> ResponseReturnValue:
    keeper = keeper_of_wish(keeper_id, by=actor())
    with transaction():
        note_copy(keeper, by=actor())
    return copy_answer(keeper)


@bp.get("/peternak/<uuid:keeper_id>")
@needs(P.KEEPER_REVEAL, P.PRIVACY_KEEP)
def wish(keeper_id: UUID) -> ResponseReturnValue:
    """For people without an account: the officer writes down what they ask."""
    return _wish_page(_wisher(keeper_id), blank(kind=RequestKind.ACCESS))


@bp.post("/peternak/<uuid:keeper_id>")
@needs(P.KEEPER_REVEAL, P.PRIVACY_KEEP)
def write_wish(keeper_id: UUID) -> ResponseReturnValue:
    keeper = _wisher(keeper_id)
    form = read_form(AskSchema(keeper_id=keeper.id))
    if form.value is None:
        return _wish_page(keeper, form), 422
    try:
        with transaction():
            ask_request(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _wish_page(keeper, form.refuse(error)), 422
    flash(_("The request is with the protection officer. The clock of 3 x 24 hours runs."))
    return redirect(url_for(".wish", keeper_id=keeper.id))


def tiles(by: Actor) -> Sequence[Tile]:
    """Requests with a clock, and erasures that wait for a second person."""
    found = []
    if by.reaches(P.PRIVACY_KEEP):
        waiting, late = open_and_late(by=by)
        text = _("%(count)s late", count=late) if late else str(waiting)
        tone = "warning" if waiting else "neutral"
        here = url_for("privacy.index")
        found.append(Tile(_("Requests about personal data"), text, here, "users", tone))
    if by.reaches(P.PRIVACY_CONFIRM) and (count := erasures_waiting(by=by)):
        here = url_for("privacy.index")
        found.append(Tile(_("Erasures to confirm"), str(count), here, "users", "warning"))
    return found


def clock_text(request: PrivacyRequest) -> str:
    """What is left of the three days."""
    hours = int((request.due_at - now()).total_seconds() // 3600)
    if request.state is not RequestState.OPEN:
        return "–"
    if hours < 0:
        return _("late by %(hours)s hours", hours=-hours)
    return _("%(hours)s hours left", hours=hours)


def _do(
    request_id: UUID,
    action: str,
    schema: InputSchema[T],
    service: Callable[..., Any],
    done: str,
) -> ResponseReturnValue:
    """The page of the request: with what was done, or with what is wrong."""
    request_by_id(request_id, by=actor())
    form = read_form(schema)
    if form.value is not None:
        try:
            with transaction():
                service(form.value, by=actor())
        except (Conflict, Invalid) as error:
            form.refuse(error)
        else:
            flash(done, "success")
            return redirect(url_for(".show", request_id=request_id))
    return _page(request_id, {action: form}), 422


def _page(request_id: UUID, forms: dict[str, Form[Any]] | None = None) -> str:
    request = request_by_id(request_id, by=actor())
    keeper = keepers_of([request])[request.keeper_id]
    shows(keeper.id, keeper.village, Where.REQUEST)
    sent = forms or {}
    return render_template(
        "privacy/show.html",
        request=request,
        keeper=keeper,
        erasure=erasure_of(request.id),
        held=obstacles(keeper) if request.kind is RequestKind.ERASURE else [],
        forms={name: sent.get(name) or blank() for name in ACTIONS},
        failed=next(iter(sent.values()), Form()),
        reasons=LegalReason,
        left=clock_text,
        tones=labels.TONES,
        may_keep=may(actor(), P.PRIVACY_KEEP, region=request.region),
        may_confirm=may(actor(), P.PRIVACY_CONFIRM, region=request.region),
    )


ACTIONS = ("answer", "refuse", "propose", "confirm", "drop")


def _wisher(keeper_id: UUID) -> Keeper:
    keeper = keeper_of_wish(keeper_id, by=actor())
    shows(keeper.id, keeper.village, Where.REQUEST)
    return keeper


def _wish_page(keeper: Keeper, form: Form[Any]) -> str:
    return render_template(
        "privacy/wish.html",
        keeper=keeper,
        form=form,
        kinds=RequestKind,
        requests=requests_of(keeper.id, by=actor()),
        left=clock_text,
        tones=labels.TONES,
        may_keep=may(actor(), P.PRIVACY_KEEP, region=keeper.village),
    )
