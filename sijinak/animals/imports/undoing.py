"""A list that was taken in by mistake goes back as a whole: nothing of it counts any more."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Select, exists, func, or_, select, update

from sijinak.accounts.models import User
from sijinak.animals.changing import ChangedSince, Circumstances, put_back
from sijinak.animals.hanging import ThingsHangOnIt, Tie, hanging
from sijinak.animals.imports.queries import batched
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    Identifier,
    IdentifierKind,
    ImportBatch,
    Observation,
    ObservationKind,
    Verification,
)
from sijinak.animals.mutations.models import OPEN, Mutation
from sijinak.animals.naming import end
from sijinak.animals.population.models import PopulationChange
from sijinak.core.bulk import insert, tune
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor
from sijinak.keepers.models import Brand, Keeper, Membership, Suspension
from sijinak.tagstock.models import Tag

ASKED_AT_ONCE = 5000
CHUNK = 1000
MOST_NAMED = 20


class BatchHangs(Conflict):
    """Something came after. Facts: ``count``, ``kinds``, and ``animals``, the first few ids."""

    code = "list-hangs"


def withdraw(batch: ImportBatch, reason: str, *, by: Actor) -> tuple[int, int]:
    """The animals and owners that the batch made; what it changed is put back.

    Raises BatchHangs. All in the one transaction of the caller.
    """
    tune()
    _hold_keepers(batch)
    created = list(db.session.scalars(_created(batch).with_for_update(key_share=True)))
    updates = list(db.session.scalars(_updated(batch)))
    _refuse_what_hangs(batch, [*created, *updates])
    moment = now()
    _put_back(batch, reason, by)
    _end_numbers(batch, by)
    _observe(batch, moment, reason, by)
    _count_less(batch)
    db.session.execute(
        update(Animal)
        .where(Animal.batch_id == batch.id)
        .values(state=AnimalState.WITHDRAWN, state_at=moment)
        .execution_options(synchronize_session=False)
    )
    keepers = _withdraw_keepers(batch, moment)
    db.session.expire_all()
    return len(created), keepers


def _created(batch: ImportBatch) -> Select[UUID]:
    return select(Animal.id).where(Animal.batch_id == batch.id).order_by(Animal.id)


def _updated(batch: ImportBatch) -> Select[UUID]:
    return select(Observation.animal_id).where(
        Observation.cause_id == batch.id, Observation.kind == ObservationKind.UPDATED
    )


def _refuse_what_hangs(batch: ImportBatch, animal_ids: list[UUID]) -> None:
    """Raises BatchHangs."""
    kinds: set[Tie] = set()
    animals: list[str] = []
    for some in batched(animal_ids, ASKED_AT_ONCE):
        try:
            hanging.refuse(some, batch.imported_at, cause_id=batch.id)
        except ThingsHangOnIt as held:
            kinds.update(Tie(kind) for kind in _texts(held.facts["kinds"]))
            animals += sorted(_texts(held.facts["animals"]))
    if animals:
        raise BatchHangs(count=len(animals), kinds=sorted(kinds), animals=animals[:MOST_NAMED])


def _texts(found: object) -> list[str]:
    return list(map(str, found)) if isinstance(found, list) else []


def _put_back(batch: ImportBatch, reason: str, by: Actor) -> None:
    """What the list changed. Raises BatchHangs when that was changed again."""
    asked = select(Observation).where(
        Observation.cause_id == batch.id, Observation.kind == ObservationKind.UPDATED
    )
    for some in batched(list(db.session.scalars(asked)), CHUNK):
        ids = [observation.animal_id for observation in some]
        held = select(Animal).where(Animal.id.in_(ids)).order_by(Animal.id)
        kept = list(db.session.scalars(held.with_for_update(key_share=True)))
        for observation in some:
            seen = Circumstances(
                kind=ObservationKind.UNDONE, basis=observation.basis, village=observation.village,
                reason=reason, cause_id=batch.id,
            )  # fmt: skip
            try:
                put_back(observation, seen, by=by)
            except ChangedSince:
                animal = str(observation.animal_id)
                raise BatchHangs(count=1, kinds=[Tie.CHANGE], animals=[animal]) from None
        db.session.flush()
        del kept


def _end_numbers(batch: ImportBatch, by: Actor) -> None:
    """Of the animals that it made, all; of the others, those that it gave. Stock tags go back."""
    made = Identifier.animal_id.in_(select(Animal.id).where(Animal.batch_id == batch.id))
    given = Identifier.animal_id.in_(_updated(batch)) & (Identifier.given_at == batch.imported_at)
    live = (Identifier.ended_at.is_(None), or_(made, given))
    in_stock = (
        select(Identifier, Animal.village)
        .join(Tag, Tag.code == Identifier.value)
        .join(Animal, Animal.id == Identifier.animal_id)
        .where(Identifier.kind == IdentifierKind.TAG, *live)
    )
    for identifier, village in db.session.execute(in_stock).all():
        end(identifier, EndReason.WITHDRAWN, by=by, region=village)
    db.session.flush()
    db.session.execute(
        update(Identifier)
        .where(*live)
        .values(ended_at=now(), end_reason=EndReason.WITHDRAWN)
        .execution_options(synchronize_session=False)
    )


def _observe(batch: ImportBatch, moment: datetime, reason: str, by: Actor) -> None:
    asked = select(Animal.id, Animal.village, Animal.verification)
    rows = db.session.execute(asked.where(Animal.batch_id == batch.id).order_by(Animal.id))
    for some in _chunks(rows):
        ids, villages, bases = zip(*some, strict=True)
        columns: dict[str, Any] = {
            "id": [uuid7() for _ in some],
            "animal_id": ids,
            "kind": ObservationKind.UNDONE,
            "basis": bases,
            "made_at": moment,
            "recorded_at": moment,
            "by_id": by.id,
            "by_name": by.name,
            "village": villages,
            "before": {"state": AnimalState.PRESENT.value, "state_at": None},
            "after": {"state": AnimalState.WITHDRAWN.value, "state_at": moment.isoformat()},
            "reason": reason,
            "cause_id": batch.id,
        }
        whole = (list, tuple)
        insert(
            Observation,
            {n: v if isinstance(v, whole) else [v] * len(some) for n, v in columns.items()},
        )


def _chunks(rows: Any) -> Iterator[list[tuple[UUID, str, Verification]]]:
    """All at once on the wire, in pieces in memory."""
    found = [tuple(row) for row in rows]
    yield from batched(found, ASKED_AT_ONCE)


def _count_less(batch: ImportBatch) -> None:
    place = (Animal.village, Animal.species, Animal.sex, Animal.birth_date, Animal.seen_at)
    counted = (
        select(*place, -func.count())
        .where(Animal.batch_id == batch.id, Animal.state == AnimalState.PRESENT)
        .group_by(*place)
    )
    names = ("village", "species", "sex", "birth_date", "seen_at", "heads")
    rows = db.session.execute(counted).all()
    if rows:
        columns = zip(*rows, strict=True)
        ids = [uuid7() for _ in rows]
        insert(PopulationChange, {"id": ids, **dict(zip(names, columns, strict=True))})


def _hold_keepers(batch: ImportBatch) -> None:
    """Before anything else: whoever registers an animal holds its owner first, too."""
    owners = select(Animal.keeper_id).where(Animal.batch_id == batch.id)
    held = select(Keeper.id).where(Keeper.id.in_(owners)).order_by(Keeper.id)
    db.session.execute(held.with_for_update(key_share=True)).all()


def _withdraw_keepers(batch: ImportBatch, moment: datetime) -> int:
    """Those whom it registered, and who have nothing else."""
    others = exists().where(
        or_(Animal.keeper_id == Keeper.id, Animal.raiser_id == Keeper.id),
        Animal.state != AnimalState.WITHDRAWN,
    )
    tied = [exists().where(column == Keeper.id) for column in (
        Membership.keeper_id, Membership.group_id, Suspension.keeper_id, Brand.keeper_id,
        User.keeper_id,
    )]  # fmt: skip
    in_mutation = exists().where(
        or_(Mutation.from_keeper_id == Keeper.id, Mutation.to_keeper_id == Keeper.id),
        Mutation.state.in_(OPEN),
    )
    done: CursorResult[Any] = db.session.execute(  # type: ignore[assignment]
        update(Keeper)
        .where(Keeper.registered_at == batch.imported_at, Keeper.withdrawn_at.is_(None), ~others)
        .where(Keeper.id.in_(select(Animal.keeper_id).where(Animal.batch_id == batch.id)))
        .where(~in_mutation, *(~one for one in tied))
        .values(withdrawn_at=moment)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount
