"""What every mutation has in common: a row, its animals, its numbers, a line in the trail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sijinak.animals.changing import Circumstances
from sijinak.animals.models import Animal, AnimalState, Observation, ObservationKind, Verification
from sijinak.animals.mutations.models import (
    AGREED_KINDS,
    Mutation,
    MutationAnimal,
    MutationKind,
    MutationState,
)
from sijinak.animals.mutations.queries import animals_in_open_mutation
from sijinak.animals.services import NotPresent
from sijinak.animals.skkt.striking import strike_lines
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.numbering import next_number
from sijinak.core.permissions import Actor

KECAMATAN = 8  # letters of its code
LONGEST_AGO = timedelta(days=366)  # a transfer may be written down so late


class InOpenMutation(Conflict):
    """Facts: ``count``. Somebody proposed a transfer of them that is not finished."""

    code = "in-open-mutation"


class NotStolen(Conflict):
    code = "not-stolen"


class HappenedInTheFuture(Invalid):
    code = "happened-in-the-future"


class HappenedBeforeBirth(Invalid):
    code = "happened-before-birth"


class HappenedTooLongAgo(Invalid):
    """Nobody agrees today about what was handed over years ago."""

    code = "happened-too-long-ago"


class ChangedMeanwhile(Conflict):
    """Somebody else changed the animal after the form was filled in with what was known."""

    code = "changed-meanwhile"


class SeveralVillages(Invalid):
    """A mutation stands in the register of one village."""

    code = "several-villages"


class NoAnimals(Invalid):
    code = "no-animals"


class NeedsReason(Invalid):
    code = "needs-reason"


K, S = MutationKind, AnimalState
# What comes over an animal whatever people agreed about it.
LOSSES = frozenset({K.DEATH, K.SLAUGHTER, K.THEFT})
STATES = {
    K.FOUND: frozenset({S.STOLEN}),
    K.RETAG: frozenset({S.PRESENT, S.STOLEN}),
    K.CORRECTION: frozenset({S.PRESENT, S.STOLEN, S.DEAD, S.SLAUGHTERED, S.SHIPPED}),
}
# The ownership letter no longer says what is so.
STRIKES = LOSSES | {K.SALE, K.GIFT, K.INHERITANCE, K.MOVE, K.RETAG, K.CORRECTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a mutation says beside its animals."""

    id: UUID
    kind: MutationKind
    happened_on: date
    reason: str = ""
    from_keeper_id: UUID | None = None
    to_keeper_id: UUID | None = None
    to_village: str | None = None
    details: Mapping[str, Any]
    file_id: UUID | None = None


def check_animals(kind: MutationKind, animals: Sequence[Animal], happened_on: date) -> None:
    """Raises NoAnimals, SeveralVillages, NotStolen, NotPresent, InOpenMutation and of the day."""
    if not animals:
        raise NoAnimals
    if len({animal.village for animal in animals}) > 1:
        raise SeveralVillages
    if happened_on > today():
        raise HappenedInTheFuture
    if kind in AGREED_KINDS and happened_on < today() - LONGEST_AGO:
        raise HappenedTooLongAgo
    for animal in animals:
        _check_state(kind, animal)
        if animal.birth_date and happened_on < animal.birth_date and kind is not K.CORRECTION:
            raise HappenedBeforeBirth
    if kind not in LOSSES and (open_ones := animals_in_open_mutation([a.id for a in animals])):
        raise InOpenMutation(count=len(open_ones))


def _check_state(kind: MutationKind, animal: Animal) -> None:
    if animal.state in STATES.get(kind, {S.PRESENT}):
        return
    raise NotStolen if kind is K.FOUND else NotPresent(state=animal.state)


def circumstances(facts: Facts, village: str, basis: Verification) -> Circumstances:
    return Circumstances(
        kind=ObservationKind.CORRECTED if facts.kind is K.CORRECTION else ObservationKind.MUTATED,
        basis=basis,
        village=village,
        made_at=moment_of(facts.happened_on),
        reason=facts.reason,
        cause_id=facts.id,
    )


def moment_of(day: date) -> datetime:
    """Nobody asks for the hour: today it is now, on another day noon. UTC, as the table has it."""
    return now() if day == today() else datetime.combine(day, time(12), clock.zone).astimezone(UTC)


def draft(facts: Facts, region: str, state: MutationState, *, by: Actor) -> Mutation:
    """The row, written at once: what follows points to it."""
    mutation = Mutation(
        id=facts.id,
        kind=facts.kind,
        state=state,
        region=region,
        from_keeper_id=facts.from_keeper_id,
        to_keeper_id=facts.to_keeper_id,
        to_village=facts.to_village,
        happened_on=facts.happened_on,
        recorded_at=now(),
        recorded_by=by.id,
        recorded_by_name=by.name,
        reason=facts.reason,
        details=dict(facts.details),
        file_id=facts.file_id,
    )
    db.session.add(mutation)
    db.session.flush()
    return mutation


def write_done(
    facts: Facts, region: str, observations: Iterable[Observation], *, by: Actor
) -> Mutation:
    """A mutation that is done as soon as it is recorded."""
    db.session.flush()
    mutation = draft(facts, region, MutationState.DONE, by=by)
    lines = [
        MutationAnimal(
            mutation_id=mutation.id, animal_id=seen.animal_id, is_open=False, observation_id=seen.id
        )
        for seen in observations
    ]
    db.session.add_all(lines)
    finish(mutation, [line.animal_id for line in lines], by=by)
    events.record(
        "mutation.recorded", mutation, by=by, region=region, kind=facts.kind,
        animals=len(lines), number=register_number(mutation),
    )  # fmt: skip
    return mutation


def finish(mutation: Mutation, animal_ids: Sequence[UUID], *, by: Actor) -> None:
    """Give the numbers of the village's and the kecamatan's register, and strike the letters."""
    mutation.done_at = now()
    mutation.year = today().year
    mutation.village_no = next_number(f"mutation {mutation.region}", mutation.year)
    kecamatan = mutation.region[:KECAMATAN]
    mutation.kecamatan_no = next_number(f"mutation {kecamatan}", mutation.year)
    db.session.flush()
    if mutation.kind in STRIKES:
        strike_lines(animal_ids, because=mutation.kind, cause_id=mutation.id, by=by)


def register_number(mutation: Mutation) -> str:
    """As people write it: 12/52.04.02.2001/2026."""
    if mutation.village_no is None:
        return ""
    return f"{mutation.village_no}/{mutation.region}/{mutation.year}"


def kecamatan_number(mutation: Mutation) -> str:
    if mutation.kecamatan_no is None:
        return ""
    return f"{mutation.kecamatan_no}/{mutation.region[:KECAMATAN]}/{mutation.year}"


def only_owner(animals: Iterable[Animal]) -> UUID | None:
    owners = {animal.keeper_id for animal in animals}
    return owners.pop() if len(owners) == 1 else None
