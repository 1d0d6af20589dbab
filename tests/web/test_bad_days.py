"""What a hostile or unlucky request costs: a clear answer, and nothing half-written."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.events import Delivery, Event, Events
from sijinak.core.permissions import OPERATOR
from sijinak.web import health
from tests.animals.factories import make_animal, make_keeper
from tests.browsing import form_post
from tests.databases import SERVER
from tests.factories import LUNYUK, make_user, signed_in


@pytest.mark.parametrize(
    "body", ["[1]", '"x"', "null", "5", "[" * 100_000, '{"breed": "\\ud800"}', "{", b"\xff\xfe{}"]
)
def test_json_that_is_no_object_is_refused(app: Flask, body: str | bytes):
    with app.app_context():
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    answer = clerk.post("/api/v1/animals/", data=body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


def test_a_form_with_too_many_fields_is_refused_at_once(app: Flask):
    fields = "&".join(f"a{n}=1" for n in range(3000))
    answer = app.test_client().post(
        "/masuk", data=fields, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert len(answer.data) < 20_000


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_time_is_no_day(app: Flask, day: str):
    with app.app_context():
        vet, desk = (signed_in(app, make_user(role)) for role in (Role.VET, Role.PERMIT_DESK))
    assert vet.get(f"/telusur/?day={day}&region=52.04").status_code == 422
    assert vet.get(f"/vaksinasi/cakupan/?sampai={day}").status_code == 200
    assert desk.get(f"/izin/slot/?dari={day}").status_code == 200


def test_a_number_that_no_column_holds_is_nothing_of_ours(app: Flask):
    assert app.test_client().get(f"/api/v1/permits/status/{10**30}").status_code == 404


def test_an_endless_amount_is_no_amount(app: Flask):
    from sijinak.core.money import NotAnAmount, parse_rupiah

    with pytest.raises(NotAnAmount):
        parse_rupiah("9" * 5000)


@pytest.mark.skipif(not SERVER, reason="about a server that goes away")
def test_a_connection_cut_in_the_middle_is_a_503_with_words(app: Flask):
    """The server ends all our connections; the answer is ours, and the next one works."""
    with app.app_context():
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
        make_animal()
    assert clerk.get("/peternak/").status_code == 200
    answers = set()
    for _ in range(6):
        _cut_connections(app)
        answer = clerk.get("/peternak/")
        answers.add(answer.status_code)
        if answer.status_code == 503:
            assert answer.headers["Retry-After"]
            assert "Content-Security-Policy" in answer.headers
    assert answers <= {200, 503}
    assert clerk.get("/peternak/").status_code == 200


def _cut_connections(app: Flask) -> None:
    import psycopg

    with app.app_context():
        name = db.engine.url.database
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )


def test_what_a_clock_that_ran_ahead_put_off_is_done_when_it_is_set_right(context: Flask):
    seen: list[str] = []

    def listen(event: Event) -> None:
        seen.append(event.name)

    events = Events()
    events.wire({"thing.done": [listen]})
    keeper = make_keeper()
    with clock.reading(now() + timedelta(days=300)), transaction():
        events.record("thing.done", keeper, by=OPERATOR, region="")
    assert events.deliver_next()
    assert seen == ["thing.done"]
    assert db.session.scalars(select(Delivery.done_at)).one()


def test_wrong_passwords_on_a_wrong_clock_lock_nobody_out(app: Flask):
    with app.app_context():
        username = make_user(Role.VET, LUNYUK).username
    client = app.test_client()
    with clock.reading(now() + timedelta(days=300)):
        for _ in range(7):
            form_post(client, "/masuk", page="/masuk", username=username, password="wrong")
    answer = form_post(client, "/masuk", page="/masuk", username=username, password="wrong")
    assert answer.status_code == 422


def test_an_error_of_the_database_names_nobody(context: Flask):
    with db.engine.connect() as connection, pytest.raises(Exception, match="no_such") as caught:
        connection.execute(text("SELECT * FROM no_such WHERE x = :name"), {"name": "Abdul Hamid"})
    assert "Abdul Hamid" not in str(caught.value)


def test_readiness_costs_one_write_however_often_it_is_asked(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    client = app.test_client()
    monkeypatch.setattr(health, "HOLDS_SECONDS", 3600)  # a slow machine asks no new question
    for _ in range(5):
        assert client.get("/readyz").status_code == 200
    with app.app_context():
        assert db.session.scalar(text("SELECT beat FROM probe")) == 1
