"""Who saw this person, what did this account read: for questions, and for a leak."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sijinak.accounts.models import User
from sijinak.areas.queries import full_name, place_name
from sijinak.core.clock import clock, now, today
from sijinak.core.errors import NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import Permission
from sijinak.keepers.looking import LISTED
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.queries import facts_of, keeper_by_id
from sijinak.keepers.search import search_keepers
from sijinak.keepers.showing import shows, shows_list
from sijinak.privacy import labels
from sijinak.privacy.queries import offices_of
from sijinak.privacy.searching import (
    MOST_LISTS,
    account_named,
    counts_of,
    lists_with,
    looks_at,
    people_read_by,
    readers_of,
    reads_by,
    taken_by,
)
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, day_in_address, listing, place
from sijinak.web.settings import settings

bp = Blueprint("privacy_search", __name__)
P = Permission
A_MONTH = timedelta(days=30)
LONGEST = 64
SHOWN_PEOPLE = 200
COUNTED = {
    "keeper.viewed": N_("pages of persons opened"),
    "keeper.revealed": N_("whole NIKs seen"),
    LISTED: N_("lists of persons shown"),
    "privacy.copy-made": N_("copies of all about a person"),
    "field.pack-taken": N_("work packs taken to a phone"),
    "export.made": N_("files taken away"),
}


@bp.get("/cari")
@needs(P.PRIVACY_KEEP)
def index() -> ResponseReturnValue:
    """By a name, or by an account."""
    name, account = request.args.get("nama", "")[:LONGEST], request.args.get("akun", "")[:LONGEST]
    found = search_keepers(name, by=actor()) if name.strip() else []
    shows_list(Where.KEEPERS, [one.id for one in found])
    since = _since()
    user = account_named(account, by=actor()) if account.strip() else None
    return render_template(
        "privacy/search.html",
        form=Form({"nama": name, "akun": account, "sejak": since.isoformat()}),
        found=[(one, facts_of(one), full_name(one.village)) for one in found],
        user=user,
        is_unknown=bool(account.strip()) and user is None,
        since=since,
        counts=_counts(user, since) if user else [],
        **_reads(user, since),
    )


@bp.get("/cari/<uuid:keeper_id>")
@needs(P.PRIVACY_KEEP)
def person(keeper_id: UUID) -> ResponseReturnValue:
    """Who saw this person since that day."""
    keeper = keeper_by_id(keeper_id, by=actor())
    shows(keeper.id, keeper.village, Where.REQUEST)
    since = _since()
    page = looks_at(keeper.id, _moment(since), by=actor(), place=place())
    lists = lists_with(keeper.id, _moment(since), by=actor())
    return render_template(
        "privacy/seen.html",
        keeper=keeper,
        since=since,
        form=Form({"sejak": since.isoformat()}),
        page=listing(page, ".person", keeper_id=keeper.id, sejak=since),
        readers=readers_of(keeper.id, _moment(since), by=actor()),
        lists=lists[:MOST_LISTS],
        most=MOST_LISTS if len(lists) > MOST_LISTS else 0,
        **_words(page.items),
    )


@bp.get("/insiden")
@needs(P.PRIVACY_KEEP)
def breach() -> ResponseReturnValue:
    """What a leak through one account touched, and the notice that the law asks for."""
    account = request.args.get("akun", "")[:LONGEST]
    user = account_named(account, by=actor()) if account.strip() else None
    since = _since()
    people = people_read_by(user.id, _moment(since), by=actor()) if user else []
    shows_list(Where.KEEPERS, [one.keeper_id for one in people[:SHOWN_PEOPLE]])
    return render_template(
        "privacy/breach.html",
        form=Form({"akun": account, "sejak": since.isoformat()}),
        is_unknown=bool(account.strip()) and user is None,
        user=user,
        since=since,
        now=now(),
        due=now() + timedelta(days=3),
        people=people[:SHOWN_PEOPLE],
        count=len(people),
        taken=_taken(user, since),
        counts=_counts(user, since) if user else [],
        agency=settings().agency,
    )


@bp.get("/insiden.csv")
@needs(P.PRIVACY_KEEP)
def breach_csv() -> ResponseReturnValue:
    user = account_named(request.args.get("akun", "")[:LONGEST], by=actor())
    if user is None:
        raise NotFound
    since = _since()
    people = people_read_by(user.id, _moment(since), by=actor())
    head = [_("Id"), _("Name"), _("Times seen"), _("In lists")]
    asked = {"of": str(user.id), "since": since.isoformat()}
    export = Export(what="breach", name=f"insiden-{since}", head=head, asked=asked)
    missing = _("NOT IN THIS LIST")
    taken = [(missing, words, times, "") for words, times in _taken(user, since)]
    rows = ((one.keeper_id, one.name, one.times, one.in_lists) for one in people)
    return hand_out(CSV, export, chain(taken, rows))


def _reads(user: User | None, since: date) -> dict[str, object]:
    """What an account read."""
    if user is None:
        return {"page": None, **_words([])}
    page = reads_by(user.id, _moment(since), by=actor(), place=place())
    kept = {"akun": user.username, "sejak": since}
    return {"page": listing(page, ".index", **kept), **_words(page.items)}


def _words(events: Sequence[Event]) -> dict[str, object]:
    offices = offices_of(events)
    return {
        "who": {one.id: labels.who_text(one, offices[one.id]) for one in events},
        "what_of": what_of,
        "place_name": place_name,
    }


def what_of(event: Event) -> str:
    """What was read, in a few words."""
    counted = event.facts.get("found", "")
    page = labels.page_text(event.facts.get("page", ""))
    named = _(COUNTED[event.name]) if event.name in COUNTED else event.name
    more = [page, str(counted), str(event.facts.get("export", "")), event.facts.get("reason", "")]
    return ", ".join([named, *(one for one in more if one)])


def _counts(user: User, since: date) -> list[tuple[str, int]]:
    found = counts_of(user.id, _moment(since), by=actor())
    return [(_(COUNTED[name]), count) for name, count in found.items()]


def _taken(user: User | None, since: date) -> list[tuple[str, int]]:
    """What the account took away as a whole, and how often."""
    found = taken_by(user.id, _moment(since), by=actor()) if user else []
    return list(Counter(labels.taken_text(one) for one in found).items())


def _since() -> date:
    return day_in_address("sejak", today() - A_MONTH)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.zone)
