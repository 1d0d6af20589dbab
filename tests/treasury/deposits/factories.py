"""STS, from the cash in a hand."""

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.ledger.queries import balance
from sijinak.treasury.cash.parcels import parcels_of
from sijinak.treasury.deposits.models import Deposit
from sijinak.treasury.deposits.services import (
    DepositMoney,
    PrepareDeposit,
    deposit_money,
    prepare_deposit,
)
from tests.treasury.cash.factories import do

ACCOUNT = "rkud"
_slips = count(1)


def sources(person: SignedIn) -> list[UUID]:
    with transaction():
        return [one.source_id for one in parcels_of(person.id) if one.free]


def prepare(person: SignedIn, chosen: list[UUID] | None = None, account: str = ACCOUNT) -> Deposit:
    wanted = tuple(sources(person) if chosen is None else chosen)
    return do(prepare_deposit, PrepareDeposit(account=account, sources=wanted), by=person)


def bring(deposit: Deposit, person: SignedIn, on: date | None = None, **fields: Any) -> Deposit:
    told = {"slip": f"NTBS-{next(_slips)}", "amount": deposit.amount, **fields}
    command = DepositMoney(deposit_id=deposit.id, on=on or today(), **told)
    return do(deposit_money, command, by=person)


def fresh(deposit: Deposit) -> Deposit:
    with transaction():
        return db.session.get_one(Deposit, deposit.id, populate_existing=True)


def in_transit(deposit: Deposit) -> Rupiah:
    with transaction():
        return Rupiah(balance("transit", deposit.id))
