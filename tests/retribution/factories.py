"""Bills, and the people around them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.payments.models import Attempt, Collection
from sijinak.retribution.models import Receipt, Skrd, SkrdState, Tariff, When
from sijinak.retribution.services import (
    IssueSkrd,
    ReceiveCash,
    StartPayment,
    issue_skrd,
    start_payment,
)
from tests.factories import LUNYUK_REA, actor_for

_serials = count(1)
T = TypeVar("T")


def make_keeper() -> Keeper:
    number = next(_serials)
    keeper = Keeper(
        kind=KeeperKind.FIRM,
        name=f"CV Samawa {number}",
        name_key=f"cv samawa {number}",
        village=LUNYUK_REA,
        nib=f"9{number:012}",
        registered_at=now(),
    )
    with transaction():
        db.session.add(keeper)
    return keeper


def make_trader(keeper: Keeper) -> SignedIn:
    return actor_for(Role.TRADER, keeper_id=keeper.id)


def add_tariff(amount: int) -> str:
    """A species whose one head costs this much, committed."""
    species = f"species{next(_serials)}"
    tariff = Tariff(
        code=species,
        component="Pengeluaran ternak",
        species=species,
        applies=When.ALWAYS,
        amount=Rupiah(amount),
        legal_basis="Perda contoh",
        source="test",
        is_example=False,
        valid_from=today() - timedelta(days=1),
        valid_until=None,
    )
    with transaction():
        db.session.add(tariff)
    return species


def issue(keeper: Keeper, **fields: Any) -> IssueSkrd:
    defaults: dict[str, Any] = {
        "permit_id": uuid7(),
        "keeper_id": keeper.id,
        "payer_name": keeper.name,
        "region": LUNYUK_REA,
        "species": "cattle",
        "heads": 1,
        "needs_rbt": False,
    }
    return IssueSkrd(**{**defaults, **fields})


def make_skrd(amount: int = 79_500, *, keeper: Keeper | None = None, by: Any = OPERATOR) -> Skrd:
    """An open SKRD of one head, committed."""
    species = "cattle" if amount == 79_500 else add_tariff(amount)
    command = issue(keeper or make_keeper(), species=species)
    with transaction():
        return issue_skrd(command, by=by)


def begin_payment(skrd: Skrd, adapter: str = "sandbox", *, by: Any = OPERATOR) -> Attempt:
    with transaction():
        return start_payment(StartPayment(skrd_id=skrd.id, adapter=adapter), by=by)


def cash_for(skrd: Skrd, **fields: Any) -> ReceiveCash:
    told: dict[str, Any] = {"skrd_id": skrd.id, "amount": skrd.total, **fields}
    return ReceiveCash(**told)


def do(service: Callable[..., T], command: object, *, by: Any) -> T:
    """One command in its own transaction; who acts was made before."""
    with transaction():
        return service(command, by=by)


def work() -> None:
    """Everything that recorded events ask for."""
    while events.deliver_next():
        pass


@contextmanager
def later(**pause: float) -> Iterator[None]:
    with clock.reading(now() + timedelta(**pause)):
        yield


def fresh(skrd: Skrd) -> Skrd:
    with transaction():
        return db.session.get_one(Skrd, skrd.id, populate_existing=True)


def fresh_attempt(attempt: Attempt) -> Attempt:
    with transaction():
        return db.session.get_one(Attempt, attempt.id, populate_existing=True)


def receipts() -> list[Receipt]:
    with transaction():
        return list(db.session.scalars(select(Receipt).order_by(Receipt.no)))


def paid_total() -> int:
    with transaction():
        return (
            db.session.scalar(select(func.sum(Skrd.total)).where(Skrd.state == SkrdState.PAID)) or 0
        )


def money() -> list[Collection]:
    with transaction():
        return list(db.session.scalars(select(Collection).order_by(Collection.seen_at)))
