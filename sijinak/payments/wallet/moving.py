"""How a balance changes: by a condition that the database checks, never by what was read before."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.permissions import Actor, require
from sijinak.payments.wallet.models import (
    WALLET_FLOW,
    MoveKind,
    Wallet,
    WalletMove,
    WalletState,
)
from sijinak.payments.wallet.policy import policy

_FLOAT_LOCK = 1521


class NotEnough(Conflict):
    """The wallet holds less, or is not open."""

    code = "wallet-not-enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why: each cause moves a wallet once."""

    kind: MoveKind
    id: UUID
    title: str


def move(
    wallet_id: UUID, amount: int, cause: Cause, *, by: Actor, frozen_too: bool = False
) -> WalletMove:
    """Below zero: out of the wallet. The caller writes the journal. Raises NotEnough."""
    states = [WalletState.OPEN, WalletState.FROZEN] if frozen_too else [WalletState.OPEN]
    changed = db.session.execute(
        update(Wallet)
        .where(Wallet.id == wallet_id, Wallet.state.in_(states), Wallet.balance + amount >= 0)
        .values(balance=Wallet.balance + amount, moves=Wallet.moves + 1)
        .returning(Wallet.balance, Wallet.moves, Wallet.region)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        raise NotEnough
    done = WalletMove(
        wallet_id=wallet_id,
        no=changed.moves,
        kind=cause.kind,
        cause_id=cause.id,
        amount=amount,
        balance_after=changed.balance,
        title=cause.title,
        happened_at=now(),
        actor_id=by.id,
    )
    db.session.add(done)
    db.session.flush()
    facts = {"wallet_id": str(wallet_id), "amount": amount}
    events.record(f"wallet.{cause.kind}", done, by=by, region=changed.region, **facts)
    return done


def give_back(wallet_id: UUID, amount: int, refund_id: UUID, *, by: Actor) -> WalletMove:
    """What was spent comes back, with the journal that the caller writes."""
    cause = Cause(kind=MoveKind.REFUND, id=refund_id, title="")
    return move(wallet_id, amount, cause, by=by, frozen_too=True)


def take_step(wallet: Wallet, action: str, *, by: Actor, note: str = "") -> None:
    """One step of WALLET_FLOW."""
    step = WALLET_FLOW.step(wallet.state, action)
    require(by, step.needs, region=wallet.region)
    wallet.state = step.target
    events.record(f"wallet.{action}", wallet, by=by, region=wallet.region, note=note)


def float_total() -> int:
    """What lies in all wallets."""
    return int(db.session.scalar(select(func.coalesce(func.sum(Wallet.balance), 0))) or 0)


def hold_float() -> int:
    """The same, and nobody else adds to it until this transaction ends: spending goes on.

    SQLite lets one write at a time anyhow.
    """
    if db.engine.dialect.name == "postgresql":
        schema = func.hashtext(func.current_schema())
        db.session.execute(select(func.pg_advisory_xact_lock(_FLOAT_LOCK, schema)))
    return float_total()


def warn_when_high(wallet: Wallet, before: int, *, by: Actor) -> None:
    """Once, when the alarm's line is crossed."""
    total = float_total()
    if policy.is_high(total) and not policy.is_high(before):
        facts = {"total": total, "ceiling": policy.ceiling}
        events.record("wallet.float-high", wallet, by=by, region="", **facts)


def moved_by(kind: MoveKind, cause_id: UUID) -> WalletMove | None:
    asked = select(WalletMove).where(WalletMove.kind == kind, WalletMove.cause_id == cause_id)
    return db.session.scalar(asked)
