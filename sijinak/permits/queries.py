"""Questions about permits."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from sijinak.animals.models import Animal, Species
from sijinak.animals.queries import AnimalFacts, animals_by_ids
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import Event
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.permits.models import TURN, Permit, PermitAnimal, PermitState
from sijinak.permits.policy import policy

OVER_UNUSED = (
    PermitState.REJECTED,
    PermitState.CANCELLED,
    PermitState.EXPIRED,
    PermitState.REVOKED,
)


def permit_by_id(permit_id: UUID, *, by: Actor) -> Permit:
    require(by, Permission.PERMIT_READ)
    permit = db.session.scalar(_seen_by(by).where(Permit.id == permit_id))
    if permit is None:
        raise NotFound(permit_id=str(permit_id))
    return permit


def permit_for_update(permit_id: UUID, *, by: Actor) -> Permit:
    """The permit as it is now, its row locked until the transaction ends."""
    require(by, Permission.PERMIT_READ)
    asked = _seen_by(by).where(Permit.id == permit_id).with_for_update(of=Permit)
    permit = db.session.scalar(asked.execution_options(populate_existing=True))
    if permit is None:
        raise NotFound(permit_id=str(permit_id))
    return permit


def permits(
    *, by: Actor, states: Collection[PermitState] = (), place: Place = START
) -> Page[Permit]:
    """Newest first; in the states asked for, or all."""
    require(by, Permission.PERMIT_READ)
    query = _seen_by(by)
    if states:
        query = query.where(Permit.state.in_(states))
    return page_of(query, Permit.id, place)


def permits_waiting(*, by: Actor, most: int = 25) -> list[Permit]:
    """Those where it is the actor's turn, the oldest first."""
    require(by, Permission.PERMIT_READ)
    asked = _seen_by(by).where(_turn_of(by)).order_by(Permit.id).limit(most)
    return list(db.session.scalars(asked))


def count_waiting(*, by: Actor) -> int:
    require(by, Permission.PERMIT_READ)
    asked = select(func.count()).select_from(_seen_by(by).where(_turn_of(by)).subquery())
    return db.session.scalar(asked) or 0


def count_permits(*, by: Actor) -> dict[PermitState, int]:
    """How many the actor may see, by state."""
    require(by, Permission.PERMIT_READ)
    asked = select(Permit.state, func.count()).where(_seen(by)).group_by(Permit.state)
    rows = db.session.execute(asked)
    return {row[0]: row[1] for row in rows}


def history_of(permit_id: UUID) -> list[Event]:
    """Every step of a permit, the first first."""
    asked = select(Event).where(
        Event.subject_id == permit_id, Event.subject_type == Permit.__tablename__
    )
    return list(db.session.scalars(asked.order_by(Event.id)))


def public_code(permit: Permit) -> str:
    return permit.id.hex.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPermit:
    """What anybody may see of an issued permit: no names."""

    id: UUID
    number: str
    species: Species
    heads: int
    region: str
    destination: str
    vehicle_plate: str
    valid_until: date
    state: PermitState


def permit_by_public_code(code: str) -> PublicPermit:
    """Only what is issued is public. Raises NotFound."""
    try:
        permit = db.session.get(Permit, UUID(hex=code))
    except ValueError:
        permit = None
    if permit is None or permit.number is None or permit.valid_until is None:
        raise NotFound(code=code)
    return PublicPermit(
        id=permit.id,
        number=permit.number,
        species=permit.species,
        heads=len(passed(permit)),
        region=permit.region,
        destination=permit.destination,
        vehicle_plate=permit.vehicle_plate,
        valid_until=permit.valid_until,
        state=permit.state,
    )


def passed(permit: Permit) -> list[PermitAnimal]:
    """The animals that may go: those the inspector let pass."""
    return [animal for animal in permit.animals if animal.passed]


