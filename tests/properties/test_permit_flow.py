"""Whatever people try in whatever order, an application keeps its promises."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.models import AnimalState
from sijinak.animals.queries import animals_by_ids, animals_by_tags
from sijinak.core.db import db, transaction
from sijinak.core.errors import SijinakError
from sijinak.core.permissions import WORKER
from sijinak.permits.commands import RecordInspection
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.models import OVER, PERMIT_FLOW, Permit, PermitAnimal, PermitState
from sijinak.permits.queries import history_of, passed
from sijinak.permits.quota.models import ClaimState
from sijinak.permits.quota.queries import claim_of
from sijinak.permits.taking import FREE
from sijinak.retribution.models import SkrdState
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.services import ReceiveCash, receive_cash
from sijinak.retribution.services import CancelSkrd, cancel_skrd
from tests.factories import REGENCY
from tests.machines import run
from tests.permits.factories import (
    BY,
    deliver,
    inspection,
    make_draft,
    make_herd,
    make_office,
    take,
    walk,
)
from tests.permits.quota.books import assert_books_agree

S = PermitState
ACTIONS = [
    "submit", "return", "accept", "bill", "certify", "approve", "reject", "issue", "cancel",
    "appeal", "uphold", "grant", "depart", "arrive", "close", "revoke",
]  # fmt: skip
AFTER_PAYING = {S.PAID, S.APPROVED, S.ISSUED, S.DEPARTED, S.ARRIVED}
FINAL = set(OVER) - {S.REJECTED}  # against which an appeal may be made
PERMITS = 3
STARTS = [S.DRAFT, S.ACCEPTED, S.INSPECTED, S.BILLED, S.PAID, S.REJECTED, S.ISSUED]
WHICH = st.integers(0, PERMITS - 1)
ONWARD = {
    S.DRAFT: "submit", S.RETURNED: "submit", S.SUBMITTED: "accept", S.INSPECTED: "bill",
    S.PAID: "approve", S.APPROVED: "issue", S.ISSUED: "depart", S.DEPARTED: "arrive",
    S.ARRIVED: "close", S.REJECTED: "appeal", S.APPEALED: "grant",
}  # fmt: skip
EVERY_OFFICE = (Role.PERMIT_DESK, Role.VET, Role.KADIS, Role.KABID, Role.CHECKPOINT)


class Applications(RuleBasedStateMachine):
    """Three applications of one firm for some of the same four animals."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.was: dict[int, PermitState] = {}

    def teardown(self) -> None:
        self.context.pop()

    @initialize(first=st.sampled_from(STARTS), last=st.sampled_from(STARTS))
    def begin(self, first: PermitState, last: PermitState) -> None:
        self.office = make_office()
        kadis = self.office.kadis  # whose decrees make him everything at once
        mandates = tuple((role, REGENCY) for role in EVERY_OFFICE)
        self.people = [*self.office.people, replace(kadis, mandates=mandates)]
        herd = make_herd(self.office.firm, 4)
        self.animals = [facts.id for facts in animals_by_tags(herd).values()]
        lists = (herd[:2], herd[1:3], herd[2:])
        self.permits = [make_draft(self.office, tags) for tags in lists]
        walk(self.permits[0], self.office, first)
        walk(self.permits[2], self.office, last)

    def permit(self, which: int) -> Permit:
        return db.session.get_one(Permit, self.permits[which].id)

    @rule(which=WHICH, action=st.sampled_from(ACTIONS), who=st.integers(0, 8))
    def try_a_step(self, which: int, action: str, who: int) -> None:
        self._try(lambda: take(action, self.permit(which), self.people[who]))

    @rule(which=WHICH, steps=st.integers(1, 11), alone=st.booleans())
    def go_on(self, which: int, steps: int, *, alone: bool) -> None:
        """The next steps by whom they belong to, or all by the one who holds every office."""
        for _ in range(steps):
            permit = self.permit(which)
            if permit.state is S.BILLED:
                self.pay(which)
            elif permit.state is S.ACCEPTED:
                self.inspect(which, weight=320, lame=1)
            elif action := ONWARD.get(permit.state):
                if action == "approve" and permit.certified_at is None:
                    action = "certify"
                by = self.people[-1] if alone else getattr(self.office, BY[action])
                self._try(lambda a=action, p=permit, b=by: take(a, p, b))

    @rule(which=WHICH, weight=st.integers(299, 300), lame=st.integers(0, 2))
    def inspect(self, which: int, weight: int, lame: int) -> None:
        permit = self.permit(which)
        refused = [line.animal_id for line in permit.animals[:lame]]
        command: RecordInspection = inspection(permit, *refused, weight=weight)

        def record() -> None:
            with transaction():
                record_inspection(command, by=self.office.vet)

        self._try(record)

    @rule(which=WHICH)
    def pay(self, which: int) -> None:
        skrd = skrd_of_permit(self.permits[which].id)
        if skrd is None:
            return

        def cash() -> None:
            with transaction():
                receive_cash(
                    ReceiveCash(skrd_id=skrd.id, amount=skrd.total), by=self.office.treasurer
                )

        self._try(cash)
        deliver()

    @rule(which=WHICH, action=st.sampled_from(["settle", "withdraw"]))
    def claim_what_the_skrd_does_not_say(self, which: int, action: str) -> None:
        self._try(lambda: take(action, self.permit(which), WORKER))

    @rule(which=WHICH)
    def cancel_the_bill(self, which: int) -> None:
        skrd = skrd_of_permit(self.permits[which].id)
        if skrd is None:
            return

        def cancel() -> None:
            with transaction():
                cancel_skrd(CancelSkrd(skrd_id=skrd.id, reason="Batal"), by=self.office.desk)

        self._try(cancel)
        deliver()

    @invariant()
    def an_animal_is_on_one_open_application(self) -> None:
        most = db.session.execute(
            select(func.count()).where(PermitAnimal.is_open).group_by(PermitAnimal.animal_id)
        ).scalars()
        assert max(most, default=0) <= 1

    @invariant()
    def nothing_is_decided_before_it_is_paid(self) -> None:
        for permit in self._all():
            if permit.state in AFTER_PAYING:
                skrd = skrd_of_permit(permit.id)
                assert skrd is not None
                assert skrd.state is SkrdState.PAID

    @invariant()
    def the_bill_is_for_the_heads_that_passed(self) -> None:
        for permit in self._all():
            skrd = skrd_of_permit(permit.id)
            if skrd and permit.billed_by:
                (heads,) = {line.heads for line in skrd.lines}
                going = len(passed(permit))
                assert going <= heads if permit.heard_at else going == heads
                assert all((line.weight_kg or 0) >= 300 for line in passed(permit))

    @invariant()
    def what_is_closed_stays_closed_and_holds_no_animal(self) -> None:
        for number, permit in enumerate(self._all()):
            before = self.was.get(number)
            assert before not in FINAL or permit.state is before
            self.was[number] = permit.state
            is_under_way = permit.state not in (*FREE, S.DRAFT)
            wanted = sum(line.passed is not False for line in permit.animals)
            assert sum(line.is_open for line in permit.animals) == (wanted if is_under_way else 0)

    @invariant()
    def everybody_took_part_once(self) -> None:
        for permit in self._all():
            people = [
                permit.applied_by, permit.inspected_by, permit.certified_by, permit.billed_by,
                permit.decided_by,
            ]  # fmt: skip
            known = [one for one in people if one]
            assert len(known) == len(set(known))
            assert permit.heard_by is None or permit.heard_by != permit.decided_by

    @invariant()
    def nothing_is_decided_without_the_health_letter(self) -> None:
        for permit in self._all():
            if permit.state in {S.APPROVED, S.ISSUED, S.DEPARTED, S.ARRIVED}:
                assert permit.certified_at

    @invariant()
    def the_quota_is_held_by_those_under_way_and_used_by_those_that_left(self) -> None:
        if not getattr(self, "permits", ()):
            return
        assert_books_agree()
        for permit in self._all():
            claim = claim_of(permit.id)
            if permit.state in {S.DEPARTED, S.ARRIVED, S.CLOSED}:
                assert claim
                assert (claim.state, claim.heads) == (ClaimState.CONSUMED, permit.departed_heads)
            elif permit.state in OVER and permit.submitted_at:
                assert claim
                assert claim.state is ClaimState.RELEASED

    @invariant()
    def an_animal_is_out_of_the_regency_when_its_permit_was_used(self) -> None:
        gone = {
            line.animal_id for permit in self._all() for line in permit.animals if line.departed
        }
        states = {facts.id: facts.state for facts in animals_by_ids(list(gone)).values()}
        assert set(states.values()) <= {AnimalState.SHIPPED}

    @invariant()
    def every_step_is_in_the_trail(self) -> None:
        targets = {step.action: step.target for step in PERMIT_FLOW}
        for permit in self._all():
            told = [event.name.removeprefix("permit.") for event in history_of(permit.id)]
            names = [name for name in told if name not in {"certify", "extend"}]
            assert targets.get(names[-1], S.DRAFT) is permit.state

    def _all(self) -> list[Permit]:
        return [self.permit(which) for which in range(len(getattr(self, "permits", ())))]

    def _try(self, deed: object) -> None:
        """People try what they may not: the answer is a refusal, never a fault."""
        try:
            deed()  # type: ignore[operator]
        except SijinakError:
            db.session.rollback()


@pytest.fixture
def machine(app: Flask) -> Iterator[type[Applications]]:
    yield type("ApplicationsHere", (Applications,), {"app": app})
    with app.app_context():
        db.session.remove()


def test_applications_keep_their_promises(machine: type[Applications]):
    run(machine, examples=15, steps=15)
