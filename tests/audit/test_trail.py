"""The trail: whole, in the auditor's region, and complete."""

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.audit.queries import trail
from sijinak.core.db import db
from sijinak.core.errors import Forbidden
from sijinak.core.events import Event
from sijinak.permits.models import PermitState
from tests.animals.factories import make_animal, make_keeper, person
from tests.factories import LUNYUK_ODE, actor_for, make_user, signed_in
from tests.permits.factories import make_office, make_permit


def names(page: object) -> list[str]:
    return [event.name for event in page.items]  # type: ignore[attr-defined]


def test_an_auditor_sees_the_region_and_no_other(context: Flask):
    make_animal()
    make_keeper(person(village=LUNYUK_ODE))
    everywhere, ode = actor_for(Role.AUDITOR), actor_for(Role.AUDITOR, LUNYUK_ODE)
    assert names(trail(by=everywhere)) == [
        "keeper.registered",
        "animal.registered",
        "keeper.registered",
    ]
    assert names(trail(by=ode)) == ["keeper.registered"]


def test_only_auditors_see_it(context: Flask):
    for role in set(Role) - {Role.AUDITOR}:
        with pytest.raises(Forbidden):
            trail(by=actor_for(role))


def test_the_trail_is_narrowed_by_name_thing_and_person(context: Flask):
    animal, _ = make_animal()
    auditor = actor_for(Role.AUDITOR)
    assert names(trail(by=auditor, name="animal.")) == ["animal.registered"]
    assert names(trail(by=auditor, subject_id=animal.id)) == ["animal.registered"]
    assert names(trail(by=auditor, actor_id=auditor.id)) == []


def test_every_step_of_a_permit_is_a_line_with_its_actor(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.ISSUED)
    found = db.session.scalars(
        select(Event).where(Event.subject_id == permit.id).order_by(Event.id)
    )
    steps = [(event.name, event.actor_id) for event in found]
    assert [name for name, _ in steps][-7:] == [
        "permit.accept", "permit.inspect", "permit.bill", "permit.settle", "permit.certify",
        "permit.approve", "permit.issue",
    ]  # fmt: skip
    by = dict(steps)
    assert by["permit.inspect"] == office.vet.id
    assert by["permit.certify"] == office.doctor.id
    assert by["permit.approve"] == office.kadis.id


def test_no_line_holds_personal_data(context: Flask):
    make_keeper(person(name="Rahasia Sekali", nik="5204021503807777", phone="081299990000"))
    lines = [str(event.facts) for event in db.session.scalars(select(Event))]
    assert lines
    for secret in ("Rahasia", "5204021503807777", "081299990000"):
        assert not [line for line in lines if secret in line]


def test_signing_in_is_seen_by_the_auditor_of_the_regency(app: Flask):
    with app.app_context():
        client = signed_in(app, make_user(Role.AUDITOR))
    page = client.get("/jejak/?peristiwa=user.signed-in")
    assert page.status_code == 200
    assert "user.signed-in" in page.text
