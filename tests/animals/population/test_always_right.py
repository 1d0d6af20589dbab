"""Whatever happens in whatever order: kept totals plus changes are what is there."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from sijinak.animals.changing import Circumstances, change_animal, put_back
from sijinak.animals.models import (
    Animal,
    AnimalState,
    Observation,
    ObservationKind,
    Sex,
    Species,
    Verification,
)
from sijinak.animals.population.models import AgeClass
from sijinak.animals.population.queries import count_population, seen_and_declared
from sijinak.animals.population.services import recount_population
from sijinak.animals.services import NotPresent, SeeAnimal, register_animal, see_animal
from sijinak.animals.withdrawing import WithdrawRegistration, withdraw_registration
from sijinak.core.clock import clock, local
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper
from tests.animals.factories import bull, make_keeper
from tests.factories import LUNYUK_ODE, LUNYUK_REA
from tests.machines import run

WHICH = st.integers(0, 30)
VILLAGES = st.sampled_from([LUNYUK_REA, LUNYUK_ODE])
PAUSES = st.sampled_from([0, 0, 1, 40, 200])
OLDEST = (72, AgeClass.OLD), (48, AgeClass.ADULT), (24, AgeClass.YOUNG_ADULT)


def age_of(born: date | None, on: date) -> AgeClass:
    """Reckoned another way than the program does: by counting full months."""
    if born is None:
        return AgeClass.UNKNOWN
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    for least, age_class in (*OLDEST, (12, AgeClass.YEARLING)):
        if months >= least:
            return age_class
    return AgeClass.CALF


class Register(RuleBasedStateMachine):
    """Officers at work on a clock that only goes on."""

    keeper: Keeper

    def __init__(self) -> None:
        super().__init__()
        self.moment = datetime(2024, 2, 28, 17, tzinfo=UTC)
        self.corrected = 0
        self.number = 0

    @initialize()
    def open_the_office(self) -> None:
        """With totals that are right, whatever an earlier run left behind."""
        self.keeper = make_keeper()
        with clock.reading(self.moment), transaction():
            recount_population(by=OPERATOR)

    def animals(self) -> list[Animal]:
        mine = select(Animal).where(Animal.keeper_id == self.keeper.id)
        return list(db.session.scalars(mine.order_by(Animal.id)))

    def one(self, which: int) -> Animal:
        animals = self.animals()
        return animals[which % len(animals)]

    def some(self) -> bool:
        return bool(self.animals())

    @rule(
        village=VILLAGES,
        months=st.none() | st.integers(0, 90),
        days=st.integers(-1, 1),
        sex=st.sampled_from(Sex),
        is_seen=st.booleans(),
        long_ago=st.sampled_from([0, 364, 365, 366, 400]),
    )
    def register(  # noqa: PLR0913 - what differs between animals
        self, village: str, months: int | None, days: int, sex: Sex, long_ago: int, *, is_seen: bool
    ) -> None:
        today, born = local(self.moment).date(), None
        if months is not None:
            born = min(today - timedelta(days=months * 30 + months // 2 + days), today)
        command = bull(
            self.keeper.id,
            village=village,
            sex=sex,
            species=Species.GOAT if sex is Sex.FEMALE else Species.CATTLE,
            birth_date=born,
            verification=Verification.SEEN if is_seen else Verification.DECLARED,
            seen_at=self.moment - timedelta(days=long_ago) if is_seen else None,
        )
        with clock.reading(self.moment), transaction():
            register_animal(command, by=OPERATOR)

    @precondition(some)
    @rule(which=WHICH)
    def see(self, which: int) -> None:
        animal = self.one(which)
        seen = SeeAnimal(animal_id=animal.id, seen_before=animal.seen_at, colour="hitam")
        with clock.reading(self.moment):
            try:
                with transaction():
                    see_animal(seen, by=OPERATOR)
            except NotPresent:
                assert animal.state is not AnimalState.PRESENT

    @precondition(some)
    @rule(
        which=WHICH,
        values=st.fixed_dictionaries(
            {},
            optional={
                "state": st.sampled_from([AnimalState.DEAD, AnimalState.PRESENT]),
                "village": VILLAGES,
                "birth_date": st.none() | st.dates(date(2016, 1, 1), date(2024, 2, 28)),
                "sex": st.sampled_from(Sex),
                "colour": st.sampled_from(["hitam", "putih"]),
            },
        ),
    )
    def change(self, which: int, values: dict[str, Any]) -> None:
        with clock.reading(self.moment), transaction():
            change_animal(self.one(which), values, self.why(), by=OPERATOR)

    @precondition(some)
    @rule(which=WHICH)
    def undo(self, which: int) -> None:
        """The last thing that was changed, if nothing came after it."""
        last = db.session.scalars(
            select(Observation)
            .where(Observation.animal_id == self.one(which).id)
            .where(Observation.kind == ObservationKind.MUTATED)
            .order_by(Observation.id.desc())
        ).first()
        with clock.reading(self.moment):
            try:
                with transaction():
                    if last:
                        put_back(last, self.why(), by=OPERATOR)
            except Conflict:
                db.session.rollback()

    @precondition(some)
    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        command = WithdrawRegistration(animal_id=self.one(which).id, reason="salah ketik")
        with clock.reading(self.moment):
            try:
                with transaction():
                    withdraw_registration(command, by=OPERATOR)
            except Conflict:
                db.session.rollback()

    @rule()
    def recount(self) -> None:
        with clock.reading(self.moment), transaction():
            self.corrected += recount_population(by=OPERATOR).corrected

    @rule(days=PAUSES)
    def wait(self, days: int) -> None:
        self.moment += timedelta(days=days, seconds=1)

    def why(self) -> Circumstances:
        return Circumstances(
            kind=ObservationKind.MUTATED, basis=Verification.DECLARED, village=LUNYUK_REA
        )

    @invariant()
    def the_totals_are_what_is_there(self) -> None:
        with clock.reading(self.moment):
            count = count_population(by=OPERATOR, region=LUNYUK_REA[:8])
            seen, declared = seen_and_declared(by=OPERATOR)
        there: Counter[tuple[Any, ...]] = Counter()
        recent = count.reckoned_on
        try:
            recent = recent.replace(year=recent.year - 1)
        except ValueError:  # a leap day
            recent = recent.replace(year=recent.year - 1, day=28)
        everything = db.session.scalars(select(Animal).where(Animal.state == AnimalState.PRESENT))
        for animal in everything:
            evidence = "declared"
            if animal.verification is Verification.SEEN and animal.seen_at:
                is_recent = local(animal.seen_at).date() >= recent
                evidence = "seen_recently" if is_recent else "seen_earlier"
            age = age_of(animal.birth_date, count.reckoned_on)
            there[animal.village, animal.species, animal.sex, age, evidence] += 1
        known = Counter(
            {
                (cell.place, cell.species, cell.sex, cell.age_class, evidence): heads
                for cell in count.cells
                for evidence, heads in cell.heads._asdict().items()
                if heads
            }
        )
        assert known == there
        assert (seen, declared) == (count.heads.total - count.heads.declared, count.heads.declared)
        assert self.corrected == 0


@pytest.mark.usefixtures("context")
def test_the_totals_are_right_whatever_happens(app: Flask):
    """One database for all runs: each has a keeper of its own, and counts all the same."""
    assert app
    run(Register, examples=12, steps=25)
