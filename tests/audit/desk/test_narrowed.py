"""A list narrowed to somebody names them within the auditor's reach alone, and they are told."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.audit.desk.commands import PlanSample
from sijinak.audit.desk.models import Method
from sijinak.audit.desk.services import plan_sample
from sijinak.audit.desk.wanted import Wanted
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import WORKER
from sijinak.keepers.looking import LISTED, Page
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_keeper, person
from tests.factories import REGENCY, actor_for, make_user, signed_in
from tests.retribution.factories import make_skrd
from tests.retribution.receipts.ways import paid_in_cash

ALAS = "52.04.05"
NAME = "Rahasia Lunyuk"


@pytest.fixture
def keeper(app: Flask) -> Keeper:
    with app.app_context():
        return make_keeper(person(name=NAME))


def told_to(app: Flask, user_id: UUID) -> list[tuple[str, list[str]]]:
    asked = select(Event.facts).where(Event.name == LISTED, Event.actor_id == user_id)
    with app.app_context():
        return [(one["page"], one["ids"]) for one in db.session.scalars(asked.order_by(Event.id))]


def auditor(app: Flask, region: str = REGENCY) -> tuple[UUID, FlaskClient]:
    with app.app_context():
        user = make_user(Role.AUDITOR, region)
    return user.id, signed_in(app, user)


@pytest.mark.parametrize("has_paid", [False, True])
def test_a_keeper_is_named_with_one_line_in_the_trail(
    app: Flask, keeper: Keeper, *, has_paid: bool
):
    with app.app_context():
        if has_paid:
            paid_in_cash(make_skrd(keeper=keeper))
        paid_in_cash(make_skrd())  # of somebody else
    user_id, client = auditor(app)
    assert NAME in client.get(f"/audit/tbp?peternak={keeper.id}").text
    assert told_to(app, user_id) == [(Page.RECEIPTS, [str(keeper.id)])]


def test_a_keeper_out_of_reach_is_not_named(app: Flask, keeper: Keeper):
    user_id, client = auditor(app, ALAS)
    page = client.get(f"/audit/tbp?peternak={keeper.id}")
    assert page.status_code == 200
    assert NAME not in page.text
    assert told_to(app, user_id) == []


def test_a_sample_of_one_keeper_names_them_in_reach_and_tells_them(app: Flask, keeper: Keeper):
    with app.app_context():
        plans = {region: sample_of(keeper, region) for region in (REGENCY, ALAS)}
    user_id, client = auditor(app)
    far_id, far = auditor(app, ALAS)
    for path in ("", "/lembar"):
        assert NAME in client.get(f"/audit/sampel/{plans[REGENCY]}{path}").text
        page = far.get(f"/audit/sampel/{plans[ALAS]}{path}")
        assert page.status_code == 200
        assert NAME not in page.text
    assert told_to(app, user_id) == [(Page.RECEIPTS, [str(keeper.id)])] * 2
    assert told_to(app, far_id) == []


def sample_of(keeper: Keeper, region: str) -> UUID:
    plan = PlanSample(
        title="Satu orang", region=region, wanted=Wanted(keeper_id=keeper.id),
        method=Method.SIMPLE, size=1, words="koran halaman 3",
    )  # fmt: skip
    with transaction():
        return plan_sample(plan, by=actor_for(Role.AUDITOR, region)).id


def test_officers_are_named_by_their_appointment_and_traders_are_none(app: Flask, keeper: Keeper):
    with app.app_context():
        officer = make_user(Role.COLLECTOR, "52.04.02", name="Petugas Lunyuk")
        trader = make_user(Role.TRADER, name="Pedagang Lunyuk", keeper_id=keeper.id)
    _, client = auditor(app)
    _, far = auditor(app, ALAS)
    assert officer.name in client.get(f"/audit/tbp?petugas={officer.id}").text
    for who, whom in ((far, officer), (far, trader), (client, trader)):
        page = who.get(f"/audit/tbp?petugas={whom.id}")
        assert page.status_code == 200
        assert whom.name not in page.text
    assert client.get(f"/audit/petugas/{trader.id}").status_code == 404
    for machine in (WORKER.id, uuid7()):
        assert "Sistem (otomatis)" in client.get(f"/audit/tbp?petugas={machine}").text
