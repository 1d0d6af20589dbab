"""Open permits are listed by age and reminded of; too many block, and the Kabid gives time."""

from datetime import timedelta

import pytest
from flask import Flask

from sijinak.accounts.models import Role, User
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.flow import WrongState
from sijinak.permits.chasing.commands import AnswerAppeal, AskForTime, Remind, SetLimit
from sijinak.permits.chasing.models import BlockAppeal, ReminderWay
from sijinak.permits.chasing.queries import (
    appeals,
    count_to_chase,
    limit_on,
    open_too_long,
    permits_to_chase,
    reminders_of,
)
from sijinak.permits.chasing.services import (
    AppealHeard,
    AppealWaits,
    DayHasPassed,
    LimitThere,
    NotBlocked,
    answer_appeal,
    ask_for_time,
    remind,
    set_limit,
)
from sijinak.permits.models import PermitState
from sijinak.permits.rulebook import report_on
from sijinak.permits.services import NotReady
from tests.factories import actor_for, signed_in
from tests.permits.arrivals.factories import departed_ago
from tests.permits.factories import Office, make_draft, make_office, take

LATE, DUE, FRESH = 15, 8, 2


@pytest.fixture
def office(context: Flask) -> Office:
    """Limits as they come: reminded after 7 days, late after 14, two late ones are borne."""
    limit = limit_on(today())
    assert limit
    assert (limit.remind_after_days, limit.late_after_days, limit.most_late) == (7, 14, 2)
    return make_office()


def block(office: Office) -> None:
    for _ in range(3):
        departed_ago(office, LATE)


def test_the_list_goes_by_age(office: Office):
    due, _fresh, late = (departed_ago(office, days) for days in (DUE, FRESH, LATE))
    found = permits_to_chase(by=office.desk)
    assert [(one.permit.id, one.days, one.is_late) for one in found] == [
        (late.id, LATE, True), (due.id, DUE, False),
    ]  # fmt: skip
    assert count_to_chase(by=office.trader) == 2
    assert not permits_to_chase(by=actor_for(Role.PERMIT_DESK, "52.04.05"))


def test_a_reminder_says_who_when_and_by_what(office: Office):
    permit = departed_ago(office, DUE)
    command = Remind(permit_id=permit.id, way=ReminderWay.TELEPHONE, words="Pak Karim: besok")
    for _ in range(2):
        with transaction():
            remind(command, by=office.desk)
    (told,) = reminders_of(permit.id)
    assert (told.by_name, told.way, told.words) == (
        office.desk.name, ReminderWay.TELEPHONE, "Pak Karim: besok",
    )  # fmt: skip
    with pytest.raises(Forbidden), transaction():
        remind(Remind(permit_id=permit.id, way=ReminderWay.VISIT), by=office.trader)
    take("arrive", permit, office.desk)
    with pytest.raises(WrongState), transaction():
        remind(Remind(permit_id=permit.id, way=ReminderWay.VISIT), by=office.desk)


def test_only_more_late_ones_than_are_borne_block(office: Office):
    late = [departed_ago(office, LATE) for _ in range(2)]
    departed_ago(office, 14)
    assert open_too_long(office.firm.id) is None
    with clock.reading(now() + timedelta(days=1)):
        blocked = open_too_long(office.firm.id)
    assert blocked
    assert blocked.numbers[:2] == tuple(permit.number for permit in late)
    take("arrive", late[0], office.desk)
    with clock.reading(now() + timedelta(days=1)):
        assert open_too_long(office.firm.id) is None


def test_a_blocked_keeper_submits_nothing_new(office: Office):
    old, new = make_draft(office), make_draft(office)
    take("submit", old, office.trader)
    block(office)
    refusals = [finding.code for finding in report_on(new).general if finding.code.startswith("KE")]
    assert refusals == ["KEEPER_BLOCKED"]
    with pytest.raises(NotReady):
        take("submit", new, office.trader)
    take("return", old, office.desk)
    take("submit", old, office.trader)  # what was submitted before goes its way
    assert old.state is PermitState.SUBMITTED


