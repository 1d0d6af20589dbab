"""What the registers know of animals that are to leave, in a fixed number of questions."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from sijinak.animals.mutations.queries import animals_in_open_mutation
from sijinak.animals.queries import AnimalFacts
from sijinak.areas.queries import ports
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.health.bans.models import Ban
from sijinak.health.bans.queries import Trip, forbids, holds_on
from sijinak.health.diseases import Disease
from sijinak.health.queries import TestResult, results_of
from sijinak.permits.beside import Asked
from sijinak.permits.commands import Inspected
from sijinak.permits.findings import Candidate, Withdrawal
from sijinak.permits.models import Permit, PermitAnimal, PermitState
from sijinak.vaccinations.doses import doses_of
from sijinak.vaccinations.withholding import withheld_until

Named = Sequence[tuple[str, AnimalFacts | None]]  # by the tag that was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """By animal: what the registers hold today."""

    doses: Mapping[UUID, Mapping[Disease, Sequence[date]]] = field(default_factory=dict)
    withdrawals: Mapping[UUID, Sequence[Withdrawal]] = field(default_factory=dict)
    results: Mapping[UUID, Sequence[TestResult]] = field(default_factory=dict)
    open_on: Mapping[UUID, UUID] = field(default_factory=dict)  # the application it stands on
    leaving: Mapping[UUID, date] = field(default_factory=dict)
    changing: Collection[UUID] = ()
    bans: Sequence[Ban] = ()  # that hold today or later


def known_of(animal_ids: Collection[UUID]) -> Known:
    return Known(
        doses=doses_of(animal_ids),
        withdrawals={
            animal_id: [Withdrawal(product=name, until=until) for name, until in withheld]
            for animal_id, withheld in withheld_until(animal_ids).items()
        },
        results=results_of(animal_ids),
        open_on=open_on(animal_ids),
        leaving=leaving(animal_ids),
        changing=animals_in_open_mutation(animal_ids),
        bans=bans_to_come(),
    )


def candidates(
    named: Named,
    known: Known,
    *,
    permit_id: UUID | None,
    bans: Mapping[str, Mapping[str, object]],
    found: Mapping[UUID, Inspected],
) -> Iterator[Candidate]:
    """``bans`` by village; ``found`` is what the inspector found, by animal."""
    for tag, facts in named:
        if facts is None:
            yield Candidate(tag=tag, animal=None)
            continue
        line = found.get(facts.id)
        yield Candidate(
            tag=tag,
            animal=facts,
            doses=known.doses.get(facts.id, {}),
            withdrawals=known.withdrawals.get(facts.id, ()),
            results=known.results.get(facts.id, ()),
            ban=bans.get(facts.village),
            is_taken=known.open_on.get(facts.id, permit_id) != permit_id,
            leaving_until=known.leaving.get(facts.id),
            is_changing_hands=facts.id in known.changing,
            is_inspected=line is not None,
            weight_kg=line.weight_kg if line else None,
            rbt=line.rbt if line else None,
            female_letter=line.female_letter if line else "",
        )


def bans_for(
    asked: Asked, bans: Sequence[Ban], day: date, villages: Collection[str]
) -> dict[str, dict[str, object]]:
    """By village of animals: the first ban that forbids the way from there, by the gathering."""
    there = [ban for ban in bans if holds_on(ban, day)]
    if not there:
        return {}
    via = [asked.origin, *(port.region for port in ports() if port.code == asked.port)]
    found: dict[str, dict[str, object]] = {}
    for village in villages:
        trip = Trip(origin=village, destination=asked.destination, species=asked.species, via=via)
        if ban := next((ban for ban in there if forbids(ban, trip)), None):
            found[village] = {"disease": ban.disease, "basis": ban.legal_basis}
    return found


def bans_to_come() -> list[Ban]:
    """Those that hold today or later."""
    ends = or_(Ban.valid_until.is_(None), Ban.valid_until >= today())
    return list(db.session.scalars(select(Ban).where(ends).order_by(Ban.valid_from, Ban.id)))


def open_on(animal_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Which open application each of the animals is on; it is on one at most."""
    asked = select(PermitAnimal.animal_id, PermitAnimal.permit_id).where(
        PermitAnimal.animal_id.in_(animal_ids), PermitAnimal.is_open
    )
    return {row[0]: row[1] for row in db.session.execute(asked)}


def open_elsewhere(permit_id: UUID, animal_ids: Iterable[UUID]) -> set[UUID]:
    """Which of the animals are on another open application."""
    return {animal for animal, held in open_on(list(animal_ids)).items() if held != permit_id}


def held_by_permit(animal_ids: Collection[UUID]) -> set[UUID]:
    """Those on an open application, or on a permit that still counts: they stay whose they are."""
    return set(open_on(animal_ids)) | leaving(animal_ids).keys()


def leaving(animal_ids: Collection[UUID]) -> dict[UUID, date]:
    """Which of the animals are on an issued permit that still counts, and until when."""
    rows = db.session.execute(
        select(PermitAnimal.animal_id, Permit.valid_until)
        .join(Permit, Permit.id == PermitAnimal.permit_id)
        .where(PermitAnimal.animal_id.in_(animal_ids), PermitAnimal.passed.is_(True))
        .where(Permit.state == PermitState.ISSUED, Permit.valid_until >= today())
    )
    return {animal_id: until for animal_id, until in rows if until}
