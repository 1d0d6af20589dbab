"""The pages of delegations, and the warnings before a mandate runs out."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Appointment, Delegation, Role, User
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from tests.accounts.doors import account
from tests.accounts.test_delegations import LAST, give, held_by
from tests.browsing import form_post
from tests.factories import LUNYUK, REGENCY, signed_in


def appointment_of(app: Flask, user: User) -> Appointment:
    with app.app_context():
        return held_by(user)


def sent(app: Flask, giver: User, taker: User, **fields: object) -> dict[str, object]:
    usual = {
        "id": str(uuid7()),
        "appointment_id": str(appointment_of(app, giver).id),
        "taker_id": str(taker.id),
        "manner": "plh",
        "permissions": ["permit:decide"],
        "region": REGENCY,
        "decree": "ST 800/12/2026",
        "decree_on": today().isoformat(),
        "valid_from": today().isoformat(),
        "valid_until": (today() + LAST).isoformat(),
    }
    return {**usual, **fields}


def test_the_holder_delegates_on_a_page_and_ends_it(app: Flask):
    head, deputy = account(app, Role.KADIS), account(app, Role.KABID)
    client, other = signed_in(app, head), signed_in(app, deputy)
    url = "/akun/pelimpahan/baru"
    bad = form_post(client, url, page=url, **sent(app, head, deputy, valid_until="2020-01-01"))
    assert bad.status_code == 422
    assert "ST 800/12/2026" in bad.text  # what was typed is kept
    assert form_post(client, url, page=url, **sent(app, head, deputy)).status_code == 302
    assert deputy.name in client.get("/akun/pelimpahan").text
    page = other.get("/akun/pelimpahan").text
    assert head.name in page
    with app.app_context():
        given = db.session.scalars(select(Delegation)).one()
    end = f"/akun/pelimpahan/{given.id}/akhiri"
    assert end not in page
    assert end in client.get("/akun/pelimpahan").text
    assert other.get(end).status_code == 403
    assert form_post(client, end, page=end, id=str(uuid7())).status_code == 422
    done = form_post(client, end, page=end, id=str(uuid7()), reason="Pulang")
    assert done.status_code == 302
    assert "Pulang" in client.get("/akun/pelimpahan").text


def test_the_administrator_enters_it_on_the_page_of_the_account(app: Flask):
    head, deputy = account(app, Role.KADIS), account(app, Role.KABID)
    client = signed_in(app, account(app, Role.ADMINISTRATOR))
    url = f"/pengguna/{head.id}/pelimpahan"
    assert "pelimpahan" in client.get(f"/pengguna/{head.id}").text
    wrong = form_post(client, url, page=url, **sent(app, deputy, head))  # another's appointment
    assert wrong.status_code == 404
    plt = form_post(client, url, page=url, **sent(app, head, deputy, manner="plt"))
    assert plt.status_code == 422
    assert form_post(client, url, page=url, **sent(app, head, deputy)).status_code == 302
    assert deputy.name in client.get(f"/pengguna/{head.id}").text
    near = signed_in(app, account(app, Role.ADMINISTRATOR, LUNYUK))
    assert near.get(url).status_code == 404


def test_a_request_of_the_delegate_has_the_rights_of_the_day(app: Flask):
    head, deputy = account(app, Role.KADIS), account(app, Role.VET, LUNYUK)
    client = signed_in(app, deputy)
    assert client.get("/retribusi/").status_code == 403
    with app.app_context():
        give(head, deputy)
    assert client.get("/retribusi/").status_code == 200  # what one must see to decide
    with app.app_context(), transaction():
        given = db.session.scalars(select(Delegation)).one()
        given.valid_from, given.valid_until = (
            today() - timedelta(days=2),
            today() - timedelta(days=1),
        )
    assert client.get("/retribusi/").status_code == 403


def test_all_are_warned_before_a_mandate_runs_out(app: Flask):
    head, deputy = account(app, Role.KADIS), account(app, Role.KABID)
    client, other = signed_in(app, head), signed_in(app, deputy)
    assert "/mandat" not in other.get("/").text
    with app.app_context(), transaction():
        held_by(head).valid_until = today() + timedelta(days=30)
    warned = client.get("/akun").text
    assert "tone-warning" in warned
    for page in (client.get("/").text, other.get("/").text):
        assert "tile tone-warning" in page
    listed = other.get("/mandat").text
    assert head.name in listed
    with app.app_context(), transaction():
        held_by(head).valid_until = today() + timedelta(days=31)
    assert head.name not in other.get("/mandat").text
    assert "tone-warning" not in client.get("/").text + client.get("/akun").text


def test_who_is_appointed_anew_is_not_warned(app: Flask):
    head = account(app, Role.KADIS)
    deputy = signed_in(app, account(app, Role.KABID))
    last = today() + timedelta(days=3)
    with app.app_context(), transaction():
        held_by(head).valid_until = last
        db.session.add(
            Appointment(
                user_id=head.id, role=Role.KADIS, region=REGENCY, decree="SK 2",
                valid_from=last + timedelta(days=1),
            )
        )  # fmt: skip
    assert head.name not in deputy.get("/mandat").text
    assert account(app, Role.VET).name not in deputy.get("/mandat").text


def test_a_delegation_that_runs_out_is_told_too(app: Flask):
    head, deputy = account(app, Role.KADIS), account(app, Role.KABID)
    with app.app_context():
        give(head, deputy)
    assert "Plh." in signed_in(app, deputy).get("/akun").text
    assert deputy.name in signed_in(app, head).get("/mandat").text
