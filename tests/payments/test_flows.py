"""S27: what the tables do not list is refused, for every state, action and role."""

from typing import Any

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.db import transaction
from sijinak.core.errors import Forbidden
from sijinak.core.flow import Flow, WrongState
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.payments.models import ATTEMPT_FLOW, AttemptState
from sijinak.payments.refunds import ending
from sijinak.payments.refunds.models import REFUND_FLOW, Refund, RefundState
from sijinak.payments.steps import take_step
from tests.factories import LUNYUK_REA, actor_for
from tests.retribution.factories import begin_payment, make_skrd


def actions(flow: Flow[Any]) -> set[str]:
    return {step.action for step in flow}


def unlisted(flow: Flow[Any], states: type[Any]) -> list[tuple[Any, str]]:
    listed = {(step.source, step.action) for step in flow}
    every = [(state, action) for state in states for action in sorted(actions(flow))]
    return [pair for pair in every if pair not in listed]


def refund_in(state: RefundState) -> Refund:
    return Refund(state=state, region=LUNYUK_REA, adapter="bank", decree="", amount=1)


def test_the_tables_are_what_the_design_says():
    live = ("created", "submitted", "pending", "unknown")
    over = ("rejected", "failed", "expired", "cancelled", "reversed")
    edges = {(step.source.value, step.target.value) for step in ATTEMPT_FLOW}
    assert edges == {
        ("created", "submitted"), ("submitted", "pending"), ("submitted", "unknown"),
        ("submitted", "rejected"), ("unknown", "pending"), ("unknown", "rejected"),
        ("pending", "expired"), ("pending", "cancelled"), ("pending", "failed"),
        ("succeeded", "reversed"), *((state, "succeeded") for state in (*live, *over)),
    }  # fmt: skip


def test_an_attempt_takes_no_step_that_is_not_listed(context: Flask):
    attempt = begin_payment(make_skrd(10_000))
    for state, action in unlisted(ATTEMPT_FLOW, AttemptState):
        with pytest.raises(WrongState), transaction():
            attempt.state = state
            take_step(attempt, action, by=WORKER)


@pytest.mark.parametrize(("state", "action"), unlisted(REFUND_FLOW, RefundState))
def test_a_refund_takes_no_step_that_is_not_listed(state: RefundState, action: str):
    with pytest.raises(WrongState):
        ending.take_step(refund_in(state), action, by=OPERATOR)


def test_no_person_takes_a_step_of_an_attempt(context: Flask):
    """Money is settled by what a bank says, never by who sits at a desk."""
    attempt = begin_payment(make_skrd(10_000))
    for role in Role:
        person = actor_for(role)
        for step in ATTEMPT_FLOW:
            with pytest.raises(Forbidden), transaction():
                attempt.state = step.source
                take_step(attempt, step.action, by=person)


def test_people_decide_refunds_and_only_the_worker_sends_them(context: Flask):
    may = {"approve": {Role.TREASURER, Role.KABID}, "refuse": {Role.TREASURER, Role.KABID}}
    may["pay-out"] = {Role.TREASURER}
    for role in Role:
        person = actor_for(role)
        for step in REFUND_FLOW:
            if role in may.get(step.action, set()):
                continue
            with pytest.raises(Forbidden), transaction():
                ending.take_step(refund_in(step.source), step.action, by=person)
