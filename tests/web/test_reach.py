"""What is out of reach is not there: every address with an id, every kind of stranger."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role, User
from sijinak.animals.queries import live_tags
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.payments.models import Attempt
from sijinak.permits.models import PermitState
from sijinak.retribution.queries import receipt_of, skrd_of_permit
from sijinak.retribution.services import StartPayment, start_payment
from sijinak.tags.services import PrintLabels, print_labels
from sijinak.vaccinations.models import Product
from sijinak.vaccinations.services import RecordVaccinations, record_vaccinations
from tests.animals.factories import firm, make_keeper
from tests.factories import make_user, signed_in
from tests.permits.factories import make_office, make_permit
from tests.web.routes import fill

ALAS = "52.04.05"
SECRETS = ("CV Samawa", "EA 8123", "Nama vet", "Nama kadis")


@dataclass
class World:
    """One thing of each kind in Lunyuk Rea, and where its id stands in an address."""

    ids: dict[str, Any]
    animal_tag: str


def make_world() -> World:
    office = make_office()
    paid = make_permit(office, PermitState.PAID)
    billed = make_permit(office, PermitState.BILLED)
    skrd, open_skrd = skrd_of_permit(paid.id), skrd_of_permit(billed.id)
    assert skrd
    assert open_skrd
    receipt = receipt_of(skrd.id)
    assert receipt
    animal_id = paid.animals[0].animal_id
    tag = live_tags([animal_id])[animal_id].value
    with transaction():
        start_payment(StartPayment(skrd_id=open_skrd.id, adapter="sandbox"), by=office.trader)
        sheet, _ = print_labels(PrintLabels(keeper_id=office.firm.id), by=OPERATOR)
        product = db.session.query(Product).first()
        assert product
        act = record_vaccinations(
            RecordVaccinations(
                product_id=product.id, lot="L1", given_at=now(), animal_ids=(animal_id,)
            ),
            by=OPERATOR,
        )
    attempt = db.session.query(Attempt).filter_by(bill_id=open_skrd.id).one()
    return World(
        {
            "permit_id": paid.id,
            "skrd_id": open_skrd.id,
            "receipt_id": receipt.id,
            "attempt_id": attempt.id,
            "keeper_id": office.firm.id,
            "sheet_id": sheet.id,
            "act_id": act.id,
            "user_id": office.vet.id,
            "appointment_id": uuid7(),
            "session_id": uuid7(),
            "batch_id": uuid7(),
        },
        tag,
    )


def strangers() -> Iterator[User]:
    """Every role at the other end of the regency, and another firm's trader."""
    for role in Role:
        if role is Role.TRADER:
            yield make_user(role, ALAS, keeper_id=make_keeper(firm(name="CV Lain")).id)
        else:
            yield make_user(role, ALAS)


def get_routes(app: Flask) -> list[str]:
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "<uuid:" in rule.rule
    )


def test_no_stranger_sees_anything_behind_an_id(app: Flask):
    with app.app_context():
        world = make_world()
        clients = [(user.username, signed_in(app, user)) for user in strangers()]
    addresses = [fill(rule, world.ids) for rule in get_routes(app)]
    assert len(addresses) > 12
    leaks = [
        (name, address, answer.status_code)
        for name, client in clients
        for address in addresses
        if (answer := client.get(address)).status_code not in {403, 404, 302}
        or any(secret in answer.text.partition("<main")[2] for secret in SECRETS)
    ]
    assert not leaks


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
        before = _state()
        clients = [signed_in(app, user) for user in strangers()]
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or "<uuid:" not in rule.rule:
            continue
        for client in clients:
            _post_everything(client, fill(rule.rule, world.ids))
    with app.app_context():
        assert _state() == before


EVERYTHING = {
    "decision": "no", "note": "Tidak", "reason": "Ingin melihat", "amount": "159000",
    "counted": "yes", "adapter": "sandbox",
}  # fmt: skip


def _post_everything(client: FlaskClient, address: str) -> None:
    answer = client.post(address, data={**EVERYTHING, "id": str(uuid7())})
    assert answer.status_code in {302, 400, 403, 404, 409, 422}, address


def _state() -> list[tuple[object, ...]]:
    from sqlalchemy import text

    tables = {
        "permits": "id, state",
        "skrd": "id, state",
        "payment_attempts": "id, state",
        "receipts": "id, no",
    }
    rows: list[tuple[object, ...]] = []
    for table, columns in tables.items():
        found = db.session.execute(text(f"SELECT {columns} FROM {table} ORDER BY id"))
        rows += [tuple(row) for row in found]
    return rows
