"""Whatever happens in whatever order: one receipt per paid bill, and no money without a trace."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from sqlalchemy import select

from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER, Machine
from sijinak.payments import jobs
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import LIVE, Attempt, Collection
from sijinak.payments.services import take_notice
from sijinak.retribution.models import Receipt, Skrd, SkrdState
from sijinak.retribution.queries import loose_money
from sijinak.retribution.services import (
    CancelSkrd,
    IssueSkrd,
    ReceiveCash,
    StartPayment,
    cancel_skrd,
    issue_skrd,
    receive_cash,
    start_payment,
)
from tests.machines import run
from tests.retribution.factories import add_tariff, make_keeper, work

DESK, TREASURER = Machine(uuid7(), "desk"), Machine(uuid7(), "treasurer")
WHICH = st.integers(0, 2)
FATES = st.sampled_from([0, 0, 1, 2, 3, 5, 6, 7])


class Money(RuleBasedStateMachine):
    """One office, one treasurer, a sandbox bank, and a clock that only goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = now()
        self.told: set[str] = set()
        self.bills: list[UUID] = []
        self.refs: list[str] = []

    def at(self, step: Callable[[], object], *, then_work: bool = False, **pause: float) -> None:
        """Do it on the machine's clock; what the rules of the house refuse is no fault."""
        self.moment += timedelta(**pause)
        with clock.reading(self.moment):
            try:
                step()
            except (Conflict, Invalid):
                db.session.rollback()
            if then_work:
                work()

    @initialize(fates=st.lists(FATES, min_size=3, max_size=3))
    def open_the_office(self, fates: list[int]) -> None:
        keeper = make_keeper()
        for fate in fates:
            command = IssueSkrd(
                permit_id=uuid7(),
                keeper_id=keeper.id,
                payer_name=keeper.name,
                region=keeper.village,
                species=add_tariff(10_000 + fate),
                heads=1,
                needs_rbt=False,
            )
            with transaction():
                self.bills.append(issue_skrd(command, by=DESK).id)

    @rule(which=WHICH, then_work=st.booleans())
    def start(self, which: int, *, then_work: bool) -> None:
        command = StartPayment(skrd_id=self.bills[which], adapter="sandbox")

        def begin() -> None:
            with transaction():
                ref = start_payment(command, by=OPERATOR).ref
            self.refs.append(ref)

        self.at(begin, then_work=then_work)

    @rule()
    def deliver(self) -> None:
        self.at(work)

    @rule(seconds=st.sampled_from([1, 6, 6, 600, 1000, 90_000]), then_work=st.booleans())
    def sweep(self, seconds: int, *, then_work: bool) -> None:
        self.at(jobs.sweep, then_work=then_work, seconds=seconds)

    @rule(
        which=WHICH,
        amount=st.sampled_from([10_000, 9_999, 20_000]),
        times=st.integers(1, 2),
        then_work=st.booleans(),
    )
    def notice(self, which: int, amount: int, times: int, *, then_work: bool) -> None:
        """The bank tells of money, perhaps the wrong sum, perhaps twice, or of no ref of ours."""
        ref = self.refs[which % len(self.refs)] if self.refs else "nobody"
        self.told.add(f"N-{ref}-{amount}")

        def tell() -> None:
            with transaction():
                take_notice("sandbox", [self.seen(ref, f"N-{ref}-{amount}", amount)], by=WORKER)

        for _ in range(times):
            self.at(tell, then_work=then_work)

    @rule(which=WHICH, less=st.sampled_from([0, 0, 0, 1]))
    def cash(self, which: int, less: int) -> None:
        bill = self.bills[which]
        total = db.session.get_one(Skrd, bill).total
        command = ReceiveCash(skrd_id=bill, amount=Rupiah(total - less))

        def take() -> None:
            with transaction():
                receive_cash(command, by=TREASURER)

        self.at(take)
        self.at(take)

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        bill = self.bills[which]

        def withdraw() -> None:
            with transaction():
                cancel_skrd(CancelSkrd(skrd_id=bill, reason="x"), by=DESK)

        self.at(withdraw)

    @rule(which=WHICH)
    def stop(self, which: int) -> None:
        with transaction():
            asked = db.session.query(Attempt).filter_by(bill_id=self.bills[which])
            found = [attempt.id for attempt in asked]
        for attempt_id in found:
            self.at(partial(jobs.stop, attempt_id))

    @invariant()
    def the_books_agree(self) -> None:
        with transaction():
            bills = db.session.execute(select(Skrd.id, Skrd.total, Skrd.state)).all()
            found = db.session.execute(
                select(Receipt.skrd_id, Receipt.amount, Receipt.collection_id, Receipt.no)
            ).all()
            came = db.session.execute(
                select(Collection.id, Collection.amount, Collection.money_id)
            ).all()
            listed = {one.collection.id for one in loose_money(by=OPERATOR)}
            live = list(db.session.scalars(select(Attempt.bill_id).where(Attempt.state.in_(LIVE))))
        paid = {bill.id: bill.total for bill in bills if bill.state is SkrdState.PAID}
        assert {r.skrd_id: r.amount for r in found} == paid, "a receipt is what a paid bill says"
        assert sum(r.amount for r in found) == sum(paid.values())
        assert len({r.skrd_id for r in found}) == len(found), "one receipt per SKRD"
        assert sorted(r.no for r in found) == list(range(1, len(found) + 1)), "no gap"
        sums = {money.id: money.amount for money in came}
        assert all(sums[r.collection_id] == r.amount for r in found), "a receipt is its money"
        assert listed == sums.keys() - {r.collection_id for r in found}, "no receipt: listed"
        assert self.told <= {money.money_id for money in came}, "told: written down"
        assert len(live) == len(set(live)), "one live attempt per bill"

    def seen(self, ref: str, money_id: str, amount: int) -> Observation:
        return Observation(
            ref=ref,
            kind=Kind.PAID,
            money_id=money_id,
            amount=Rupiah(amount),
            happened_at=self.moment,
            trust=Trust.SIGNED_PUSH,
        )


@pytest.mark.usefixtures("context")
def test_money_in_any_order():
    """All runs share one office, so a fault of one is seen by all that follow: no shrinking."""
    run(Money, examples=30, steps=15)
