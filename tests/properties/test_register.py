"""Whatever becomes of animals in whatever order, the register keeps its promises."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

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
from sijinak.animals.changing import plain
from sijinak.animals.duplicates.models import Merge, PairState
from sijinak.animals.duplicates.queries import pair_of
from sijinak.animals.duplicates.services import (
    MergeAnimals,
    UnmergeAnimals,
    merge_animals,
    unmerge_animals,
)
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    Identifier,
    IdentifierKind,
    Observation,
    Sex,
    Verification,
)
from sijinak.animals.mutations.models import Mutation, MutationKind, MutationState, Side
from sijinak.animals.mutations.queries import animals_in_open_mutation
from sijinak.animals.mutations.services import (
    AcknowledgeTransfer,
    AnswerTransfer,
    CancelTransfer,
    CorrectAnimal,
    ProposeTransfer,
    RecordBirth,
    RecordMutation,
    RetagAnimal,
    UndoMutation,
    acknowledge_transfer,
    answer_transfer,
    cancel_transfer,
    correct_animal,
    propose_transfer,
    record_birth,
    record_mutation,
    retag_animal,
    undo_mutation,
)
from sijinak.animals.population.queries import count_population
from sijinak.animals.population.services import recount_population
from sijinak.animals.queries import (
    animal_by_id,
    observations_of,
    same_animals,
    standing_animal_id,
    tag_of,
)
from sijinak.animals.services import KEPT, SeeAnimal, register_animal, see_animal
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import SijinakError
from sijinak.core.permissions import WORKER
from tests.animals.factories import bull, make_keeper, person
from tests.factories import LUNYUK_ODE, LUNYUK_REA, REGENCY, actor_for
from tests.machines import THOROUGH, run

WHICH = st.integers(0, 5)
OWNER = st.integers(0, 1)
RECORDED = st.sampled_from(
    [MutationKind.DEATH, MutationKind.SLAUGHTER, MutationKind.THEFT, MutationKind.FOUND]
)
GIVEN = st.sampled_from([MutationKind.SALE, MutationKind.GIFT, MutationKind.SHARING])
LOSSES = st.sampled_from([EndReason.LOST, EndReason.BROKEN, EndReason.STOLEN])
DETAILS = {"cause": "sakit", "disposal": "dikubur", "place": "rph", "police_no": "LP/1/2026"}
ALL_DEEDS = {
    "register", "see", "calve", "death", "slaughter", "theft", "found", "move", "retag", "correct",
    "propose", "answer", "acknowledge", "cancel", "undo", "merge", "unmerge",
}  # fmt: skip


class Lives(RuleBasedStateMachine):
    """A few animals of two owners who trade with each other, and one clerk."""

    app: Flask
    deeds: set[str]  # that went through in any of the lives

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.done: Counter[str] = Counter()

    def teardown(self) -> None:
        self.context.pop()

    @initialize()
    def begin(self) -> None:
        self.keepers = [make_keeper(person(name=name)) for name in ("Jamaluddin", "Syahril")]
        self.owners = [actor_for(Role.TRADER, keeper_id=keeper.id) for keeper in self.keepers]
        self.clerk, self.second = (actor_for(Role.CLERK, REGENCY) for _ in "12")
        self.head = actor_for(Role.VILLAGE_HEAD, REGENCY)
        for owner in (0, 0, 1):
            self.register(owner, Verification.SEEN)

    @rule(owner=OWNER, basis=st.sampled_from(Verification))
    def register(self, owner: int, basis: Verification) -> None:
        new = bull(self.keepers[owner].id, verification=basis, sex=Sex.FEMALE)
        self._try("register", lambda: register_animal(new, by=self.clerk))

    @rule(which=WHICH)
    def see(self, which: int) -> None:
        animal = self._animal(which)
        seen = SeeAnimal(animal_id=animal.id, seen_before=animal.seen_at, colour="hitam")
        self._try("see", lambda: see_animal(seen, by=self.clerk))

    @rule(which=WHICH)
    def calve(self, which: int) -> None:
        birth = RecordBirth(
            dam_id=self._present(which).id, happened_on=today(), sex=Sex.MALE, colour="merah",
            verification=Verification.SEEN, is_certain=True,
        )  # fmt: skip
        self._try("calve", lambda: record_birth(birth, by=self.clerk))

    @rule(which=WHICH, kind=RECORDED)
    def meet_its_fate(self, which: int, kind: MutationKind) -> None:
        command = RecordMutation(
            kind=kind, animal_ids=(self._animal(which).id,), happened_on=today(), details=DETAILS
        )
        self._try(kind, lambda: record_mutation(command, by=self.clerk))

    @rule(which=WHICH)
    def move(self, which: int) -> None:
        animal = self._animal(which)
        there = LUNYUK_ODE if animal.village == LUNYUK_REA else LUNYUK_REA
        command = RecordMutation(
            kind=MutationKind.MOVE, animal_ids=(animal.id,), happened_on=today(), to_village=there
        )
        self._try("move", lambda: record_mutation(command, by=self.clerk))

    @rule(which=WHICH, why=LOSSES)
    def retag(self, which: int, why: EndReason) -> None:
        command = RetagAnimal(animal_id=self._animal(which).id, why=why)
        self._try("retag", lambda: retag_animal(command, by=self.clerk))

    @rule(which=WHICH, colour=st.sampled_from(["putih", "belang"]))
    def correct(self, which: int, colour: str) -> None:
        command = CorrectAnimal(
            animal_id=self._animal(which).id, values={"colour": colour}, reason="Salah tulis"
        )
        self._try("correct", lambda: correct_animal(command, by=self.clerk))

    @rule(which=WHICH, kind=GIVEN, steps=st.sampled_from([1, 2, 3, 4, 4, 4]))
    def hand_over(self, which: int, kind: MutationKind, steps: int) -> None:
        """Proposed, and taken as many steps as it goes."""
        animal = self._present(which)
        giver = 0 if animal.keeper_id == self.keepers[0].id else 1
        command = ProposeTransfer(
            kind=kind, animal_ids=(animal.id,), to_keeper_id=self.keepers[1 - giver].id,
            happened_on=today(),
        )  # fmt: skip
        sides = ((Side.GIVER, self.owners[giver]), (Side.RECEIVER, self.owners[1 - giver]))
        if self._try("propose", lambda: propose_transfer(command, by=self.clerk)):
            for side, who in sides[: steps - 1]:
                answer = AnswerTransfer(mutation_id=command.id, side=side)
                self._try("answer", partial(answer_transfer, answer, by=who))
        if steps == 4:
            last = AcknowledgeTransfer(mutation_id=command.id)
            self._try("acknowledge", lambda: acknowledge_transfer(last, by=self.head))

    @rule()
    def cancel(self) -> None:
        for mutation in self._mutations():
            if mutation.state in {MutationState.PROPOSED, MutationState.AGREED}:
                command = CancelTransfer(mutation_id=mutation.id, reason="Batal")
                self._try("cancel", partial(cancel_transfer, command, by=self.clerk))

    @rule(back=st.integers(0, 4))
    def undo(self, back: int) -> None:
        found = self._mutations()
        if found:
            which = found[min(back, len(found) - 1)]
            command = UndoMutation(mutation_id=which.id, reason="Keliru")
            self._try("undo", lambda: undo_mutation(command, by=self.second))

    @rule(one=WHICH, other=WHICH)
    def merge(self, one: int, other: int) -> None:
        kept, gone = self._present(one).id, self._present(other).id
        pair = pair_of(kept, gone)
        command = MergeAnimals(
            kept_id=kept, gone_id=gone, reason="Ternak yang sama",
            state_seen=pair.state if pair else PairState.OPEN,
        )  # fmt: skip
        self._try("merge", lambda: merge_animals(command, by=self.clerk))

    @rule()
    def unmerge(self) -> None:
        mine = select(Merge).where(Merge.merged_by == self.clerk.id)
        merge = db.session.scalar(mine.where(Merge.unmerged_at.is_(None)).order_by(Merge.id))
        if merge:
            command = UnmergeAnimals(merge_id=merge.id, reason="Dua ekor")
            self._try("unmerge", lambda: unmerge_animals(command, by=self.clerk))

    @rule()
    def recount(self) -> None:
        with transaction():
            count = recount_population(by=WORKER)
        assert count.corrected == 0

    @invariant()
    def what_is_known_follows_from_the_observations(self) -> None:
        """Also that an animal has one owner at a time: the row's is the last one told."""
        for animal in self._animals():
            told: dict[str, object] = {"state": "present"}
            for observation in observations_of([animal.id]):
                known = {n: v for n, v in observation.before.items() if n in (*KEPT, "state")}
                assert known == {name: told.get(name, _none_of(name)) for name in known}
                told |= observation.after
            for name in (*KEPT, "state"):
                assert plain(getattr(animal, name)) == told.get(name, _none_of(name)), name

    @invariant()
    def a_living_animal_wears_one_tag_of_ours(self) -> None:
        worn = Counter(
            db.session.scalars(
                select(Identifier.animal_id).where(
                    Identifier.kind == IdentifierKind.TAG, Identifier.ended_at.is_(None)
                )
            )
        )
        for animal in self._animals():
            lives = animal.state in {AnimalState.PRESENT, AnimalState.STOLEN}
            assert worn[animal.id] <= 1
            assert not lives or worn[animal.id] == 1

    @invariant()
    def no_ghost_is_counted(self) -> None:
        asked = select(Animal.verification, func.count()).group_by(Animal.verification)
        found = db.session.execute(asked.where(Animal.state == AnimalState.PRESENT))
        present = {row[0]: row[1] for row in found}
        heads = count_population(by=self.clerk, region=REGENCY).heads
        assert heads.declared == present.get(Verification.DECLARED, 0)
        assert heads.seen_recently + heads.seen_earlier == present.get(Verification.SEEN, 0)

    @invariant()
    def nothing_becomes_unreadable(self) -> None:
        for animal in self._animals():
            assert animal_by_id(animal.id, by=self.clerk)
            stands = standing_animal_id(animal.id)
            assert animal.id in same_animals(stands)
            assert (stands == animal.id) == (animal.state is not AnimalState.MERGED)
        mine = Identifier.given_by == self.clerk.id
        for identifier in db.session.scalars(select(Identifier).where(mine)):
            assert tag_of(identifier.kind, identifier.value, by=self.clerk)

    @invariant()
    def an_animal_is_in_one_open_mutation(self) -> None:
        open_ones = [
            line.animal_id
            for mutation in self._mutations()
            for line in mutation.animals
            if line.is_open
        ]
        assert len(open_ones) == len(set(open_ones))

    @invariant()
    def nothing_is_ever_taken_away(self) -> None:
        for kind in (Animal, Identifier, Observation, Mutation):
            rows = db.session.scalar(select(func.count()).select_from(kind)) or 0
            assert rows >= self.done[kind.__name__]
            self.done[kind.__name__] = rows

    def _animals(self) -> list[Animal]:
        db.session.expire_all()
        mine = Animal.registered_by == self.clerk.id
        return list(db.session.scalars(select(Animal).where(mine).order_by(Animal.id)))

    def _present(self, which: int) -> Animal:
        """One that is alive and in no open mutation, if there is one."""
        held = animals_in_open_mutation([animal.id for animal in self._animals()])
        here = [a for a in self._animals() if a.state == "present" and a.id not in held]
        return here[which % len(here)] if here else self._animal(which)

    def _mutations(self) -> list[Mutation]:
        mine = select(Mutation).where(Mutation.recorded_by == self.clerk.id)
        return list(db.session.scalars(mine.order_by(Mutation.id.desc())))

    def _animal(self, which: int) -> Animal:
        found = self._animals()
        return found[which % len(found)]

    def _try(self, name: str, deed: Callable[[], object]) -> bool:
        """People try what they may not: the answer is a refusal, never a fault."""
        try:
            with transaction():
                deed()
        except SijinakError:
            db.session.rollback()
            return False
        self.done[name] += 1
        self.deeds.add(str(name))
        return True


def _none_of(column: str) -> object:
    """What stands in a column of which nobody said anything."""
    return None if Animal.__table__.columns[column].nullable else ""


@pytest.fixture
def machine(app: Flask) -> Iterator[type[Lives]]:
    yield type("LivesHere", (Lives,), {"app": app, "deeds": set()})
    with app.app_context():
        db.session.remove()


def test_lives_keep_their_promises(machine: type[Lives]):
    run(machine, examples=20, steps=30)
    assert machine.deeds == ALL_DEEDS or not THOROUGH
