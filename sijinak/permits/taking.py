"""How every step is taken: the permit's row locked, through PERMIT_FLOW, by who may, once."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.mandates import Mandate
from sijinak.accounts.models import User
from sijinak.accounts.proofs import Proof, signing_right
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.flow import Step
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.queries import suspension_of
from sijinak.permits.commands import PermitCommand
from sijinak.permits.models import OVER, PERMIT_FLOW, Permit, PermitState
from sijinak.permits.queries import permit_for_update
from sijinak.permits.quota.claiming import release_quota
from sijinak.permits.slots.booking import free_slot
from sijinak.permits.stopping import refuse_stopped

# Where the animals may stand on another application: a returned one lines them up anew.
FREE = (
    *OVER,
    PermitState.ISSUED,
    PermitState.DEPARTED,
    PermitState.ARRIVED,
    PermitState.RETURNED,
    PermitState.APPEALED,
)
NEEDS = {step.action: step.needs for step in PERMIT_FLOW}
BEFORE_DECIDING = ("applied_by", "inspected_by", "certified_by", "billed_by", "cashed_by")
# Who took part earlier may not take these steps: inspector, certifier, biller and signer are four
# people, none of them is the applicant, and an appeal is heard by none who decided.
BARRED: Mapping[str, Sequence[str]] = {
    "return": ("applied_by",),
    "accept": ("applied_by",),
    "inspect": ("applied_by",),
    "sample": ("applied_by",),
    "certify": ("applied_by", "inspected_by", "billed_by", "cashed_by"),
    "bill": ("applied_by", "inspected_by", "certified_by"),
    "approve": (*BEFORE_DECIDING, "heard_by"),
    "reject": (*BEFORE_DECIDING, "heard_by"),
    "issue": ("applied_by",),
    "extend": BEFORE_DECIDING,
    "uphold": ("applied_by", "decided_by"),
    "grant": ("applied_by", "decided_by"),
    "revoke": ("applied_by",),
    "depart": ("applied_by",),
    "close": ("applied_by",),
}
# Steps towards the letter: a firm that was suspended meanwhile waits, and so does what came up of
# its animals. Money that comes counts, and what ends an application stays possible.
FORWARD = frozenset(
    {"accept", "inspect", "sample", "certify", "bill", "approve", "issue", "extend"}
)
# Where what was promised out of the quota is free again.
LET_GO = frozenset({"cancel", "withdraw", "reject", "expire", "revoke"})


class SamePerson(Conflict):
    """Four eyes: whoever takes this step took part before."""

    code = "same-person"


class FirmSuspended(Conflict):
    """Facts: ``decree``."""

    code = "firm-suspended"


class PermitExpired(Conflict):
    """Facts: ``until``, its last day."""

    code = "permit-expired"


def is_barred(permit: Permit, action: str, *, by: Actor) -> bool:
    """Whether the four eyes keep this person from the step; nobody serves their own firm."""
    if action not in BARRED:
        return False
    own = any(reach.keeper_id == permit.keeper_id for reach in by.reaches(Permission.PERMIT_APPLY))
    return own or _took_part(permit, action, [by.id])


def begin(
    command: PermitCommand, action: str, *, by: Actor
) -> tuple[Permit, Step[PermitState] | None]:
    """The locked permit and the step to take; no step when this very command was done before.

    Raises WrongState, SamePerson, FirmSuspended, DestinationClosed, MayNotLeave.
    """
    permit = permit_for_update(command.permit_id, by=by)
    require(by, NEEDS[action], region=permit.region, keeper_id=permit.keeper_id)
    if not first_time(command, by=by):
        return permit, None
    step = PERMIT_FLOW.step(permit.state, action)
    if is_barred(permit, action, by=by):
        raise SamePerson
    if action in FORWARD:
        if suspension := suspension_of(permit.keeper_id, today()):
            raise FirmSuspended(decree=suspension.decree)
        refuse_stopped(permit)
    return permit, step


def end(
    permit: Permit, step: Step[PermitState], *, by: Actor, note: str = "", **facts: Any
) -> Permit:
    if step.target is not step.source:
        permit.state_at = now()
    permit.state = step.target
    permit.last_note = note
    if step.action in LET_GO:
        release_quota(permit, by=by)
        free_slot(permit, step.action, by=by)
    if permit.state in FREE:
        for animal in permit.animals:
            animal.is_open = False
    facts |= {"note": note, "keeper_id": str(permit.keeper_id)}
    events.record(f"permit.{step.action}", permit, by=by, region=permit.region, **facts)
    return permit


def take_letter_back(permit: Permit) -> None:
    """The health letter names what no longer leaves, or was not looked at: it is signed anew."""
    permit.certified_by = permit.certified_at = permit.skkh_number = None
    permit.certified_by_name = ""


def sign(
    command: PermitCommand, permit: Permit, action: str, proof: Proof | None, *, by: Actor
) -> Mandate:
    """The mandate of whoever signs this step; its delegator, too, took no part and has no part.

    Raises NoMandate, ProofMissing, WrongCode, SamePerson.
    """
    mandate = signing_right(by, NEEDS[action], permit.region, proof, command_id=command.id)
    if _took_part(permit, action, mandate.people) or _is_theirs(permit, mandate.people):
        raise SamePerson
    return mandate


def _took_part(permit: Permit, action: str, people: Collection[UUID]) -> bool:
    return any(getattr(permit, column) in people for column in BARRED[action])


def _is_theirs(permit: Permit, people: Collection[UUID]) -> bool:
    """Whether it is the firm of one of them: whoever delegated is not there to be asked."""
    asked = select(User.id).where(User.id.in_(people), User.keeper_id == permit.keeper_id)
    return db.session.scalar(asked.limit(1)) is not None
