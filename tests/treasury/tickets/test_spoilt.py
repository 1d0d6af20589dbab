"""A spoilt ticket costs its seller nothing only when another has seen its paper."""

import pytest

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import today
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.payments.discrepancies.resolving import (
    AnswerResolution,
    ProposeResolution,
    answer_resolution,
    propose_resolution,
)
from sijinak.payments.models import DiscrepancyKind, DiscrepancyState, Resolution
from sijinak.treasury.tickets.commands import CountSpoilt, NotYourTickets
from sijinak.treasury.tickets.jobs import look_for_spoilt
from sijinak.treasury.tickets.models import SpoiltCount, TicketBlock, TicketUse
from sijinak.treasury.tickets.spoilt import count_spoilt
from sijinak.treasury.tickets.unseen import own_spoilt, spoilt_to_count, spoilt_unseen
from tests.treasury.cash.factories import cases, collector, do, held, kabid, treasurer
from tests.treasury.tickets.factories import counted, in_hand, sell, step, take_back

pytestmark = pytest.mark.usefixtures("context")


def spoilt(block: TicketBlock) -> list[TicketUse]:
    with transaction():
        return spoilt_unseen(block.id)


def count(block: TicketBlock, uses: list[TicketUse], by: SignedIn) -> int:
    there = tuple(use.id for use in uses)
    return do(count_spoilt, CountSpoilt(block_id=block.id, use_ids=there), by=by)


def owing(seller: SignedIn) -> list[int]:
    with transaction():
        return [use.first for _, use in own_spoilt(by=seller)]


def with_two_spoilt() -> tuple[TicketBlock, SignedIn, SignedIn]:
    seller, keeper = collector(), treasurer()
    block = in_hand(seller, keeper)
    sell(block, seller, 10, void={"3": "basah", "10": "salah sobek"})
    return block, seller, keeper


def test_a_spoilt_ticket_stays_open_against_the_seller_until_its_paper_is_counted():
    block, seller, keeper = with_two_spoilt()
    assert owing(seller) == [3, 10]
    assert (counted(block).void, counted(block).unseen) == (2, 2)
    count(block, spoilt(block), keeper)
    assert owing(seller) == []
    assert (counted(block).void, counted(block).unseen) == (2, 0)
    assert cases() == []


def test_what_is_not_handed_back_is_owed_and_a_case():
    block, seller, keeper = with_two_spoilt()
    third, tenth = spoilt(block)
    count(block, [third], keeper)
    (case,) = cases()
    assert (case.kind, case.amount, case.about_id) == (DiscrepancyKind.TICKETS, -1_000, tenth.id)
    assert owing(seller) == [10]


def test_paper_that_comes_late_ends_its_case():
    block, seller, keeper = with_two_spoilt()
    count(block, [], keeper)
    count(block, spoilt(block), keeper)
    assert {case.state for case in cases()} == {DiscrepancyState.SETTLED}
    assert owing(seller) == []


def test_what_is_paid_for_is_owed_no_more():
    block, seller, keeper = with_two_spoilt()
    count(block, spoilt(block)[:1], keeper)
    (case,) = cases()
    paid = ProposeResolution(case_id=case.id, resolution=Resolution.MADE_GOOD, reason="dibayar")
    do(propose_resolution, paid, by=keeper)
    do(answer_resolution, AnswerResolution(case_id=case.id, action="approve"), by=kabid())
    assert (held(keeper), owing(seller)) == (1_000, [])
    assert counted(block).unseen == 1, "the paper is still not there"


def test_nobody_counts_their_own_spoilt_tickets():
    seller, keeper = treasurer(), treasurer()
    block = in_hand(seller, keeper)
    sell(block, seller, 3, void={"2": "basah"})
    with pytest.raises(NotYourTickets):
        count(block, spoilt(block), seller)
    with pytest.raises(Forbidden):
        count(block, spoilt(block), collector())
    with transaction():
        assert spoilt_to_count(by=seller) == []
        assert len(spoilt_to_count(by=keeper)) == 1


def test_the_database_refuses_the_seller_and_a_second_count():
    block, seller, keeper = with_two_spoilt()
    use = spoilt(block)[0]
    count(block, [use], keeper)
    for person in (seller, keeper):
        with pytest.raises(Clash), transaction():
            db.session.add(SpoiltCount(
                id=uuid7(), use_id=use.id, seller_id=seller.id, by_id=person.id, by_name="x",
                counted_at=use.used_at,
            ))  # fmt: skip


def test_a_block_that_comes_back_without_its_spoilt_tickets_is_told():
    block, seller, keeper = with_two_spoilt()
    step(block, "give-back", seller)
    take_back(block, keeper, 11)
    assert [case.amount for case in cases()] == [-1_000, -1_000]


def test_closing_the_books_tells_what_was_not_handed_back():
    block, _, keeper = with_two_spoilt()
    count(block, spoilt(block)[:1], keeper)
    before = len(cases())
    with transaction():
        event = Event(facts={"day": today().isoformat()})
    look_for_spoilt(event)
    look_for_spoilt(event)
    assert len(cases()) == before == 1
    other, *_ = with_two_spoilt()
    look_for_spoilt(event)
    assert [case.about_id for case in cases()[1:]] == [use.id for use in spoilt(other)]
