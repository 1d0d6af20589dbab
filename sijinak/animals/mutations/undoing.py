"""A mutation that was a mistake is taken back, while nothing later hangs on it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.changing import Circumstances, put_back
from sijinak.animals.hanging import hanging
from sijinak.animals.models import (
    EndReason,
    Identifier,
    IdentifierKind,
    Observation,
    ObservationKind,
    Verification,
)
from sijinak.animals.mutations.acknowledging import had_a_hand
from sijinak.animals.mutations.commands import UndoMutation
from sijinak.animals.mutations.models import AGREED_KINDS, MUTATION_FLOW, Mutation, MutationKind
from sijinak.animals.mutations.queries import animals_held, lines_of, mutation_to_change
from sijinak.animals.mutations.writing import NeedsReason
from sijinak.animals.naming import end, revive
from sijinak.animals.skkt.striking import unstrike_lines
from sijinak.animals.withdrawing import take_out
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require


class AnotherUndoes(Forbidden):
    """What two sides and the village head agreed on is undone by an officer with no hand in it."""

    code = "another-undoes"


def undo_mutation(command: UndoMutation, *, by: Actor) -> Mutation:
    """Raises NotFound, AnotherUndoes, NeedsReason, WrongState, ThingsHangOnIt, ChangedSince."""
    require(by, Permission.MUTATION_RECORD)
    mutation = mutation_to_change(command.mutation_id)
    if not may(by, Permission.MUTATION_RECORD, region=mutation.region):
        raise NotFound(mutation_id=str(mutation.id))
    if mutation.kind in AGREED_KINDS and had_a_hand(mutation, by):
        raise AnotherUndoes
    if not first_time(command, by=by):
        return mutation
    if not command.reason.strip():
        raise NeedsReason
    step = MUTATION_FLOW.step(mutation.state, "undo")
    heads = _put_back(mutation, _because(command, mutation), by=by)
    unstrike_lines(mutation.id, by=by)
    mutation.state = step.target
    mutation.ended_at, mutation.ended_by_name = now(), by.name
    mutation.ended_because = command.reason
    events.record(
        "mutation.undone", mutation, by=by, region=mutation.region, kind=mutation.kind,
        animals=heads, reason=command.reason,
    )  # fmt: skip
    return mutation


def _put_back(mutation: Mutation, seen: Circumstances, *, by: Actor) -> int:
    """All its animals as they were. The answer is how many."""
    lines = lines_of(mutation.id)
    changes = {line.animal_id: line.observation_id for line in lines if line.observation_id}
    animals = {animal.id: animal for animal in animals_held(changes)}
    hanging.refuse(_hung_on(mutation, changes), _since(mutation), cause_id=mutation.id)
    for animal_id, observation_id in changes.items():
        observation = db.session.get_one(Observation, observation_id)
        if observation.kind is ObservationKind.REGISTERED:
            take_out(animals[animal_id], seen, by=by)
        else:
            put_back(observation, seen, by=by)
    if mutation.kind is MutationKind.RETAG:
        _tag_back(mutation, by=by)
    return len(changes)


def _hung_on(mutation: Mutation, animal_ids: Iterable[UUID]) -> list[UUID]:
    """What a mother lived through later does not hang on this calf."""
    return [one for one in animal_ids if str(one) != mutation.details.get("dam")]


def _since(mutation: Mutation) -> datetime:
    return mutation.done_at or mutation.recorded_at


def _because(command: UndoMutation, mutation: Mutation) -> Circumstances:
    return Circumstances(
        kind=ObservationKind.UNDONE,
        basis=Verification.DECLARED,
        village=mutation.region,
        reason=command.reason,
        cause_id=mutation.id,
    )


def _tag_back(mutation: Mutation, *, by: Actor) -> None:
    """The new tag ends as a mistake, and the old one names the animal again."""
    new, old = (_tag(mutation.details[which]) for which in ("new", "old"))
    if new is not None:
        end(new, EndReason.MISTAKE, by=by, region=mutation.region)
        db.session.flush()
    if old is not None:
        revive(old, by=by, region=mutation.region)


def _tag(code: str) -> Identifier | None:
    asked = select(Identifier).where(
        Identifier.kind == IdentifierKind.TAG, Identifier.value == code
    )
    return db.session.scalar(asked)
