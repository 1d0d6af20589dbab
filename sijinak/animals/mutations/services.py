"""What becomes of animals, recorded at once by an officer. The other ways stand beside it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sijinak.animals.changing import change_animal
from sijinak.animals.holding import holding
from sijinak.animals.models import Animal, AnimalState, Verification
from sijinak.animals.mutations.acknowledging import acknowledge_transfer
from sijinak.animals.mutations.answering import answer_transfer
from sijinak.animals.mutations.arriving import record_birth, record_purchase
from sijinak.animals.mutations.commands import (
    AcknowledgeTransfer,
    AnswerTransfer,
    CancelTransfer,
    CorrectAnimal,
    ProposeTransfer,
    RecordBirth,
    RecordMutation,
    RecordPurchase,
    Refusal,
    RetagAnimal,
    UndoMutation,
)
from sijinak.animals.mutations.correcting import correct_animal
from sijinak.animals.mutations.models import Mutation, MutationKind
from sijinak.animals.mutations.retagging import retag_animal
from sijinak.animals.mutations.transfers import cancel_transfer, propose_transfer
from sijinak.animals.mutations.undoing import undo_mutation
from sijinak.animals.mutations.writing import (
    Facts,
    check_animals,
    circumstances,
    moment_of,
    only_owner,
    write_done,
)
from sijinak.animals.queries import animals_to_change
from sijinak.areas.queries import VILLAGES, places
from sijinak.core.db import db
from sijinak.core.errors import Invalid
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require

__all__ = [
    "AcknowledgeTransfer",
    "AnswerTransfer",
    "CancelTransfer",
    "CorrectAnimal",
    "ProposeTransfer",
    "RecordBirth",
    "RecordMutation",
    "RecordPurchase",
    "Refusal",
    "RetagAnimal",
    "UndoMutation",
    "acknowledge_transfer",
    "answer_transfer",
    "cancel_transfer",
    "correct_animal",
    "propose_transfer",
    "record_birth",
    "record_mutation",
    "record_purchase",
    "retag_animal",
    "undo_mutation",
]

K = MutationKind


class NotRecordedAtOnce(Invalid):
    """The kind has another way, with fields or agreements of its own."""

    code = "not-recorded-at-once"


class NeedsPoliceNumber(Invalid):
    code = "needs-police-number"


class NeedsCause(Invalid):
    code = "needs-cause"


class NeedsPlace(Invalid):
    code = "needs-place"


class MovesNowhere(Invalid):
    """To a village of the register, and another place than where it stands."""

    code = "moves-nowhere"


def record_mutation(command: RecordMutation, *, by: Actor) -> Mutation:
    """Raises NotFound, the errors above, those of ``check_animals`` and AnimalHeld."""
    require(by, Permission.MUTATION_RECORD)
    animals = animals_to_change(command.animal_ids, by=by, permission=Permission.MUTATION_RECORD)
    if not first_time(command, by=by):
        return db.session.get_one(Mutation, command.id)
    if command.kind not in VALUES:
        raise NotRecordedAtOnce
    check_animals(command.kind, animals, command.happened_on)
    _check_told(command, animals)
    facts = Facts(
        id=command.id,
        kind=command.kind,
        happened_on=command.happened_on,
        reason=command.reason,
        from_keeper_id=only_owner(animals),
        to_village=command.to_village,
        details=command.details,
        file_id=command.file_id,
    )
    region = animals[0].village
    seen = circumstances(facts, region, Verification.DECLARED)
    values = VALUES[command.kind](command)
    changes = [change_animal(animal, values, seen, by=by) for animal in animals]
    return write_done(facts, region, changes, by=by)


def _check_told(command: RecordMutation, animals: Sequence[Animal]) -> None:
    """Each kind needs its own fact."""
    told = {name: text.strip() for name, text in command.details.items()}
    if command.kind is K.THEFT and not told.get("police_no"):
        raise NeedsPoliceNumber
    if command.kind is K.DEATH and not told.get("cause"):
        raise NeedsCause
    if command.kind is K.SLAUGHTER and not told.get("place"):
        raise NeedsPlace
    if command.kind is K.MOVE:
        there = (command.to_village, command.to_hamlet)
        known = places().get(command.to_village or "")
        if known is None or known.level not in VILLAGES:
            raise MovesNowhere
        if any((animal.village, animal.hamlet) == there for animal in animals):
            raise MovesNowhere
        holding.refuse([animal.id for animal in animals])


def _state(state: AnimalState) -> Callable[[RecordMutation], dict[str, Any]]:
    return lambda command: {"state": state, "state_at": moment_of(command.happened_on)}


# Which columns of the animals each kind sets.
VALUES: Mapping[MutationKind, Callable[[RecordMutation], dict[str, Any]]] = {
    K.DEATH: _state(AnimalState.DEAD),
    K.SLAUGHTER: _state(AnimalState.SLAUGHTERED),
    K.THEFT: _state(AnimalState.STOLEN),
    K.FOUND: lambda _: {"state": AnimalState.PRESENT, "state_at": None},
    K.MOVE: lambda command: {"village": command.to_village, "hamlet": command.to_hamlet},
}
