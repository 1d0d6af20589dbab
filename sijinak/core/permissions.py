"""Every permission there is, and what it takes to hold one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.core.errors import Forbidden

RegionColumn = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
KeeperColumn = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]


class Permission(StrEnum):
    """Named ``resource:action``."""

    KEEPER_READ = "keeper:read"
    KEEPER_REGISTER = "keeper:register"
    KEEPER_REVEAL = "keeper:reveal"
    KEEPER_SUSPEND = "keeper:suspend"
    ANIMAL_READ = "animal:read"
    ANIMAL_REGISTER = "animal:register"
    ANIMAL_IMPORT = "animal:import"
    MUTATION_READ = "mutation:read"
    MUTATION_RECORD = "mutation:record"
    MUTATION_PROPOSE = "mutation:propose"
    MUTATION_ANSWER = "mutation:answer"
    MUTATION_ACKNOWLEDGE = "mutation:acknowledge"
    SHEET_READ = "sheet:read"
    SHEET_PREPARE = "sheet:prepare"
    SHEET_SIGN = "sheet:sign"
    STOCKTAKE_HOLD = "stocktake:hold"
    DUPLICATE_REVIEW = "duplicate:review"
    POPULATION_READ = "population:read"
    TAG_PRINT = "tag:print"
    TAG_STOCK = "tag:stock"
    TAG_HOLD = "tag:hold"
    VACCINATION_READ = "vaccination:read"
    VACCINATION_RECORD = "vaccination:record"
    VACCINATION_CONFIRM = "vaccination:confirm"
    VACCINE_LABEL = "vaccine:label"
    VACCINE_STOCK = "vaccine:stock"
    CAMPAIGN_MANAGE = "campaign:manage"
    FINDING_READ = "finding:read"
    FINDING_SETTLE = "finding:settle"
    REVISIT_DRAW = "revisit:draw"
    REVISIT_RECORD = "revisit:record"
    FIELD_PHONE = "field:phone"
    FIELD_WORK = "field:work"
    FIELD_OVERSEE = "field:oversee"
    PERMIT_READ = "permit:read"
    PERMIT_APPLY = "permit:apply"
    PERMIT_CHECK = "permit:check"
    PERMIT_INSPECT = "permit:inspect"
    PERMIT_DECIDE = "permit:decide"
    PERMIT_ISSUE = "permit:issue"
    PERMIT_CANCEL = "permit:cancel"
    PERMIT_SETTLE = "permit:settle"
    PERMIT_CERTIFY = "permit:certify"
    PERMIT_REVOKE = "permit:revoke"
    PERMIT_EXPIRE = "permit:expire"
    PERMIT_HEAR = "permit:hear"
    PERMIT_DEPART = "permit:depart"
    PERMIT_ARRIVE = "permit:arrive"
    RULE_MANAGE = "rule:manage"
    QUOTA_READ = "quota:read"
    QUOTA_MANAGE = "quota:manage"
    SLOT_MANAGE = "slot:manage"
    BAN_MANAGE = "ban:manage"
    LAB_RECORD = "lab:record"
    MOVEMENT_TRACE = "movement:trace"
    SKRD_READ = "skrd:read"
    SKRD_ISSUE = "skrd:issue"
    PAYMENT_START = "payment:start"
    PAYMENT_SETTLE = "payment:settle"
    TARIFF_MANAGE = "tariff:manage"
    RECEIPT_VOID = "receipt:void"
    MONEY_RESOLVE = "money:resolve"
    CASH_RECEIVE = "cash:receive"
    TICKET_SELL = "ticket:sell"
    TICKET_STOCK = "ticket:stock"
    TREASURY_READ = "treasury:read"
    TREASURY_KEEP = "treasury:keep"
    LEDGER_READ = "ledger:read"
    AUDIT_READ = "audit:read"
    AUDIT_WORK = "audit:work"
    AUDIT_ANSWER = "audit:answer"
    LOG_CHECKPOINT = "log:checkpoint"
    REPORT_READ = "report:read"
    PRIVACY_KEEP = "privacy:keep"
    PRIVACY_CONFIRM = "privacy:confirm"
    PRIVACY_OWN = "privacy:own"
    USER_MANAGE = "user:manage"
    MANDATE_READ = "mandate:read"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a permission holds: in a part of the land, or for what one keeper owns.

    ``region`` is a dotted code and covers all below it; the empty one covers everything.
    """

    region: str = ""
    keeper_id: UUID | None = None

    def covers(self, region: str | None, keeper_id: UUID | None) -> bool:
        if self.keeper_id is not None:
            return keeper_id in (None, self.keeper_id)
        return region is None or region_lies_in(region, self.region)


class Actor(Protocol):
    """Whoever acts: a person, a phone, or the worker."""

    @property
    def id(self) -> UUID: ...

    @property
    def name(self) -> str: ...

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:
        """Where the permission is held today; empty when it is not."""


def region_lies_in(region: str, outer: str) -> bool:
    return not outer or region == outer or region.startswith(outer + ".")


def may(
    actor: Actor,
    permission: Permission,
    *,
    region: str | None = None,
    keeper_id: UUID | None = None,
) -> bool:
    return any(reach.covers(region, keeper_id) for reach in actor.reaches(permission))


def require(
    actor: Actor,
    permission: Permission,
    *,
    region: str | None = None,
    keeper_id: UUID | None = None,
) -> None:
    """Raises Forbidden unless the actor holds the permission there (and for that keeper)."""
    if not may(actor, permission, region=region, keeper_id=keeper_id):
        raise Forbidden(permission=str(permission))


def within_reach(
    by: Actor,
    permission: Permission,
    region: RegionColumn,
    keeper_id: KeeperColumn | None = None,
) -> ColumnElement[bool]:
    """Narrow a query to what the actor may see: the rest is not there."""
    return or_(false(), *(_inside(reach, region, keeper_id) for reach in by.reaches(permission)))


def _inside(
    reach: Reach,
    region: RegionColumn,
    keeper_id: KeeperColumn | None,
) -> ColumnElement[bool]:
    if reach.keeper_id is not None:
        return false() if keeper_id is None else keeper_id == reach.keeper_id
    if not reach.region:
        return true()
    # "/" follows "." in ASCII: the range holds the code and all below it, and uses the index.
    return and_(region >= reach.region, region < reach.region + "/")


@dataclass(frozen=True, slots=True)
class Machine:
    """An actor that is not a person: the worker, or the command line of the server."""

    id: UUID
    name: str

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:  # noqa: ARG002
        return (Reach(),)


WORKER = Machine(UUID(int=1), "sijinak worker")
OPERATOR = Machine(UUID(int=2), "sijinak command line")
