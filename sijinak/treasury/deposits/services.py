"""An STS is prepared from cash in a hand, brought to the bank, and found on its statement."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.core.numbering import next_number
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.files.papers import Paper
from sijinak.files.pictures import Picture
from sijinak.files.services import keep_document
from sijinak.ledger.chart import CASH, TRANSIT
from sijinak.ledger.custody import lock_holders
from sijinak.ledger.services import Entry, Line, post
from sijinak.treasury.accounts import BankAccount, bank_accounts
from sijinak.treasury.cash.moving import carry_out, promise_parcels, take_back
from sijinak.treasury.cash.parcels import Parcel, parcels_of
from sijinak.treasury.deposits.banked import late_parts, record_deposit, tell_late
from sijinak.treasury.deposits.models import (
    DEPOSIT_FLOW,
    Deposit,
    DepositLine,
    DepositState,
)
from sijinak.treasury.deposits.queries import deposit_for_update, names_another
from sijinak.treasury.deposits.sources import Piece, pieces_of
from sijinak.treasury.people import home_of

MOST_LINES = 2000


class UnknownAccount(Invalid):
    """Public money goes to registered accounts of the office, and to no other."""

    code = "deposit-unknown-account"


class NothingChosen(Invalid):
    code = "deposit-nothing-chosen"


class MoneyGone(Conflict):
    """Some of it was handed over or promised meanwhile."""

    code = "deposit-money-gone"


class NotYourDeposit(Conflict):
    code = "deposit-not-yours"


class SlipDiffers(Invalid):
    """Facts: ``due``, what the STS says."""

    code = "deposit-slip-differs"


class SlipNamesAnother(Invalid):
    """It is the code of a bill, of a payment, of another STS or of an account."""

    code = "deposit-slip-names-another"


class WrongDepositDay(Invalid):
    """Facts: ``first``: no earlier than the last money came."""

    code = "deposit-wrong-day"


class DepositWhyMissing(Invalid):
    code = "deposit-why-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareDeposit:
    """``sources``: the journals by which the chosen money came."""

    id: UUID = field(default_factory=uuid7)
    account: str
    sources: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositMoney:
    """``slip``: the bank's reference; ``amount`` as the slip says."""

    id: UUID = field(default_factory=uuid7)
    deposit_id: UUID
    on: date
    slip: str
    amount: Rupiah
    picture: Paper | Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDeposit:
    id: UUID = field(default_factory=uuid7)
    deposit_id: UUID
    why: str


def prepare_deposit(command: PrepareDeposit, *, by: Actor) -> Deposit:
    """Raises UnknownAccount, NothingChosen, MoneyGone."""
    require(by, Permission.CASH_RECEIVE)
    region = home_of(by, Permission.CASH_RECEIVE)
    if not first_time(command, by=by):
        return db.session.get_one(Deposit, command.id)
    account = bank_accounts.known(command.account)
    if account is None:
        raise UnknownAccount
    lock_holders({by.id})
    chosen = _chosen(command, by=by)
    pieces = [piece for parcel in chosen for piece in pieces_of(parcel, parcel.free)]
    deposit = _deposit(command.id, region, account, pieces, by=by)
    promise_parcels(command.id, by.id, None, [(parcel, parcel.free) for parcel in chosen])
    db.session.add(deposit)
    record_deposit("deposit.prepared", deposit, by=by, account=account.code)
    return deposit


def deposit_money(command: DepositMoney, *, by: Actor) -> Deposit:
    """It is in the bank, by its slip. Late money is told.

    Raises SlipDiffers, SlipNamesAnother, WrongDepositDay.
    """
    deposit = _own(command.deposit_id, by=by)
    if not first_time(command, by=by):
        return deposit
    step = DEPOSIT_FLOW.step(deposit.state, "deposit")
    _check_slip(command, deposit)
    lock_holders({deposit.holder_id})
    carry_out(deposit.id, deposit.amount)
    kept = keep_document(command.picture, by=by) if command.picture else None
    late = late_parts(deposit, command.on)  # asks the database: before anything is changed
    deposit.slip_file_id = kept.id if kept else None
    deposit.state, deposit.ended_at = step.target, now()
    deposit.deposited_on, deposit.slip = command.on, command.slip
    tell_late(deposit, late, by=by)
    _post(deposit, by=by)
    record_deposit(
        "deposit.deposited", deposit, by=by, slip=command.slip, on=command.on.isoformat()
    )
    return deposit


def withdraw_deposit(command: WithdrawDeposit, *, by: Actor) -> Deposit:
    """Before it was brought to the bank; the number stays used. Raises DepositWhyMissing."""
    deposit = _own(command.deposit_id, by=by)
    if not first_time(command, by=by):
        return deposit
    step = DEPOSIT_FLOW.step(deposit.state, "withdraw")
    if not command.why:
        raise DepositWhyMissing
    lock_holders({deposit.holder_id})
    take_back(deposit.id)
    deposit.state, deposit.why, deposit.ended_at = step.target, command.why, now()
    record_deposit("deposit.withdrawn", deposit, by=by, reason=command.why)
    return deposit


def _own(deposit_id: UUID, *, by: Actor) -> Deposit:
    deposit = deposit_for_update(deposit_id)
    require(by, Permission.CASH_RECEIVE, region=deposit.region)
    if deposit.holder_id != by.id:
        raise NotYourDeposit
    return deposit


def _chosen(command: PrepareDeposit, *, by: Actor) -> list[Parcel]:
    wanted = set(command.sources)
    if not wanted:
        raise NothingChosen
    chosen = [one for one in parcels_of(by.id) if one.source_id in wanted and one.free > 0]
    if len(chosen) != len(wanted) or len(chosen) > MOST_LINES:
        raise MoneyGone
    return chosen


def _deposit(
    deposit_id: UUID, region: str, account: BankAccount, pieces: list[Piece], *, by: Actor
) -> Deposit:
    year = today().year
    no = next_number("STS", year)
    number = f"STS/{year}/{no:06}"
    return Deposit(
        id=deposit_id,
        number=f"{number}-{check_character(number)}",
        year=year,
        no=no,
        holder_id=by.id,
        holder_name=by.name,
        region=region,
        account=account.code,
        account_name=account.name,
        account_number=account.number,
        amount=Rupiah(sum(piece.part.amount for piece in pieces)),
        state=DepositState.PREPARED,
        prepared_at=now(),
        lines=[_line(position, piece) for position, piece in enumerate(pieces, start=1)],
    )


def _line(position: int, piece: Piece) -> DepositLine:
    part = piece.part
    return DepositLine(
        position=position,
        source_id=piece.source_id,
        kind=part.kind,
        reference=part.reference,
        component=part.component,
        law_code=part.law_code,
        received_on=piece.received_on,
        amount=Rupiah(part.amount),
    )


def _check_slip(command: DepositMoney, deposit: Deposit) -> None:
    if command.amount != deposit.amount:
        raise SlipDiffers(due=rupiah_text(deposit.amount))
    if names_another(command.slip, deposit):
        raise SlipNamesAnother
    first = max(line.received_on for line in deposit.lines)
    if not min(first, today()) <= command.on <= today():
        raise WrongDepositDay(first=first.isoformat())


def _post(deposit: Deposit, *, by: Actor) -> None:
    entry = Entry(
        idem=f"deposit:{deposit.id}",
        kind="deposit",
        on=deposit.deposited_on or today(),
        region=deposit.region,
        lines=[
            Line(TRANSIT, deposit.amount, deposit.id),
            Line(CASH, -deposit.amount, deposit.holder_id),
        ],
    )
    post(entry, by=by)