def asked(office: Office) -> BlockAppeal:
    block(office)
    command = AskForTime(keeper_id=office.firm.id, words="Kapal tidak jalan, gelombang tinggi")
    with transaction():
        return ask_for_time(command, by=office.trader)


def test_who_is_not_blocked_asks_for_nothing_and_who_is_asks_once(office: Office):
    command = AskForTime(keeper_id=office.firm.id, words="Kapal tidak jalan")
    with pytest.raises(NotBlocked), transaction():
        ask_for_time(command, by=office.trader)
    asked(office)
    with pytest.raises(AppealWaits), transaction():
        ask_for_time(command, by=office.trader)


def test_time_that_is_given_opens_until_its_last_day(office: Office):
    appeal = asked(office)
    until = today() + timedelta(days=3)
    answer = AnswerAppeal(appeal_id=appeal.id, until=until, answer="BMKG: gelombang 4 m")
    with pytest.raises(Forbidden), transaction():
        answer_appeal(answer, by=office.desk)
    with pytest.raises(DayHasPassed), transaction():
        past = today() - timedelta(days=1)
        answer_appeal(AnswerAppeal(appeal_id=appeal.id, until=past, answer="x"), by=office.kabid)
    with transaction():
        answer_appeal(answer, by=office.kabid)
    with pytest.raises(AppealHeard), transaction():
        answer_appeal(AnswerAppeal(appeal_id=appeal.id, until=None, answer="x"), by=office.kabid)
    blocked = {}
    for days in (0, 3, 4):
        with clock.reading(now() + timedelta(days=days)):
            blocked[days] = open_too_long(office.firm.id) is not None
    assert blocked == {0: False, 3: False, 4: True}
    ((shown, _keeper),) = appeals(by=office.trader)
    assert shown.answer == "BMKG: gelombang 4 m"


def test_another_firm_neither_sees_nor_asks(office: Office):
    appeal = asked(office)
    other = make_office()
    assert not appeals(by=other.trader)
    with pytest.raises(Forbidden), transaction():
        ask_for_time(AskForTime(keeper_id=office.firm.id, words="x"), by=other.trader)
    far = actor_for(Role.KABID, "52.04.05")
    with pytest.raises(NotFound), transaction():
        answer_appeal(AnswerAppeal(appeal_id=appeal.id, until=None, answer="x"), by=far)


def test_new_limits_count_from_their_day(office: Office):
    block(office)
    wide = SetLimit(
        valid_from=today(),
        remind_after_days=10,
        late_after_days=20,
        most_late=5,
        legal_basis="SK 9",
    )
    with pytest.raises(Forbidden), transaction():
        set_limit(wide, by=office.desk)
    with transaction():
        set_limit(wide, by=office.kabid)
    assert open_too_long(office.firm.id) is None
    with pytest.raises(LimitThere), transaction():
        again = SetLimit(
            valid_from=today(), remind_after_days=1, late_after_days=1, most_late=0, legal_basis="x"
        )
        set_limit(again, by=office.kabid)
    with clock.reading(now() - timedelta(days=1)):
        limit = limit_on(today())
    assert limit
    assert limit.late_after_days == 14


@pytest.mark.parametrize(
    ("who", "page", "shows"),
    [
        ("desk", "/", "/izin/belum-tiba"),
        ("desk", "/izin/belum-tiba", "/kedatangan"),
        ("trader", "/izin/belum-tiba", "/izin/waktu"),
        ("trader", "/izin/waktu", 'name="words"'),
        ("kabid", "/izin/batas", 'name="late_after_days"'),
    ],
)
def test_the_pages_show_it(app: Flask, office: Office, who: str, page: str, shows: str):
    block(office)
    client = signed_in(app, db.session.get_one(User, getattr(office, who).id))
    assert shows in client.get(page).text
