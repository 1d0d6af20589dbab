"""A check is kept whatever it says; the first that lets pass uses the permit up."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.events import Event
from sijinak.permits.checkpoint.commands import RecordCheck
from sijinak.permits.checkpoint.models import CheckDecision, CheckOutcome, CheckpointCheck
from sijinak.permits.checkpoint.queries import told_of
from sijinak.permits.checkpoint.services import record_check
from sijinak.permits.models import Permit, PermitState
from tests.factories import actor_for
from tests.permits.checkpoint.papers import forged, make_keys, paper
from tests.permits.checkpoint.saying import check
from tests.permits.factories import Office, file_papers, make_office, make_permit

O = CheckOutcome  # noqa: E741 - a table to be read


@pytest.fixture
def office(context: Flask) -> Office:
    make_keys()
    return make_office()


@pytest.fixture
def permit(office: Office) -> Permit:
    permit = make_permit(office, PermitState.ISSUED)
    with transaction():
        file_papers(permit)
    return permit


def record(command: RecordCheck, office: Office) -> CheckpointCheck:
    with transaction():
        return record_check(command, by=office.post)


def test_an_honest_pass_is_the_departure(office: Office, permit: Permit):
    made = record(check(permit, paper(permit)), office)
    assert (made.outcome, made.why, made.proved, made.draw_holds) == (O.DEPARTED, "", True, True)
    db.session.refresh(permit)
    assert permit.state is PermitState.DEPARTED
    assert told_of(made) == {"outcome": "departed", "why": ""}


def test_the_second_pass_is_a_double_use_and_the_phone_hears_of_the_first(
    office: Office, permit: Permit
):
    text = paper(permit)
    first = record(check(permit, text, post="Gerbang Badas"), office)
    second = record(check(permit, text, post="Poto Tano"), office)
    assert (first.outcome, second.outcome) == (O.DEPARTED, O.DOUBLE_USE)
    assert told_of(second) == {
        "outcome": "double-use",
        "why": "permit-used",
        "first_at": first.checked_at.isoformat(),
        "first_post": "Gerbang Badas",
    }
    told = db.session.scalars(select(Event).where(Event.name == "checkpoint.double-use")).one()
    assert told.facts["first"] == str(first.id)


def test_the_same_record_twice_is_one_check(office: Office, permit: Permit):
    command = check(permit, paper(permit))
    assert record(command, office).id == record(command, office).id
    assert db.session.query(CheckpointCheck).count() == 1


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ({"males": 3}, "too-many-heads"),
        ({"paper": "HTTPS://SIJINAK.EXAMPLE.GO.ID/V/AAAA"}, "paper-not-proved"),
        ({"paper": "no code at all"}, "paper-not-proved"),
        ({"permit_id": None, "paper": ""}, "no-permit"),
    ],
)
def test_a_pass_that_could_not_be_one_is_kept_and_found(
    office: Office, permit: Permit, others: dict[str, Any], why: str
):
    made = record(check(permit, paper(permit), **others), office)
    assert (made.outcome, made.why) == (O.NOT_DEPARTED, why)
    db.session.refresh(permit)
    assert permit.state is PermitState.ISSUED


def test_an_edited_paper_that_a_phone_let_pass_moves_nothing(office: Office, permit: Permit):
    made = record(check(permit, forged(paper(permit), plate="EA 1 X")), office)
    assert (made.outcome, made.why, made.proved) == (O.NOT_DEPARTED, "paper-not-proved", False)


def test_a_copy_is_found_also_when_the_first_could_not_depart(office: Office, context: Flask):
    permit = make_permit(office, PermitState.ISSUED)  # a paper of another office is missing
    text = paper(permit)
    made = [record(check(permit, text), office) for _ in range(3)]
    assert [one.outcome for one in made] == [O.NOT_DEPARTED, O.DOUBLE_USE, O.DOUBLE_USE]
    assert {one.why for one in made} == {"papers-missing"}


def test_holding_and_refusing_use_nothing_up(office: Office, permit: Permit):
    text = paper(permit)
    for decision in (CheckDecision.HOLD, CheckDecision.REFUSE):
        command = check(permit, text, decision=decision, note="Sopir: Amir", reasons=("no-tag",))
        made = record(command, office)
        assert (made.outcome, made.note) == (O.STOPPED, "Sopir: Amir")
        assert b"Amir" not in (made.note_sealed or b"")
    assert record(check(permit, text), office).outcome is O.DEPARTED


def test_who_chose_the_animals_is_found_out(office: Office, permit: Permit):
    made = record(check(permit, paper(permit), heads=40, positions=(1, 2, 3)), office)
    assert not made.draw_holds


def test_who_let_a_truck_pass_and_drew_nothing_is_found_out(office: Office, permit: Permit):
    made = record(check(permit, paper(permit), positions=(), scanned=()), office)
    assert not made.draw_holds


def test_a_phone_whose_clock_is_behind_lets_nobody_leave_before_the_letter(
    office: Office, permit: Permit
):
    text = paper(permit)
    made = record(check(permit, text, checked_at=now() - timedelta(days=20)), office)
    db.session.refresh(permit)
    assert made.outcome is O.DEPARTED
    assert permit.departed_at
    assert permit.issued_at
    assert permit.departed_at >= permit.issued_at


def test_a_pass_of_its_last_day_counts_though_it_came_late(office: Office, permit: Permit):
    text = paper(permit)
    made = record(check(permit, text, checked_at=now() + timedelta(hours=5)), office)
    db.session.refresh(permit)
    assert made.outcome is O.DEPARTED
    assert permit.departed_at is not None
    assert permit.departed_at <= now()


@pytest.mark.parametrize("role", [Role.VET, Role.PERMIT_DESK, Role.TRADER])
def test_only_officers_of_posts_check(office: Office, permit: Permit, role: Role):
    text, someone = paper(permit), actor_for(role, keeper_id=office.firm.id)
    with pytest.raises(Forbidden), transaction():
        record_check(check(permit, text), by=someone)
