"""The month's paper is signed by those in office on the day it is made, whoever takes it away."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from sijinak.accounts.models import Appointment, Role
from sijinak.core import documents
from sijinak.core.clock import clock
from sijinak.core.db import db, transaction
from sijinak.treasury.desk import papers
from tests.factories import actor_for, make_user, signed_in
from tests.treasury.cash.factories import noon
from tests.treasury.matching.factories import register_account

MADE = date(2026, 12, 3)


@pytest.fixture
def facts(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the paper says, and the paper as it is."""
    register_account()
    seen: dict[str, Any] = {}

    def remember(template: str, told: dict[str, Any], **more: Any) -> bytes:
        seen.update(told)
        return drawn(template, told, **more)

    drawn = documents.render_pdf
    monkeypatch.setattr(papers, "render_pdf", remember)
    with clock.reading(noon(MADE)):
        yield seen


def appointed(role: Role, since: date, until: date | None = None) -> str:
    person = actor_for(role)
    with transaction():
        days = {"valid_from": since, "valid_until": until}
        db.session.execute(
            update(Appointment).where(Appointment.user_id == person.id).values(**days)
        )
    return person.name


def test_an_auditor_takes_it_away_and_does_not_sign_it(context: Flask, facts: dict[str, Any]):
    appointed(Role.TREASURER, date(2020, 1, 1), date(2026, 11, 30))
    treasurer = appointed(Role.TREASURER, date(2026, 12, 1))
    head = appointed(Role.KADIS, date(2024, 1, 1))
    client = signed_in(context, make_user(Role.AUDITOR))
    answer = client.get("/bendahara/laporan.pdf?bulan=2026-11")
    assert answer.data.startswith(b"%PDF")
    assert (facts["treasurer"]["name"], facts["head"]["name"]) == (treasurer, head)
    assert facts["place"].endswith(", 3 Desember 2026")


def test_an_office_that_nobody_holds_leaves_its_line_empty(context: Flask, facts: dict[str, Any]):
    client = signed_in(context, make_user(Role.AUDITOR))
    client.get("/bendahara/laporan.pdf?bulan=2026-11")
    assert set(facts["treasurer"]["name"]) == {"."}


def test_of_two_treasurers_who_takes_it_away_signs(context: Flask, facts: dict[str, Any]):
    user = make_user(Role.TREASURER)
    appointed(Role.TREASURER, date(2026, 12, 1))
    signed_in(context, user).get("/bendahara/laporan.pdf?bulan=2026-11")
    assert facts["treasurer"]["name"] == user.name
