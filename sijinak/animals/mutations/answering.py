"""Giver and receiver answer: by their account, on their own phone, or before an officer."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.mutations.commands import AnswerByLink, AnswerTransfer, MakeLink, Refusal
from sijinak.animals.mutations.models import (
    MUTATION_FLOW,
    AnswerWay,
    ConsentLink,
    Mutation,
    MutationState,
    Side,
)
from sijinak.animals.mutations.queries import consents_of, lines_of, mutation_to_change
from sijinak.animals.mutations.transfers import (
    close,
    consent,
    end_links,
    is_a_side,
    keeper_of,
    side_of,
)
from sijinak.animals.mutations.writing import NeedsReason
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, Reach, may, require
from sijinak.keepers.models import Keeper
from sijinak.keepers.proving import (
    MOST_TRIES,
    LinkOver,
    LinkShownBefore,
    digest_of_secret,
    knows_digits,
    last_digits,
    new_secret,
)

SIDES = frozenset({Side.GIVER, Side.RECEIVER})


class AnsweredAlready(Conflict):
    code = "answered-already"


class TransferOver(Conflict):
    """It ran out before it was finished."""

    code = "transfer-over"


class OwnSide(Forbidden):
    """Whoever is one of the two sides is no officer in this transfer."""

    code = "own-side"


class NeedsNote(Invalid):
    """Whoever answers for another says how they know: who came, with which paper."""

    code = "needs-note"


class NotInIt(Invalid):
    """A refused animal that is not in the mutation, or not any more."""

    code = "not-in-it"


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """The keeper to whom a link was handed: reaches what that one side may answer."""

    id: UUID
    name: str

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:
        allowed = permission is Permission.MUTATION_ANSWER
        return (Reach(keeper_id=self.id),) if allowed else ()


def answer_transfer(command: AnswerTransfer, *, by: Actor) -> Mutation:
    """Raises NotFound, OwnSide, AnsweredAlready, TransferOver, NeedsNote, NotInIt, WrongState."""
    mutation = mutation_to_change(command.mutation_id)
    is_own = side_of(mutation, by) is command.side
    if not is_own:
        _check_officer(mutation, by)
    if not first_time(command, by=by):
        return mutation
    if not is_own and not command.note.strip():
        raise NeedsNote
    way = AnswerWay.ACCOUNT if is_own else AnswerWay.OFFICE
    return _answer(mutation, command, way, by=by)


def make_link(command: MakeLink, *, by: Actor) -> str:
    """The secret, this once. A new link ends those that the side had before.

    Only an officer hands it out, who is no side: its holder counts as the side itself.
    """
    require(by, Permission.MUTATION_RECORD)
    mutation = mutation_to_change(command.mutation_id)
    _check_officer(mutation, by)
    if not first_time(command, by=by):
        raise LinkShownBefore
    check_open(mutation, command.side)
    last_digits(_keeper(mutation, command.side))
    secret = new_secret()
    end_links(mutation, command.side)
    db.session.add(
        ConsentLink(
            mutation_id=mutation.id,
            side=command.side,
            digest=digest_of_secret(secret),
            made_at=now(),
            made_by=by.id,
            expires_at=mutation.expires_at,
            tries=0,
        )
    )
    events.record("mutation.link-made", mutation, by=by, region=mutation.region, side=command.side)
    return secret


def try_link(secret: str, digits: str) -> ConsentLink | None:
    """The link, if the digits are right; None counts as a try. Raises LinkOver.

    The caller commits before it tells: a try that is rolled back would cost nothing.
    """
    link = link_with(secret, hold=True)
    mutation = db.session.get_one(Mutation, link.mutation_id)
    if knows_digits(_keeper(mutation, link.side), digits):
        return link
    link.tries += 1
    if link.tries >= MOST_TRIES:
        link.ended_at = now()
    return None


def answer_by_link(command: AnswerByLink) -> Mutation | None:
    """Whoever holds the link and knows the digits is the keeper; None when the digits are wrong."""
    held = link_with(command.secret)
    mutation = mutation_to_change(held.mutation_id)  # before the link: everybody locks it first
    link = try_link(command.secret, command.digits)
    if link is None:
        return None
    keeper = _keeper(mutation, link.side)
    by = LinkHolder(keeper.id, keeper.name)
    told = AnswerTransfer(
        id=command.id, mutation_id=mutation.id, side=link.side, refusals=command.refusals
    )
    if first_time(told, by=by):
        _answer(mutation, told, AnswerWay.LINK, by=by)
    return mutation


def link_with(secret: str, *, hold: bool = False) -> ConsentLink:
    """Raises LinkOver."""
    asked = select(ConsentLink).where(ConsentLink.digest == digest_of_secret(secret))
    if hold:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    link = db.session.scalar(asked)
    if link is None or link.ended_at is not None or link.expires_at <= now():
        raise LinkOver
    return link


def check_open(mutation: Mutation, side: Side) -> None:
    """Raises WrongState, TransferOver, AnsweredAlready."""
    if mutation.state is not MutationState.PROPOSED or side not in SIDES:
        raise WrongState(state=mutation.state, action="agree")
    if mutation.expires_at is not None and mutation.expires_at <= now():
        raise TransferOver
    if side in consents_of(mutation.id):
        raise AnsweredAlready


def refuse_animals(mutation: Mutation, side: Side, refusals: Iterable[Refusal]) -> int:
    """They drop out with the reason. The answer is how many are left."""
    lines = {line.animal_id: line for line in lines_of(mutation.id) if line.is_open}
    for refusal in refusals:
        line = lines.pop(refusal.animal_id, None)
        if line is None:
            raise NotInIt
        if not refusal.reason.strip():
            raise NeedsReason
        line.is_open, line.refused_by, line.refused_because = False, side, refusal.reason
    return len(lines)


def _keeper(mutation: Mutation, side: Side) -> Keeper:
    return db.session.get_one(Keeper, keeper_of(mutation, side))


def _check_officer(mutation: Mutation, by: Actor) -> None:
    """Raises Forbidden, NotFound, OwnSide."""
    require(by, Permission.MUTATION_RECORD)
    if not may(by, Permission.MUTATION_RECORD, region=mutation.region):
        raise NotFound(mutation_id=str(mutation.id))
    if is_a_side(mutation, by):
        raise OwnSide


def _answer(mutation: Mutation, command: AnswerTransfer, way: AnswerWay, *, by: Actor) -> Mutation:
    check_open(mutation, command.side)
    left = refuse_animals(mutation, command.side, command.refusals)
    db.session.add(consent(mutation, command.side, way, by=by, note=command.note))
    db.session.flush()
    end_links(mutation, command.side)
    events.record(
        "mutation.answered", mutation, by=by, region=mutation.region, side=command.side,
        way=way, animals=left, refused=len(command.refusals),
    )  # fmt: skip
    if not left:
        close(mutation, "refuse", "", by=by)
    elif consents_of(mutation.id).keys() >= SIDES:
        mutation.state = MUTATION_FLOW.step(mutation.state, "agree").target
    return mutation
