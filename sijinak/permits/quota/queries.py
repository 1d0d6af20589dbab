"""Questions about quota that other features ask."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from sijinak.animals.models import Species
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.permits.quota.lines import is_of, line_for
from sijinak.permits.quota.models import ClaimState, QuotaAccount, QuotaClaim
from sijinak.permits.rules.models import Purpose, Scope


@dataclass(frozen=True, slots=True)
class QuotaLook:
    """How a line stands, in heads. ``is_known``: some decree ever said something about it."""

    granted: int = 0
    used: int = 0
    reserved: int = 0
    waiting: int = 0
    left: int = 0
    is_known: bool = False
    is_frozen: bool = False
    ahead: int = 0  # applications that wait already

    @property
    def free(self) -> int:
        """What a new application can get at once: nothing while others wait."""
        return 0 if self.is_frozen or self.waiting else self.left


def quota_look(
    species: Species, purpose: Purpose, scope: Scope, origin: str, on: date
) -> QuotaLook:
    """The quota for animals that leave ``origin`` (any region of a regency) on a day."""
    line = line_for(species, purpose, scope, origin, on)
    account = db.session.scalar(select(QuotaAccount).where(is_of(line)))
    if account is None:
        return QuotaLook()
    ahead, waiting = _queue(account.id)
    return QuotaLook(
        granted=account.cap, used=account.used, reserved=account.reserved, waiting=waiting,
        left=account.left, is_known=account.last_no > 0, is_frozen=account.is_frozen, ahead=ahead,
    )  # fmt: skip


def claim_of(permit_id: UUID) -> QuotaClaim | None:
    """The claim of a permit as it is now."""
    asked = select(QuotaClaim).where(QuotaClaim.permit_id == permit_id)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def queue_place(permit_id: UUID) -> int | None:
    """1 for whoever is next; None for a permit that does not wait."""
    claim = claim_of(permit_id)
    if claim is None or claim.state is not ClaimState.WAITING:
        return None
    before = select(func.count()).where(
        QuotaClaim.account_id == claim.account_id,
        QuotaClaim.state == ClaimState.WAITING,
        QuotaClaim.ticket <= claim.ticket,
    )
    return db.session.scalar(before)


def first_waiting(account_id: UUID) -> QuotaClaim | None:
    """Who is next."""
    asked = select(QuotaClaim).where(
        QuotaClaim.account_id == account_id, QuotaClaim.state == ClaimState.WAITING
    )
    asked = asked.order_by(QuotaClaim.ticket).limit(1)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def is_open(account: QuotaAccount) -> bool:
    """Whether anybody may get of it: not when frozen, nor of a year that is over."""
    return not account.is_frozen and is_current(account)


def is_current(account: QuotaAccount) -> bool:
    return account.year >= today().year


def _queue(account_id: UUID) -> tuple[int, int]:
    """How many applications wait, and for how many heads."""
    asked = select(func.count(), func.coalesce(func.sum(QuotaClaim.heads), 0)).where(
        QuotaClaim.account_id == account_id, QuotaClaim.state == ClaimState.WAITING
    )
    row = db.session.execute(asked).one()
    return row[0], int(row[1])
