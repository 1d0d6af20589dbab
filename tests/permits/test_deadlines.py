"""Days that run out: more of them, an appeal in time, and what ends when nobody moves."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from sijinak.core.clock import clock, local, now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.permits.appealing import AppealTooLate, HeardAlready, may_appeal
from sijinak.permits.commands import AskExtension, ExtendPermit
from sijinak.permits.enclosures.models import PermitExtension
from sijinak.permits.enclosures.queries import extensions_of
from sijinak.permits.extending import (
    AskedAlready,
    ExtensionTooLong,
    NoMoreExtensions,
    ask_extension,
    extend_permit,
)
from sijinak.permits.jobs import expire
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.taking import PermitExpired
from tests.factories import proof_of
from tests.permits.factories import Office, make_draft, make_office, make_permit, take
from tests.permits.quota.books import assert_books_agree, figures

pytestmark = pytest.mark.usefixtures("context")
P = PermitState
A_DAY = timedelta(days=1)


def ask(permit: Permit, office: Office, *, days: int) -> PermitExtension:
    """So many days after its last one."""
    assert permit.valid_until
    until = permit.valid_until + days * A_DAY
    command = AskExtension(permit_id=permit.id, wanted_until=until, reason="Kapal terlambat")
    with transaction():
        return ask_extension(command, by=office.trader)


def extend(permit: Permit, office: Office, *, days: int) -> Permit:
    assert permit.valid_until
    until = permit.valid_until + days * A_DAY
    with transaction():
        command = ExtendPermit(permit_id=permit.id, valid_until=until, proof=proof_of(office.kadis))
        return extend_permit(command, by=office.kadis)


def put(permit: Permit, **fields: object) -> None:
    with transaction():
        for name, value in fields.items():
            setattr(permit, name, value)


def test_an_extension_adds_at_least_a_day_and_at_most_what_the_office_has_set():
    office = make_office()
    policy.extension_days = 5
    permit = make_permit(office, P.ISSUED)
    first_end = permit.valid_until
    assert first_end
    for days in (-1, 0, 6):
        with pytest.raises(ExtensionTooLong):
            ask(permit, office, days=days)
    ask(permit, office, days=5)
    with pytest.raises(AskedAlready):
        ask(permit, office, days=3)
    for days in (0, 6):
        with pytest.raises(ExtensionTooLong):
            extend(permit, office, days=days)
    extend(permit, office, days=5)
    assert (permit.valid_until, permit.version) == (first_end + 5 * A_DAY, 2)
    assert [e.granted_until for e in extensions_of(permit.id)] == [permit.valid_until]
    with pytest.raises(NoMoreExtensions):
        ask(permit, office, days=1)


def test_more_days_are_for_a_permit_that_is_still_valid():
    office = make_office()
    permit = make_permit(office, P.ISSUED)
    put(permit, valid_until=today())
    ask(permit, office, days=2)
    put(permit, valid_until=today() - A_DAY)
    with pytest.raises(PermitExpired):
        extend(permit, office, days=2)
    assert permit.version == 1


def test_an_appeal_is_in_time_until_midnight_of_its_last_day():
    """The office's midnight: 06:00 in Sumbawa is still the day before in UTC."""
    office = make_office()
    permit = make_permit(office, P.REJECTED)
    policy.appeal_days = 14
    rejected = datetime(2026, 3, 1, 6, 0, tzinfo=clock.zone)
    put(permit, state_at=rejected)
    with clock.reading(datetime(2026, 3, 16, 0, 1, tzinfo=clock.zone)):
        assert not may_appeal(permit)
        with pytest.raises(AppealTooLate):
            take("appeal", permit, office.trader)
    with clock.reading(datetime(2026, 3, 15, 23, 59, tzinfo=clock.zone)):
        assert may_appeal(permit)
        assert take("appeal", permit, office.trader).state is P.APPEALED


def test_what_an_applicant_says_stands_where_it_can_be_forgotten():
    permit = make_permit(make_office(), P.APPEALED)
    told = select(Event.facts).where(Event.subject_id == permit.id, Event.name == "permit.appeal")
    assert permit.appeal
    assert permit.appeal == permit.last_note
    assert permit.appeal not in str(db.session.scalars(told).one())


def test_a_rejection_that_was_upheld_is_not_heard_again():
    office = make_office()
    permit = make_permit(office, P.APPEALED)
    take("uphold", permit, office.kabid)
    assert not may_appeal(permit)
    with pytest.raises(HeardAlready):
        take("appeal", permit, office.trader)
    assert permit.state is P.REJECTED


def test_an_appeal_that_was_granted_does_not_forbid_one_against_the_next_rejection():
    office = make_office()
    permit = make_permit(office, P.APPEALED)
    take("grant", permit, office.kabid)
    take("submit", permit, office.trader)
    take("reject", permit, office.kadis)
    assert may_appeal(permit)
    assert take("appeal", permit, office.trader).state is P.APPEALED


def test_what_ran_out_ends_and_gives_its_quota_back():
    """To the day: a twin that has one day left stays as it is."""
    office = make_office()
    policy.grace_days, policy.repair_days = 2, 30
    issued, issued_twin = (make_permit(office, P.ISSUED) for _ in range(2))
    returned, returned_twin = (make_permit(office, P.RETURNED) for _ in range(2))
    put(issued, valid_until=today() - 3 * A_DAY)
    put(issued_twin, valid_until=today() - 2 * A_DAY)
    put(returned, state_at=now() - 30 * A_DAY - timedelta(minutes=1))
    put(returned_twin, state_at=now() - 30 * A_DAY + timedelta(hours=1))
    _, reserved, _ = figures()
    assert reserved == 8
    for _ in range(2):
        expire()
        kept = [p.state for p in (issued, issued_twin, returned, returned_twin)]
        assert kept == [P.EXPIRED, P.ISSUED, P.EXPIRED, P.RETURNED]
        assert figures()[1:] == (4, 0)
    assert_books_agree()
    again = make_draft(office, issued.tags)
    assert take("submit", again, office.trader).state is P.SUBMITTED


def test_who_repairs_a_returned_application_gets_its_days_anew():
    office = make_office()
    permit = make_permit(office, P.RETURNED)
    put(permit, state_at=now() - 31 * A_DAY)
    take("submit", permit, office.trader)
    take("return", permit, office.desk)
    expire()
    db.session.refresh(permit)
    assert permit.state is P.RETURNED
    assert local(permit.state_at).date() == today()
