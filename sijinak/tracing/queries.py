"""The movements of the register, asked for by whole sets: a few questions for each level."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    not_,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.mutations.models import Mutation, MutationAnimal, MutationKind, MutationState
from sijinak.animals.queries import same_animals
from sijinak.core.asking import Among, ask
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
AT_ONCE = 500  # ids in a question: those that lie close in time
EVER = Bounds(first=date(1900, 1, 1), last=date(2999, 1, 1), contact_days=0, depth=0)
_KINDS = {kind.value: kind for kind in MOVING}
_IS_MOVING = or_(*(Mutation.kind == kind for kind in MOVING))
Rows = Iterable[Sequence[Any]]
Question = Select[*tuple[Any, ...]]


def moves_near(front: Front, bounds: Bounds) -> Iterator[Move]:
    """Everything that could follow from a level; some come twice, and some do not follow.

    The nearest in time first, so that an answer that is cut keeps what is nearest.
    """
    way, contact = front.way, bounds.contact
    for ids, first, last in _pieces(way, front.animals.items()):
        window = _first_on(bounds, first) if way is Way.FORWARD else _last_on(bounds, last)
        yield from _of_animals(way, ids, window)
    for ids, _, _ in _pieces(way, ((group, bounds.first) for group in front.groups)):
        yield from _shipped(_shipped_together, bounds, ids=ids)
    came = ((holding, day) for holding, days in front.holdings.items() for day in days)
    for ids, first, last in _pieces(way, came):
        begins, ends = (first, last + contact) if way is Way.FORWARD else (first - contact, last)
        yield from _of_holdings(way, ids, _first_on(_last_on(bounds, ends), begins))


def moves_of_holding(keeper_id: UUID, way: Way, bounds: Bounds) -> list[Move]:
    """What left it, or came to it."""
    near = _of_holdings(way, [keeper_id], bounds)
    if way is Way.FORWARD:
        return [move for move in near if move.from_holding == keeper_id]
    return [move for move in near if move.to_holding == keeper_id]


def moves_of_animal(animal_id: UUID, way: Way, bounds: Bounds) -> list[Move]:
    """Its own, under every record that was merged with it; forward with its calves."""
    known = set(same_animals(animal_id))
    near = _of_animals(way, list(known), bounds)
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
    mutated = db.session.execute(_mutations(which), _days(bounds))
    shipped = db.session.execute(_shipments(leaves), _moments(bounds))
    near = [*_mutation_moves(mutated), *_shipment_moves(shipped, bounds)]
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


def _of_animals(way: Way, ids: list[UUID], bounds: Bounds) -> Iterator[Move]:
    born = ask(_calves if way is Way.FORWARD else _births, ids=ids, **_days(bounds))
    for calf, on, dam, village in born:
        yield Move(MoveKind.BIRTH, calf, on, calf, dam, None, None, village, village)
    yield from _mutation_moves(ask(_mutated, ids=ids, **_days(bounds)))
    yield from _shipped(_shipped_animals, bounds, ids=ids)


def _of_holdings(way: Way, ids: list[UUID], bounds: Bounds) -> Iterator[Move]:
    for make in (_given,) if way is Way.FORWARD else (_received, _moved):
        yield from _mutation_moves(ask(make, ids=ids, **_days(bounds)))
    yield from _shipped(_shipped_by, bounds, ids=ids)


def _mutation_moves(rows: Rows) -> Iterator[Move]:
    for name, row, on, animal, giver, receiver, region, village in rows:
        kind = _KINDS[name]
        stays = giver if kind is K.MOVE else receiver
        origin = "" if kind is K.PURCHASE else region
        yield Move(kind, row, on, animal, animal, giver, stays, origin, village or region)


def _shipped(make: Callable[[Among], Question], bounds: Bounds, ids: list[UUID]) -> Iterator[Move]:
    return _shipment_moves(ask(make, ids=ids, **_moments(bounds)), bounds)


def _shipment_moves(rows: Rows, bounds: Bounds) -> Iterator[Move]:
    """What left with a permit; and what its receiver sent back, on the day of the arrival."""
    first, after = _moments(bounds).values()
    for row, left_at, arrival, came_at, animal, keeper, origin, there, permit in rows:
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


def _mutated(among: Among) -> Question:
    return _mutations(among(MutationAnimal.animal_id, "ids"))


def _given(among: Among) -> Question:
    return _mutations(among(Mutation.from_keeper_id, "ids"))


def _received(among: Among) -> Question:
    return _mutations(among(Mutation.to_keeper_id, "ids"))


def _moved(among: Among) -> Question:
    """To another place, by who owns it before and after. Apart: an "or" would use no index."""
    return _mutations(and_(Mutation.kind == K.MOVE, among(Mutation.from_keeper_id, "ids")))


def _shipped_animals(among: Among) -> Question:
    return _shipments(among(PermitAnimal.animal_id, "ids"))


def _shipped_together(among: Among) -> Question:
    return _shipments(among(Permit.id, "ids"))


def _shipped_by(among: Among) -> Question:
    return _shipments(among(Permit.keeper_id, "ids"))


def _calves(among: Among) -> Question:
    return _born(among(Animal.dam_id, "ids"))


def _births(among: Among) -> Question:
    return _born(among(Animal.id, "ids"))


def _mutations(which: ColumnElement[bool]) -> Question:
    return (
        select(
            # Looked up once a row, not once more by SQLAlchemy.
            type_coerce(Mutation.kind, String).label("kind"), MutationAnimal.id,
            Mutation.happened_on, MutationAnimal.animal_id, Mutation.from_keeper_id,
            Mutation.to_keeper_id, Mutation.region, Mutation.to_village,
        )
        .join(MutationAnimal, MutationAnimal.mutation_id == Mutation.id)
        .where(
            which,
            Mutation.state == MutationState.DONE,
            _IS_MOVING,
            MutationAnimal.refused_by.is_(None),
            Mutation.happened_on.between(bindparam("first"), bindparam("last")),
        )
    )  # fmt: skip


def _shipments(which: ColumnElement[bool]) -> Question:
    since: BindParameter[datetime] = bindparam("since")
    return (
        select(
            PermitAnimal.id, Permit.departed_at, PermitAnimal.arrival, Permit.arrived_at,
            PermitAnimal.animal_id, Permit.keeper_id, Permit.region, Permit.destination,
            Permit.id.label("permit_id"),
        )
        .join(Permit, Permit.id == PermitAnimal.permit_id)
        .where(
            which,
            PermitAnimal.departed.is_(True),
            Permit.departed_at < bindparam("after"),
            or_(Permit.departed_at >= since, Permit.arrived_at >= since),
        )
    )  # fmt: skip


def _born(which: ColumnElement[bool]) -> Question:
    """Of calves whose dam is known."""
    return select(Animal.id, Animal.birth_date, Animal.dam_id, Animal.village).where(
        which,
        Animal.dam_id.is_not(None),
        Animal.birth_date.between(bindparam("first"), bindparam("last")),
        Animal.state != AnimalState.MERGED,
        Animal.state != AnimalState.WITHDRAWN,
    )


def _days(bounds: Bounds) -> dict[str, date]:
    return {"first": bounds.first, "last": bounds.last}


def _moments(bounds: Bounds) -> dict[str, datetime]:
    after = bounds.last + timedelta(days=1)
    return {"since": _midnight(bounds.first), "after": _midnight(after)}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.zone)


def _pieces(way: Way, on: Iterable[tuple[UUID, date]]) -> Iterator[tuple[list[UUID], date, date]]:
    """Ids with the first and last of their days: what lies close in time is asked for together."""
    ordered = iter(sorted(on, key=itemgetter(1), reverse=way is Way.BACK))
    while some := list(islice(ordered, AT_ONCE)):
        ends = sorted((some[0][1], some[-1][1]))
        yield list(dict.fromkeys(one for one, _ in some)), ends[0], ends[1]


def _first_on(bounds: Bounds, day: date) -> Bounds:
    return replace(bounds, first=max(bounds.first, day))


def _last_on(bounds: Bounds, day: date) -> Bounds:
    return replace(bounds, last=min(bounds.last, day))


def _crosses(move: Move, region: str, way: Way) -> bool:
    begins, ends = region_lies_in(move.from_place, region), region_lies_in(move.to_place, region)
    return (begins, ends) == ((True, False) if way is Way.FORWARD else (False, True))


def _lies_in(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], region: str
) -> ColumnElement[bool]:
    """The code and all below it, by the index. "/" follows "." in ASCII."""
    return and_(column >= region, column < region + "/")
