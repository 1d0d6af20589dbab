"""Whatever happens in whatever order: one receipt per paid bill, and no money without a trace."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER, Machine
from sijinak.payments import jobs
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import LIVE, Attempt
from sijinak.payments.services import take_notice
from sijinak.retribution.models import Skrd, SkrdState
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
from tests.conftest import close
from tests.databases import Databases
from tests.retribution.factories import add_tariff, make_keeper, money, receipts, work

DESK, TREASURER = Machine(uuid7(), "desk"), Machine(uuid7(), "treasurer")
WHICH = st.integers(0, 2)
FATES = st.sampled_from([0, 0, 1, 2, 3, 5, 6, 7])


class Money(RuleBasedStateMachine):
    """One office, one treasurer, a sandbox bank, and a clock that only goes on."""

    databases: Databases

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        url = self.opened.enter_context(self.databases.copy())
        self.opened.enter_context(create_app(Settings(database_url=url)).app_context())
        self.moment = now()
        self.told: set[str] = set()
        self.bills: list[UUID] = []
        self.refs: list[str] = []

    def teardown(self) -> None:
        close()
        self.opened.close()

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
        """The bank tells of money, perhaps the wrong sum, perhaps twice, perhaps of no ref of ours."""
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
    def receipts_are_what_paid_bills_say(self) -> None:
        found = receipts()
        with transaction():
            bills = db.session.query(Skrd).populate_existing().all()
        paid = {bill.id: bill.total for bill in bills if bill.state is SkrdState.PAID}
        assert {r.skrd_id: r.amount for r in found} == paid
        assert sum(r.amount for r in found) == sum(paid.values())
        assert len({r.skrd_id for r in found}) == len(found), "one receipt per SKRD"

    @invariant()
    def numbers_have_no_gap(self) -> None:
        assert [r.no for r in receipts()] == list(range(1, len(receipts()) + 1))

    @invariant()
    def money_is_never_lost(self) -> None:
        came = {one.id: one for one in money()}
        receipted = {r.collection_id: r.amount for r in receipts()}
        with transaction():
            listed = {one.collection.id for one in loose_money(by=OPERATOR)}
        assert listed == came.keys() - receipted.keys(), "no receipt: listed"
        assert all(came[id_].amount == amount for id_, amount in receipted.items())
        assert self.told <= {one.money_id for one in came.values()}, "told: written down"

    @invariant()
    def a_bill_has_one_live_attempt(self) -> None:
        with transaction():
            live = [a.bill_id for a in db.session.query(Attempt).filter(Attempt.state.in_(LIVE))]
        assert len(live) == len(set(live))

    def seen(self, ref: str, money_id: str, amount: int) -> Observation:
        return Observation(
            ref=ref,
            kind=Kind.PAID,
            money_id=money_id,
            amount=Rupiah(amount),
            happened_at=self.moment,
            trust=Trust.SIGNED_PUSH,
        )


def test_money_in_any_order(databases: Databases):
    Money.databases = databases
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
