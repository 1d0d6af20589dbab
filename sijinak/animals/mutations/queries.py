"""Questions about mutations."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import selectinload

from sijinak.animals.models import Animal
from sijinak.animals.mutations.models import (
    AGREED_KINDS,
    Consent,
    ConsentLink,
    Mutation,
    MutationAnimal,
    MutationKind,
    MutationState,
    Side,
)
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import SIZE, START, Page, Place
from sijinak.core.permissions import Actor, Permission, require, within_reach

NOBODY = UUID(int=0)


def animals_in_open_mutation(animal_ids: Collection[UUID]) -> set[UUID]:
    asked = select(MutationAnimal.animal_id).where(
        MutationAnimal.animal_id.in_(animal_ids), MutationAnimal.is_open
    )
    return set(db.session.scalars(asked))


def in_open_mutation_since(
    animal_ids: Collection[UUID], since: datetime, cause_id: UUID | None
) -> set[UUID]:
    """For those who ask what hangs on an animal. What is done shows in its observations."""
    asked = (
        select(MutationAnimal.animal_id)
        .join(Mutation, Mutation.id == MutationAnimal.mutation_id)
        .where(MutationAnimal.animal_id.in_(animal_ids), MutationAnimal.is_open)
        .where(Mutation.recorded_at >= since, Mutation.id != cause_id)
    )
    return set(db.session.scalars(asked))


def mutations_of(animal_ids: Collection[UUID]) -> list[Mutation]:
    """Oldest first. The caller has asked for the animals themselves."""
    named = select(MutationAnimal.mutation_id).where(MutationAnimal.animal_id.in_(animal_ids))
    asked = select(Mutation).where(Mutation.id.in_(named)).order_by(Mutation.recorded_at)
    return list(db.session.scalars(asked.options(selectinload(Mutation.animals))))


def mutation_by_id(mutation_id: UUID, *, by: Actor) -> Mutation:
    require(by, Permission.MUTATION_READ)
    asked = _seen_by(by).where(Mutation.id == mutation_id)
    mutation = db.session.scalar(asked.execution_options(populate_existing=True))
    if mutation is None:
        raise NotFound(mutation_id=str(mutation_id))
    return mutation


def mutation_to_change(mutation_id: UUID) -> Mutation:
    """As it is now, held until the end. The caller asks who; raises NotFound."""
    asked = select(Mutation).where(Mutation.id == mutation_id).with_for_update()
    mutation = db.session.scalar(asked.execution_options(populate_existing=True))
    if mutation is None:
        raise NotFound(mutation_id=str(mutation_id))
    return mutation


def lines_of(mutation_id: UUID) -> list[MutationAnimal]:
    asked = select(MutationAnimal).where(MutationAnimal.mutation_id == mutation_id)
    ordered = asked.order_by(MutationAnimal.id).execution_options(populate_existing=True)
    return list(db.session.scalars(ordered))


def consents_of(mutation_id: UUID) -> dict[Side, Consent]:
    found = db.session.scalars(select(Consent).where(Consent.mutation_id == mutation_id))
    return {consent.side: consent for consent in found}


def answered_by(side: Side, mutation_ids: Collection[UUID]) -> set[UUID]:
    """The mutations for which this side has answered."""
    asked = select(Consent.mutation_id).where(
        Consent.mutation_id.in_(mutation_ids), Consent.side == side
    )
    return set(db.session.scalars(asked))


def moved_since(mutation: Mutation) -> set[UUID]:
    """Its animals that later changed hands again."""
    mine = select(MutationAnimal.animal_id).where(MutationAnimal.mutation_id == mutation.id)
    asked = (
        select(MutationAnimal.animal_id)
        .join(Mutation, Mutation.id == MutationAnimal.mutation_id)
        .where(
            MutationAnimal.animal_id.in_(mine),
            MutationAnimal.observation_id.is_not(None),
            Mutation.kind.in_(AGREED_KINDS),
            Mutation.state == MutationState.DONE,
            Mutation.done_at > mutation.done_at,
            Mutation.id != mutation.id,
        )
    )
    return set(db.session.scalars(asked))


def links_of(mutation_id: UUID) -> list[ConsentLink]:
    asked = select(ConsentLink).where(ConsentLink.mutation_id == mutation_id)
    return list(db.session.scalars(asked.order_by(ConsentLink.id)))


def mutation_on_paper(mutation_id: UUID) -> Mutation:
    """For whoever holds its letter: transfers that stand, or stood, in the register."""
    mutation = db.session.get(Mutation, mutation_id)
    if mutation is None or mutation.kind not in AGREED_KINDS or mutation.village_no is None:
        raise NotFound(mutation_id=str(mutation_id))
    return mutation


def mutation_behind(link: ConsentLink) -> Mutation:
    """For whoever holds the link, and knows what it asks for."""
    return db.session.get_one(Mutation, link.mutation_id, populate_existing=True)


def animals_held(animal_ids: Collection[UUID]) -> list[Animal]:
    """Whoever holds the mutation holds its animals, wherever they stand by now; in one order."""
    asked = select(Animal).where(Animal.id.in_(animal_ids)).order_by(Animal.id)
    held = asked.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(db.session.scalars(held))


def animals_of_owner(
    keeper_id: UUID, *, by: Actor, first: Collection[UUID] = (), most: int = 300
) -> list[Animal]:
    """Those that the actor may propose to hand over, and those of the owner that are gone.

    Newest first, but for those that must be among them.
    """
    require(by, Permission.MUTATION_PROPOSE)
    reached = within_reach(by, Permission.MUTATION_PROPOSE, Animal.village, Animal.keeper_id)
    asked = select(Animal).where(Animal.keeper_id == keeper_id, reached)
    ordered = asked.order_by(Animal.id.in_(first).desc(), Animal.id.desc())
    return list(db.session.scalars(ordered.limit(most)))


def mutations(
    *,
    by: Actor,
    kind: MutationKind | None = None,
    state: MutationState | None = None,
    place: Place = START,
) -> Page[Mutation]:
    """Those recorded last come first."""
    require(by, Permission.MUTATION_READ)
    query = _seen_by(by).options(selectinload(Mutation.animals))
    if kind:
        query = query.where(Mutation.kind == kind)
    if state:
        query = query.where(Mutation.state == state)
    return _page_by_time(query, place)


def _page_by_time(query: Select[Mutation], place: Place) -> Page[Mutation]:
    """By key, as ``page_of``; but an id is only as young as the form that it came from."""
    key = tuple_(Mutation.recorded_at, Mutation.id)
    start = db.session.get(Mutation, place.before or place.after or NOBODY)
    upwards = start is not None and place.before is not None
    order = (Mutation.recorded_at, Mutation.id)
    query = query.order_by(*(order if upwards else [column.desc() for column in order]))
    if start is not None:
        here = tuple_(*(literal(getattr(start, one.key), one.type) for one in order))
        query = query.where(key > here if upwards else key < here)
    found = list(db.session.scalars(query.limit(SIZE + 1)))
    more, items = len(found) > SIZE, found[:SIZE]
    if upwards:
        items.reverse()
    has_older, has_newer = (True, more) if upwards else (more, start is not None)
    return Page(
        items,
        Place(after=items[-1].id) if items and has_older else None,
        Place(before=items[0].id) if items and has_newer else None,
    )


def mutations_waiting(*, by: Actor, most: int = 25) -> list[Mutation]:
    """Those that wait for the actor's own answer or acknowledgement, the oldest first."""
    asked = select(Mutation).where(_waits_for(by)).order_by(Mutation.id).limit(most)
    return list(db.session.scalars(asked.options(selectinload(Mutation.animals))))


