"""Opening, filling and spending a wallet. It pays our own bills, and nobody else."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.core.once import first_time
from sijinak.core.permissions import WORKER, Actor, Permission, require
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.adapters.registry import NotOffered
from sijinak.payments.models import Attempt, AttemptState, Collection
from sijinak.payments.queries import attempt_for_update
from sijinak.payments.services import (
    BillToPay,
    StartAttempt,
    record_observations,
    start_attempt,
)
from sijinak.payments.wallet.models import MoveKind, Wallet, WalletMove, WalletState, WalletTopUp
from sijinak.payments.wallet.moving import Cause, float_total, move, take_step
from sijinak.payments.wallet.policy import Mode, policy
from sijinak.payments.wallet.queries import wallet_for_update

ADAPTER, WAY = "wallet", "balance"


class NoWallets(Conflict):
    """The office keeps none, or not of this kind."""

    code = "wallet-off"


class WalletThere(Conflict):
    """One for each keeper."""

    code = "wallet-there"


class AccountNeeded(Invalid):
    """A wallet that mirrors a bank has its account; one that we keep has none."""

    code = "wallet-account"


class TooMuchInWallet(Invalid):
    """Facts: ``most``, and ``left`` that may still be added."""

    code = "wallet-too-much"


class FloatFull(Conflict):
    """All wallets together hold as much as the office may hold."""

    code = "wallet-float-full"


class NotEmpty(Conflict):
    code = "wallet-not-empty"


class BillNotOpen(Conflict):
    """Nothing was taken from the wallet."""

    code = "wallet-bill-not-open"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWallet:
    """``is_registered``: the owner's identity was seen and is kept."""

    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID
    region: str
    is_registered: bool
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWallet:
    """``action`` is one of WALLET_FLOW."""

    id: UUID = field(default_factory=uuid7)
    wallet_id: UUID
    action: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTopUp:
    id: UUID = field(default_factory=uuid7)
    wallet_id: UUID
    amount: Rupiah
    adapter: str
    way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """``attempt_id`` was started with the adapter ``wallet`` in the same transaction."""

    id: UUID = field(default_factory=uuid7)
    wallet_id: UUID
    attempt_id: UUID


def open_wallet(command: OpenWallet, *, by: Actor) -> Wallet:
    require(by, Permission.TREASURY_KEEP, region=command.region)
    if not first_time(command, by=by):
        return db.session.get_one(Wallet, command.id)
    if policy.mode is Mode.OFF:
        raise NoWallets
    if bool(command.account) is not (policy.mode is Mode.BANK_MIRROR):
        raise AccountNeeded
    if db.session.scalar(select(Wallet.id).where(Wallet.keeper_id == command.keeper_id)):
        raise WalletThere
    wallet = Wallet(
        id=command.id,
        keeper_id=command.keeper_id,
        region=command.region,
        state=WalletState.OPEN,
        is_registered=command.is_registered,
        account=command.account,
        balance=Rupiah(0),
        moves=0,
        opened_at=now(),
        opened_by=by.id,
        opened_by_name=by.name,
    )
    db.session.add(wallet)
    events.record("wallet.opened", wallet, by=by, region=wallet.region)
    return wallet


def change_wallet(command: ChangeWallet, *, by: Actor) -> Wallet:
    """Freeze, thaw or close it. One that holds money is emptied first. Raises NotEmpty."""
    wallet = wallet_for_update(command.wallet_id)
    require(by, Permission.TREASURY_KEEP, region=wallet.region)
    if not first_time(command, by=by):
        return wallet
    if command.action == "close" and wallet.balance:
        raise NotEmpty
    take_step(wallet, command.action, by=by, note=command.note)
    return wallet


