"""The office at which the tests pay: a bank, its door, and people who decide."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.registry import registry
from sijinak.payments.discrepancies.effects import Plan
from sijinak.payments.discrepancies.resolving import (
    AnswerResolution,
    ProposeResolution,
    answer_resolution,
    propose_resolution,
)
from sijinak.payments.models import Collection, Discrepancy, DiscrepancyState, Resolution
from sijinak.retribution.models import Skrd
from tests.factories import actor_for
from tests.payments.fakebank import FakeBank, Signed
from tests.retribution.factories import do, work

OPEN = (DiscrepancyState.OPEN, DiscrepancyState.PROPOSED)


@pytest.fixture
def bank(context: Flask, monkeypatch: pytest.MonkeyPatch) -> FakeBank:
    return offered(FakeBank(), monkeypatch)


@pytest.fixture
def door(context: Flask) -> FlaskClient:
    return context.test_client()


def offered(bank: FakeBank, monkeypatch: pytest.MonkeyPatch) -> FakeBank:
    monkeypatch.setitem(registry._adapters, FakeBank.name, bank)  # noqa: SLF001
    return bank


def deliver(door: FlaskClient, message: Signed, **headers: str) -> TestResponse:
    sent = {"Content-Type": "application/json", **message.headers, **headers}
    return door.post(message.path, data=message.body, headers=sent)


def cases(*kinds: str) -> list[Discrepancy]:
    """Those that wait for people, the first first."""
    with transaction():
        asked = select(Discrepancy).where(Discrepancy.state.in_(OPEN))
        found = db.session.scalars(asked.order_by(Discrepancy.opened_at, Discrepancy.id)).all()
    return [case for case in found if not kinds or case.kind in kinds]


def resolve(case: Discrepancy, resolution: Resolution, plan: Plan | None = None) -> None:
    """By two people."""
    asked = ProposeResolution(
        case_id=case.id, resolution=resolution, reason="Diperiksa", decree="SK 9/2026",
        plan=plan or Plan(),
    )  # fmt: skip
    do(propose_resolution, asked, by=actor_for(Role.TREASURER))
    yes = AnswerResolution(case_id=case.id, action="approve")
    do(answer_resolution, yes, by=actor_for(Role.KABID))
    work()


def money_called(money_id: str) -> Collection:
    with transaction():
        return db.session.scalars(select(Collection).where(Collection.money_id == money_id)).one()


def in_suspense() -> int:
    with transaction():
        return -balance(chart.SUSPENSE)


def in_clearing() -> int:
    with transaction():
        return balance(chart.clearing(FakeBank.name))


def state_of(bill_id: UUID) -> str:
    with transaction():
        return db.session.get_one(Skrd, bill_id, populate_existing=True).state.value


@contextmanager
def dying(target: Any, name: str, error: BaseException) -> Iterator[None]:
    """Whoever calls it, dies there."""

    def die(*_: object, **__: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, name, die)
        yield
