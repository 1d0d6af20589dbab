"""Whatever is asked for in whatever order, the quota adds up and goes round in order."""

from collections.abc import Iterator
from datetime import date
from itertools import count

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Conflict
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.quota.claiming import (
    claim_quota,
    consume_quota,
    release_quota,
    shrink_quota,
)
from sijinak.permits.quota.commands import AdjustQuota, FreezeQuota, LetAhead, TransferQuota
from sijinak.permits.quota.models import ClaimState, QuotaAccount, QuotaClaim
from sijinak.permits.quota.queries import claim_of
from sijinak.permits.quota.services import (
    adjust_quota,
    freeze_quota,
    let_ahead,
    transfer_quota,
)
from sijinak.permits.rules.models import Scope
from tests.animals.factories import firm, make_keeper
from tests.machines import run
from tests.permits.quota.books import (
    YEAR,
    account,
    assert_books_agree,
    bare_permit,
    grant,
    line,
    paper,
)

P, S = PermitState, ClaimState
PERMITS = 4
WHICH = st.integers(0, PERMITS - 1)
HEADS = st.integers(1, 6)
_years = count()
SCOPES = st.sampled_from(list(Scope))


class Quota(RuleBasedStateMachine):
    """Four applications, two accounts, and an office that gives and takes."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()

    def teardown(self) -> None:
        self.context.pop()

    @initialize()
    def begin(self) -> None:
        keeper = make_keeper(firm(name=f"CV {id(self)}"))
        self.year = YEAR + next(_years)  # each begins with accounts of its own
        for scope in Scope:
            grant(8, self.year, scope=scope)
        self.used: dict[int, int] = {}  # what left, told by no table of the quota
        day = date(self.year, 6, 1)
        self.permits = [bare_permit(keeper, planned_on=day).id for _ in range(PERMITS)]

    def permit(self, which: int) -> Permit:
        return db.session.get_one(Permit, self.permits[which])

    @rule(which=WHICH, heads=HEADS, scope=SCOPES)
    def submit(self, which: int, heads: int, scope: Scope) -> None:
        permit = self.permit(which)
        if permit.state is P.SUBMITTED:
            destination = "52.71" if scope is Scope.IN_PROVINCE else "32.75"
            self._try(lambda: self._submit(permit, heads, destination))

    def _submit(self, permit: Permit, heads: int, destination: str) -> None:
        db.session.add(permit)
        permit.destination = destination
        claim_quota(permit, heads, by=OPERATOR)

    @rule(which=WHICH, heads=HEADS)
    def shrink(self, which: int, heads: int) -> None:
        self._try(lambda: shrink_quota(self.permit(which), heads, by=OPERATOR))

    @rule(which=WHICH, heads=HEADS)
    def consume(self, which: int, heads: int) -> None:
        permit = self.permit(which)
        if claim_of(permit.id) is not None:
            self._try(lambda: self._depart(which, permit, heads))

    def _depart(self, which: int, permit: Permit, heads: int) -> None:
        before = claim_of(permit.id)
        leaving = before is not None and before.state is S.RESERVED
        consume_quota(permit, heads, by=OPERATOR)
        if leaving:
            db.session.add(permit)
            permit.state, permit.departed_at, permit.number = P.DEPARTED, now(), str(permit.id)
            self.used[which] = heads

    @rule(which=WHICH, heads=HEADS)
    def all_depart_and_somebody_ends_the_permit(self, which: int, heads: int) -> None:
        self.submit(which, heads, Scope.OUT_OF_PROVINCE)
        if claim := claim_of(self.permits[which]):
            self.consume(which, max(claim.heads, 1))
        self.release(which)
        self.release(which)

    @rule(which=WHICH)
    def release(self, which: int) -> None:
        self._try(lambda: release_quota(self.permit(which), by=OPERATOR))

    @rule(scope=SCOPES, heads=st.integers(-4, 4).filter(bool))
    def adjust(self, scope: Scope, heads: int) -> None:
        command = AdjustQuota(
            account_id=account(year=self.year, scope=scope).id, heads=heads, paper=paper()
        )
        self._try(lambda: adjust_quota(command, by=OPERATOR))

    @rule(heads=st.integers(1, 3), scope=SCOPES)
    def transfer(self, heads: int, scope: Scope) -> None:
        other = next(one for one in Scope if one is not scope)
        command = TransferQuota(
            account_id=account(year=self.year, scope=scope).id,
            to=line(year=self.year, scope=other),
            heads=heads,
            paper=paper(),
        )
        self._try(lambda: transfer_quota(command, by=OPERATOR))

    @rule(scope=SCOPES, seldom=st.integers(0, 5))
    def freeze_or_thaw(self, scope: Scope, seldom: int) -> None:
        found = account(year=self.year, scope=scope)
        if seldom and not found.is_frozen:
            return
        command = FreezeQuota(account_id=found.id, is_frozen=not found.is_frozen, paper=paper())
        self._try(lambda: freeze_quota(command, by=OPERATOR))

    @rule(which=WHICH)
    def let(self, which: int) -> None:
        if claim := claim_of(self.permits[which]):
            command = LetAhead(claim_id=claim.id, why="Kapal berangkat malam ini")
            self._try(lambda: let_ahead(command, by=OPERATOR))

    @invariant()
    def the_books_agree(self) -> None:
        assert_books_agree()

    @invariant()
    def what_left_is_used_for_ever(self) -> None:
        for which, heads in getattr(self, "used", {}).items():
            claim = claim_of(self.permits[which])
            assert claim is not None
            assert (claim.state, claim.heads) == (S.CONSUMED, heads)

    @invariant()
    def who_is_next_does_not_wait_for_what_is_free(self) -> None:
        for found in db.session.scalars(select(QuotaAccount)):
            asked = select(QuotaClaim).where(
                QuotaClaim.account_id == found.id, QuotaClaim.state == S.WAITING
            )
            first = db.session.scalars(asked.order_by(QuotaClaim.ticket)).first()
            assert first is None or found.is_frozen or first.heads > found.left

    def _try(self, deed: object) -> None:
        try:
            with transaction():
                deed()  # type: ignore[operator]
        except Clash:
            raise  # alone on the database nobody is clashed with: a check was missing
        except Conflict:
            db.session.rollback()
        db.session.expire_all()


@pytest.fixture
def machine(app: Flask) -> Iterator[type[Quota]]:
    yield type("QuotaHere", (Quota,), {"app": app})
    with app.app_context():
        db.session.remove()


def test_the_quota_adds_up_whatever_is_asked_for(machine: type[Quota]):
    run(machine, examples=30, steps=30)
