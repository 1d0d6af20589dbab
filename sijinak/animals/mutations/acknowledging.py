"""The village head lets a transfer pass, at any hour: then the animals change hands."""

from collections.abc import Mapping
from uuid import UUID

from sijinak.animals.changing import change_animal
from sijinak.animals.holding import holding
from sijinak.animals.models import Animal, AnimalState, Verification
from sijinak.animals.mutations.answering import TransferOver, refuse_animals
from sijinak.animals.mutations.commands import AcknowledgeTransfer, Refusal
from sijinak.animals.mutations.models import (
    MUTATION_FLOW,
    AnswerWay,
    Mutation,
    MutationKind,
    Side,
)
from sijinak.animals.mutations.queries import (
    animals_held,
    consents_of,
    lines_of,
    links_of,
    mutation_to_change,
)
from sijinak.animals.mutations.transfers import (
    check_sides,
    close,
    consent,
    end_links,
    is_a_side,
    owner_of,
)
from sijinak.animals.mutations.writing import Facts, circumstances, finish, register_number
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require

GONE = "gone"  # the reason of what dropped out by itself; people read a sentence instead
K = MutationKind


class HadAHand(Forbidden):
    """Whoever proposed it, answered for a side, or is one, does not acknowledge it too."""

    code = "had-a-hand"


def acknowledge_transfer(command: AcknowledgeTransfer, *, by: Actor) -> Mutation:
    """Raises NotFound, HadAHand, WrongState, TransferOver, AnimalHeld, NotInIt, NeedsReason."""
    require(by, Permission.MUTATION_ACKNOWLEDGE)
    mutation = mutation_to_change(command.mutation_id)
    if not may(by, Permission.MUTATION_ACKNOWLEDGE, region=mutation.region):
        raise NotFound(mutation_id=str(mutation.id))
    if not first_time(command, by=by):
        return mutation
    step = MUTATION_FLOW.step(mutation.state, "acknowledge")
    if had_a_hand(mutation, by):
        raise HadAHand
    if mutation.expires_at is not None and mutation.expires_at <= now():
        raise TransferOver
    refuse_animals(mutation, Side.VILLAGE, command.refusals)
    animals = _still_there(mutation)
    db.session.add(consent(mutation, Side.VILLAGE, AnswerWay.ACCOUNT, by=by, note=command.note))
    if not animals:
        close(mutation, "turn down", command.note, by=by)
        return mutation
    holding.refuse(list(animals))
    check_sides(mutation.from_keeper_id, mutation.to_keeper_id)
    end_links(mutation)
    mutation.state = step.target
    _hand_over(mutation, animals, by=by)
    events.record(
        "mutation.acknowledged", mutation, by=by, region=mutation.region, kind=mutation.kind,
        animals=len(animals), number=register_number(mutation),
    )  # fmt: skip
    return mutation


def had_a_hand(mutation: Mutation, by: Actor) -> bool:
    """Also by handing out the link on which a side answered, or as that side's own account."""
    hands = {mutation.recorded_by}
    hands |= {consent.by_id for consent in consents_of(mutation.id).values()}
    hands |= {link.made_by for link in links_of(mutation.id)}
    return by.id in hands or is_a_side(mutation, by)


def _still_there(mutation: Mutation) -> dict[UUID, Animal]:
    """The animals to hand over. What was lost or changed hands meanwhile drops out."""
    lines = [line.animal_id for line in lines_of(mutation.id) if line.is_open]
    owner = owner_of(mutation)
    held = {animal.id: animal for animal in animals_held(lines)}
    gone = [
        animal.id
        for animal in held.values()
        if animal.state is not AnimalState.PRESENT or animal.keeper_id != owner
    ]
    refuse_animals(mutation, Side.VILLAGE, [Refusal(animal_id=one, reason=GONE) for one in gone])
    return {one: animal for one, animal in held.items() if one not in gone}


def _hand_over(mutation: Mutation, animals: Mapping[UUID, Animal], *, by: Actor) -> None:
    facts = Facts(
        id=mutation.id,
        kind=mutation.kind,
        happened_on=mutation.happened_on,
        reason=mutation.reason,
        details={},
    )
    seen = circumstances(facts, mutation.region, Verification.DECLARED)
    for line in lines_of(mutation.id):
        if line.is_open:
            animal = animals[line.animal_id]
            observation = change_animal(animal, _values(mutation, animal), seen, by=by)
            db.session.flush()
            line.is_open, line.observation_id = False, observation.id
    finish(mutation, list(animals), by=by)


def _values(mutation: Mutation, animal: Animal) -> dict[str, object]:
    values: dict[str, object] = {}
    if mutation.to_village:
        hamlet = mutation.details.get("to_hamlet", "")
        values |= {"village": mutation.to_village, "hamlet": hamlet}
    if mutation.kind in {K.SHARING, K.SHARING_END}:
        raiser = mutation.to_keeper_id if mutation.kind is K.SHARING else None
        return values | {"raiser_id": raiser}
    if animal.raiser_id == mutation.to_keeper_id:
        values["raiser_id"] = None
    return values | {"keeper_id": mutation.to_keeper_id}
