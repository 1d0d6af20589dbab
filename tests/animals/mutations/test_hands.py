"""Nobody is officer in their own affair, and nobody trades who may not."""

from dataclasses import replace

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.animals.mutations.answering import OwnSide, link_with, make_link
from sijinak.animals.mutations.commands import CancelTransfer, MakeLink, UndoMutation
from sijinak.animals.mutations.models import MutationState, Side
from sijinak.animals.mutations.services import cancel_transfer, undo_mutation
from sijinak.animals.mutations.transfers import SideSuspended, SideWithdrawn
from sijinak.animals.mutations.undoing import AnotherUndoes
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import NotFound
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper, Suspension
from sijinak.keepers.proving import LinkOver
from tests.animals.factories import make_animal
from tests.animals.mutations.deeds import (
    Village,
    acknowledged,
    agreed,
    answered,
    make_village,
    now_known,
    proposed,
    sold,
)
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def there(context: Flask) -> Village:
    return make_village()


def officer_of(keeper: Keeper) -> SignedIn:
    return replace(actor_for(Role.VET, LUNYUK), keeper_id=keeper.id)


def test_an_officer_states_no_answer_and_hands_out_no_link_in_their_own_sale(there: Village):
    mutation = proposed(there, make_animal(there.seller)[0])
    for officer in map(officer_of, (there.seller, there.buyer)):
        for side in (Side.GIVER, Side.RECEIVER):
            with pytest.raises(OwnSide):
                answered(mutation, side, officer)
            with pytest.raises(OwnSide), transaction():
                make_link(MakeLink(mutation_id=mutation.id, side=side), by=officer)
    elsewhere = actor_for(Role.VET, LUNYUK_ODE)
    with pytest.raises(NotFound), transaction():
        make_link(MakeLink(mutation_id=mutation.id, side=Side.GIVER), by=elsewhere)
    answered(mutation, Side.GIVER, there.vet)
    assert answered(mutation, Side.RECEIVER, there.vet).state is MutationState.AGREED


def test_a_second_officer_undoes_a_sale(there: Village):
    animal, _ = make_animal(there.seller)
    mutation = proposed(there, animal)  # by the clerk
    answered(mutation, Side.GIVER, there.vet)
    answered(mutation, Side.RECEIVER, there.trader)
    acknowledged(mutation, there.head)
    command = UndoMutation(mutation_id=mutation.id, reason="salah ternak")
    second = actor_for(Role.VET, LUNYUK)
    for by in (there.clerk, there.vet, officer_of(there.buyer)):
        with pytest.raises(AnotherUndoes), transaction():
            undo_mutation(command, by=by)
    for _ in range(2):
        with transaction():
            undo_mutation(command, by=second)
    assert now_known(animal).keeper_id == there.seller.id


def suspend(keeper: Keeper) -> None:
    with transaction():
        db.session.add(
            Suspension(
                keeper_id=keeper.id, since=today(), decree="SK 9/2026", reason="x",
                suspended_by=OPERATOR.id, suspended_at=now(),
            )
        )  # fmt: skip


def withdraw(keeper: Keeper) -> None:
    with transaction():
        db.session.get_one(Keeper, keeper.id).withdrawn_at = now()


@pytest.mark.parametrize("side", ["seller", "buyer"])
@pytest.mark.parametrize(
    ("stop", "error"), [(suspend, SideSuspended), (withdraw, SideWithdrawn)], ids=["susp", "gone"]
)
def test_who_may_not_trade_neither_gives_nor_receives(
    there: Village, side: str, stop: object, error: type[Exception]
):
    assert callable(stop)
    animal, _ = make_animal(there.seller)
    waiting = agreed(there, make_animal(there.seller)[0])
    stop(getattr(there, side))
    with pytest.raises(error):
        acknowledged(waiting, there.head)
    with pytest.raises(error):
        proposed(there, animal)
    assert now_known(animal).keeper_id == there.seller.id


def test_links_end_with_the_transfer(there: Village):
    mutation = proposed(there, make_animal(there.seller)[0])
    with transaction():
        secret = make_link(MakeLink(mutation_id=mutation.id, side=Side.RECEIVER), by=there.clerk)
    assert link_with(secret)
    with transaction():
        cancel_transfer(CancelTransfer(mutation_id=mutation.id, reason="batal"), by=there.clerk)
    with pytest.raises(LinkOver):
        link_with(secret)
    assert sold(there, make_animal(there.seller)[0])
