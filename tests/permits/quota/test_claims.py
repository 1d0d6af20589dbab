"""Quota is promised once, in the order of application, and given back once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.quota.books import QuotaShort
from sijinak.permits.quota.claiming import (
    MoreThanReserved,
    QuotaNotReserved,
    consume_quota,
    release_quota,
    shrink_quota,
)
from sijinak.permits.quota.models import ClaimState
from sijinak.permits.quota.queries import QuotaLook, claim_of, queue_place, quota_look
from sijinak.permits.rules.models import Purpose, Scope
from tests.animals.factories import firm, make_keeper
from tests.factories import LUNYUK_REA
from tests.permits.quota.books import (
    YEAR,
    ask,
    assert_books_agree,
    bare_permit,
    figures,
    grant,
    line,
)

pytestmark = pytest.mark.usefixtures("context")
S = ClaimState


@pytest.fixture
def permits(context: object) -> list[Permit]:
    keeper = make_keeper(firm(name="CV Antre"))
    return [bare_permit(keeper) for _ in range(4)]


def state_of(permit: Permit) -> ClaimState | None:
    claim = claim_of(permit.id)
    return claim.state if claim else None


def do(deed: object, permit: Permit, *args: int) -> None:
    with transaction():
        deed(permit, *args, by=OPERATOR)  # type: ignore[operator]


def depart(permit: Permit, heads: int) -> None:
    do(consume_quota, permit, heads)
    with transaction():
        db.session.add(permit)
        permit.state, permit.departed_at, permit.number = (
            PermitState.DEPARTED,
            now(),
            str(permit.id),
        )


def test_quota_is_reserved_used_and_what_was_too_much_is_free(permits: list[Permit]):
    grant(10)
    assert ask(permits[0], 6).state is S.RESERVED
    assert figures() == (10, 6, 0)
    depart(permits[0], 4)
    assert figures() == (10, 0, 4)
    assert_books_agree()


def test_a_smaller_one_that_came_later_does_not_overtake(permits: list[Permit]):
    grant(10)
    ask(permits[0], 8)
    assert ask(permits[1], 5).state is S.WAITING
    assert ask(permits[2], 1).state is S.WAITING
    assert [queue_place(p.id) for p in permits[:3]] == [None, 1, 2]
    do(shrink_quota, permits[0], 6)
    assert [state_of(p) for p in permits[1:3]] == [S.WAITING, S.WAITING]
    do(shrink_quota, permits[0], 5)
    assert [state_of(p) for p in permits[1:3]] == [S.RESERVED, S.WAITING]
    do(release_quota, permits[0])
    assert state_of(permits[2]) is S.RESERVED
    assert_books_agree()


def test_who_waited_hears_of_it(permits: list[Permit]):
    ask(permits[0], 8)
    assert state_of(permits[0]) is S.WAITING
    grant(8)
    told = db.session.scalars(select(Event).where(Event.name == "quota.reserved")).one()
    assert told.facts == {"permit": str(permits[0].id), "heads": 8}


def test_the_claim_of_one_that_waits_and_ends_leaves_the_queue(permits: list[Permit]):
    grant(10)
    ask(permits[0], 8)
    ask(permits[1], 5)
    ask(permits[2], 2)
    do(release_quota, permits[1])
    assert state_of(permits[2]) is S.RESERVED
    assert figures() == (10, 10, 0)
    assert_books_agree()


@pytest.mark.parametrize("deed", [release_quota, lambda p, *, by: shrink_quota(p, 0, by=by)])
def test_giving_back_twice_gives_back_once(permits: list[Permit], deed: object):
    grant(10)
    ask(permits[0], 6)
    ask(permits[1], 4)
    do(deed, permits[0])
    do(deed, permits[0])
    assert figures() == (10, 4, 0)
    assert_books_agree()


def test_what_is_used_stays_used(permits: list[Permit]):
    grant(10)
    ask(permits[0], 6)
    depart(permits[0], 6)
    do(release_quota, permits[0])
    do(shrink_quota, permits[0], 1)
    do(consume_quota, permits[0], 6)
    assert ask(permits[0], 3).state is S.CONSUMED
    assert figures() == (10, 0, 6)
    assert_books_agree()


def test_nobody_leaves_on_quota_that_is_waited_for_or_with_more_than_reserved(
    permits: list[Permit],
):
    grant(5)
    ask(permits[0], 5)
    ask(permits[1], 1)
    with pytest.raises(QuotaNotReserved):
        do(consume_quota, permits[1], 1)
    with pytest.raises(MoreThanReserved):
        do(consume_quota, permits[0], 6)
    assert figures() == (5, 5, 0)


def test_an_application_without_claim_is_left_alone(permits: list[Permit]):
    for deed, args in ((consume_quota, (3,)), (shrink_quota, (3,)), (release_quota, ())):
        do(deed, permits[0], *args)
    assert claim_of(permits[0].id) is None


def test_who_returns_with_as_many_or_fewer_keeps_the_place(permits: list[Permit]):
    grant(5)
    ask(permits[0], 5)
    ask(permits[1], 4)
    ask(permits[2], 4)
    ask(permits[1], 3)
    assert [queue_place(p.id) for p in permits[1:3]] == [1, 2]
    ask(permits[0], 5)
    assert state_of(permits[0]) is S.RESERVED


def test_who_waits_and_asks_for_more_goes_to_the_end(permits: list[Permit]):
    grant(5)
    ask(permits[0], 5)
    ask(permits[1], 1)
    ask(permits[2], 4)
    ask(permits[1], 40)
    assert [queue_place(p.id) for p in permits[1:3]] == [2, 1]


def test_who_has_some_gets_more_only_when_nobody_waits(permits: list[Permit]):
    grant(10)
    ask(permits[0], 4)
    assert ask(permits[0], 6).heads == 6
    ask(permits[1], 5)
    with pytest.raises(QuotaShort):
        ask(permits[0], 7)
    assert figures() == (10, 6, 0)
    assert_books_agree()


def test_a_rejection_that_falls_on_appeal_costs_no_place(permits: list[Permit]):
    grant(5)
    ask(permits[0], 5)
    ask(permits[1], 3)
    ask(permits[2], 3)
    do(release_quota, permits[1])
    ask(permits[1], 3)
    assert [queue_place(p.id) for p in permits[1:3]] == [1, 2]


def test_another_day_purpose_or_destination_is_another_quota(permits: list[Permit]):
    grant(5)
    grant(5, year=YEAR + 1)
    grant(5, purpose=Purpose.BREEDING)
    grant(5, scope=Scope.IN_PROVINCE)
    permit = permits[0]
    ask(permit, 5)
    ask(permits[1], 2)
    changes = {"planned_on": today().replace(year=YEAR + 1, day=1)}, {
        "planned_on": today(), "purpose": Purpose.BREEDING,
    }, {"purpose": Purpose.SLAUGHTER, "destination": "52.71"}  # fmt: skip
    for change in changes:
        with transaction():
            db.session.add(permit)
            for name, value in change.items():
                setattr(permit, name, value)
        assert ask(permit, 5).state is S.RESERVED
        assert_books_agree()
    assert state_of(permits[1]) is S.RESERVED
    assert figures() == (5, 2, 0)
    assert figures(scope=Scope.IN_PROVINCE) == (5, 5, 0)


def test_what_comes_free_when_the_year_is_over_goes_to_nobody(permits: list[Permit]):
    grant(5)
    ask(permits[0], 5)
    ask(permits[1], 2)
    with clock.reading(now() + timedelta(days=366)):
        do(release_quota, permits[0])
    assert state_of(permits[1]) is S.WAITING
    assert figures() == (5, 0, 0)
    assert_books_agree()


def test_a_look_says_what_a_new_application_can_get(permits: list[Permit]):
    def look(scope: Scope = Scope.OUT_OF_PROVINCE) -> QuotaLook:
        here = line()
        return quota_look(here.species, here.purpose, scope, LUNYUK_REA, today())

    grant(10)
    ask(permits[0], 6)
    assert (look().granted, look().reserved, look().left, look().free) == (10, 6, 4, 4)
    ask(permits[1], 5)
    assert (look().waiting, look().ahead, look().left, look().free) == (5, 1, 4, 0)
    assert not look(Scope.IN_PROVINCE).is_known


@pytest.mark.parametrize(
    "change",
    ["held = cap + 1", "held = -1, used = -1", "used = held + 1", "cap = held - 1"],
)
def test_the_database_has_the_last_word(permits: list[Permit], change: str):
    grant(10)
    ask(permits[0], 6)
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text(f"UPDATE quota_accounts SET {change}"))
