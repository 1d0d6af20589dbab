"""What is out of reach is not there: every address with an id, every kind of stranger."""

import re
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sijinak.accounts.models import Role, User
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.permits.models import PermitState
from tests.animals.factories import firm, make_keeper
from tests.factories import make_user, signed_in
from tests.permits.factories import make_office, make_permit
from tests.web.routes import fill
from tests.web.worlds import SECRETS, make_world

ALAS = "52.04.05"
# The check page behind a letter's code, which names nobody; what the labels of vaccines say; and
# bans and tariffs, which everybody must know.
FOR_EVERYBODY = "/m/cek/", "/vaksinasi/vaksin/", "/larangan/", "/retribusi/tarif/"
# Of these there is none, or not in this state.
HOLLOW = re.compile(
    "appointment_id|passkey_id|session_id|batch_id|attempt_id|surat|/cek/|mutation_id>/foto|bayar|/batal|koran/periksa|saldo"
)


def strangers() -> Iterator[User]:
    """Every role at the other end of the regency, and another firm's trader."""
    for role in Role:
        if role is Role.TRADER:
            yield make_user(role, ALAS, keeper_id=make_keeper(firm(name="CV Lain")).id)
        else:
            yield make_user(role, ALAS)


def routes_with_ids(app: Flask, method: str) -> list[str]:
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and "<uuid:" in rule.rule
    )


def test_no_stranger_sees_anything_behind_an_id(app: Flask):
    with app.app_context():
        world = make_world()
        clients = [(user.username, signed_in(app, user)) for user in strangers()]
    addresses = [fill(rule, world.ids_for(rule)) for rule in routes_with_ids(app, "GET")]
    leaks = [
        (name, address, answer.status_code)
        for name, client in clients
        for address in addresses
        if (
            (answer := client.get(address)).status_code not in {403, 404, 302}
            and not address.startswith(FOR_EVERYBODY)
        )
        or any(secret in answer.text.partition("<main")[2] for secret in SECRETS)
    ]
    assert not leaks


def test_the_addresses_lead_somewhere_for_those_who_may(app: Flask):
    """Else nobody would be a stranger to anything."""
    with app.app_context():
        world = make_world()
        clients = [signed_in(app, make_user(role)) for role in Role]
    dead = [
        address
        for rule in routes_with_ids(app, "GET")
        if not (rule.endswith(("/terlihat", "/ubah", "/tarik")) or HOLLOW.search(rule))
        and not any(
            client.get(address := fill(rule, world.ids_for(rule))).status_code in {200, 302}
            for client in clients
        )
    ]
    assert not dead, "\n".join(dead)


def test_an_administrator_elsewhere_sees_no_account_of_this_region(app: Flask):
    with app.app_context():
        user = make_user(Role.VET, "52.04.02")
        admin = signed_in(app, make_user(Role.ADMINISTRATOR, ALAS))
    assert admin.get(f"/pengguna/{user.id}").status_code == 404


def test_a_scan_by_a_stranger_shows_the_public_page_only(app: Flask):
    with app.app_context():
        world = make_world()
        clients = [signed_in(app, user) for user in strangers()]
    for client in [*clients, app.test_client()]:
        answer = client.get(f"/t/{world.animal_tag}")
        assert answer.status_code == 200
        assert not any(secret in answer.text.split("<main")[1] for secret in SECRETS)


def test_what_is_not_there_and_what_is_out_of_reach_look_the_same(app: Flask):
    with app.app_context():
        office = make_office()
        permit = make_permit(office, PermitState.SUBMITTED)
        desk = signed_in(app, make_user(Role.PERMIT_DESK, ALAS))
    there, nowhere = desk.get(f"/izin/{permit.id}"), desk.get(f"/izin/{uuid7()}")
    assert there.status_code == nowhere.status_code == 404
    assert len(there.data) == len(nowhere.data)


def test_no_stranger_moves_anything_behind_an_id(app: Flask):
    """The same sweep with every unsafe method: nothing is done, whatever is sent."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        world = make_world()
        clients = [signed_in(app, user) for user in strangers()]
        before = _state()
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or "<uuid:" not in rule.rule:
            continue
        for client in clients:
            _post_everything(client, fill(rule.rule, world.ids_for(rule.rule)))
    with app.app_context():
        assert _state() == before


EVERYTHING = {
    "decision": "no", "note": "Tidak", "reason": "Ingin melihat", "amount": "159000",
    "counted": "yes", "adapter": "sandbox", "because": "Karena begitu", "kg": "300",
    "happened_on": "2026-11-01", "cause": "Sakit", "place": "rph", "police_no": "LP/1",
    "resolution": "Sudah diperiksa", "method": "scale", "action": "dead", "letters": "AK",
}  # fmt: skip


def _post_everything(client: FlaskClient, address: str) -> None:
    sent = {**EVERYTHING, "id": str(uuid7())}
    kind = "json" if address.startswith("/api/") else "data"
    answer = client.post(address, **{kind: sent})
    assert answer.status_code in {302, 400, 403, 404, 409, 422}, address


def _state() -> list[tuple[object, ...]]:
    """Whatever is done leaves a line in the trail."""
    return [tuple(row) for row in db.session.execute(select(Event.id, Event.name))]
