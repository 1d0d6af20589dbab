"""Two records become one animal, stay readable, and can be parted again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.duplicates.jobs import look_for_doubles
from sijinak.animals.duplicates.models import Merge, PairState
from sijinak.animals.duplicates.queries import count_open_pairs, merges, open_pairs
from sijinak.animals.duplicates.services import (
    AlreadyUnmerged,
    KindsDiffer,
    LivedOn,
    MergeAnimals,
    NotBothPresent,
    OwnersDiffer,
    PairDecided,
    SameRecord,
    TellApart,
    UnmergeAnimals,
    merge_animals,
    tell_apart,
    unmerge_animals,
)
from sijinak.animals.holding import AnimalHeld, holding
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    IdentifierKind,
    Observation,
    ObservationKind,
    Sex,
)
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.services import (
    CancelTransfer,
    CorrectAnimal,
    ProposeTransfer,
    RecordMutation,
    RetagAnimal,
    UndoMutation,
    cancel_transfer,
    correct_animal,
    propose_transfer,
    record_mutation,
    retag_animal,
    undo_mutation,
)
from sijinak.animals.mutations.writing import InOpenMutation, NeedsReason
from sijinak.animals.population.models import PopulationChange
from sijinak.animals.queries import (
    animals_by_ids,
    animals_by_tags,
    identifiers_of,
    live_tags,
    same_animals,
    standing_animal_id,
    tag_of,
)
from sijinak.core.clock import today
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event, events
from sijinak.core.permissions import OPERATOR
from sijinak.vaccinations.doses import doses_of
from sijinak.vaccinations.models import Disease, Vaccination
from sijinak.vaccinations.queries import (
    due_soon,
    public_history,
    record_with_history,
)
from sijinak.vaccinations.reminding import due_in_village
from tests.animals.duplicates.herds import merge, pairs, search, two_records
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for
from tests.vaccinations.factories import days_ago, doses, vaccinate

Deed = Callable[[], Any]


def unmerge(done: Merge, **fields: Any) -> Merge:
    told = {"merge_id": done.id, "reason": "Ternyata dua ekor", **fields}
    with transaction():
        return unmerge_animals(UnmergeAnimals(**told), by=OPERATOR)


def state_of(animal: Animal) -> tuple[AnimalState, UUID | None]:
    db.session.expire_all()
    found = db.session.get_one(Animal, animal.id)
    return found.state, found.merged_into_id


def heads() -> int:
    """What the kept counts say."""
    return int(db.session.scalar(select(func.sum(PopulationChange.heads))) or 0)


def test_a_merged_animal_is_counted_once_and_its_tag_leads_to_the_one_that_stands(context: Flask):
    keeper = make_keeper()
    kept, kept_tag = make_animal(keeper)
    gone, gone_tag = make_animal(keeper, eartag="5204 0017")
    done = merge(kept, gone)
    assert state_of(gone) == (AnimalState.MERGED, kept.id)
    assert heads() == 1
    facts = animals_by_tags([kept_tag, gone_tag])
    assert {code: (found.id, found.tag) for code, found in facts.items()} == {
        kept_tag: (kept.id, kept_tag),
        gone_tag: (kept.id, kept_tag),
    }
    assert animals_by_ids([gone.id])[gone.id].id == kept.id
    assert tag_of(IdentifierKind.TAG, gone_tag, by=OPERATOR) == gone_tag
    assert tag_of(IdentifierKind.EARTAG, "5204 0017", by=OPERATOR) == kept_tag
    record, _ = record_with_history(gone_tag, by=OPERATOR)
    assert (record.id, record.tag, record.read_as) == (kept.id, kept_tag, gone_tag)
    assert record.end_reason is EndReason.MERGED
    assert same_animals(gone.id) == same_animals(kept.id) == [kept.id, gone.id]
    ended = {name.end_reason for name in identifiers_of(gone.id)}
    assert ended == {EndReason.MERGED}
    assert len(done.identifiers) == 2


def test_a_code_that_was_replaced_shows_the_tag_of_now(context: Flask):
    animal, old = make_animal()
    with transaction():
        retag_animal(RetagAnimal(animal_id=animal.id, why=EndReason.LOST), by=OPERATOR)
    new = live_tags([animal.id])[animal.id].value
    record, _ = record_with_history(old, by=OPERATOR)
    assert (record.read_as, record.tag, record.end_reason) == (old, new, EndReason.LOST)


def test_doses_of_both_records_count_and_one_day_once(context: Flask):
    kept, gone = two_records()
    kept_tag = live_tags([kept.id])[kept.id].value
    vaccinate(doses([kept.id, gone.id], given_at=days_ago(20)))
    vaccinate(doses([gone.id], given_at=days_ago(10)))
    merge(kept, gone)
    days = [today() - timedelta(days=20), today() - timedelta(days=10)]
    assert doses_of([kept.id])[kept.id] == {Disease.LSD: days}
    _, history = record_with_history(kept_tag, by=OPERATOR)
    assert [line.given_on for line in history] == [days[1], days[0], days[0]]
    assert len(public_history(kept.id)) == 3
    vaccinate(doses([kept.id], given_at=days_ago(10)))
    assert [line.standing for line in record_with_history(kept_tag, by=OPERATOR)[1]].count(
        "double"
    ) == 1


def test_what_is_due_is_asked_of_the_one_that_stands(context: Flask):
    kept, gone = two_records()
    vaccinate(doses([gone.id], given_at=days_ago(29)))
    with transaction():
        db.session.scalars(select(Vaccination)).one().next_due = today() + timedelta(days=3)
    merge(kept, gone)
    assert due_soon(by=OPERATOR) == {LUNYUK_REA: 1}
    (due,) = due_in_village(LUNYUK_REA, by=OPERATOR, most=10)
    assert (due.animal.id, due.disease) == (kept.id, Disease.LSD)
    vaccinate(doses([kept.id], given_at=days_ago(1)))
    assert due_soon(by=OPERATOR) == {}


def test_unmerged_it_is_as_it_was_also_when_the_other_changed_meanwhile(context: Flask):
    kept, gone = two_records(eartag="")
    tag = live_tags([gone.id])[gone.id].value
    done = merge(kept, gone)
    with transaction():
        correct_animal(
            CorrectAnimal(animal_id=kept.id, values={"colour": "putih"}, reason="salah tulis"),
            by=OPERATOR,
        )
    unmerge(done)
    assert state_of(gone) == (AnimalState.PRESENT, None)
    assert live_tags([gone.id])[gone.id].value == tag
    assert animals_by_tags([tag])[tag].id == gone.id
    assert db.session.get_one(Animal, kept.id).colour == "putih"
    assert db.session.get_one(Animal, gone.id).state_at is None
    assert same_animals(kept.id) == [kept.id]
    assert heads() == 2
    kinds = db.session.scalars(
        select(Observation.kind).where(Observation.animal_id == gone.id).order_by(Observation.id)
    )
    assert list(kinds) == [
        ObservationKind.REGISTERED, ObservationKind.MERGED, ObservationKind.UNMERGED,
    ]  # fmt: skip
    with pytest.raises(AlreadyUnmerged):
        unmerge(done)


def test_a_merge_stands_when_the_animal_went_its_way_since(context: Flask):
    kept, gone = two_records()
    done = merge(kept, gone)
    vaccinate(doses([kept.id], given_at=days_ago(0)))
    theft = RecordMutation(
        kind=MutationKind.THEFT, animal_ids=(kept.id,), happened_on=today(),
        details={"place": "kandang", "police_no": "LP/1"},
    )  # fmt: skip
    with transaction():
        record_mutation(theft, by=OPERATOR)
    with pytest.raises(LivedOn):
        unmerge(done)
    with transaction():
        undo_mutation(UndoMutation(mutation_id=theft.id, reason="keliru"), by=OPERATOR)
    holding.wire({"permit": lambda ids: set(ids) & {kept.id}})
    with pytest.raises(AnimalHeld):
        unmerge(done)
    holding.wire({})
    proposal = ProposeTransfer(
        kind=MutationKind.SALE, animal_ids=(kept.id,), to_keeper_id=make_keeper().id,
        happened_on=today(), price=9_000_000,
    )  # fmt: skip
    with transaction():
        propose_transfer(proposal, by=OPERATOR)
    with pytest.raises(InOpenMutation):
        unmerge(done)
    with transaction():
        cancel_transfer(CancelTransfer(mutation_id=proposal.id, reason="batal"), by=OPERATOR)
    unmerge(done)
    assert state_of(gone) == (AnimalState.PRESENT, None)


def test_a_chain_leads_to_its_end_and_comes_apart_where_it_is_cut(context: Flask):
    keeper = make_keeper()
    (a, tag), b, c, d = make_animal(keeper), *(make_animal(keeper)[0] for _ in range(3))
    merge(b, a)
    middle = merge(c, b)
    merge(d, c)
    assert {standing_animal_id(one.id) for one in (a, b, c, d)} == {d.id}
    assert same_animals(a.id) == [d.id, *sorted([a.id, b.id, c.id])]
    unmerge(middle)
    assert state_of(b) == (AnimalState.PRESENT, None)
    assert state_of(a) == (AnimalState.MERGED, b.id)
    assert state_of(c) == (AnimalState.MERGED, d.id)
    assert animals_by_tags([tag])[tag].id == b.id
    assert heads() == 2


def test_what_does_not_fit_together_is_refused(context: Flask):
    keeper = make_keeper()
    bull, cow = make_animal(keeper)[0], make_animal(keeper, sex=Sex.FEMALE)[0]
    with pytest.raises(KindsDiffer):
        merge(bull, cow)
    with pytest.raises(OwnersDiffer):
        merge(bull, make_animal()[0])
    with pytest.raises(SameRecord):
        merge(bull, bull)
    with pytest.raises(NeedsReason):
        merge(*two_records(keeper), reason="  ")
    assert not db.session.scalars(select(Merge)).all()


def test_only_the_present_are_merged(context: Flask):
    kept, gone = two_records()
    with transaction():
        record_mutation(
            RecordMutation(
                kind=MutationKind.DEATH, animal_ids=(gone.id,), happened_on=today(),
                details={"cause": "sakit"},
            ),
            by=OPERATOR,
        )  # fmt: skip
    with pytest.raises(NotBothPresent):
        merge(kept, gone)


def test_an_animal_that_is_being_sold_waits(context: Flask):
    kept, gone = two_records()
    buyer = make_keeper()
    with transaction():
        propose_transfer(
            ProposeTransfer(
                kind=MutationKind.SALE, animal_ids=(gone.id,), to_keeper_id=buyer.id,
                happened_on=today(), price=9_000_000,
            ),
            by=OPERATOR,
        )  # fmt: skip
    with pytest.raises(InOpenMutation):
        merge(kept, gone)


def test_an_animal_that_something_holds_waits(context: Flask):
    kept, gone = two_records()
    holding.wire({"permit": lambda ids: set(ids) & {gone.id}})
    with pytest.raises(AnimalHeld):
        merge(kept, gone)


def test_who_may_not_review_may_not_merge_and_elsewhere_there_is_no_such_animal(context: Flask):
    kept, gone = two_records()
    vet, elsewhere = actor_for(Role.VET, LUNYUK), actor_for(Role.CLERK, LUNYUK_ODE)
    with pytest.raises(Forbidden):
        merge(kept, gone, by=vet)
    with pytest.raises(NotFound):
        merge(kept, gone, by=elsewhere)
    head = actor_for(Role.UPT_HEAD, LUNYUK)
    done = merge(kept, gone, by=head)
    with pytest.raises(NotFound), transaction():
        unmerge_animals(UnmergeAnimals(merge_id=done.id, reason="?"), by=elsewhere)
    assert not merges(by=elsewhere).items
    assert [one.id for one in merges(by=OPERATOR).items] == [done.id]


def test_the_same_merge_twice_is_done_once(context: Flask):
    kept, gone = two_records()
    command = MergeAnimals(kept_id=kept.id, gone_id=gone.id, reason="sama")
    for _ in range(2):
        with transaction():
            merge_animals(command, by=OPERATOR)
    assert db.session.scalar(select(func.count(Merge.id))) == 1
    with pytest.raises((NotBothPresent, PairDecided)):
        merge(kept, gone)
    undo = UnmergeAnimals(merge_id=command.id, reason="dua ekor")
    for _ in range(2):
        with transaction():
            unmerge_animals(undo, by=OPERATOR)
    assert heads() == 2


def test_a_pair_that_was_told_apart_is_never_proposed_again(context: Flask):
    one, other = two_records(birth_date=date(2024, 1, 1))
    assert search() == 1
    assert count_open_pairs(by=OPERATOR) == 1
    told = TellApart(first_id=one.id, second_id=other.id, reason="tanduk lain")
    with pytest.raises(NeedsReason), transaction():
        tell_apart(TellApart(first_id=one.id, second_id=other.id, reason=""), by=OPERATOR)
    for _ in range(2):
        with transaction():
            tell_apart(told, by=OPERATOR)
    search()
    assert not open_pairs(by=OPERATOR).items
    (pair,) = pairs().values()
    assert (pair.state, pair.reason) == (PairState.DIFFERENT, "tanduk lain")
    with pytest.raises(PairDecided):
        merge(one, other)
    merge(one, other, state_seen=PairState.DIFFERENT)
    assert state_of(other) == (AnimalState.MERGED, one.id)


def test_the_likeliest_pairs_come_first_and_only_those_in_reach(context: Flask):
    two_records(birth_date=date(2024, 1, 1))
    two_records(birth_date=date(2024, 1, 1), ears="utuh", whorls="satu")
    search()
    assert [pair.points for pair in open_pairs(by=OPERATOR).items] == [78, 50]
    assert not open_pairs(by=actor_for(Role.CLERK, LUNYUK_ODE)).items
    vet = actor_for(Role.VET)
    with pytest.raises(Forbidden):
        open_pairs(by=vet)


def test_a_registration_is_compared_when_the_worker_hears_of_it(context: Flask):
    two_records(birth_date=date(2024, 1, 1))
    assert not pairs()
    while events.deliver_next():
        pass
    assert len(pairs()) == 1
    for event in db.session.scalars(select(Event).where(Event.name == "animal.registered")):
        look_for_doubles(event)
    assert len(pairs()) == 1


def at_once(app: Flask, deeds: list[Deed]) -> list[str]:
    """What each got: done, or the code of its error."""
    start = Barrier(len(deeds), timeout=120)

    def run(deed: Deed) -> str:
        with app.app_context():
            start.wait()
            try:
                deed()
            except (NotBothPresent, PairDecided, Clash, AlreadyUnmerged) as error:
                return error.code
            return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_of_two_who_merge_at_once_in_both_directions_one_does(app: Flask):
    with app.app_context():
        one, other = two_records()
    answers = at_once(app, [lambda: merge(one, other), lambda: merge(other, one)])
    assert answers.count("done") == 1
    with app.app_context():
        assert heads() == 1
        assert db.session.scalar(select(func.count(Merge.id))) == 1


def test_of_two_who_decide_otherwise_at_once_one_is_told(app: Flask):
    with app.app_context():
        one, other = two_records(birth_date=date(2024, 1, 1))
        search()

    def apart() -> None:
        with transaction():
            told = TellApart(first_id=one.id, second_id=other.id, reason="lain")
            tell_apart(told, by=OPERATOR)

    answers = at_once(app, [lambda: merge(one, other), apart])
    assert sorted(answers) == ["done", "pair-decided"]


def test_cutting_a_chain_while_it_grows_leaves_it_whole(app: Flask):
    with app.app_context():
        keeper = make_keeper()
        a, b, c = (make_animal(keeper)[0] for _ in range(3))
        first = merge(b, a)
    answers = at_once(app, [lambda: merge(c, b), lambda: unmerge(first)])
    assert "done" in answers
    with app.app_context():
        if answers[1] != "done":
            unmerge(first)
        assert state_of(a) == (AnimalState.PRESENT, None)
        assert state_of(b) == (AnimalState.MERGED, c.id)
        assert heads() == 2
