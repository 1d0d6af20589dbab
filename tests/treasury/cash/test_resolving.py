"""Missing money and missing tickets: two people end the case, and the books follow."""

import pytest

from sijinak.accounts.queries import SignedIn
from sijinak.payments.discrepancies.resolving import (
    AnswerResolution,
    ProposeResolution,
    answer_resolution,
    propose_resolution,
)
from sijinak.payments.models import Discrepancy, DiscrepancyState, Resolution
from sijinak.treasury.cash.resolving import NotATakerOfCash, OwnShortage, StillOnTheBooks
from tests.treasury.cash.factories import (
    accept,
    cases,
    close,
    collector,
    do,
    held,
    kabid,
    offer,
    on_account,
    took,
    treasurer,
)
from tests.treasury.tickets.factories import LAW_CODE, in_hand, sell, step, take_back

pytestmark = pytest.mark.usefixtures("context")
R = Resolution


def end(case: Discrepancy, how: Resolution, first: SignedIn, second: SignedIn) -> Discrepancy:
    proposal = ProposeResolution(
        case_id=case.id, resolution=how, reason="diganti tunai", decree="SK 9/2026"
    )
    do(propose_resolution, proposal, by=first)
    answer = AnswerResolution(case_id=case.id, action="approve")
    return do(answer_resolution, answer, by=second)


def short(person: SignedIn, signer: SignedIn) -> Discrepancy:
    took(person, 100_000)
    close(person, signer, counted=95_000)
    return cases()[0]


def test_missing_money_is_paid_to_whoever_proposes_it():
    person, keeper, head = collector(), treasurer(), kabid()
    case = short(person, keeper)
    assert end(case, R.MADE_GOOD, keeper, head).state is DiscrepancyState.RESOLVED
    assert (on_account("shortage", person), held(keeper)) == (0, 5_000)


def test_nobody_takes_back_their_own_missing_money():
    person, head = treasurer(), kabid()
    case = short(person, head)
    with pytest.raises(OwnShortage):
        end(case, R.MADE_GOOD, person, treasurer())
    with pytest.raises(NotATakerOfCash):
        end(case, R.MADE_GOOD, head, treasurer())  # the head holds no cash
    with pytest.raises(OwnShortage):
        end(case, R.MADE_GOOD, treasurer(), person)
    assert on_account("shortage", person) == 5_000


@pytest.mark.parametrize("proposes", [True, False])
@pytest.mark.parametrize("side", ["holder", "signer"])
def test_neither_holder_nor_signer_has_a_part_in_writing_it_off(side: str, *, proposes: bool):
    holder, signer, other = treasurer(), treasurer(), kabid()
    case = short(holder, signer)
    own = holder if side == "holder" else signer
    with pytest.raises(OwnShortage):
        end(case, R.WRITE_OFF, *((own, other) if proposes else (other, own)))
    assert on_account("shortage", holder) == 5_000


@pytest.mark.parametrize("proposes", [True, False])
def test_neither_side_of_a_hand_over_ends_its_own_case(*, proposes: bool):
    giver, taker, other = treasurer(), treasurer(), treasurer()
    took(giver, 100)
    accept(offer(giver, taker, 100), taker, counted=90)
    case = cases()[0]
    for how, own in ((R.WRITE_OFF, giver), (R.WRITE_OFF, taker), (R.MADE_GOOD, giver)):
        with pytest.raises((OwnShortage, StillOnTheBooks)):
            end(case, how, *((own, other) if proposes else (other, own)))


@pytest.mark.parametrize("proposes", [True, False])
@pytest.mark.parametrize("how", [R.WRITE_OFF, R.EXPLAINED, R.MADE_GOOD])
def test_a_seller_has_no_part_in_ending_their_own_tickets(how: Resolution, *, proposes: bool):
    seller, other = treasurer(), treasurer()
    sell(in_hand(seller, treasurer()), seller, 10, first=6, why_gone="hilang")
    with pytest.raises(OwnShortage):
        end(cases()[0], how, *((seller, other) if proposes else (other, seller)))


def test_who_looked_at_a_returned_block_neither_gives_its_tickets_up():
    """Nor does the seller, though the keeper is written down with what was missing."""
    seller, keeper, other = treasurer(), treasurer(), kabid()
    block = in_hand(seller, keeper)
    step(block, "give-back", seller)
    take_back(block, keeper, 4, "tidak ada")
    for own in (seller, keeper):
        with pytest.raises(OwnShortage):
            end(cases()[0], R.WRITE_OFF, own, other)
    end(cases()[0], R.MADE_GOOD, keeper, other)
    assert held(keeper) == 3_000


def test_missing_money_is_written_off_by_decree():
    person, keeper, head = collector(), treasurer(), kabid()
    end(short(person, keeper), R.WRITE_OFF, treasurer(), head)
    assert (on_account("shortage", person), on_account("written-off")) == (0, 5_000)


def test_what_was_short_at_a_hand_over_is_settled_when_the_giver_closes():
    giver, taker, head = collector(), treasurer(), kabid()
    took(giver, 100)
    accept(offer(giver, taker, 100), taker, counted=90)
    case = cases()[0]
    with pytest.raises(StillOnTheBooks):
        end(case, R.WRITE_OFF, treasurer(), head)
    end(case, R.MADE_GOOD, taker, head)
    assert (held(giver), held(taker)) == (10, 90), "nothing moves"


def test_missing_tickets_are_paid_for_as_if_they_were_sold():
    seller, keeper, head = collector(), treasurer(), kabid()
    sell(in_hand(seller, keeper), seller, 10, first=6, why_gone="hilang")
    end(cases()[0], R.MADE_GOOD, keeper, head)
    assert held(keeper) == 5_000
    assert on_account(f"revenue:{LAW_CODE}") == -10_000


@pytest.mark.parametrize("how", [R.WRITE_OFF, R.EXPLAINED])
def test_missing_tickets_that_nobody_pays_for_move_nothing(how: Resolution):
    seller, keeper, head = collector(), treasurer(), kabid()
    sell(in_hand(seller, keeper), seller, 10, first=6, why_gone="hilang")
    end(cases()[0], how, keeper, head)
    assert (held(keeper), held(seller)) == (0, 5_000)
