"""Whose a hamlet is, when animals go from one to another."""

from uuid import UUID

from flask import Flask

from sijinak.animals.changing import Circumstances, change_animal, put_back
from sijinak.animals.models import Animal, Observation, ObservationKind, Verification
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.privacy.histories import History, histories_of
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK_REA


def test_a_sale_that_moves_nothing_leaves_the_hamlet_to_who_wrote_it(context: Flask):
    animal, seller, buyer = _herd()
    _change(animal, keeper_id=buyer)
    assert _history(seller, animal).hamlet_of == {seller}
    _change(animal, hamlet="Dusun Baru")
    history = _history(seller, animal)
    assert history.hamlet_of == {buyer}
    assert [step.held_by for step in history.steps] == [{seller}, {seller, buyer}, {buyer}]
    assert history.steps[-1].before_of == {seller}
    assert history.steps[-1].after_of == {buyer}


def test_a_sale_that_is_undone_gives_the_hamlet_back(context: Flask):
    animal, seller, buyer = _herd()
    sale = _change(animal, keeper_id=buyer, hamlet="Dusun Baru")
    seen = _seen(ObservationKind.UNDONE)
    with transaction():
        put_back(sale, seen, by=OPERATOR)
    history = _history(buyer, animal)
    assert history.hamlet_of == {seller}
    assert history.steps[-1].before_of == {buyer}


def test_who_undoes_a_hamlet_gives_it_back_to_who_wrote_it(context: Flask):
    """The buyer corrects the hamlet, and the correction is undone: it is the seller's again."""
    animal, seller, buyer = _herd()
    _change(animal, keeper_id=buyer)
    corrected = _change(animal, hamlet="Dusun Baru")
    with transaction():
        put_back(corrected, _seen(ObservationKind.UNDONE), by=OPERATOR)
    assert _history(seller, animal).hamlet_of == {seller}


def test_where_somebody_raises_an_animal_is_of_both(context: Flask):
    animal, owner, raiser = _herd()
    _change(animal, raiser_id=raiser, hamlet="Dusun Penggaduh")
    assert _history(raiser, animal).hamlet_of == {owner, raiser}
    _change(animal, raiser_id=None)
    assert len(_history(raiser, animal).steps) == 3


def _herd() -> tuple[Animal, UUID, UUID]:
    seller, other = make_keeper(), make_keeper()
    return make_animal(seller, hamlet="Dusun Lama")[0], seller.id, other.id


def _change(animal: Animal, **values: object) -> Observation:
    with transaction():
        return change_animal(animal, values, _seen(ObservationKind.MUTATED), by=OPERATOR)


def _seen(kind: ObservationKind) -> Circumstances:
    return Circumstances(kind=kind, basis=Verification.DECLARED, village=LUNYUK_REA)


def _history(keeper_id: UUID, animal: Animal) -> History:
    (found,) = histories_of(keeper_id)
    assert found.animal_id == animal.id
    return found
