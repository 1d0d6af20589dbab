"""Who may take which step, in which state, where, and never twice the same person."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from sijinak.accounts.grants import GRANTS
from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Forbidden, NotFound, SijinakError
from sijinak.core.flow import Step, WrongState
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR, WORKER, Permission
from sijinak.permits.models import OVER, PERMIT_FLOW, TURN, Permit, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.queries import history_of, permit_by_id, permits_waiting
from sijinak.permits.services import AnimalTaken, NotReady
from sijinak.permits.taking import BARRED, PermitExpired, SamePerson
from sijinak.permits.travelling import PermitRevoked, PermitUsed
from tests.factories import LUNYUK_ODE, REGENCY, actor_for, make_user
from tests.permits.factories import (
    Office,
    make_draft,
    make_herd,
    make_office,
    make_permit,
    pay,
    take,
    walk,
)

pytestmark = pytest.mark.usefixtures("context")
STEPS = list(PERMIT_FLOW)


def named(step: Step[PermitState]) -> str:
    return f"{step.source}-{step.action}"


HIDDEN = (Forbidden, NotFound)  # a draft is not there for officers
# The worker's: what was paid or taken back, what ran out, and what a laboratory answered.
MACHINE = {"settle", "withdraw", "expire", "clear", "reopen", "miss-money", "find-money"}
# In whatever state a result comes; the permit goes on where that is possible.
LOOKS = {"clear"}
ACTIONS = sorted({step.action for step in STEPS} - LOOKS)
NOT_THERE = [(s, a) for s in PermitState for a in ACTIONS if (s, a) not in {
    (step.source, step.action) for step in STEPS
}]  # fmt: skip


def person(role: Role, office: Office, region: str = "52.04") -> SignedIn:
    keeper = office.firm.id if role is Role.TRADER else None
    return actor_for(role, region, keeper_id=keeper)


def ready(office: Office, state: PermitState, action: str) -> Permit:
    policy.skkh_before_payment = (state, action) == (PermitState.INSPECTED, "certify")
    permit = make_permit(office, state)
    if action == "approve":
        take("certify", permit, office.doctor)
    if action == "settle":
        pay(permit, office)
        with transaction():
            permit.state = PermitState.BILLED  # paid, and nobody has told the permit
    return permit


@pytest.mark.parametrize("step", STEPS, ids=named)
def test_each_step_is_for_its_roles_and_its_region_alone(step: Step[PermitState]):
    """The matrix of PERMIT_FLOW and GRANTS: every role that lacks the permission is refused.

    Who holds it elsewhere is told nothing, and neither is another firm.
    """
    office = make_office()
    permit = ready(office, step.source, step.action)
    for role in Role:
        if step.needs in GRANTS[role]:
            _refuse_elsewhere(step, permit, role)
            continue
        with pytest.raises(HIDDEN if permit.submitted_at is None else Forbidden):
            take(step.action, permit, person(role, office))
    with pytest.raises(HIDDEN):
        take(step.action, permit, make_office().trader)
    assert db.session.get_one(Permit, permit.id).state is step.source


def _refuse_elsewhere(step: Step[PermitState], permit: Permit, role: Role) -> None:
    if role is Role.TRADER:  # has no region
        return
    with pytest.raises(NotFound if Permission.PERMIT_READ in GRANTS[role] else Forbidden):
        take(step.action, permit, actor_for(role, LUNYUK_ODE))


@pytest.mark.parametrize("step", [s for s in STEPS if s.action not in MACHINE], ids=named)
def test_each_step_is_open_to_its_roles(step: Step[PermitState]):
    office = make_office()
    for role in (r for r in Role if step.needs in GRANTS[r]):
        permit = ready(office, step.source, step.action)
        by = person(role, office)
        if permit.submitted_at is None and role is not Role.TRADER:
            with pytest.raises(NotFound):
                take(step.action, permit, by)
            continue
        assert take(step.action, permit, by).state is step.target


@pytest.mark.parametrize("needed", [Permission.PERMIT_SETTLE, Permission.PERMIT_EXPIRE])
def test_only_a_machine_says_that_money_came_or_days_are_over(needed: Permission):
    holders = [role for role in Role if needed in GRANTS[role]]
    assert not holders


def test_the_laboratory_answers_about_samples_and_never_sees_whose_they_are():
    """The worker carries its answer to the application."""
    office = make_office()
    permit = make_permit(office, PermitState.IN_LAB)
    lab = actor_for(Role.LABORATORY, REGENCY)
    for look in (
        lambda: permit_by_id(permit.id, by=lab),
        lambda: permits_waiting(by=lab),
        lambda: take("clear", permit, lab),
    ):
        with pytest.raises(Forbidden):
            look()
    assert take("clear", permit, WORKER).state is PermitState.INSPECTED


def test_every_pair_of_state_and_action_that_is_not_in_the_flow_is_refused():
    office = make_office()
    made = {state: make_permit(office, state) for state in PermitState}
    for state, action in NOT_THERE:
        somebody = OPERATOR
        with pytest.raises((WrongState, PermitUsed, PermitRevoked, PermitExpired)):
            take(action, made[state], somebody)
        assert permit_by_id(made[state].id, by=OPERATOR).state is state
    listed = [step for step in STEPS if step.action in ACTIONS]
    assert len(NOT_THERE) + len(listed) == len(PermitState) * len(ACTIONS)


def test_somebody_is_next_until_it_is_closed():
    assert set(TURN) | {*OVER, PermitState.ISSUED, PermitState.DEPARTED} == set(PermitState)
    for state, needed in TURN.items():
        onward = [s for s in PERMIT_FLOW.steps_from(state) if s.action != "cancel"]
        assert onward
        assert needed in {s.needs for s in onward} or state is PermitState.BILLED


ROLES_IN_ONE = {
    "return": Role.PERMIT_DESK, "accept": Role.PERMIT_DESK, "inspect": Role.VET, "sample": Role.VET,
    "certify": Role.VET, "bill": Role.PERMIT_DESK, "approve": Role.KADIS, "reject": Role.KADIS,
    "issue": Role.PERMIT_DESK, "extend": Role.KADIS, "uphold": Role.KABID, "grant": Role.KABID,
    "revoke": Role.KABID, "depart": Role.CHECKPOINT, "close": Role.PERMIT_DESK,
}  # fmt: skip
BEFORE = {step.action: step.source for step in STEPS}


@pytest.mark.parametrize("action", sorted(BARRED))
def test_who_took_part_before_does_not_take_the_step(action: str):
    """One person with two appointments: the four eyes count people, not roles."""
    office = make_office()
    policy.skkh_before_payment = action == "bill"  # so that everybody else was there before
    source = PermitState.PAID if action == "reject" else BEFORE[action]
    permit = make_permit(office, source)
    if "certified_by" in BARRED[action] and permit.certified_at is None:
        take("certify", permit, office.doctor)
    if "heard_by" in BARRED[action]:
        with transaction():
            permit.heard_by = office.kabid.id  # as after an appeal
    for column in BARRED[action]:
        assert getattr(permit, column), column
        both = SignedIn(
            getattr(permit, column), "Dua Jabatan", "dua", uuid7(), "", office.vet.seen_at, False,
            office.vet.password_changed_at, None, ((ROLES_IN_ONE[action], "52.04"),),
        )  # fmt: skip
        with pytest.raises(SamePerson):
            take(action, permit, both)


EYES = [
    ("inspected_by", "billed_by"), ("inspected_by", "decided_by"), ("billed_by", "decided_by"),
    ("applied_by", "inspected_by"), ("applied_by", "billed_by"), ("applied_by", "decided_by"),
    ("certified_by", "inspected_by"), ("certified_by", "billed_by"),
    ("certified_by", "decided_by"), ("applied_by", "certified_by"),
    ("applied_by", "accepted_by"), ("heard_by", "decided_by"),
]  # fmt: skip


def test_the_database_refuses_two_eyes_too():
    permit = make_permit(make_office(), PermitState.ISSUED)
    for one, other in EYES:
        with (
            pytest.raises(IntegrityError, match=r"is_no|is_not|hears_no"),
            db.engine.begin() as connection,
        ):
            connection.execute(
                text(f"UPDATE permits SET {one} = {other} WHERE number = :number"),
                {"number": permit.number},
            )


def test_the_database_refuses_an_animal_on_two_open_applications():
    office = make_office()
    first = make_permit(office, PermitState.SUBMITTED)
    second = make_draft(office, first.tags)
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO permit_animals (id, permit_id, animal_id, position, sale_letter,"
                " is_open, rbt_number, reason) SELECT :id, p.id, a.animal_id, 1, '', true, '', ''"
                " FROM permit_animals a, permits p WHERE p.state = 'draft' AND a.is_open"
            ),
            {"id": uuid7() if db.engine.dialect.name == "postgresql" else uuid7().bytes},
        )
    assert second.state is PermitState.DRAFT


def at_once(app: Flask, *deeds: tuple[str, Permit, SignedIn]) -> list[str]:
    """Each deed in its own thread; answers what became of each, sorted."""
    gate, results = Barrier(len(deeds)), []

    def run(action: str, permit: Permit, by: SignedIn) -> None:
        with app.app_context():
            gate.wait()
            try:
                take(action, permit, by)
                results.append("done")
            except Conflict as error:
                results.append(type(error).__name__)
            except SijinakError as error:
                results.append(f"other: {error.code}")
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


# What the slower of two is told, where the state alone does not say it.
SECOND = {"certify": "AlreadyCertified", "extend": "NoMoreExtensions", "depart": "PermitUsed"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "step", [s for s in STEPS if s.action not in {*MACHINE, "cancel"}], ids=named
)
def test_two_at_once_take_one_step(app: Flask, step: Step[PermitState]):
    with app.app_context():
        office = make_office()
        permit = ready(office, step.source, step.action)
        role = next(r for r in Role if step.needs in GRANTS[r])
        by = [person(role, office) for _ in range(2)]
        db.session.remove()
    action = step.action
    refusal = SECOND.get(action, "WrongState")
    assert at_once(app, *((action, permit, who) for who in by)) == sorted([refusal, "done"])
    with app.app_context():
        names = [event.name for event in history_of(permit.id)]
        assert names.count(f"permit.{action}") - (step.source is PermitState.RETURNED) == 1


def test_one_animal_in_two_applications_at_once_goes_on_one(app: Flask):
    with app.app_context():
        office = make_office()
        first = make_draft(office)
        second = make_draft(office, list(reversed(first.tags)))
        db.session.remove()
    result = at_once(app, ("submit", first, office.trader), ("submit", second, office.trader))
    assert result in ([NotReady.__name__, "done"], [AnimalTaken.__name__, "done"])
    with app.app_context():
        states = {permit_by_id(p.id, by=OPERATOR).state for p in (first, second)}
        assert states == {PermitState.DRAFT, PermitState.SUBMITTED}


def test_nobody_of_the_firm_takes_an_office_step(context: Flask):
    """Whoever may apply for a firm does not inspect its animals, whichever colleague applied."""
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED)
    colleague = make_user(Role.TRADER, keeper_id=office.firm.id)
    vet_too = SignedIn(
        colleague.id, colleague.name, colleague.username, uuid7(), "", now(), False, now(),
        office.firm.id, ((Role.TRADER, REGENCY), (Role.VET, REGENCY)),
    )  # fmt: skip
    with pytest.raises(SamePerson):
        take("inspect", permit, vet_too)


def test_a_returned_application_sets_its_animals_free(context: Flask):
    """Else an invented sale letter would keep somebody else's animals at home."""
    office, other = make_office(), make_office()
    tags = make_herd(office.firm)
    stranger = make_draft(other, tags, sale_letter="474.2/118")
    walk(stranger, other, PermitState.RETURNED)
    mine = walk(make_draft(office, tags), office, PermitState.SUBMITTED)
    assert mine.state is PermitState.SUBMITTED
