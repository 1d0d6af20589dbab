"""Movements straight into the tables: what a trace reads, without the way that leads there."""

from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import UUID

from sijinak.animals.models import Species
from sijinak.animals.mutations.models import (
    Mutation,
    MutationAnimal,
    MutationKind,
    MutationState,
    Side,
)
from sijinak.core.clock import clock, now
from sijinak.core.db import db
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import Arrival, Permit, PermitAnimal, PermitState
from sijinak.permits.rules.models import Purpose
from tests.factories import LUNYUK_ODE, LUNYUK_REA

BEKASI = "32.75"
FIRST_DAY = date(2026, 3, 1)
_numbers = count(1)


def day(nth: int) -> date:
    return FIRST_DAY + timedelta(days=nth)


def noon(nth: int) -> datetime:
    return datetime.combine(day(nth), time(12), clock.zone)


def mutate(  # noqa: PLR0913 - a row
    kind: MutationKind,
    nth: int,
    animal_id: UUID,
    giver: UUID | None = None,
    receiver: UUID | None = None,
    *,
    state: MutationState = MutationState.DONE,
    refused: bool = False,
) -> MutationAnimal:
    """Of one animal, from Lunyuk Rea to Lunyuk Ode."""
    mutation = Mutation(
        kind=kind, state=state, region=LUNYUK_REA, from_keeper_id=giver, to_keeper_id=receiver,
        to_village=LUNYUK_ODE, happened_on=day(nth), recorded_at=now(), recorded_by=OPERATOR.id,
        recorded_by_name="", details={},
    )  # fmt: skip
    line = MutationAnimal(
        mutation_id=mutation.id, animal_id=animal_id, is_open=False,
        refused_by=Side.RECEIVER if refused else None,
    )  # fmt: skip
    db.session.add(mutation)
    db.session.flush()
    db.session.add(line)
    return line


def ship(
    nth: int, keeper_id: UUID, animals: list[UUID], *, back: int | None = None, left: bool = True
) -> list[PermitAnimal]:
    """On one permit; with ``back`` the first of them came back on that day."""
    permit = Permit(
        number=f"TEST/{next(_numbers)}", keeper_id=keeper_id, applied_by=OPERATOR.id,
        region=LUNYUK_REA, species=Species.CATTLE, purpose=Purpose.SLAUGHTER, destination=BEKASI,
        port="badas", planned_on=day(nth), tags=[], created_at=now(), state_at=now(),
        state=PermitState.CLOSED, departed_at=noon(nth),
        arrived_at=noon(back) if back is not None else None,
    )  # fmt: skip
    db.session.add(permit)
    db.session.flush()
    lines = [
        PermitAnimal(
            permit_id=permit.id, animal_id=animal_id, position=place, passed=True, departed=left
        )
        for place, animal_id in enumerate(animals, start=1)
    ]
    if back is not None:
        lines[0].arrival = Arrival.REJECTED
    db.session.add_all(lines)
    return lines
