"""Nobody sees who a person is without a line about it."""

import logging
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.keepers import showing
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_animal, make_keeper, person
from tests.databases import SERVER
from tests.factories import LUNYUK, make_user, signed_in

LOOKS = ("keeper.viewed", "keeper.listed")


def looks() -> list[tuple[str, str]]:
    asked = select(Event).where(Event.name.in_(LOOKS)).order_by(Event.happened_at, Event.id)
    return [(one.name, one.facts["page"]) for one in db.session.scalars(asked)]


def test_each_page_that_shows_the_person_is_one_look(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(name="Ahmad Kanari"))
        animal, tag = make_animal(keeper)
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    for path in (
        f"/peternak/{keeper.id}",
        f"/peternak/{keeper.id}",  # again at once: the same look
        f"/peternak/{keeper.id}/ubah",
        f"/t/{tag}",
        f"/ternak/{animal.id}/",
        "/peternak/?nama=kanari",
    ):
        assert clerk.get(path).status_code == 200, path
    with app.app_context():
        viewed = "keeper.viewed"
        assert looks() == [
            (viewed, "keeper"), (viewed, "form"), (viewed, "animal"), ("keeper.listed", "keepers"),
        ]  # fmt: skip
        listed = db.session.scalars(select(Event).where(Event.name == "keeper.listed")).one()
        shown = {"page": "keepers", "found": 1, "ids": [str(keeper.id)]}
        assert listed.facts == {**shown, "filters": ["nama"]}


def test_later_it_is_a_new_look_and_ones_own_is_none(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        _animal, tag = make_animal(keeper)
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
        owner = signed_in(app, make_user(Role.TRADER, keeper_id=keeper.id))
    assert "Abdul Hamid" in owner.get(f"/t/{tag}").text
    clerk.get(f"/t/{tag}")
    with clock.reading(now() + timedelta(minutes=11)):
        clerk.get(f"/t/{tag}")
    with app.app_context():
        assert len(looks()) == 2


def test_what_is_not_shown_is_no_look(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        stranger = signed_in(app, make_user(Role.CLERK, "52.04.05"))
    assert stranger.get(f"/peternak/{keeper.id}").status_code == 404
    with app.app_context():
        assert not looks()


def test_a_look_that_cannot_be_kept_shows_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch):
    client, keeper = _reader(app)
    _break(monkeypatch, "database or disk is full")
    answer = client.get(f"/peternak/{keeper.id}")
    assert answer.status_code == 503
    assert "Abdul Hamid" not in answer.text
    assert answer.headers["Retry-After"]


@pytest.mark.skipif(bool(SERVER), reason="about SQLite's own word")
def test_a_database_that_is_set_to_be_read_is_read(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    client, keeper = _reader(app)
    _break(monkeypatch, "attempt to write a readonly database", "SQLITE_READONLY")
    with caplog.at_level(logging.WARNING, logger="sijinak.security"):
        assert "Abdul Hamid" in client.get(f"/peternak/{keeper.id}").text
    assert "look-not-kept actor=" in caplog.text
    assert str(keeper.id) in caplog.text


def test_the_looks_of_one_person_are_found_by_an_index(context: Flask):
    explain = "EXPLAIN" if SERVER else "EXPLAIN QUERY PLAN"
    where = "happened_at > '2026-01-01' ORDER BY happened_at DESC LIMIT 26"
    if SERVER:
        db.session.execute(text("SET enable_seqscan = off"))
    for column in ("subject_id", "actor_id"):
        some = f"'{make_keeper().id}'" if SERVER else "x'00'"
        asked = f"{explain} SELECT id FROM events WHERE {column} = {some} AND {where}"
        plan = " ".join(str(row) for row in db.session.execute(text(asked)))
        assert f"ix_events_{column}_happened_at" in plan


def _reader(app: Flask) -> tuple[FlaskClient, Keeper]:
    with app.app_context():
        return signed_in(app, make_user(Role.CLERK, LUNYUK)), make_keeper()


def _break(monkeypatch: pytest.MonkeyPatch, words: str, name: str = "SQLITE_FULL") -> None:
    """The database refuses the look, and nothing else."""

    class Cause(Exception):
        sqlite_errorname = name

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Cause(words))

    monkeypatch.setattr(showing, "note_looks", refuse)
