"""What people ask about their data, and the answer."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.keepers.models import Keeper
from sijinak.privacy.erasing import ErasureProposed
from sijinak.privacy.models import (
    REQUEST_FLOW,
    ErasureState,
    LegalReason,
    PrivacyRequest,
    RequestKind,
    RequestState,
)
from sijinak.privacy.policy import ANSWER_WITHIN
from sijinak.privacy.queries import erasure_of, keeper_of_wish, request_to_step, require_say


class IdentityMissing(Invalid):
    """The counter says by what it knew who asked."""

    code = "identity-missing"


class ErasureByTwo(Conflict):
    """A wish to be erased is answered by the erasure itself."""

    code = "erasure-by-two"


class NobodyLeft(Conflict):
    """The person was erased before."""

    code = "nobody-left"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRequest:
    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID
    kind: RequestKind
    words: str
    identity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRequest:
    id: UUID = field(default_factory=uuid7)
    request_id: UUID
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRequest:
    id: UUID = field(default_factory=uuid7)
    request_id: UUID
    legal_reason: LegalReason
    answer: str


def ask_request(command: AskRequest, *, by: Actor) -> PrivacyRequest:
    """Raises IdentityMissing, NobodyLeft."""
    keeper = keeper_of_wish(command.keeper_id, by=by)
    require_say(keeper, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(PrivacyRequest, command.id)
    own = may(by, Permission.PRIVACY_OWN, keeper_id=keeper.id)
    if not own and not command.identity:
        raise IdentityMissing
    if keeper.erased_at is not None:
        raise NobodyLeft
    request = PrivacyRequest(
        id=command.id,
        kind=command.kind,
        keeper_id=keeper.id,
        region=keeper.village,
        state=RequestState.OPEN,
        asked_at=now(),
        due_at=now() + ANSWER_WITHIN,
        asked_by=by.id,
        asked_by_name=by.name,
        identity="" if own else command.identity,
        words=command.words,
    )
    db.session.add(request)
    _record("asked", request, by=by, counter=not own)
    return request


def answer_request(command: AnswerRequest, *, by: Actor) -> PrivacyRequest:
    """Raises ErasureProposed; ErasureByTwo: two people must have done what was asked for."""
    request = _step(command, "answer", by=by)
    if request is None:
        return db.session.get_one(PrivacyRequest, command.request_id)
    if request.kind is RequestKind.ERASURE:
        raise ErasureByTwo
    request.answer = command.answer
    _record("answered", request, by=by)
    return request


def refuse_request(command: RefuseRequest, *, by: Actor) -> PrivacyRequest:
    """Raises ErasureProposed: first the second person confirms it, or does not agree."""
    request = _step(command, "refuse", by=by)
    if request is None:
        return db.session.get_one(PrivacyRequest, command.request_id)
    request.legal_reason, request.answer = command.legal_reason, command.answer
    _record("refused", request, by=by, why=command.legal_reason)
    return request


def note_copy(keeper: Keeper, *, by: Actor) -> None:
    """A copy of all about a person was made."""
    require_say(keeper, by=by)
    own = may(by, Permission.PRIVACY_OWN, keeper_id=keeper.id)
    events.record("privacy.copy-made", keeper, by=by, region=keeper.village, own=own)


def _step(
    command: AnswerRequest | RefuseRequest, action: str, *, by: Actor
) -> PrivacyRequest | None:
    """The request in its new state; None when this was done before. Raises ErasureProposed."""
    request = request_to_step(command.request_id, by=by)
    require(by, Permission.PRIVACY_KEEP, region=request.region)
    if not first_time(command, by=by):
        return None
    erasure = erasure_of(request.id)
    if erasure is not None and erasure.state is ErasureState.PROPOSED:
        raise ErasureProposed
    request.state = REQUEST_FLOW.step(request.state, action).target
    request.answered_at, request.answered_by = now(), by.id
    request.answered_by_name = by.name
    return request


def _record(verb: str, request: PrivacyRequest, *, by: Actor, **facts: object) -> None:
    about = {"kind": request.kind, "keeper_id": str(request.keeper_id), **facts}
    events.record(f"privacy.{verb}", request, by=by, region=request.region, **about)
