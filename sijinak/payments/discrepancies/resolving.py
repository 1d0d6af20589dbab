"""How people end a discrepancy: one proposes, another approves or refuses."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.discrepancies.effects import Effect, Plan, effects, plan_of
from sijinak.payments.discrepancies.legal import NEED_DECREE
from sijinak.payments.discrepancies.queries import cases_to_end, discrepancy_for_update
from sijinak.payments.models import (
    DISCREPANCY_FLOW,
    Discrepancy,
    DiscrepancyState,
    Resolution,
)


class NotLegal(Invalid):
    """A discrepancy of such a kind is not ended in this way."""

    code = "resolution-not-legal"


class NeedsDecree(Invalid):
    code = "resolution-needs-decree"


class SameResolver(Forbidden):
    """Four eyes: who proposed neither approves nor refuses."""

    code = "resolution-by-same-person"


class CaseTaken(Conflict):
    """A case that was to join is not open any more, or joins another."""

    code = "case-taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCase:
    """``owner_id`` is who shall look after it."""

    id: UUID = field(default_factory=uuid7)
    case_id: UUID
    owner_id: UUID
    owner_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeResolution:
    id: UUID = field(default_factory=uuid7)
    case_id: UUID
    resolution: Resolution
    reason: str
    decree: str = ""
    plan: Plan = field(default_factory=Plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerResolution:
    id: UUID = field(default_factory=uuid7)
    case_id: UUID
    action: str  # of DISCREPANCY_FLOW: approve, refuse
    note: str = ""


def take_case(command: TakeCase, *, by: Actor) -> Discrepancy:
    """Say who looks after it. What is ended needs nobody."""
    case = _asked_of(command.case_id, by=by)
    if not first_time(command, by=by):
        return case
    if not DISCREPANCY_FLOW.steps_from(case.state):
        DISCREPANCY_FLOW.step(case.state, "take")
    case.owner_id, case.owner_name = command.owner_id, command.owner_name
    _record("discrepancy.taken", case, by=by, owner=str(command.owner_id))
    return case


def propose_resolution(command: ProposeResolution, *, by: Actor) -> Discrepancy:
    """The first of two people. Raises NotLegal, NeedsDecree, CaseTaken and what the effect says."""
    case = _asked_of(command.case_id, by=by)
    if not first_time(command, by=by):
        return case
    effect = _effect(case, command.resolution)
    goes_back = command.resolution in NEED_DECREE or command.plan.amount > 0
    if goes_back and not command.decree.strip():
        raise NeedsDecree
    for one in [case, *_joining(command, by=by)]:
        one.state = DISCREPANCY_FLOW.step(one.state, "propose").target
        one.resolution, one.reason, one.decree = command.resolution, command.reason, command.decree
        one.plan = command.plan.spelt() if one is case else {"joins": str(case.id)}
        one.proposed_by, one.proposed_by_name, one.proposed_at = by.id, by.name, now()
        _record("discrepancy.proposed", one, by=by, resolution=command.resolution)
    effect.check(case, by=by)
    return case


def answer_resolution(command: AnswerResolution, *, by: Actor) -> Discrepancy:
    """The second of two people: approve, and it happens; or refuse, and it is open again."""
    case = _asked_of(command.case_id, by=by)
    if not first_time(command, by=by):
        return case
    step = DISCREPANCY_FLOW.step(case.state, command.action)
    if case.proposed_by == by.id:
        raise SameResolver
    if "joins" in case.plan:
        raise CaseTaken
    joined = _joined(case, by=by)
    if step.target is DiscrepancyState.RESOLVED and case.resolution:
        if len(joined) < len(set(plan_of(case).case_ids) - {case.id}):
            raise CaseTaken
        _approve(case, _effect(case, case.resolution), joined, by=by)
    for one in [case, *joined]:
        one.state = step.target
        if step.target is DiscrepancyState.OPEN:
            one.plan, one.resolution = {}, None
        _record(f"discrepancy.{step.action}d", one, by=by, note=command.note)
    return case


def _approve(case: Discrepancy, effect: Effect, joined: list[Discrepancy], *, by: Actor) -> None:
    effect.check(case, by=by)
    effect.do(case, by=by)
    for one in [case, *joined]:
        one.approved_by, one.approved_by_name, one.ended_at = by.id, by.name, now()


def _asked_of(case_id: UUID, *, by: Actor) -> Discrepancy:
    case = discrepancy_for_update(case_id)
    require(by, Permission.MONEY_RESOLVE, region=case.region or None)
    return case


def _effect(case: Discrepancy, resolution: Resolution) -> Effect:
    effect = effects.of(case.kind, resolution)
    if effect is None:
        raise NotLegal(kind=case.kind, resolution=resolution)
    return effect


def _joining(command: ProposeResolution, *, by: Actor) -> list[Discrepancy]:
    """Open cases about money, which the proposal ends together with its own."""
    found = cases_to_end(set(command.plan.case_ids) - {command.case_id}, by=by)
    if any(one.state is not DiscrepancyState.OPEN or not one.collection_id for one in found):
        raise CaseTaken
    return found


def _joined(case: Discrepancy, *, by: Actor) -> list[Discrepancy]:
    """Those that still wait for the same answer: one may have settled by itself meanwhile."""
    found = cases_to_end(set(plan_of(case).case_ids) - {case.id}, by=by)
    waiting = (one for one in found if one.state is DiscrepancyState.PROPOSED)
    return [one for one in waiting if one.plan.get("joins") == str(case.id)]


def _record(name: str, case: Discrepancy, *, by: Actor, **facts: object) -> None:
    events.record(
        name, case, by=by, region=case.region, kind=case.kind, amount=case.amount, **facts
    )
