"""People, herds and transfers on every stage of their way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any
from uuid import UUID

from flask import Flask

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Animal, Sex
from sijinak.animals.mutations.models import Mutation, MutationKind, MutationState, Side
from sijinak.animals.mutations.services import (
    AcknowledgeTransfer,
    AnswerTransfer,
    ProposeTransfer,
    RecordMutation,
    Refusal,
    acknowledge_transfer,
    answer_transfer,
    propose_transfer,
    record_mutation,
)
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import Actor
from sijinak.keepers.models import Keeper
from tests.animals.factories import firm, make_animal, make_keeper, person
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for

K = MutationKind
TOLD: dict[MutationKind, dict[str, Any]] = {
    K.DEATH: {"details": {"cause": "sakit", "disposal": "dikubur"}},
    K.SLAUGHTER: {"details": {"place": "RPH Sumbawa", "purpose": "rph"}},
    K.THEFT: {"details": {"police_no": "LP/12/XI/2026"}},
    K.FOUND: {},
    K.MOVE: {"to_village": LUNYUK_ODE, "to_hamlet": "Dusun Baru"},
}


@dataclass(frozen=True)
class Village:
    """Whoever has a part in a sale, with an account each."""

    seller: Keeper
    buyer: Keeper
    owner: SignedIn  # the seller's account
    trader: SignedIn  # the buyer's account
    vet: SignedIn
    clerk: SignedIn
    head: SignedIn


def make_village() -> Village:
    seller, buyer = make_keeper(), make_keeper(firm())
    return Village(
        seller=seller,
        buyer=buyer,
        owner=actor_for(Role.TRADER, keeper_id=seller.id),
        trader=actor_for(Role.TRADER, keeper_id=buyer.id),
        vet=actor_for(Role.VET, LUNYUK),
        clerk=actor_for(Role.CLERK, LUNYUK),
        head=actor_for(Role.VILLAGE_HEAD, LUNYUK_REA),
    )


def make_cow(keeper: Keeper | None = None, **fields: Any) -> Animal:
    return make_animal(keeper, **{"sex": Sex.FEMALE, **fields})[0]


def recorded(kind: MutationKind, *animals: Animal, by: Actor, **fields: Any) -> Mutation:
    with transaction():
        return record_mutation(record(kind, *animals, **fields), by=by)


def record(kind: MutationKind, *animals: Animal, **fields: Any) -> RecordMutation:
    told = {"happened_on": today(), **TOLD[kind], **fields}
    return RecordMutation(kind=kind, animal_ids=tuple(a.id for a in animals), **told)


def proposal(there: Village, *animals: Animal, **fields: Any) -> ProposeTransfer:
    told = {"kind": K.SALE, "to_keeper_id": there.buyer.id, "happened_on": today(), **fields}
    return ProposeTransfer(animal_ids=tuple(a.id for a in animals), **told)


def proposed(there: Village, *animals: Animal, by: Actor | None = None, **fields: Any) -> Mutation:
    with transaction():
        return propose_transfer(proposal(there, *animals, **fields), by=by or there.clerk)


def answered(
    mutation: Mutation, side: Side, by: Actor, *refused: UUID, note: str = "KTP dilihat"
) -> Mutation:
    refusals = tuple(Refusal(animal_id=one, reason="pincang") for one in refused)
    command = AnswerTransfer(mutation_id=mutation.id, side=side, refusals=refusals, note=note)
    with transaction():
        return answer_transfer(command, by=by)


def agreed(there: Village, *animals: Animal, **fields: Any) -> Mutation:
    """Both sides have answered by their accounts."""
    mutation = proposed(there, *animals, by=there.owner, **fields)
    return answered(mutation, Side.RECEIVER, there.trader)


def acknowledged(mutation: Mutation, by: Actor, *refused: UUID) -> Mutation:
    refusals = tuple(Refusal(animal_id=one, reason="tidak ada") for one in refused)
    with transaction():
        return acknowledge_transfer(
            AcknowledgeTransfer(mutation_id=mutation.id, refusals=refusals), by=by
        )


def sold(there: Village, *animals: Animal, **fields: Any) -> Mutation:
    mutation = acknowledged(agreed(there, *animals, **fields), there.head)
    assert mutation.state is MutationState.DONE
    return mutation


def now_known(animal: Animal) -> Animal:
    """As the table has it, also after another thread wrote."""
    db.session.rollback()
    return db.session.get_one(Animal, animal.id, populate_existing=True)


def other_person(**fields: Any) -> Keeper:
    return make_keeper(person(name="Siti Rahma", **fields))


def at_once(app: Flask, *deeds: Callable[[], Any]) -> list[str]:
    """Each deed in a thread of its own, all at one moment: ``done``, or the name of the error."""
    start = Barrier(len(deeds), timeout=120)

    def run(deed: Callable[[], Any]) -> str:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    deed()
            except Exception as error:  # noqa: BLE001 - the test compares names
                return type(error).__name__
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))
