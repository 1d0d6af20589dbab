"""What is done about a line, and that nothing changes without it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    Identifier,
    IdentifierKind,
    Observation,
    ObservationKind,
    Verification,
)
from sijinak.animals.mutations.models import Mutation, MutationKind
from sijinak.animals.mutations.services import ProposeTransfer, propose_transfer
from sijinak.animals.mutations.writing import NeedsReason
from sijinak.animals.queries import identifier_of, live_tags
from sijinak.animals.services import NotPresent, SeenWithoutMarks
from sijinak.animals.stocktake.acting import (
    LineDone,
    NotForThisLine,
    NotRegistered,
    TransferMissing,
)
from sijinak.animals.stocktake.models import LineAction, StockTake
from sijinak.animals.stocktake.queries import progress_of
from sijinak.animals.stocktake.services import ConfirmAll, confirm_all
from sijinak.core.clock import clock, now, today
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import make_animal, make_keeper
from tests.animals.stocktake.takes import act, begin, compare, line_with, scan
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for

A = LineAction
STRANGER = tag_code_of(77)
LONG_AGO = timedelta(days=400)


@pytest.fixture(autouse=True)
def _context(context: Flask) -> None:
    """Every test runs inside the app's context."""


def old_animal(**fields: Any) -> tuple[Animal, str]:
    """Seen more than a year ago, when it was declared not at all."""
    with clock.reading(now() - LONG_AGO):
        return make_animal(**fields)


def missing(**fields: Any) -> tuple[Animal, str, StockTake]:
    animal, tag = old_animal(**fields)
    taken = begin()
    compare(taken)
    return animal, tag, taken


def now_of(animal: Animal) -> Animal:
    db.session.expire_all()
    return db.session.get_one(Animal, animal.id)


def observations(animal_id: UUID) -> list[Observation]:
    asked = select(Observation).where(Observation.animal_id == animal_id)
    return list(db.session.scalars(asked.order_by(Observation.id)))[1:]


def test_nothing_changes_without_an_action():
    animal, tag = old_animal()
    before = animal.seen_at
    taken = begin()
    scan(taken, tag)
    compare(taken)
    assert now_of(animal).seen_at == before
    assert not observations(animal.id)


def test_confirmed_it_was_seen_when_it_was_scanned_and_its_marks_stay():
    animal, tag = old_animal(colour="merah bata")
    vet = actor_for(Role.VET, LUNYUK)
    taken = begin()
    scan(taken, tag, by=vet)
    compare(taken)
    line = act(taken, tag, A.CONFIRMED)
    found = now_of(animal)
    assert (found.seen_at, found.seen_by) == (line.scanned_at, vet.id)
    assert found.colour == "merah bata"
    (seen,) = observations(animal.id)
    assert (seen.kind, seen.basis) == (ObservationKind.SEEN, Verification.SEEN)
    assert set(seen.after) == {"seen_at", "seen_by"}


def test_all_at_once_but_those_without_a_mark():
    (_, plain), (bare, bare_tag) = (
        old_animal(),
        old_animal(colour="", verification=Verification.DECLARED),
    )
    declared, declared_tag = old_animal(verification=Verification.DECLARED)
    taken = begin()
    scan(taken, plain, bare_tag, declared_tag)
    compare(taken)
    command = ConfirmAll(stock_take_id=taken.id)
    with transaction():
        assert confirm_all(command, by=OPERATOR) == 2
    with transaction():
        assert confirm_all(command, by=OPERATOR) == 0
    assert now_of(declared).verification is Verification.SEEN
    assert now_of(bare).seen_at is None
    assert progress_of(taken).left == 1
    with pytest.raises(SeenWithoutMarks):
        act(taken, bare_tag, A.CONFIRMED)


def test_still_there_is_the_owners_word_and_no_sight():
    animal, tag, taken = missing()
    before = animal.seen_at
    act(taken, tag, A.STILL_THERE, note="di padang")
    assert now_of(animal).seen_at == before
    (told,) = observations(animal.id)
    assert (told.basis, told.reason, told.after) == (Verification.DECLARED, "di padang", {})