def count_waiting(*, by: Actor) -> int:
    return db.session.scalar(select(func.count(Mutation.id)).where(_waits_for(by))) or 0


def _waits_for(by: Actor) -> ColumnElement[bool]:
    answer = or_(
        *(
            and_(
                within_reach(by, Permission.MUTATION_ANSWER, Mutation.region, keeper),
                ~_has_answered(side),
            )
            for side, keeper in (
                (Side.GIVER, Mutation.from_keeper_id),
                (Side.RECEIVER, Mutation.to_keeper_id),
            )
        )
    )
    head = within_reach(by, Permission.MUTATION_ACKNOWLEDGE, Mutation.region)
    return and_(
        Mutation.expires_at > now(),
        Mutation.kind.in_(AGREED_KINDS),
        or_(
            and_(Mutation.state == MutationState.PROPOSED, answer),
            and_(Mutation.state == MutationState.AGREED, head),
        ),
    )


def _has_answered(side: Side) -> ColumnElement[bool]:
    return exists().where(Consent.mutation_id == Mutation.id, Consent.side == side)


def _seen_by(by: Actor) -> Select[Mutation]:
    """Whoever reaches the village, or either side."""
    return select(Mutation).where(
        or_(
            within_reach(by, Permission.MUTATION_READ, Mutation.region, Mutation.from_keeper_id),
            within_reach(by, Permission.MUTATION_READ, Mutation.to_village, Mutation.to_keeper_id),
        )
    )
