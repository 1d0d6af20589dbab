"""Whatever people do with tags, and in whatever order: the books add up to what was printed."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.errors import SijinakError
from sijinak.tagstock.binding import leave_off, put_on
from sijinak.tagstock.models import TAG_FLOW, TagRun, TagState
from sijinak.tagstock.queries import (
    account_of,
    balances_of_officers,
    balances_of_offices,
    balances_of_runs,
    codes_of_run,
    steps_of,
)
from tests.animals.factories import make_animal
from tests.factories import LUNYUK, LUNYUK_REA, actor_for
from tests.machines import run
from tests.tagstock.factories import make_run, move, tags

ACTIONS = ["receive", "issue", "return", "lose", "break", "steal", "retire", "find"]
BINDINGS = ["replace", "take off", "lose", "break", "put back"]
WHICH = st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True)


class Books(RuleBasedStateMachine):
    """Two runs of four tags, two officers, and an animal for each tag that needs one."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()

    def teardown(self) -> None:
        db.session.rollback()
        self.context.pop()

    @initialize()
    def begin(self) -> None:
        self.boss = actor_for(Role.UPT_HEAD, LUNYUK)
        self.vets = [actor_for(Role.VET, LUNYUK) for _ in range(2)]
        self.runs = [make_run(4).id, make_run(4).id]
        self.codes = [code for run_id in self.runs for code in codes_of_run(run_id)]
        self.animal_id = make_animal()[0].id

    @rule(which=WHICH, action=st.sampled_from(ACTIONS), vet=st.integers(0, 1), own=st.booleans())
    def step(self, which: list[int], action: str, vet: int, *, own: bool) -> None:
        by = self.vets[vet] if own else self.boss
        codes = tuple(self.codes[number] for number in which)
        holder = self.vets[vet].id if action == "issue" else None
        self._try(lambda: move(action, by, codes=codes, holder_id=holder, note="Catatan"))

    @rule(many=st.integers(1, 5), vet=st.integers(0, 1))
    def issue(self, many: int, vet: int) -> None:
        self._try(lambda: move("issue", self.boss, count=many, holder_id=self.vets[vet].id))

    @rule(which=st.integers(0, 7), vet=st.integers(0, 1))
    def bind(self, which: int, vet: int) -> None:
        code, by = self.codes[which], self.vets[vet]
        self._bound(lambda: put_on(code, self.animal_id, LUNYUK_REA, by=by))

    @rule(which=st.integers(0, 7), action=st.sampled_from(BINDINGS), vet=st.integers(0, 1))
    def unbind(self, which: int, action: str, vet: int) -> None:
        code, by = self.codes[which], self.vets[vet]
        if tags([code])[0].animal_id:
            self._bound(lambda: leave_off(code, action, LUNYUK_REA, by=by))

    @invariant()
    def every_book_adds_up(self) -> None:
        if not hasattr(self, "runs"):
            return
        runs = balances_of_runs(self.runs)
        assert [runs[run_id].total for run_id in self.runs] == [4, 4]
        printed = db.session.scalar(select(func.sum(TagRun.count)))
        assert sum(b.total for b in balances_of_offices(by=self.boss).values()) == printed
        held = balances_of_officers(by=self.boss)
        for vet in self.vets:
            account = account_of(by=vet)
            assert account.given == account.back + account.now.total
            assert account.now.total == (held[vet.id].total if vet.id in held else 0)

    @invariant()
    def every_tag_is_where_its_last_step_left_it(self) -> None:
        for tag in tags(getattr(self, "codes", ())):
            steps = steps_of(tag.id)
            assert steps[-1].state is tag.state
            assert steps[-1].region == tag.region
            assert (tag.state is TagState.ISSUED) <= (tag.holder_id is not None)

    @invariant()
    def every_step_is_one_of_the_flow(self) -> None:
        legal = {(s.source, s.action): s.target for s in TAG_FLOW}
        for tag in tags(getattr(self, "codes", ())):
            state = TagState.PRINTED
            for step in steps_of(tag.id)[1:]:
                handed = step.action == "issue" and state is TagState.ISSUED  # after "take off"
                assert handed or legal[state, step.action] is step.state
                state = step.state

    def _bound(self, deed: object) -> None:
        def do() -> None:
            with transaction():
                deed()  # type: ignore[operator]

        self._try(do)

    def _try(self, deed: object) -> None:
        """People try what they may not: the answer is a refusal, never a fault."""
        try:
            deed()  # type: ignore[operator]
        except SijinakError:
            db.session.rollback()


@pytest.fixture
def machine(app: Flask) -> Iterator[type[Books]]:
    yield type("BooksHere", (Books,), {"app": app})
    with app.app_context():
        db.session.remove()


def test_the_books_of_the_stock_add_up(machine: type[Books]):
    run(machine, examples=25, steps=25)
