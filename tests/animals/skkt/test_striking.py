"""Struck lines: of standing sheets only, readable for ever, and put back when it was a mistake."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.animals.skkt.moments import told
from sijinak.animals.skkt.queries import listed_since
from sijinak.animals.skkt.sealing import is_intact
from sijinak.animals.skkt.services import VoidSheet, void_sheet
from sijinak.animals.skkt.striking import strike_lines, unstrike_lines
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import make_keeper
from tests.animals.skkt.factories import Upt, make_draft, make_herd, make_signed, make_upt, sign

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def upt(context: Flask) -> Upt:
    return make_upt()


def strike(animal_id: UUID, cause_id: UUID, because: str = "sale") -> None:
    with transaction():
        strike_lines([animal_id], because=because, cause_id=cause_id, by=OPERATOR)


def unstrike(cause_id: UUID) -> None:
    with transaction():
        unstrike_lines(cause_id, by=OPERATOR)


def test_a_line_is_struck_with_its_reason_and_stands_again(upt: Upt):
    (sheet,) = make_signed(upt, seen=2)
    line, other = sheet.lines
    cause = uuid7()
    strike(line.animal_id, cause)
    db.session.expire_all()
    assert (line.struck_because, line.cause_id, other.struck_at) == ("sale", cause, None)
    assert line.struck_at
    assert line.facts["colour"] == "hitam"
    unstrike(cause)
    db.session.expire_all()
    assert (sheet.lines[0].struck_at, line.struck_because, line.cause_id) == (None, "", None)
    named = ("sheet.lines-struck", "sheet.lines-restored")
    events = db.session.scalars(select(Event).where(Event.name.in_(named)).order_by(Event.id))
    assert [(e.name, e.subject_id, e.facts["number"], e.facts["animals"]) for e in events] == [
        (name, sheet.id, sheet.number, 1) for name in named
    ]


def test_the_first_reason_stays_and_only_its_undoing_puts_the_line_back(upt: Upt):
    (sheet,) = make_signed(upt)
    (line,) = sheet.lines
    first, second = uuid7(), uuid7()
    strike(line.animal_id, first, "theft")
    strike(line.animal_id, second, "death")
    unstrike(second)
    db.session.expire_all()
    assert (line.struck_because, line.cause_id) == ("theft", first)


def test_drafts_and_sheets_that_are_over_are_not_struck(upt: Upt):
    owner = make_keeper()
    (old,) = make_signed(upt, owner)
    (void,) = sign(make_draft(upt, owner)[0], upt.head)
    with transaction():
        void_sheet(VoidSheet(sheet_id=void.id, reason="Salah orang"), by=upt.head)
    (draft,) = make_draft(upt, owner)
    strike(draft.lines[0].animal_id, uuid7())
    db.session.expire_all()
    assert [one.lines[0].struck_at for one in (old, void, draft)] == [None] * 3


def test_what_was_struck_on_a_sheet_that_was_replaced_stands_again_too(upt: Upt):
    owner = make_keeper()
    (old,) = make_signed(upt, owner, seen=2)
    cause = uuid7()
    strike(old.lines[0].animal_id, cause)
    sign(make_draft(upt, owner)[0], upt.head)
    unstrike(cause)
    db.session.expire_all()
    assert old.lines[0].struck_at is None


def test_a_line_that_was_struck_is_still_what_was_signed(upt: Upt):
    (sheet,) = make_signed(upt)
    strike(sheet.lines[0].animal_id, uuid7())
    db.session.expire_all()
    assert is_intact(sheet)


def test_being_listed_since_keeps_a_change_from_being_undone(upt: Upt):
    owner = make_keeper()
    before = now()
    (sheet,) = make_signed(upt, owner, seen=1)
    (animal_id,) = [line.animal_id for line in sheet.lines]
    after = now() + timedelta(seconds=1)
    assert listed_since([animal_id], before, None) == {animal_id}
    assert listed_since([animal_id], after, None) == set()
    assert listed_since([uuid7()], before, None) == set()
    cause = uuid7()
    strike(animal_id, cause)
    assert listed_since([animal_id], before, cause) == set()
    assert listed_since([animal_id], before, uuid7()) == {animal_id}
    with transaction():
        void_sheet(VoidSheet(sheet_id=sheet.id, reason="Salah orang"), by=upt.head)
    assert listed_since([animal_id], before, None) == set()


def test_drafts_hold_nothing_up(upt: Upt):
    owner = make_keeper()
    before = now()
    (animal,) = make_herd(owner)
    make_draft(upt, owner)
    assert listed_since([animal.id], before, None) == set()


def test_the_timeline_tells_when_it_was_listed_and_struck(app: Flask, upt: Upt):
    owner = make_keeper()
    (sheet,) = make_signed(upt, owner)
    (animal_id,) = [line.animal_id for line in sheet.lines]
    strike(animal_id, uuid7())
    (make_herd(owner), make_draft(upt, owner))  # a draft is no moment of an animal
    with app.test_request_context():
        listed, struck = told([animal_id])
    assert (listed.kind, struck.kind) == ("listed", "struck")
    assert listed.by_name == upt.head.name
    assert str(sheet.number) in listed.lines[0]
    assert listed.url == f"/skkt/{sheet.id}"