def start_top_up(command: StartTopUp, *, by: Actor) -> Attempt:
    """Through any other adapter. The money fills the wallet when it has come, see bills.

    Raises TooMuchInWallet, FloatFull: before anybody pays what could not be taken in.
    """
    wallet = wallet_for_update(command.wallet_id)
    require(by, Permission.PAYMENT_START, region=wallet.region, keeper_id=wallet.keeper_id)
    if policy.mode is not Mode.CLOSED_LOOP or wallet.state is not WalletState.OPEN:
        raise NoWallets
    if command.adapter == ADAPTER:
        raise NotOffered(channel=ADAPTER)
    start = StartAttempt(
        id=command.id,
        bills=[BillToPay(bill_id=command.id, number=_number(command), amount=command.amount)],
        region=wallet.region,
        payer_id=wallet.keeper_id,
        adapter=command.adapter,
        way=command.way,
    )
    if known := db.session.get(Attempt, command.id):
        first_time(start, by=by)
        return known
    _refuse_too_much(wallet, command.amount)
    order = WalletTopUp(
        id=command.id, wallet_id=wallet.id, number=_number(command), amount=command.amount,
        ordered_at=now(),
    )  # fmt: skip
    db.session.add(order)
    events.record("wallet.top-up-ordered", order, by=by, region=wallet.region)
    return start_attempt(start, by=by)


def spend(command: Spend, *, by: Actor) -> Attempt:
    """Pay what the attempt names out of the wallet: all in one transaction, or nothing.

    Where a bank keeps the money the attempt goes its way, and the bank is asked to debit.
    Raises NotEnough, BillNotOpen, NoWallets.
    """
    attempt = attempt_for_update(command.attempt_id)
    wallet = wallet_for_update(command.wallet_id)
    require(by, Permission.PAYMENT_START, region=attempt.region, keeper_id=wallet.keeper_id)
    if not first_time(command, by=by):
        return attempt
    if policy.mode is Mode.OFF or attempt.adapter != ADAPTER:
        raise NoWallets
    if attempt.state is not AttemptState.CREATED:
        raise BillNotOpen
    if policy.mode is Mode.BANK_MIRROR:
        attempt.pay_code = wallet.account
        events.record("wallet.debit-asked", attempt, by=by, region=attempt.region)
        return attempt
    cause = Cause(kind=MoveKind.SPEND, id=command.id, title=attempt.title)
    done = move(wallet.id, -attempt.amount, cause, by=by)
    for money in record_observations(ADAPTER, [_spent(attempt, wallet, done)], by=WORKER):
        _refuse_loose(money)
    return attempt


def _refuse_too_much(wallet: Wallet, amount: int) -> None:
    """Raises TooMuchInWallet or FloatFull."""
    most = policy.most(wallet)
    if amount <= 0 or wallet.balance + amount > most:
        left = max(most - wallet.balance, 0)
        raise TooMuchInWallet(most=rupiah_text(most), left=rupiah_text(left))
    if float_total() + amount > policy.ceiling:
        raise FloatFull


def _spent(attempt: Attempt, wallet: Wallet, done: WalletMove) -> Observation:
    """Our own books say it, and they are certain. The channel names the wallet."""
    return Observation(
        ref=attempt.ref,
        kind=Kind.PAID,
        money_id=str(done.id),
        amount=attempt.amount,
        happened_at=done.happened_at,
        trust=Trust.AUTHENTICATED_QUERY,
        channel=str(wallet.id),
    )


def _refuse_loose(money: Collection) -> None:
    """What fits no open bill stays in the wallet: it has not left our books."""
    if balance(chart.SUSPENSE, money.id):
        raise BillNotOpen


def _number(command: StartTopUp) -> str:
    return f"DOMPET-{command.id.hex[-12:].upper()}"


def note_bank_balance(wallet_id: UUID, amount: Rupiah, *, by: Actor) -> Wallet:
    """What the bank said a moment ago: to be shown, never to be decided by."""
    require(by, Permission.PAYMENT_SETTLE)
    wallet = wallet_for_update(wallet_id)
    wallet.bank_balance, wallet.bank_balance_at = amount, now()
    return wallet