def heads_on(permit: Permit) -> int:
    """How many animals it is for: those applied for, after the inspection those that passed."""
    return len(passed(permit)) if permit.inspected_at else len(permit.tags)


def is_expired(permit: Permit) -> bool:
    """Issued, its last day over, and nobody left with it."""
    is_issued = permit.state is PermitState.ISSUED and permit.valid_until is not None
    return is_issued and permit.valid_until < today()  # type: ignore[operator]


def animals_on(permit: Permit) -> list[tuple[PermitAnimal, AnimalFacts]]:
    facts = animals_by_ids([line.animal_id for line in permit.animals])
    return [(line, facts[line.animal_id]) for line in permit.animals if line.animal_id in facts]


def permits_of(animal_ids: Collection[UUID]) -> list[Permit]:
    """Those with one of the animals on them. The caller has asked for the animals themselves."""
    lines = select(PermitAnimal.permit_id).where(PermitAnimal.animal_id.in_(animal_ids))
    return list(db.session.scalars(select(Permit).where(Permit.id.in_(lines))))


def permits_numbered(part: str) -> Select[UUID]:
    """Those whose number has this in it, written small."""
    return select(Permit.id).where(func.lower(Permit.number).contains(part, autoescape=True))


def applied_since(
    animal_ids: Collection[UUID],
    since: datetime,
    cause_id: UUID | None,  # noqa: ARG001 - no cause applies for permits
) -> set[UUID]:
    """Those of the animals on an application that came later and stands: see hanging."""
    asked = select(PermitAnimal.animal_id).join(Permit, Permit.id == PermitAnimal.permit_id)
    asked = asked.where(
        PermitAnimal.animal_id.in_(animal_ids),
        Permit.submitted_at >= since,
        Permit.state.not_in(OVER_UNUSED),
    )
    return set(db.session.scalars(asked))


def days_of_shipping(villages: Collection[str]) -> dict[UUID, date]:
    """When the animals of these villages that are on the way out are to leave.

    They are on an open application, or on a permit that counts.
    """
    counts = and_(Permit.state == PermitState.ISSUED, Permit.valid_until >= today())
    asked = (
        select(PermitAnimal.animal_id, Permit.planned_on)
        .join(Permit, Permit.id == PermitAnimal.permit_id)
        .join(Animal, Animal.id == PermitAnimal.animal_id)
        .where(or_(PermitAnimal.is_open, and_(PermitAnimal.passed.is_(True), counts)))
        .where(Animal.village.in_(villages))
    )
    return {row[0]: row[1] for row in db.session.execute(asked)}


def _turn_of(by: Actor) -> ColumnElement[bool]:
    """Where the next step needs what the actor holds, in the actor's reach for it."""
    turns = [
        and_(here, within_reach(by, needed, Permit.region, Permit.keeper_id))
        for here, needed in _turns()
        if by.reaches(needed)
    ]
    return or_(false(), *turns)


def _turns() -> Iterator[tuple[ColumnElement[bool], Permission]]:
    """Each state with whose turn it is; where the health letter comes next, the veterinarian's."""
    signed_in = PermitState.INSPECTED if policy.skkh_before_payment else PermitState.PAID
    for state, needed in TURN.items():
        if state is signed_in:
            letter = Permit.certified_at
            yield and_(Permit.state == state, letter.is_(None)), Permission.PERMIT_CERTIFY
            yield and_(Permit.state == state, letter.is_not(None)), needed
        else:
            yield Permit.state == state, needed


def _seen_by(by: Actor) -> Select[Permit]:
    return select(Permit).where(_seen(by))


def _seen(by: Actor) -> ColumnElement[bool]:
    """What was never submitted is the applicant's own."""
    own = within_reach(by, Permission.PERMIT_APPLY, Permit.region, Permit.keeper_id)
    reach = within_reach(by, Permission.PERMIT_READ, Permit.region, Permit.keeper_id)
    return and_(reach, or_(Permit.submitted_at.is_not(None), own))
