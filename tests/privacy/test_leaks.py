"""After a leak nobody is told that a list is whole when it is not."""

from datetime import date, timedelta
from typing import cast
from uuid import UUID

from flask import Flask

from sijinak.accounts.models import Role, User
from sijinak.core.clock import now, today
from sijinak.core.db import transaction
from sijinak.core.events import About, events
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor
from sijinak.keepers.looking import Listed, Page, note_lists
from sijinak.privacy.labels import taken_text
from sijinak.privacy.searching import MOST_LISTS, taken_by
from tests.animals.factories import make_keeper, person
from tests.factories import LUNYUK, LUNYUK_REA, actor_for, make_user, signed_in


def test_files_and_packs_taken_are_named_as_missing_from_the_list(app: Flask):
    with app.app_context():
        user = make_user(Role.AUDITOR)
        dpo = signed_in(app, make_user(Role.PRIVACY_OFFICER))
        _take("export.made", user, export="receipts", format="csv", region=LUNYUK_REA)
        for _again in range(2):
            _take("field.pack-taken", user, villages=[LUNYUK_REA], animals=412)
    asked = f"akun={user.username}&sejak={today().isoformat()}"
    page = dpo.get(f"/privasi/insiden?{asked}").text
    assert "tone-danger" in page
    assert "receipts (csv): region Lunyuk Rea" in page
    assert "Lunyuk Rea, Lunyuk" in page
    assert "412" in page
    lines = dpo.get(f"/privasi/insiden.csv?{asked}").text.splitlines()
    assert len(lines) == 3
    assert "receipts (csv)" in lines[1] + lines[2]
    clean = dpo.get(f"/privasi/insiden?akun={user.username}&sejak={_tomorrow()}").text
    assert "tone-danger" not in clean


def test_the_same_pack_taken_again_is_one_line(context: Flask):
    user, dpo = make_user(Role.VET, LUNYUK), actor_for(Role.PRIVACY_OFFICER)
    for _again in range(3):
        _take("field.pack-taken", user, villages=[LUNYUK_REA], animals=7)
    _take("export.made", user, export="trace", format="csv")
    found = taken_by(user.id, now() - timedelta(days=1), by=dpo)
    assert len({taken_text(one) for one in found}) == 2
    assert len(found) == 4


def test_a_page_says_that_it_shows_only_the_newest_lists(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(name="Ahmad Kanari"))
        dpo = signed_in(app, make_user(Role.PRIVACY_OFFICER))
        owner = signed_in(app, make_user(Role.TRADER, keeper_id=keeper.id))
        _list(keeper.id, MOST_LISTS)
    seen, own = f"/privasi/cari/{keeper.id}", "/data-saya/dilihat"
    only = ("Only the newest", "Hanya")
    for client, page in ((dpo, seen), (owner, own)):
        assert not [one for one in only if one in client.get(page).text]
    with app.app_context():
        _list(keeper.id, 1)
    for client, page in ((dpo, seen), (owner, own)):
        told = client.get(page).text
        assert [one for one in only if f"{one} {MOST_LISTS} " in told]
        assert told.rpartition("<table")[2].count("<tr") == MOST_LISTS + 1


def test_who_stood_in_lists_was_seen_by_somebody(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        dpo = signed_in(app, make_user(Role.PRIVACY_OFFICER))
    here, empty = f"/privasi/cari/{keeper.id}", 'class="empty'
    assert empty in dpo.get(here).text
    with app.app_context():
        _list(keeper.id, 1)
        later = signed_in(app, make_user(Role.PRIVACY_OFFICER))
    assert empty not in later.get(here).text


def _take(name: str, user: User, **facts: object) -> None:
    with transaction():
        about = About("exports", uuid7(), "", dict(facts))
        events.record_all(name, [about], by=cast("Actor", user))


def _list(keeper_id: UUID, times: int) -> None:
    lists = [Listed(Page.KEEPERS, (keeper_id,))] * times
    with transaction():
        note_lists(lists, by=actor_for(Role.CLERK))


def _tomorrow() -> date:
    return today() + timedelta(days=1)
