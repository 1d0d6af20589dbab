"""The records that notes may be about, each as far as an auditor may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import exists, select

from sijinak.accounts.models import Appointment, User
from sijinak.animals.models import Animal
from sijinak.animals.queries import live_tags
from sijinak.audit.desk.models import AuditSample
from sijinak.audit.findings.models import AuditFinding
from sijinak.core.codes import spaced
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.model import Model
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.payments.models import Collection
from sijinak.permits.models import Permit
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from sijinak.treasury.deposits.models import Deposit
from sijinak.treasury.statements.models import BankLine
from sijinak.treasury.tickets.models import TicketBlock

P = Permission.AUDIT_READ
FINDINGS = AuditFinding.__tablename__
SAMPLES = AuditSample.__tablename__


@dataclass(frozen=True, slots=True)
class Subject:
    type: str
    id: UUID
    title: str
    region: str


class _Known(NamedTuple):
    """``region`` is the column that says where it belongs; None for people of the office."""

    model: type[Model]
    region: Any
    title: Callable[[Any], str]


def _animal(one: Animal) -> str:
    tag = live_tags([one.id]).get(one.id)
    return spaced(tag.value) if tag else str(one.id)


KNOWN: dict[str, _Known] = {
    "receipts": _Known(Receipt, Receipt.region, lambda one: one.number),
    "skrd": _Known(Skrd, Skrd.region, lambda one: one.number),
    "permits": _Known(Permit, Permit.region, lambda one: one.number or str(one.id)),
    "animals": _Known(Animal, Animal.village, _animal),
    "keepers": _Known(Keeper, Keeper.village, lambda one: one.name),
    "users": _Known(User, None, lambda one: one.name),
    "deposits": _Known(Deposit, Deposit.region, lambda one: one.number),
    "collections": _Known(Collection, Collection.region, lambda one: one.ref),
    "bank_lines": _Known(BankLine, BankLine.region, lambda one: f"{one.account} {one.booked_on}"),
    "ticket_blocks": _Known(
        TicketBlock, TicketBlock.region, lambda one: f"{one.series} {one.first}–{one.last}"
    ),
    SAMPLES: _Known(AuditSample, AuditSample.region, lambda one: one.title),
    FINDINGS: _Known(AuditFinding, AuditFinding.region, lambda one: one.title or one.code),
}


def subject_of(kind: str, subject_id: UUID, *, by: Actor) -> Subject:
    """Raises NotFound, also for what is out of the auditor's region."""
    require(by, P)
    known = KNOWN.get(kind)
    if known is None:
        raise NotFound(kind=kind)
    row: Any = db.session.get(known.model, subject_id)
    if row is None or not _is_seen(known, subject_id, by):
        raise NotFound(subject_id=str(subject_id))
    region = getattr(row, known.region.key) if known.region is not None else ""
    return Subject(kind, subject_id, known.title(row), region)


def _is_seen(known: _Known, subject_id: UUID, by: Actor) -> bool:
    if known.region is None:
        here = exists().where(
            Appointment.user_id == subject_id, within_reach(by, P, Appointment.region)
        )
        return bool(db.session.scalar(select(here)))
    seen = within_reach(by, P, known.region)
    return (
        db.session.scalar(select(known.model.id).where(known.model.id == subject_id, seen))
        is not None
    )
