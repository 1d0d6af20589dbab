"""Erasing a person: one proposes, another confirms, and only when nothing is left that runs."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.forgetting import emptied_of
from sijinak.keepers.models import Keeper
from sijinak.privacy.forgetting import forget
from sijinak.privacy.models import (
    ERASURE_FLOW,
    REQUEST_FLOW,
    Erasure,
    ErasureState,
    RequestKind,
)
from sijinak.privacy.obstacles import obstacles
from sijinak.privacy.queries import erasure_of, request_to_step


class ErasureHeld(Conflict):
    """Facts: ``count`` of what must end first."""

    code = "erasure-held"


class NotAnErasure(Conflict):
    code = "not-an-erasure"


class ErasureProposed(Conflict):
    code = "erasure-proposed"


class SameErasor(Forbidden):
    """Whoever proposed it does not confirm it."""

    code = "same-erasor"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeErasure:
    id: UUID = field(default_factory=uuid7)
    request_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideErasure:
    id: UUID = field(default_factory=uuid7)
    request_id: UUID


def propose_erasure(command: ProposeErasure, *, by: Actor) -> Erasure:
    """Raises NotAnErasure, ErasureHeld, ErasureProposed."""
    request = request_to_step(command.request_id, by=by)
    require(by, Permission.PRIVACY_KEEP, region=request.region)
    if not first_time(command, by=by):
        return db.session.get_one(Erasure, command.id)
    REQUEST_FLOW.step(request.state, "answer")
    if request.kind is not RequestKind.ERASURE:
        raise NotAnErasure
    known = erasure_of(request.id)
    if known is not None and known.state is not ErasureState.DROPPED:
        raise ErasureProposed
    _refuse_what_runs(_held(request.keeper_id))
    erasure = Erasure(
        id=command.id,
        request_id=request.id,
        keeper_id=request.keeper_id,
        state=ErasureState.PROPOSED,
        proposed_at=now(),
        proposed_by=by.id,
        proposed_by_name=by.name,
    )
    db.session.add(erasure)
    events.record("privacy.erasure-proposed", erasure, by=by, region=request.region)
    return erasure


def confirm_erasure(command: DecideErasure, *, by: Actor) -> Erasure:
    """The second person: now it is done. Raises ErasureHeld, SameErasor, WrongState."""
    erasure, is_new = _decide(command, "confirm", by=by)
    if not is_new:
        return erasure
    keeper = _held(erasure.keeper_id)
    _refuse_what_runs(keeper)
    request = request_to_step(erasure.request_id, by=by)
    request.state = REQUEST_FLOW.step(request.state, "answer").target
    request.answered_at, request.answered_by = now(), by.id
    request.answered_by_name = by.name
    db.session.flush()
    erasure.emptied = forget(keeper)
    events.record(
        "privacy.erased", erasure, by=by, region=request.region,
        emptied=erasure.emptied, lines=emptied_of(keeper.id).lines, keeper_id=str(keeper.id),
    )  # fmt: skip
    return erasure


def drop_erasure(command: DecideErasure, *, by: Actor) -> Erasure:
    """The second person does not agree; the request stays open."""
    erasure, is_new = _decide(command, "drop", by=by)
    if is_new:
        region = request_to_step(erasure.request_id, by=by).region
        events.record("privacy.erasure-dropped", erasure, by=by, region=region)
    return erasure


def _decide(command: DecideErasure, action: str, *, by: Actor) -> tuple[Erasure, bool]:
    request = request_to_step(command.request_id, by=by)
    require(by, Permission.PRIVACY_CONFIRM, region=request.region)
    erasure = erasure_of(request.id)
    if erasure is None:
        raise NotFound(request_id=str(request.id))
    if not first_time(command, by=by):
        return erasure, False
    step = ERASURE_FLOW.step(erasure.state, action)
    if erasure.proposed_by == by.id:
        raise SameErasor
    erasure.state = step.target
    erasure.decided_at, erasure.decided_by, erasure.decided_by_name = now(), by.id, by.name
    return erasure, True


def _held(keeper_id: UUID) -> Keeper:
    held = select(Keeper).where(Keeper.id == keeper_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _refuse_what_runs(keeper: Keeper) -> None:
    if found := obstacles(keeper):
        raise ErasureHeld(count=sum(one.count for one in found))
