"""Whatever happens in whatever order: the books agree with the bank, and say who paid what.

Each mutant is a mistake that somebody made in a system like this one. That the machine finds it
shows that its invariants are sharp.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor
from sijinak.payments import jobs, progress, reducing
from sijinak.payments.adapters.base import Kind, Observation
from sijinak.payments.models import ENDED, Attempt, AttemptState, Collection, Fact
from sijinak.wiring import SUBSCRIPTIONS
from tests.machines import run
from tests.payments import fakebank
from tests.payments.books import Books
from tests.payments.desk import bank, door
from tests.payments.fakebank import FakeBank
from tests.payments.machine import Payments, Violation, opened

__all__ = ["bank", "door"]
Patch = pytest.MonkeyPatch


@pytest.fixture
def office(bank: FakeBank, door: FlaskClient) -> type[Payments]:
    """Only money listens: there are no permits behind these bills."""
    heard = ("payment.started", "refund.approve")
    events.wire({name: SUBSCRIPTIONS[name] for name in heard} | {"skrd.paid": [jobs.stop_for]})
    return opened(bank, door)


def test_money_in_any_order(office: type[Payments]) -> None:
    """All runs share one office, so a fault of one is seen by all that follow: no shrinking."""
    run(office, examples=36, steps=25)
    found = Books(office.bank.truth)
    states = {attempt.state for attempt in found.attempts}
    assert states >= {AttemptState.SUCCEEDED, AttemptState.EXPIRED, AttemptState.REJECTED}
    assert found.refunds, "it went all the ways there are"
    assert found.voided


def no_dedupe_on_money_id(patch: Patch) -> None:
    keep = reducing.keep_money

    def keep_again(adapter: str, one: Observation, purpose: Any, *, by: Actor) -> Collection | None:
        return keep(adapter, replace(one, money_id=f"{one.money_id}-{uuid7()}"), purpose, by=by)

    patch.setattr(reducing, "digest_of", lambda _: uuid7().bytes)
    patch.setattr(reducing, "keep_money", keep_again)


def the_status_counts_and_not_the_amount(patch: Patch) -> None:
    paid = reducing._paid  # noqa: SLF001

    def paid_in_full(
        one: Observation, fact: Fact, attempt: Attempt | None, *, by: Actor
    ) -> Collection | None:
        return paid(replace(one, amount=attempt.amount) if attempt else one, fact, attempt, by=by)

    patch.setattr(reducing, "_paid", paid_in_full)


def expired_is_final(patch: Patch) -> None:
    weigh = reducing._weigh  # noqa: SLF001

    def weigh_live(
        one: Observation, fact: Fact, attempt: Attempt | None, *, by: Actor
    ) -> Collection | None:
        over = attempt is not None and attempt.state in ENDED
        return None if over else weigh(one, fact, attempt, by=by)

    patch.setattr(reducing, "_weigh", weigh_live)


def a_timeout_is_a_failure(patch: Patch) -> None:
    patch.setattr(jobs, "note_lost", progress.note_rejected)


def the_last_writer_wins(patch: Patch) -> None:
    note = progress.note_answer

    def note_blindly(attempt_id: UUID, seen: Iterable[Observation], *, by: Actor) -> Attempt:
        seen = list(seen)
        attempt = note(attempt_id, seen, by=by)
        if {one.kind for one in seen} == {Kind.PENDING}:
            attempt.state = AttemptState.PENDING
        return attempt

    patch.setattr(jobs, "note_answer", note_blindly)
    patch.setattr("tests.payments.machine.note_answer", note_blindly)


def signatures_are_not_checked(patch: Patch) -> None:
    patch.setattr(fakebank, "is_right", lambda *_: True)


@pytest.mark.parametrize(
    "mutant",
    [
        no_dedupe_on_money_id,
        the_status_counts_and_not_the_amount,
        expired_is_final,
        a_timeout_is_a_failure,
        the_last_writer_wins,
        signatures_are_not_checked,
    ],
    ids=lambda one: one.__name__,
)
def test_the_machine_finds_the_mistake(
    mutant: Any, office: type[Payments], monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    with pytest.raises(Violation):
        run(office, examples=90, steps=25)
