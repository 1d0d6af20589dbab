"""What two people match, and undo."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.flow import WrongState
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.ledger import chart
from sijinak.ledger.models import Posting
from sijinak.ledger.queries import balance
from sijinak.payments.models import DiscrepancyKind
from sijinak.retribution.receipts.services import BillerMayNotCash
from sijinak.retribution.services import issue_skrd
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.matching.commands import (
    DecideProposal,
    NotMatched,
    ProposalWaits,
    ProposeMatch,
    ProposeMoney,
    ProposeUnmatch,
    SamePerson,
)
from sijinak.treasury.matching.gathering import line_of, world_for
from sijinak.treasury.matching.jobs import match_lines, reconcile
from sijinak.treasury.matching.making import AlreadyMatched, NotDeposited, Unequal
from sijinak.treasury.matching.models import (
    Match,
    MatchHold,
    MatchKind,
    Method,
    ProposalHold,
    ProposalState,
)
from sijinak.treasury.matching.queries import match_of
from sijinak.treasury.matching.rules import suggestions
from sijinak.treasury.matching.services import (
    decide_proposal,
    propose_match,
    propose_money,
    propose_unmatch,
)
from sijinak.treasury.matching.showing import candidates
from tests.databases import SERVER
from tests.factories import actor_for
from tests.retribution.factories import do, fresh, issue, make_keeper, make_skrd
from tests.treasury.matching.factories import (
    came,
    deposited,
    kabid,
    open_cases,
    register_account,
    take_lines,
    treasurer,
)
from tests.treasury.statements.files import DAY

NEXT = "52.04.03"  # a kecamatan in which nothing of ours lies


@pytest.fixture
def keeper(context: Flask) -> SignedIn:
    register_account()
    return treasurer()


@pytest.fixture
def head(keeper: SignedIn) -> SignedIn:
    return kabid()


def propose(line: Any, *things: Any, by: SignedIn, fee: int = 0, lines: Any = ()) -> Any:
    command = ProposeMatch(
        line_id=line.id,
        lines=tuple(one.id for one in lines),
        collections=tuple(one.id for one in things if not isinstance(one, Deposit)),
        deposits=tuple(one.id for one in things if isinstance(one, Deposit)),
        fee=Rupiah(fee),
        reason="Bukti transfer",
    )
    return do(propose_match, command, by=by)


def approve(proposal: Any, *, by: SignedIn, action: str = "approve") -> Any:
    return do(decide_proposal, DecideProposal(proposal_id=proposal.id, action=action), by=by)


def undo(line: Any, *, by: SignedIn, second: SignedIn) -> None:
    command = ProposeUnmatch(line_id=line.id, reason="Salah baris")
    approve(do(propose_unmatch, command, by=by), by=second)


def held(thing: Any) -> Match | None:
    with transaction():
        return match_of(thing.id)


def books() -> dict[str, int]:
    with transaction():
        rows = db.session.execute(select(Posting.account, Posting.amount))
        found: dict[str, int] = {}
        for account, amount in rows:
            found[account] = found.get(account, 0) + amount
        return {account: amount for account, amount in found.items() if amount}


def test_one_proposes_another_approves(keeper: SignedIn, head: SignedIn):
    money = came(75_000)
    (line,) = take_lines([(74_300, "TRANSFER")], by=keeper)
    proposal = propose(line, money, by=keeper, fee=700)
    assert held(line) is None
    with pytest.raises(SamePerson):
        approve(proposal, by=keeper)
    approve(proposal, by=head)
    match = held(line)
    assert match is not None
    assert (match.method, match.asked_by, match.made_by) == (Method.BY_HAND, keeper.id, head.id)
    assert balance(chart.bank("rkud")) == 74_300
    assert balance(chart.FEE) == 700
    assert DiscrepancyKind.FEE in {case.kind for case in open_cases()}


def test_a_proposal_may_be_refused_and_decided_once(keeper: SignedIn, head: SignedIn):
    money = came(75_000)
    (line,) = take_lines([(75_000, "TRANSFER")], by=keeper)
    proposal = propose(line, money, by=keeper)
    with pytest.raises(ProposalWaits):
        propose(line, money, by=head)
    assert approve(proposal, by=head, action="refuse").state is ProposalState.REFUSED
    assert held(line) is None
    with pytest.raises(WrongState):
        approve(proposal, by=head)


def test_sums_must_be_equal_and_things_free(keeper: SignedIn, head: SignedIn):
    one, two = came(75_000), came(10_000)
    line, other = take_lines([(75_000, "A"), (75_000, "B")], by=keeper)
    with pytest.raises(Unequal):
        propose(line, one, two, by=keeper)
    with pytest.raises(Unequal):
        propose(line, one, by=keeper, fee=1)
    with pytest.raises(Unequal):
        propose(line, one, one, by=keeper)
    with pytest.raises(NotDeposited):
        propose(line, deposited(75_000, state=DepositState.WITHDRAWN, why="x", slip=None,
                                deposited_on=None), by=keeper)  # fmt: skip
    first = propose(line, one, by=keeper)
    with pytest.raises(ProposalWaits):
        propose(other, one, by=keeper)
    approve(first, by=head)
    with pytest.raises(AlreadyMatched):
        propose(other, one, by=keeper)


def test_undoing_restores_everything_and_only_people_match_it_again(
    keeper: SignedIn, head: SignedIn
):
    money, slip = came(75_000), deposited(50_000)
    before = books()
    line, other = take_lines([(75_000, money.money_id), (50_000, slip.slip or "")], by=keeper)
    match_lines()
    undo(line, by=keeper, second=head)
    undo(other, by=head, second=keeper)
    assert (held(line), held(money), held(other), held(slip)) == (None,) * 4
    assert books() == before
    with transaction():
        assert db.session.get_one(Deposit, slip.id).state is DepositState.DEPOSITED
    match_lines()
    assert held(line) is None
    approve(propose(line, money, by=keeper), by=head)
    assert held(line) is not None
    with pytest.raises(NotMatched):
        undo(other, by=keeper, second=head)


def test_a_line_is_taken_in_as_money_for_a_bill_or_for_nobody_knows_what(
    keeper: SignedIn, head: SignedIn
):
    skrd = make_skrd(79_500)
    line, other = take_lines([(79_500, "TRF SAPI"), (20_000, "TRF")], by=keeper)
    for one, bill in ((line, skrd.id), (other, None)):
        command = ProposeMoney(line_id=one.id, bill_id=bill, reason="Bukti transfer")
        approve(do(propose_money, command, by=keeper), by=head)
    assert fresh(skrd).state == "paid"
    assert held(line) is not None
    assert held(other) is not None
    assert [case.kind for case in open_cases()] == [DiscrepancyKind.UNKNOWN_BILL]
    assert balance(chart.SUSPENSE) == -20_000


def test_who_made_the_bill_neither_proposes_nor_approves_its_money(
    keeper: SignedIn, head: SignedIn
):
    (line,) = take_lines([(79_500, "TRF SAPI")], by=keeper)
    bill = do(issue_skrd, issue(make_keeper(), took_part=(keeper.id,)), by=OPERATOR)
    asked = ProposeMoney(line_id=line.id, bill_id=bill.id, reason="Bukti transfer")
    with pytest.raises(BillerMayNotCash):
        do(propose_money, asked, by=keeper)
    proposal = do(propose_money, asked, by=head)
    with pytest.raises(BillerMayNotCash):
        approve(proposal, by=keeper)
    assert fresh(bill).state == "open"
    assert held(line) is None


def test_money_that_goes_on_to_another_account_is_two_lines(keeper: SignedIn, head: SignedIn):
    came_in, went = take_lines([(500, "A"), (-500, "B")], by=keeper)
    approve(propose(came_in, by=keeper, lines=[went]), by=head)
    assert held(came_in) is not None
    assert balance(chart.bank("rkud")) == 0
    undo(went, by=keeper, second=head)
    assert held(came_in) is None


def test_what_is_out_of_sight_is_not_there(keeper: SignedIn):
    stranger = type(keeper)(**{**_fields(keeper), "id": uuid7(), "mandates": ()})
    (line,) = take_lines([(5, "x")], by=keeper)
    with pytest.raises((NotFound, Forbidden)):
        propose(line, by=stranger)


def test_things_of_another_region_are_not_there(keeper: SignedIn):
    """Who works in one kecamatan does not reach for money, STS, lines or bills of the next."""
    near = actor_for(Role.TREASURER, NEXT)
    money, slip, bill = came(75_000), deposited(75_000), make_skrd(75_000)
    (line,) = take_lines([(75_000, "TRANSFER")], by=keeper, region=NEXT)
    (other,) = take_lines([(-75_000, "B")], by=keeper, opening=75_000)
    for thing in (money, slip):
        with pytest.raises(NotFound):
            propose(line, thing, by=near)
    with pytest.raises(NotFound):
        propose(line, by=near, lines=[other])
    with pytest.raises(NotFound):
        do(propose_money, ProposeMoney(line_id=line.id, bill_id=bill.id, reason="x"), by=near)
    with transaction():
        assert candidates(line, by=near).near == []
        assert {x.id for x in candidates(line, by=keeper).near} == {money.id, slip.id, other.id}
    proposal = propose(line, money, by=keeper)
    with pytest.raises(NotFound):
        approve(proposal, by=near)


def test_what_waits_for_a_decision_is_not_proposed_again(keeper: SignedIn, head: SignedIn):
    """Neither by its line, nor by a line or thing that belongs to it."""
    money = came(500)
    first, second, back = take_lines([(500, "A"), (500, "B"), (-500, "C")], by=keeper)
    proposal = propose(first, by=keeper, lines=[back])
    for line, joined in ((second, back), (back, second)):
        with pytest.raises(ProposalWaits):
            propose(line, by=head, lines=[joined])
    approve(proposal, by=head, action="refuse")
    approve(propose(second, money, by=keeper), by=head)
    assert held(money) is not None


def test_the_database_lets_nothing_be_proposed_twice(keeper: SignedIn):
    money = came(75_000)
    (line,) = take_lines([(75_000, "TRANSFER")], by=keeper)
    proposal = propose(line, money, by=keeper)
    for one in (line, money):
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(insert(ProposalHold).values(id=one.id, proposal_id=proposal.id))


@pytest.mark.skipif(not SERVER, reason="SQLite lets one writer in at a time")
def test_of_two_who_propose_at_once_one_is_told(context: Flask, keeper: SignedIn, head: SignedIn):
    money = came(75_000)
    lines = take_lines([(75_000, "A"), (75_000, "B")], by=keeper)
    both = Barrier(2)

    def one(line: Any, by: SignedIn) -> str:
        with context.app_context():
            both.wait()
            try:
                propose(line, money, by=by)
            except (Clash, ProposalWaits):
                return "told"
            return "proposed"

    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(one, lines, (keeper, head))
    assert sorted(answers) == ["proposed", "told"]


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def test_the_database_lets_nothing_be_matched_twice(keeper: SignedIn):
    money = came(75_000)
    take_lines([(75_000, money.money_id)], by=keeper)
    match_lines()
    match = held(money)
    assert match is not None
    with pytest.raises(DBAPIError), db.engine.begin() as connection:
        row = {"id": money.id, "match_id": match.id}
        connection.execute(insert(MatchHold).values(row))


def test_the_database_wants_two_people(keeper: SignedIn):
    money = came(75_000)
    take_lines([(75_000, money.money_id)], by=keeper)
    match_lines()
    match = held(money)
    assert match is not None
    row = {c.name: getattr(match, c.name) for c in Match.__table__.columns}
    alone = {"kind": MatchKind.UNMATCH, "undoes_id": match.id, "asked_by": match.made_by}
    for wrong in (alone, {**alone, "asked_by": None}, {"method": Method.BY_HAND}):
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(insert(Match).values({**row, "id": uuid7(), **wrong}))


def test_a_sum_is_only_a_suggestion(keeper: SignedIn):
    moneys = [came(10_000), came(20_000), came(45_000)]
    (line,) = take_lines([(30_000, "x")], by=keeper)
    reconcile()
    assert held(line) is None
    with transaction():
        known = line_of(line)
        (found,) = suggestions(known, world_for([known]))
    assert {thing.id for thing in found} == {moneys[0].id, moneys[1].id}


def test_the_only_one_of_its_amount_near_its_day_is_suggested(keeper: SignedIn):
    money = came(10_000)
    came(10_000, day=DAY - timedelta(days=9))
    (line,) = take_lines([(10_000, "x")], by=keeper)
    with transaction():
        known = line_of(line)
        assert [[t.id for t in one] for one in suggestions(known, world_for([known]))] == [
            [money.id]
        ]
