"""Two people end what does not match, in one of a few ways, and no rupiah is lost."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from sijinak.accounts.models import Role
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Conflict, Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.ledger.chart import SURPLUS, SUSPENSE, WRITTEN_OFF
from sijinak.ledger.queries import balance
from sijinak.payments.discrepancies.effects import effects
from sijinak.payments.discrepancies.legal import DAYS, LEGAL, days_of
from sijinak.payments.discrepancies.resolving import (
    CaseTaken,
    NeedsDecree,
    NotLegal,
    SameResolver,
    TakeCase,
    take_case,
)
from sijinak.payments.discrepancies.services import Found, open_discrepancy, settle_discrepancy
from sijinak.payments.models import (
    DISCREPANCY_FLOW,
    Discrepancy,
    DiscrepancyKind,
    DiscrepancyState,
    Resolution,
)
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.allocating import NoBillChosen, NothingLeft, NotTheSum
from sijinak.retribution.receipts.queries import moneys_of, receipt_of
from sijinak.retribution.receipts.services import BillerMayNotCash, receive_cash
from sijinak.retribution.services import SkrdNotOpen, issue_skrd
from tests.factories import LUNYUK_REA, actor_for
from tests.payments.discrepancies.cases import (
    DECREE,
    answer,
    case_of,
    come,
    fresh_case,
    newest,
    propose,
    take_back,
)
from tests.retribution.factories import (
    add_tariff,
    cash_for,
    do,
    fresh,
    issue,
    make_keeper,
    make_skrd,
    money,
    receipts,
)

pytestmark = pytest.mark.usefixtures("context")
D, K, R = DiscrepancyState, DiscrepancyKind, Resolution
EMPANG = "52.04.06"


def balance_of(account: str) -> int:
    with transaction():
        return balance(account)


def refunds() -> list[Refund]:
    with transaction():
        return list(db.session.scalars(select(Refund).order_by(Refund.requested_at, Refund.id)))


def test_money_of_nobody_pays_the_bill_that_two_people_choose():
    skrd, case = make_skrd(10_000), come(10_000)
    propose(case, R.ALLOCATE, bill_ids=(skrd.id,))
    assert (fresh(skrd).state, receipts()) == (SkrdState.OPEN, []), "one person moves nothing"
    second = actor_for(Role.KABID)
    answer(case, by=second)
    receipt = receipt_of(skrd.id)
    assert receipt is not None
    assert (receipt.issued_by, fresh_case(case).state) == (second.id, D.RESOLVED)
    assert balance_of(SUSPENSE) == 0


def test_what_was_short_and_its_rest_pay_one_bill_together():
    skrd = make_skrd(10_000)
    first, rest = come(6_000, skrd), come(4_000)
    assert first.kind is K.SHORT
    propose(first, R.ALLOCATE, bill_ids=(skrd.id,), case_ids=(rest.id,))
    assert fresh_case(rest).state is D.PROPOSED
    answer(first)
    receipt = receipt_of(skrd.id)
    assert receipt is not None
    assert sorted(a.amount for a, _ in moneys_of(receipt)) == [4_000, 6_000]
    assert {fresh_case(one).state for one in (first, rest)} == {D.RESOLVED}
    assert balance_of(SUSPENSE) == 0


def elsewhere(amount: int) -> Skrd:
    """A bill of another region."""
    command = issue(make_keeper(), species=add_tariff(amount), region=EMPANG)
    return do(issue_skrd, command, by=OPERATOR)


def test_bills_and_money_of_another_region_are_not_there():
    near, far = actor_for(Role.TREASURER, LUNYUK_REA[:8]), actor_for(Role.KABID, LUNYUK_REA[:8])
    skrd, case = make_skrd(10_000), come(4_000, elsewhere(9_000))
    strange, own = elsewhere(6_000), come(6_000, skrd)
    plans: list[dict[str, Any]] = [
        {"bill_ids": (strange.id,)},
        {"bill_ids": (skrd.id,), "case_ids": (case.id,)},
    ]
    for plan in plans:
        with pytest.raises(NotFound):
            propose(own, R.ALLOCATE, by=near, **plan)
    assert {fresh_case(one).state for one in (own, case)} == {D.OPEN}
    propose(own, R.ALLOCATE, bill_ids=(skrd.id,), case_ids=(case.id,))
    for action in ("approve", "refuse"):
        with pytest.raises(NotFound):
            answer(own, action, by=far)
    answer(own)
    assert fresh(skrd).state is SkrdState.PAID


def standing() -> list[tuple[DiscrepancyKind, int]]:
    with transaction():
        asked = select(Discrepancy.kind, Discrepancy.amount)
        asked = asked.where(Discrepancy.state.in_([D.OPEN, D.PROPOSED]))
        return sorted((kind, amount) for kind, amount in db.session.execute(asked))


@pytest.mark.parametrize("ends", [R.ALLOCATE, R.REFUND])
def test_what_a_bank_left_of_money_pays_a_bill_or_goes_back(ends: Resolution):
    paid, other = make_skrd(10_000), make_skrd(4_000)
    case = come(10_000)
    propose(case, R.ALLOCATE, bill_ids=(paid.id,))
    answer(case)
    take_back(case, 6_000)
    assert (fresh(paid).state, balance_of(SUSPENSE)) == (SkrdState.OPEN, -4_000)
    assert standing() == [(K.PART_LEFT, 4_000), (K.REVERSED, -6_000)]
    left = newest()
    propose(left, ends, bill_ids=(other.id,) if ends is R.ALLOCATE else ())
    answer(left)
    assert fresh_case(left).state is D.RESOLVED
    assert (fresh(other).state is SkrdState.PAID) == (ends is R.ALLOCATE)
    assert [one.amount for one in refunds()] == ([] if ends is R.ALLOCATE else [4_000])


def test_what_was_to_be_decided_of_money_ends_when_it_is_taken_back():
    """Also of money whose receipt was voided; and what was proposed together waits anew."""
    skrd = make_skrd(10_000)
    first, rest = come(6_000, skrd), come(4_000)
    propose(first, R.ALLOCATE, bill_ids=(skrd.id,), case_ids=(rest.id,))
    take_back(first, 6_000)
    assert (fresh_case(first).state, fresh_case(rest).state) == (D.SETTLED, D.OPEN)
    assert standing() == [(K.REVERSED, -6_000), (K.UNKNOWN_BILL, 4_000)]
    propose(rest, R.REFUND)
    answer(rest)


def test_a_proposal_is_refused_though_one_of_its_cases_ended_by_itself():
    skrd = make_skrd(10_000)
    first, rest = come(6_000, skrd), come(4_000)
    propose(first, R.ALLOCATE, bill_ids=(skrd.id,), case_ids=(rest.id,))
    take_back(rest, 4_000)
    with pytest.raises(CaseTaken):
        answer(first)
    answer(first, "refuse")
    assert (fresh_case(first).state, fresh_case(rest).state) == (D.OPEN, D.SETTLED)


def test_too_much_pays_its_bill_and_the_rest_goes_back():
    skrd = make_skrd(10_000)
    case = come(10_500, skrd)
    propose(case, R.ALLOCATE, bill_ids=(skrd.id,), amount=500)
    answer(case)
    assert fresh(skrd).state is SkrdState.PAID
    (back,) = refunds()
    assert (back.amount, back.state, back.decree) == (500, RefundState.APPROVED, DECREE)
    assert (back.requested_by, back.approved_by) == (
        fresh_case(case).proposed_by, fresh_case(case).approved_by,
    )  # fmt: skip


def test_money_that_came_twice_goes_back():
    skrd = make_skrd(10_000)
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    case = come(10_000)
    propose(case, R.REFUND)
    answer(case)
    assert [one.amount for one in refunds()] == [10_000]
    with pytest.raises(WrongState):
        answer(case)


def test_one_money_pays_several_bills():
    keeper = make_keeper()
    skrds = [make_skrd(amount, keeper=keeper) for amount in (10_000, 20_000)]
    case = come(30_000)
    propose(case, R.ALLOCATE, bill_ids=tuple(s.id for s in skrds))
    answer(case)
    assert {fresh(s).state for s in skrds} == {SkrdState.PAID}


def test_money_that_nobody_claims_is_kept_by_decree():
    case = come(7_000)
    propose(case, R.WRITE_OFF)
    answer(case)
    assert (balance_of(SUSPENSE), balance_of(SURPLUS)) == (0, -7_000)


def test_what_is_not_exact_is_refused_when_it_is_proposed():
    skrd, case = make_skrd(10_000), come(9_000)
    for plan in ({"bill_ids": (skrd.id,)}, {"bill_ids": (skrd.id,), "amount": 1}):
        with pytest.raises(NotTheSum):
            propose(case, R.ALLOCATE, **plan)
    with pytest.raises(NoBillChosen):
        propose(case, R.ALLOCATE)
    assert fresh_case(case).state is D.OPEN


def test_a_bill_that_was_paid_meanwhile_undoes_the_approval():
    skrd, case = make_skrd(10_000), come(10_000)
    propose(case, R.ALLOCATE, bill_ids=(skrd.id,))
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    with pytest.raises(SkrdNotOpen):
        answer(case)
    assert fresh_case(case).state is D.PROPOSED
    answer(case, "refuse")
    assert (fresh_case(case).state, fresh_case(case).plan) == (D.OPEN, {})


def test_money_is_not_given_away_twice():
    skrd, case = make_skrd(10_000), come(10_000)
    propose(case, R.REFUND)
    answer(case)
    again = _other_case_about(case)
    with pytest.raises(NothingLeft):
        propose(again, R.ALLOCATE, bill_ids=(skrd.id,))


def _other_case_about(case: Discrepancy) -> Discrepancy:
    found = Found(
        kind=K.DOUBLE, about=money()[0], region=case.region, amount=case.amount,
        collection_id=case.collection_id,
    )  # fmt: skip
    return do(open_discrepancy, found, by=WORKER)


def test_a_case_joins_only_one_proposal():
    skrd = make_skrd(10_000)
    first, rest, other = come(6_000, skrd), come(4_000), come(6_000)
    propose(first, R.ALLOCATE, bill_ids=(skrd.id,), case_ids=(rest.id,))
    with pytest.raises(CaseTaken):
        propose(other, R.ALLOCATE, bill_ids=(skrd.id,), case_ids=(rest.id,))
    with pytest.raises(CaseTaken):
        answer(rest)
    answer(first, "refuse")
    assert fresh_case(rest).state is D.OPEN


def test_who_proposed_neither_approves_nor_refuses():
    one, case = actor_for(Role.TREASURER), come(7_000)
    propose(case, R.WRITE_OFF, one)
    for action in ("approve", "refuse"):
        with pytest.raises(SameResolver):
            answer(case, action, one)


def test_who_billed_does_not_approve_that_it_is_paid():
    both, keeper = actor_for(Role.KABID), make_keeper()
    skrd = do(issue_skrd, issue(keeper, took_part=(both.id,)), by=WORKER)
    case = come(skrd.total)
    propose(case, R.ALLOCATE, bill_ids=(skrd.id,))
    with pytest.raises(BillerMayNotCash):
        answer(case, by=both)


def test_nothing_goes_back_and_nothing_is_given_up_without_a_decree():
    skrd = make_skrd(10_000)
    wanted: list[tuple[Discrepancy, Resolution, dict[str, Any]]] = [
        (come(7_000), R.REFUND, {}),
        (come(8_000), R.WRITE_OFF, {}),
        (come(11_000), R.ALLOCATE, {"bill_ids": (skrd.id,), "amount": 1_000}),
    ]
    for case, resolution, plan in wanted:
        with pytest.raises(NeedsDecree):
            propose(case, resolution, decree=" ", **plan)


@pytest.mark.parametrize("kind", K)
def test_only_what_is_listed_ends_a_case(kind: DiscrepancyKind):
    case, legal = case_of(kind), set(effects.legal(kind))
    assert legal <= set(LEGAL[kind])
    for resolution in set(R) - legal:
        with pytest.raises(NotLegal):
            propose(case, resolution)


def test_every_kind_has_an_end_and_its_days():
    assert set(LEGAL) == set(DAYS) == set(K)
    assert all(LEGAL.values())
    assert days_of("short=5, bank-line=2") == {K.SHORT: 5, K.BANK_LINE: 2}


ACTIONS = ("propose", "approve", "refuse", "settle")


def _in(state: DiscrepancyState) -> Discrepancy:
    case = come(7_000)
    if state in {D.PROPOSED, D.RESOLVED}:
        propose(case, R.WRITE_OFF)
    if state is D.RESOLVED:
        answer(case)
    if state is D.SETTLED:
        with transaction():
            settle_discrepancy(case.kind, case.about_id, by=WORKER)
    return case


def _act(case: Discrepancy, action: str, role: Role) -> None:
    who = actor_for(role)
    if action == "propose":
        propose(case, R.WRITE_OFF, who)
    elif action == "settle":
        with transaction():
            if settle_discrepancy(case.kind, case.about_id, by=who) is None:
                raise WrongState
    else:
        answer(case, action, who)


# S27: every state, action and role; what is not listed is refused and changes nothing.
@pytest.mark.parametrize("state", D)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_step_that_is_not_listed_is_refused(state: DiscrepancyState, action: str):
    listed = {(step.source, step.action): step.needs for step in DISCREPANCY_FLOW}
    may = {Role.TREASURER, Role.KABID} if action != "settle" else set()
    for role in Role:
        case = _in(state)
        if (state, action) in listed and role in may:
            _act(case, action, role)
            assert fresh_case(case).state is not state
            continue
        with pytest.raises((Conflict, Forbidden, NotFound)):
            _act(case, action, role)
        assert fresh_case(case).state is state


def test_nobody_ends_cases_of_another_part_of_the_land():
    case = case_of(K.DEPOSIT_LATE)
    with pytest.raises(Forbidden):
        propose(case, R.EXPLAINED, actor_for(Role.TREASURER, EMPANG))


@pytest.mark.parametrize(
    "change",
    [
        "approved_by = proposed_by, state = 'resolved'",
        "state = 'resolved'",
        "approved_by = id, proposed_by = NULL, state = 'resolved'",
    ],
)
def test_the_database_wants_two_people(context: Flask, change: str):
    case = come(7_000)
    propose(case, R.WRITE_OFF)
    with pytest.raises((DBAPIError, Clash)), transaction():
        db.session.execute(text(f"UPDATE discrepancies SET {change}"))
    assert fresh_case(case).state is D.PROPOSED


def test_the_same_finding_is_one_case():
    skrd = make_skrd(10_000)
    case = come(9_000, skrd)
    found = Found(
        kind=case.kind, about=money()[0], region=LUNYUK_REA, amount=9_000,
        collection_id=case.collection_id,
    )  # fmt: skip
    assert do(open_discrepancy, found, by=WORKER).id == case.id


def test_what_settled_by_itself_may_come_undone_but_what_people_ended_stays():
    case = case_of(K.MISSING_IN_BANK)
    found = Found(
        kind=case.kind, about=_About(case.about_id), region=LUNYUK_REA, amount=-1  # type: ignore[arg-type]
    )  # fmt: skip
    with transaction():
        assert settle_discrepancy(case.kind, case.about_id, by=WORKER)
        assert settle_discrepancy(case.kind, case.about_id, by=WORKER) is None
    assert do(open_discrepancy, found, by=WORKER).state is D.OPEN
    propose(case, R.EXPLAINED)
    answer(case)
    assert do(open_discrepancy, found, by=WORKER).state is D.RESOLVED


class _About:
    __tablename__ = "collections"

    def __init__(self, known: object) -> None:
        self.id = known


def test_somebody_looks_after_it():
    case, one = case_of(K.FEE), actor_for(Role.TREASURER)
    command = TakeCase(case_id=case.id, owner_id=one.id, owner_name=one.name)
    assert do(take_case, command, by=actor_for(Role.KABID)).owner_name == one.name
    propose(case, R.BANK_CORRECTION)
    answer(case)
    with pytest.raises(WrongState):
        do(take_case, TakeCase(case_id=case.id, owner_id=one.id, owner_name="x"),
           by=actor_for(Role.KABID))  # fmt: skip


def test_the_trail_says_who_did_what():
    case = come(7_000)
    propose(case, R.WRITE_OFF)
    answer(case)
    with transaction():
        asked = select(Event).where(Event.subject_id == case.id).order_by(Event.id)
        names = [one.name for one in db.session.scalars(asked)]
    assert names == ["discrepancy.opened", "discrepancy.proposed", "discrepancy.approved"]
    assert balance_of(WRITTEN_OFF) == 0
