"""The movements of the register, asked for by whole sets: one question for a level of a trace."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.mutations.models import Mutation, MutationAnimal, MutationKind, MutationState
from sijinak.animals.queries import same_animals
from sijinak.core.clock import clock, local
from sijinak.core.db import db
from sijinak.core.permissions import region_lies_in
from sijinak.permits.models import Arrival, Permit, PermitAnimal
from sijinak.tracing.moves import Bounds, Front, Move, MoveKind, Way

K = MutationKind
# The others leave an animal with whom and where it was.
MOVING = (
    K.PURCHASE, K.SALE, K.GIFT, K.INHERITANCE, K.SHARING, K.SHARING_END, K.MOVE,
)  # fmt: skip
AT_ONCE = 500  # ids in a question
EVER = Bounds(first=date(1900, 1, 1), last=date(2999, 1, 1), contact_days=0, depth=0)


def moves_near(front: Front, bounds: Bounds) -> Iterator[Move]:
    """Everything that could follow from a level; some come twice, and some do not follow."""
    forward = front.way is Way.FORWARD
    keeper, animal = (
        (Mutation.from_keeper_id, Animal.dam_id) if forward else (Mutation.to_keeper_id, Animal.id)
    )
    yield from _chunks(front.animals, lambda ids: _births(animal.in_(ids), bounds))
    yield from _chunks(
        front.animals, lambda ids: _mutated(MutationAnimal.animal_id.in_(ids), bounds)
    )
    yield from _chunks(front.animals, lambda ids: _shipped(PermitAnimal.animal_id.in_(ids), bounds))
    yield from _chunks(front.groups, lambda ids: _shipped(Permit.id.in_(ids), bounds))
    yield from _chunks(front.holdings, lambda ids: _mutated(_by_keeper(keeper, ids), bounds))
    yield from _chunks(front.holdings, lambda ids: _shipped(Permit.keeper_id.in_(ids), bounds))


def moves_of_holding(keeper_id: UUID, way: Way, bounds: Bounds) -> list[Move]:
    """What left it, or came to it."""
    near = moves_near(Front(way, {}, {keeper_id: []}, frozenset()), bounds)
    if way is Way.FORWARD:
        return [move for move in near if move.from_holding == keeper_id]
    return [move for move in near if move.to_holding == keeper_id]


def moves_of_animal(animal_id: UUID, way: Way, bounds: Bounds) -> list[Move]:
    """Its own, under every record that was merged with it; forward with its calves."""
    known = dict.fromkeys(same_animals(animal_id), bounds.first)
    near = moves_near(Front(way, known, {}, frozenset()), bounds)
    forward = way is Way.FORWARD
    return [move for move in near if (move.source_id if forward else move.animal_id) in known]


def moves_of_area(region: str, way: Way, bounds: Bounds) -> list[Move]:
    """What crossed its border."""
    inside, landing = _lies_in(Mutation.region, region), _lies_in(Mutation.to_village, region)
    if way is Way.FORWARD:
        away = and_(Mutation.to_village.is_not(None), not_(landing))
        which = and_(inside, away, Mutation.kind != K.PURCHASE)
    else:
        bought = and_(or_(inside, landing), Mutation.kind == K.PURCHASE)
        which = or_(and_(landing, not_(inside)), bought)
    leaves = and_(_lies_in(Permit.region, region), not_(_lies_in(Permit.destination, region)))
    near = [*_mutated(which, bounds), *_shipped(leaves, bounds)]
    return [move for move in near if _crosses(move, region, way)]


def holder_on(animal: Animal, day: date) -> UUID | None:
    """With whom it stood on that day; None when it had left the register."""
    own = moves_of_animal(animal.id, Way.BACK, EVER)
    moves = sorted(
        (move for move in own if move.kind is not MoveKind.BIRTH),
        key=lambda move: (move.on, move.key),
    )
    before = [move for move in moves if move.on <= day]
    after = [move for move in moves if move.on > day]
    if before:
        return before[-1].to_holding
    if after and after[0].from_holding:
        return after[0].from_holding
    return animal.raiser_id or animal.keeper_id


def _mutated(which: ColumnElement[bool], bounds: Bounds) -> Iterator[Move]:
    asked = (
        select(
            Mutation.kind, MutationAnimal.id, Mutation.happened_on, MutationAnimal.animal_id,
            Mutation.from_keeper_id, Mutation.to_keeper_id, Mutation.region, Mutation.to_village,
        )
        .join(MutationAnimal, MutationAnimal.mutation_id == Mutation.id)
        .where(
            which,
            Mutation.state == MutationState.DONE,
            Mutation.kind.in_(MOVING),
            MutationAnimal.refused_by.is_(None),
            Mutation.happened_on.between(bounds.first, bounds.last),
        )
    )  # fmt: skip
    for kind, row, on, animal, giver, receiver, region, village in _rows(asked):
        stays = giver if kind is K.MOVE else receiver
        origin = "" if kind is K.PURCHASE else region
        yield Move(kind, row, on, animal, animal, giver, stays, origin, village or region)


def _shipped(which: ColumnElement[bool], bounds: Bounds) -> Iterator[Move]:
    """What left with a permit; and what its receiver sent back, on the day of the arrival."""
    first, after = _midnight(bounds.first), _midnight(bounds.last + timedelta(days=1))
    asked = (
        select(
            PermitAnimal.id, Permit.departed_at, PermitAnimal.arrival, Permit.arrived_at,
            PermitAnimal.animal_id, Permit.keeper_id, Permit.region, Permit.destination, Permit.id,
        )
        .join(Permit, Permit.id == PermitAnimal.permit_id)
        .where(
            which,
            PermitAnimal.departed.is_(True),
            Permit.departed_at < after,
            or_(Permit.departed_at >= first, Permit.arrived_at >= first),
        )
    )  # fmt: skip
    for row, left_at, arrival, came_at, animal, keeper, origin, there, permit in _rows(asked):
        if left_at >= first:
            yield Move(
                MoveKind.SHIPMENT, row, local(left_at).date(), animal, animal, keeper, None,
                origin, there, permit,
            )  # fmt: skip
        if arrival is Arrival.REJECTED and came_at is not None and first <= came_at < after:
            yield Move(
                MoveKind.RETURN, row, local(came_at).date(), animal, animal, None, keeper,
                there, origin,
            )  # fmt: skip


def _births(which: ColumnElement[bool], bounds: Bounds) -> Iterator[Move]:
    """Of calves whose dam is known."""
    asked = select(Animal.id, Animal.birth_date, Animal.dam_id, Animal.village).where(
        which,
        Animal.dam_id.is_not(None),
        Animal.birth_date.between(bounds.first, bounds.last),
        Animal.state.not_in((AnimalState.MERGED, AnimalState.WITHDRAWN)),
    )
    for calf, born, dam, village in _rows(asked):
        yield Move(MoveKind.BIRTH, calf, born, calf, dam, None, None, village, village)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.zone)


def _rows(asked: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    return db.session.execute(asked).all()


def _chunks(
    ids: Collection[UUID], ask: Callable[[Sequence[UUID]], Iterator[Move]]
) -> Iterator[Move]:
    rest = iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        yield from ask(some)


def _by_keeper(
    column: InstrumentedAttribute[UUID | None], ids: Sequence[UUID]
) -> ColumnElement[bool]:
    """Who moves an animal to another place is its owner before and after."""
    if column is Mutation.from_keeper_id:
        return column.in_(ids)
    own = and_(Mutation.kind == K.MOVE, Mutation.from_keeper_id.in_(ids))
    return or_(column.in_(ids), own)


def _crosses(move: Move, region: str, way: Way) -> bool:
    begins, ends = region_lies_in(move.from_place, region), region_lies_in(move.to_place, region)
    return (begins, ends) == ((True, False) if way is Way.FORWARD else (False, True))


def _lies_in(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], region: str
) -> ColumnElement[bool]:
    """The code and all below it, by the index. "/" follows "." in ASCII."""
    return and_(column >= region, column < region + "/")
