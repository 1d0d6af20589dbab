"""My data: who looked, who changed it, what is kept and why, a copy, and what I ask."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name
from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import Event
from sijinak.core.paging import START
from sijinak.core.permissions import Permission
from sijinak.keepers.queries import facts_of, phone_masked
from sijinak.privacy import labels
from sijinak.privacy.models import RequestKind
from sijinak.privacy.policy import policy
from sijinak.privacy.queries import events_about, offices_of, own_data, requests_of
from sijinak.privacy.schemas import AskOwnSchema
from sijinak.privacy.searching import MOST_LISTS, lists_with_me
from sijinak.privacy.services import AskRequest, ask_request, note_copy
from sijinak.privacy.zipping import copy_answer
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form

bp = Blueprint("privacy_own", __name__)
FIRST = 5  # looks on the first page
LISTS_SHOWN = timedelta(days=30)  # each list of those days is read to find the person
Say = Callable[[Event, str], str]


@bp.get("/")
@needs(Permission.PRIVACY_OWN)
def index() -> ResponseReturnValue:
    return _page(blank(kind=RequestKind.CORRECTION))


@bp.get("/dilihat")
@needs(Permission.PRIVACY_OWN)
def looks() -> ResponseReturnValue:
    """The pages of the person, and on the first page the lists of the last days."""
    first = place() == START
    lists = lists_with_me(now() - LISTS_SHOWN, by=actor()) if first else []
    return _events(looks=True, lists=lists)


@bp.get("/diubah")
@needs(Permission.PRIVACY_OWN)
def changes() -> ResponseReturnValue:
    return _events(looks=False)


@bp.post("/salinan")
@needs(Permission.PRIVACY_OWN)
def take_copy() -> ResponseReturnValue:
    keeper = own_data(by=actor())
    with transaction():
        note_copy(keeper, by=actor())
    return copy_answer(keeper)


@bp.post("/permintaan")
@needs(Permission.PRIVACY_OWN)
def ask() -> ResponseReturnValue:
    keeper = own_data(by=actor())
    form: Form[AskRequest] = read_form(AskOwnSchema(keeper_id=keeper.id))
    if form.value is None:
        return _page(form), 422
    try:
        with transaction():
            ask_request(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(form.refuse(error)), 422
    flash(_("Your request is with the protection officer. The clock of 3 x 24 hours runs."))
    return redirect(url_for(".index"))


def _page(form: Form[AskRequest]) -> str:
    keeper = own_data(by=actor())
    looks = events_about(keeper.id, looks=True).items
    return render_template(
        "privacy/own.html",
        keeper=keeper,
        facts=facts_of(keeper),
        phone=phone_masked(keeper),
        place=full_name(keeper.village),
        looks=looks[:FIRST],
        told=_told(looks, labels.look_sentence),
        requests=requests_of(keeper.id, by=actor()),
        years=policy.retention_years,
        kinds=RequestKind,
        tones=labels.TONES,
        form=form,
    )


def _events(*, looks: bool, lists: Sequence[Event] = ()) -> str:
    keeper = own_data(by=actor())
    page = events_about(keeper.id, looks=looks, place=place())
    say = labels.look_sentence if looks else labels.change_sentence
    return render_template(
        "privacy/events.html",
        page=listing(page, ".looks" if looks else ".changes"),
        told=_told([*page.items, *lists[:MOST_LISTS]], say),
        looks=looks,
        lists=lists[:MOST_LISTS],
        most=MOST_LISTS if len(lists) > MOST_LISTS else 0,
        days=LISTS_SHOWN.days,
    )


def _told(events: Sequence[Event], say: Say) -> dict[UUID, str]:
    """Each event as a sentence; what the person did is said of them."""
    offices = offices_of(events)
    return {
        one.id: say(
            one,
            _("You") if one.actor_id == actor().id else labels.who_text(one, offices[one.id]),
        )
        for one in events
    }
