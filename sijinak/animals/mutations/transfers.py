"""Transfers that both sides and the village head agree on: how they begin, and end undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from sijinak.animals.holding import holding
from sijinak.animals.models import Animal, Verification
from sijinak.animals.mutations.commands import CancelTransfer, ProposeTransfer
from sijinak.animals.mutations.models import (
    AGREED_KINDS,
    MUTATION_FLOW,
    OPEN,
    AnswerWay,
    Consent,
    ConsentLink,
    Mutation,
    MutationAnimal,
    MutationKind,
    MutationState,
    Side,
)
from sijinak.animals.mutations.queries import lines_of, mutation_to_change
from sijinak.animals.mutations.writing import Facts, NeedsReason, check_animals, draft
from sijinak.animals.queries import animals_to_change
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import suspension_of

MOST_ANIMALS = 100
MOST_EXPIRED = 200  # in one round
K = MutationKind


class NotATransfer(Invalid):
    code = "not-a-transfer"


class SeveralOwners(Invalid):
    code = "several-owners"


class TooManyAnimals(Invalid):
    code = "too-many-animals"


class NotTheReceiver(Invalid):
    """Whoever receives is registered, and is not whoever gives."""

    code = "not-the-receiver"


class SideWithdrawn(Conflict):
    """The registration of one of the sides was a mistake, and was undone."""

    code = "side-withdrawn"


class SideSuspended(Conflict):
    """One of the sides is a firm that may not trade today. Facts: ``decree``."""

    code = "side-suspended"


class OnlyDeclared(Conflict):
    """Only an animal that an officer has seen may be sold."""

    code = "only-declared"


class SharedAlready(Conflict):
    code = "shared-already"


class NotShared(Conflict):
    """Nobody, or not one and the same person, raises them for the owner."""

    code = "not-shared"


@dataclass(frozen=True, slots=True)
class Sides:
    giver: UUID
    receiver: UUID


def propose_transfer(command: ProposeTransfer, *, by: Actor) -> Mutation:
    """The owner who proposes accepts by it. Raises the errors above, AnimalHeld, NotFound."""
    require(by, Permission.MUTATION_PROPOSE)
    animals = animals_to_change(command.animal_ids, by=by, permission=Permission.MUTATION_PROPOSE)
    if not first_time(command, by=by):
        return db.session.get_one(Mutation, command.id)
    if command.kind not in AGREED_KINDS:
        raise NotATransfer
    if len(animals) > MOST_ANIMALS:
        raise TooManyAnimals(most=MOST_ANIMALS)
    check_animals(command.kind, animals, command.happened_on)
    sides = _sides(command, animals)
    check_sides(sides.giver, sides.receiver)
    if command.kind is K.SALE and any(a.verification is Verification.DECLARED for a in animals):
        raise OnlyDeclared
    holding.refuse([animal.id for animal in animals])
    mutation = draft(
        _facts(command, sides, len(animals)), animals[0].village, MutationState.PROPOSED, by=by
    )
    mutation.expires_at = now() + timedelta(days=command.valid_days)
    db.session.add_all(
        MutationAnimal(mutation_id=mutation.id, animal_id=animal.id, is_open=True)
        for animal in animals
    )
    if own := side_of(mutation, by):
        db.session.add(consent(mutation, own, AnswerWay.ACCOUNT, by=by))
    events.record(
        "mutation.proposed", mutation, by=by, region=mutation.region, kind=command.kind,
        animals=len(animals),
    )  # fmt: skip
    return mutation


def cancel_transfer(command: CancelTransfer, *, by: Actor) -> Mutation:
    """By the owner, or an officer of the village. Raises NotFound, WrongState, NeedsReason."""
    require(by, Permission.MUTATION_PROPOSE)
    mutation = mutation_to_change(command.mutation_id)
    if not may(
        by, Permission.MUTATION_PROPOSE, region=mutation.region, keeper_id=owner_of(mutation)
    ):
        raise NotFound(mutation_id=str(mutation.id))
    if not first_time(command, by=by):
        return mutation
    if not command.reason.strip():
        raise NeedsReason
    close(mutation, "cancel", command.reason, by=by)
    return mutation


def expire_transfers(*, by: Actor) -> int:
    """End those that nobody finished in time. The answer is how many."""
    require(by, Permission.MUTATION_RECORD)
    late = db.session.scalars(
        select(Mutation)
        .where(Mutation.state.in_(OPEN), Mutation.expires_at <= now())
        .order_by(Mutation.id)
        .limit(MOST_EXPIRED)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for mutation in late:
        close(mutation, "expire", "", by=by)
    return len(late)


def close(mutation: Mutation, action: str, because: str, *, by: Actor) -> None:
    """Take a step of the flow that ends it without effect, and set its animals free."""
    mutation.state = MUTATION_FLOW.step(mutation.state, action).target
    mutation.ended_at, mutation.ended_by_name, mutation.ended_because = now(), by.name, because
    end_links(mutation)
    lines = lines_of(mutation.id)
    for line in lines:
        line.is_open = False
    events.record(
        f"mutation.{mutation.state}", mutation, by=by, region=mutation.region,
        kind=mutation.kind, animals=len(lines),
    )  # fmt: skip


def end_links(mutation: Mutation, *sides: Side) -> None:
    """Those of the sides named; without a name, all of them."""
    ended = update(ConsentLink).where(
        ConsentLink.mutation_id == mutation.id,
        ConsentLink.side.in_(sides or tuple(Side)),
        ConsentLink.ended_at.is_(None),
    )
    db.session.execute(ended.values(ended_at=now()))


def check_sides(*keeper_ids: UUID | None) -> None:
    """Raises SideWithdrawn, SideSuspended. Until the end neither can happen to them."""
    asked = select(Keeper).where(Keeper.id.in_(keeper_ids)).order_by(Keeper.id)
    held = asked.with_for_update(read=True).execution_options(populate_existing=True)
    for keeper in db.session.scalars(held).all():
        if keeper.withdrawn_at is not None:
            raise SideWithdrawn
        if suspension := suspension_of(keeper.id, today()):
            raise SideSuspended(decree=suspension.decree)


def consent(
    mutation: Mutation, side: Side, way: AnswerWay, *, by: Actor, note: str = ""
) -> Consent:
    return Consent(
        mutation_id=mutation.id,
        side=side,
        way=way,
        answered_at=now(),
        by_id=by.id,
        by_name=by.name,
        note=note,
    )


def keeper_of(mutation: Mutation, side: Side) -> UUID | None:
    return mutation.from_keeper_id if side is Side.GIVER else mutation.to_keeper_id


def owner_of(mutation: Mutation) -> UUID | None:
    """Whoever owned the animals when it was proposed."""
    return keeper_of(mutation, Side.RECEIVER if mutation.kind is K.SHARING_END else Side.GIVER)


def side_of(mutation: Mutation, by: Actor) -> Side | None:
    """The side for which the actor answers on their own account."""
    own = {reach.keeper_id for reach in by.reaches(Permission.MUTATION_ANSWER)} - {None}
    return next((s for s in (Side.GIVER, Side.RECEIVER) if keeper_of(mutation, s) in own), None)


def is_a_side(mutation: Mutation, by: Actor) -> bool:
    """Also an officer whose own herd it is, in whatever office they act."""
    own: UUID | None = getattr(by, "keeper_id", None)
    sides = {mutation.from_keeper_id, mutation.to_keeper_id} - {None}
    return own in sides or side_of(mutation, by) is not None


def _sides(command: ProposeTransfer, animals: Sequence[Animal]) -> Sides:
    owners, raisers = {a.keeper_id for a in animals}, {a.raiser_id for a in animals}
    if len(owners) > 1:
        raise SeveralOwners
    owner = owners.pop()
    if command.kind is K.SHARING_END:
        raiser = raisers.pop() if len(raisers) == 1 else None
        if raiser is None:
            raise NotShared
        return Sides(raiser, owner)
    if command.kind is K.SHARING and raisers != {None}:
        raise SharedAlready
    receiver = db.session.get(Keeper, command.to_keeper_id) if command.to_keeper_id else None
    if receiver is None or receiver.id == owner:
        raise NotTheReceiver
    return Sides(owner, receiver.id)


def _facts(command: ProposeTransfer, sides: Sides, heads: int) -> Facts:
    hamlet = {"to_hamlet": command.to_hamlet} if command.to_village else {}
    price = {"price": command.price, "price_heads": heads} if command.price else {}
    return Facts(
        id=command.id,
        kind=command.kind,
        happened_on=command.happened_on,
        reason=command.reason,
        from_keeper_id=sides.giver,
        to_keeper_id=sides.receiver,
        to_village=command.to_village,
        details={**hamlet, **price},
    )
