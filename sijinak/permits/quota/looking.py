"""What the office reads of accounts: how they stand, who waits, and what each firm has."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.permits.models import Permit
from sijinak.permits.quota.models import ClaimState, QuotaAccount, QuotaClaim
from sijinak.permits.rules.models import Scope

S = ClaimState


@dataclass(frozen=True, slots=True)
class Standing:
    """An account, and who waits for it."""

    account: QuotaAccount
    waiting: int = 0  # heads
    queue: int = 0  # applications


@dataclass(frozen=True, slots=True)
class Waiter:
    """One in the queue, or one that was let ahead of it."""

    claim: QuotaClaim
    firm: str
    number: str | None
    place: int = 0


@dataclass(frozen=True, slots=True)
class FirmShare:
    """What one keeper has and wants of an account, in heads."""

    keeper_id: UUID
    name: str
    kind: KeeperKind
    used: int
    reserved: int
    waiting: int

    @property
    def held(self) -> int:
        return self.used + self.reserved


def years(*, by: Actor) -> list[int]:
    """Years with any account, the newest first."""
    require(by, Permission.QUOTA_READ)
    asked = (
        select(QuotaAccount.year)
        .where(within_reach(by, Permission.QUOTA_READ, QuotaAccount.origin))
        .distinct()
    )
    return sorted(db.session.scalars(asked), reverse=True)


def standings(year: int, *, by: Actor) -> list[Standing]:
    """The accounts of a year, out of the province first."""
    require(by, Permission.QUOTA_READ)
    return standings_of(
        within_reach(by, Permission.QUOTA_READ, QuotaAccount.origin), QuotaAccount.year == year
    )


def standings_of(*which: ColumnElement[bool]) -> list[Standing]:
    """For callers that have asked who may."""
    waiting = {
        row[0]: (int(row[1]), row[2])
        for row in db.session.execute(
            select(QuotaClaim.account_id, func.sum(QuotaClaim.heads), func.count())
            .where(QuotaClaim.state == S.WAITING)
            .group_by(QuotaClaim.account_id)
        )
    }
    found = db.session.scalars(select(QuotaAccount).where(*which))
    return [
        Standing(account, *waiting.get(account.id, (0, 0))) for account in sorted(found, key=_order)
    ]


def account_by_id(account_id: UUID, *, by: Actor) -> QuotaAccount:
    require(by, Permission.QUOTA_READ)
    asked = select(QuotaAccount).where(
        QuotaAccount.id == account_id, within_reach(by, Permission.QUOTA_READ, QuotaAccount.origin)
    )
    account = db.session.scalar(asked.execution_options(populate_existing=True))
    if account is None:
        raise NotFound(account=str(account_id))
    return account


def account_to_change(account_id: UUID, *, by: Actor) -> QuotaAccount:
    """Raises Forbidden, or NotFound when it is out of reach."""
    require(by, Permission.QUOTA_MANAGE)
    inside = within_reach(by, Permission.QUOTA_MANAGE, QuotaAccount.origin)
    account = db.session.scalar(select(QuotaAccount).where(QuotaAccount.id == account_id, inside))
    if account is None:
        raise NotFound(account=str(account_id))
    return account


def claim_to_let(claim_id: UUID, *, by: Actor) -> tuple[QuotaClaim, UUID]:
    """The claim and its account. Raises Forbidden, or NotFound when it is out of reach."""
    require(by, Permission.QUOTA_MANAGE)
    inside = within_reach(by, Permission.QUOTA_MANAGE, QuotaAccount.origin)
    asked = select(QuotaClaim).join(QuotaAccount, QuotaAccount.id == QuotaClaim.account_id)
    claim = db.session.scalar(asked.where(QuotaClaim.id == claim_id, inside))
    if claim is None:
        raise NotFound(claim=str(claim_id))
    return claim, claim.account_id


def ahead_of(claim: QuotaClaim) -> int:
    """How many wait before it."""
    asked = select(func.count()).where(
        QuotaClaim.account_id == claim.account_id,
        QuotaClaim.state == S.WAITING,
        QuotaClaim.ticket < claim.ticket,
    )
    return db.session.scalar(asked) or 0


def queue_of(account: QuotaAccount) -> list[Waiter]:
    """Those who wait, the next one first."""
    waiting = _claims(account, QuotaClaim.state == S.WAITING)
    return [Waiter(w.claim, w.firm, w.number, place) for place, w in enumerate(waiting, start=1)]


def let_ahead_of(account: QuotaAccount) -> list[Waiter]:
    """Those the office let go before others."""
    return _claims(account, QuotaClaim.let_by.is_not(None))


def waiter_of(claim: QuotaClaim) -> Waiter:
    """One that waits, and its place."""
    rows = db.session.execute(_with_firms().where(QuotaClaim.id == claim.id))
    return Waiter(*rows.one(), ahead_of(claim) + 1)


def firm_shares(account: QuotaAccount) -> list[FirmShare]:
    """The largest first."""
    live = (S.CONSUMED, S.RESERVED, S.WAITING)
    rows = db.session.execute(
        select(Keeper.id, Keeper.name, Keeper.kind, QuotaClaim.state, func.sum(QuotaClaim.heads))
        .join(QuotaClaim, QuotaClaim.keeper_id == Keeper.id)
        .where(QuotaClaim.account_id == account.id, QuotaClaim.state.in_(live))
        .group_by(Keeper.id, Keeper.name, Keeper.kind, QuotaClaim.state)
    )
    heads: dict[tuple[UUID, str, KeeperKind], dict[ClaimState, int]] = {}
    for keeper_id, name, kind, state, count in rows:
        heads.setdefault((keeper_id, name, kind), {})[state] = int(count)
    shares = [
        FirmShare(*who, *(found.get(state, 0) for state in live)) for who, found in heads.items()
    ]
    return sorted(shares, key=lambda share: (-share.held, -share.waiting, share.name))


def _claims(account: QuotaAccount, which: ColumnElement[bool]) -> list[Waiter]:
    asked = _with_firms().where(QuotaClaim.account_id == account.id, which)
    return [Waiter(*row) for row in db.session.execute(asked.order_by(QuotaClaim.ticket))]


def _with_firms() -> Select[QuotaClaim, str, str | None]:
    return (
        select(QuotaClaim, Keeper.name, Permit.number)
        .join(Keeper, Keeper.id == QuotaClaim.keeper_id)
        .join(Permit, Permit.id == QuotaClaim.permit_id)
    )


def _order(account: QuotaAccount) -> tuple[str, str, str, bool]:
    is_inside = account.scope is Scope.IN_PROVINCE
    return account.origin, account.species, account.purpose, is_inside
