"""Who is served before whom is seen, and how long each step takes."""

from datetime import timedelta

import pytest

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now
from sijinak.permits.models import PermitState
from sijinak.permits.pace import is_late, paces
from sijinak.permits.policy import policy
from sijinak.permits.queue import Place, queue_for
from tests.factories import LUNYUK_ODE, actor_for
from tests.permits.factories import make_draft, make_office, make_permit, take, walk

pytestmark = pytest.mark.usefixtures("context")
P = PermitState


def seen(places: list[Place]) -> list[tuple[int, int]]:
    return [(place.passed_by, place.passes) for place in places]


def test_who_is_served_before_an_earlier_one_is_seen_by_all():
    mine, theirs = make_office(), make_office()
    make_permit(mine, P.SUBMITTED)
    later = make_permit(theirs, P.SUBMITTED)
    assert seen(queue_for(by=mine.desk)) == [(0, 0), (0, 0)]
    take("accept", later, mine.desk)
    for who in (mine.desk, mine.trader, theirs.trader):
        assert seen(queue_for(by=who)) == [(1, 0), (0, 1)]


def test_a_jump_is_still_seen_when_the_letter_is_out():
    mine, theirs = make_office(), make_office()
    earlier, later = make_permit(mine, P.SUBMITTED), make_permit(theirs, P.SUBMITTED)
    walk(later, theirs, P.ISSUED)
    assert seen(queue_for(by=mine.trader)) == [(1, 0)]
    take("return", earlier, mine.desk)
    assert seen(queue_for(by=mine.trader)) == [(0, 0)], "what must be repaired is not passed"


def test_served_in_turn_nobody_is_passed():
    office = make_office()
    for permit in [make_permit(office, P.SUBMITTED) for _ in range(2)]:
        take("accept", permit, office.desk)
    make_permit(office, P.SUBMITTED)
    assert seen(queue_for(by=office.desk)) == [(0, 0)] * 3


def test_an_applicant_sees_that_others_wait_and_not_who_they_are():
    mine, theirs = make_office(), make_office()
    permit = make_permit(mine, P.SUBMITTED)
    make_permit(theirs, P.SUBMITTED)
    make_draft(theirs)
    assert [place.permit for place in queue_for(by=mine.trader)] == [permit, None]
    assert not queue_for(by=actor_for(Role.PERMIT_DESK, LUNYUK_ODE))


def test_what_was_returned_and_repaired_keeps_its_place():
    office = make_office()
    first, second = (make_permit(office, P.SUBMITTED) for _ in range(2))
    take("return", first, office.desk)
    take("submit", first, office.trader)
    assert [place.permit for place in queue_for(by=office.desk)] == [first, second]


def test_service_times_are_those_that_passed_beside_those_that_were_promised():
    office, began = make_office(), now()
    policy.step_hours = {P.SUBMITTED: 24, P.ACCEPTED: 48}
    permits = [make_permit(office, P.SUBMITTED) for _ in range(4)]
    for permit, hours in zip(permits, (2, 6, 40), strict=False):
        with clock.reading(began + timedelta(hours=hours)):
            take("accept", permit, office.desk)
    with clock.reading(began + timedelta(hours=41)):
        pace, after = paces(by=office.kabid)
        assert (pace.state, pace.promised, pace.done) == (P.SUBMITTED, 24, 3)
        assert pace.median_hours == pytest.approx(6, abs=0.1)
        assert (pace.here, pace.late, is_late(permits[3])) == (1, 1, True)
        assert (after.done, after.median_hours, after.here, after.late) == (0, None, 3, 0)
        assert paces(by=office.trader) == [pace, after]  # the whole office's, as in the queue
    elsewhere, _ = paces(by=actor_for(Role.KABID, LUNYUK_ODE))
    assert (elsewhere.done, elsewhere.here) == (0, 0)