@pytest.mark.parametrize(
    ("action", "told", "kind", "state"),
    [
        (A.DEAD, {"cause": "sakit"}, MutationKind.DEATH, AnimalState.DEAD),
        (A.STOLEN, {"police_no": "LP/1"}, MutationKind.THEFT, AnimalState.STOLEN),
        (A.SLAUGHTERED, {"place": "RPH"}, MutationKind.SLAUGHTER, AnimalState.SLAUGHTERED),
        (A.MOVED, {"to_village": LUNYUK_ODE}, MutationKind.MOVE, AnimalState.PRESENT),
    ],
)
def test_what_became_of_it_is_a_mutation(
    action: LineAction, told: dict[str, Any], kind: MutationKind, state: AnimalState
):
    animal, tag, taken = missing()
    line = act(taken, tag, action, happened_on=today(), **told)
    mutation = db.session.get_one(Mutation, line.mutation_id)
    assert mutation.kind is kind
    assert now_of(animal).state is state
    assert now_of(animal).village == told.get("to_village", LUNYUK_REA)


def test_a_sale_is_proposed_first():
    animal, tag, taken = missing()
    with pytest.raises(TransferMissing):
        act(taken, tag, A.SOLD)
    buyer = make_keeper()
    with transaction():
        proposed = propose_transfer(
            ProposeTransfer(
                kind=MutationKind.SALE, animal_ids=(animal.id,), to_keeper_id=buyer.id,
                happened_on=today(), price=8_000_000,
            ),
            by=OPERATOR,
        )  # fmt: skip
    assert act(taken, tag, A.SOLD).mutation_id == proposed.id


def test_a_lost_tag_is_replaced():
    animal, tag, taken = missing()
    new = tag_code_of(5)
    act(taken, tag, A.TAG_LOST, code=new)
    assert live_tags([animal.id])[animal.id].value == new
    old = identifier_of(IdentifierKind.TAG, tag)
    assert old
    assert old.end_reason is EndReason.LOST


def test_an_unknown_tag_is_put_on_the_animal_that_wears_it():
    animal, _ = make_animal()
    taken = begin()
    scan(taken, STRANGER, "5204-9999")
    with pytest.raises(NotRegistered):
        act(taken, STRANGER, A.TAG_LOST)
    line = act(taken, STRANGER, A.TAG_LOST, animal_id=animal.id)
    assert (line.animal_id, bool(line.mutation_id)) == (animal.id, True)
    assert live_tags([animal.id])[animal.id].value == STRANGER
    act(taken, "5204-9999", A.TAG_LOST, animal_id=animal.id)
    number = db.session.scalars(
        select(Identifier).where(Identifier.kind == IdentifierKind.EARTAG)
    ).one()
    assert (number.animal_id, number.value) == (animal.id, "5204-9999")


def test_an_unknown_code_is_registered_first():
    taken = begin()
    scan(taken, STRANGER)
    with pytest.raises(NotRegistered):
        act(taken, STRANGER, A.REGISTERED)
    animal, _ = make_animal(tag=STRANGER)
    assert act(taken, STRANGER, A.REGISTERED).animal_id == animal.id


def test_nothing_needs_a_reason_and_each_line_has_one_action():
    _, tag, taken = missing()
    with pytest.raises(NeedsReason):
        act(taken, tag, A.NOTHING, note="  ")
    with pytest.raises(NotForThisLine):
        act(taken, tag, A.REGISTERED)
    act(taken, tag, A.NOTHING, note="hutan lebat")
    with pytest.raises(LineDone):
        act(taken, tag, A.STILL_THERE)
    assert line_with(taken, tag).action_note == "hutan lebat"


def test_an_animal_that_died_meanwhile_was_not_seen():
    animal, tag = old_animal()
    taken = begin()
    scan(taken, tag)
    compare(taken)
    with transaction():
        db.session.get_one(Animal, animal.id).state = AnimalState.DEAD
    with pytest.raises(NotPresent):
        act(taken, tag, A.CONFIRMED)
    with transaction():
        assert confirm_all(ConfirmAll(stock_take_id=taken.id), by=OPERATOR) == 0


def test_who_may_not_or_is_elsewhere_changes_nothing():
    animal, tag, taken = missing()
    with pytest.raises(Forbidden):
        act(taken, tag, A.STILL_THERE, by=actor_for(Role.KABID))
    elsewhere = actor_for(Role.VET, LUNYUK_ODE)
    with pytest.raises(NotFound):
        act(taken, tag, A.STILL_THERE, by=elsewhere)
    assert not observations(animal.id)
    assert line_with(taken, tag).action is None


def test_an_animal_of_another_area_is_left_to_its_office():
    _, tag = make_animal(village="52.04.05.2001")
    vet = actor_for(Role.VET, LUNYUK)
    taken = begin()
    scan(taken, tag, by=vet)
    with pytest.raises(NotFound):
        act(taken, tag, A.MOVED, by=vet, to_village=LUNYUK_REA, happened_on=date(2026, 1, 1))
    act(taken, tag, A.NOTHING, by=vet, note="dikabarkan ke UPT-nya")
