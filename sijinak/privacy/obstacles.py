"""What keeps a person from being erased: each with how many there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from sijinak.accounts.models import Appointment, Role, User
from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.mutations.models import OPEN as OPEN_MUTATIONS
from sijinak.animals.mutations.models import Mutation
from sijinak.core.db import db
from sijinak.core.model import Model
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.payments.models import Discrepancy, DiscrepancyState
from sijinak.payments.wallet.models import Wallet, WalletState
from sijinak.permits.models import OVER, Permit
from sijinak.privacy.models import LegalReason
from sijinak.privacy.policy import policy
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Receipt

D = DiscrepancyState


class Obstacle(StrEnum):
    NOT_A_PERSON = "not-a-person"
    ANIMALS = "animals"
    MUTATIONS = "mutations"
    PERMITS = "permits"
    BILLS = "bills"
    QUESTIONS = "questions"
    WALLET = "wallet"
    RECEIPTS = "receipts"
    OFFICE = "office"
    FINDINGS = "findings"

    @property
    def reason(self) -> LegalReason:
        return _REASONS.get(self, LegalReason.PUBLIC_TASK)


_REASONS = {
    Obstacle.ANIMALS: LegalReason.DISEASE,
    Obstacle.BILLS: LegalReason.PROCEEDINGS,
    Obstacle.QUESTIONS: LegalReason.PROCEEDINGS,
    Obstacle.RECEIPTS: LegalReason.RETENTION,
    Obstacle.OFFICE: LegalReason.RETENTION,
    Obstacle.FINDINGS: LegalReason.PROCEEDINGS,
}


@dataclass(frozen=True, slots=True)
class Found:
    obstacle: Obstacle
    count: int


class Audited:
    """How many findings about a keeper no auditor has closed; the app hands in who counts them."""

    def __init__(self) -> None:
        self._count: Callable[[UUID], int] | None = None

    def wire(self, count: Callable[[UUID], int]) -> None:
        self._count = count

    def count(self, keeper_id: UUID) -> int:
        return self._count(keeper_id) if self._count else 0


audited = Audited()


def obstacles(keeper: Keeper) -> list[Found]:
    """The caller has asked for the keeper."""
    found = [] if keeper.kind is KeeperKind.PERSON else [Found(Obstacle.NOT_A_PERSON, 1)]
    found += [Found(kind, _count(model, where)) for kind, model, where in _asked(keeper.id)]
    found.append(Found(Obstacle.FINDINGS, audited.count(keeper.id)))
    return [one for one in found if one.count]


def _asked(keeper_id: UUID) -> Iterator[tuple[Obstacle, type[Model], ColumnElement[bool]]]:
    theirs = or_(Animal.keeper_id == keeper_id, Animal.raiser_id == keeper_id)
    alive = Animal.state.in_((AnimalState.PRESENT, AnimalState.STOLEN))
    sides = or_(Mutation.from_keeper_id == keeper_id, Mutation.to_keeper_id == keeper_id)
    yield Obstacle.ANIMALS, Animal, theirs & alive
    yield Obstacle.MUTATIONS, Mutation, sides & Mutation.state.in_(OPEN_MUTATIONS)
    yield Obstacle.PERMITS, Permit, (Permit.keeper_id == keeper_id) & Permit.state.not_in(OVER)
    owed = (Skrd.keeper_id == keeper_id) & (Skrd.state == SkrdState.OPEN)
    yield Obstacle.BILLS, Skrd, owed
    bills = select(Skrd.id).where(Skrd.keeper_id == keeper_id)
    asked = Discrepancy.bill_id.in_(bills) & Discrepancy.state.in_((D.OPEN, D.PROPOSED))
    yield Obstacle.QUESTIONS, Discrepancy, asked
    purse = (Wallet.keeper_id == keeper_id) & (Wallet.state != WalletState.CLOSED)
    yield Obstacle.WALLET, Wallet, purse
    young = (Receipt.keeper_id == keeper_id) & (Receipt.issued_at > policy.kept_since())
    yield Obstacle.RECEIPTS, Receipt, young
    # Who signed for the office stays named beside what they signed.
    accounts = select(User.id).where(User.keeper_id == keeper_id)
    held = Appointment.user_id.in_(accounts) & (Appointment.role != Role.TRADER)
    yield Obstacle.OFFICE, Appointment, held


def _count(model: type[Model], where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(where)) or 0
