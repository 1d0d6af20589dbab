"""Bills, and the people around them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar, cast

from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.animals.models import Sex, Species
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.payments.models import Attempt, Collection
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.services import ReceiveCash
from sijinak.retribution.services import IssueSkrd, StartPayment, issue_skrd, start_payment
from sijinak.retribution.tariffs.models import Service, Tariff, Unit, When
from sijinak.retribution.tariffs.queries import Herd
from tests.factories import LUNYUK_REA, actor_for

_serials = count(1)
T = TypeVar("T")


def make_keeper(name: str = "") -> Keeper:
    number = next(_serials)
    keeper = Keeper(
        kind=KeeperKind.FIRM,
        name=name or f"CV Samawa {number}",
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


def add_tariff(amount: int, **fields: Any) -> str:
    """A species whose one head costs this much, committed."""
    species = f"species{next(_serials)}"
    told: dict[str, Any] = {
        "code": species,
        "service": Service.SHIPPING,
        "component": "Pengeluaran ternak",
        "species": species,
        "sex": "",
        "unit": Unit.HEAD,
        "applies": When.ALWAYS,
        "amount": Rupiah(amount),
        "perda": "Perda contoh",
        "article": "",
        "legal_basis": "Perda contoh",
        "law_code": "4.1.02.02.01",
        "source": "test",
        "is_example": False,
        "valid_from": today() - timedelta(days=1),
        "proposed_by": OPERATOR.id,
        "proposed_by_name": OPERATOR.name,
        "proposed_at": now(),
        "approved_by": WORKER.id,
        "approved_by_name": WORKER.name,
        "approved_at": now(),
    }
    with transaction():
        db.session.add(Tariff(**{**told, **fields}))
    return species


def herd(
    species: str = "cattle", *, needs_rbt: bool = False, male: int = 1, female: int = 0
) -> Herd:
    heads = {Sex.MALE: male, Sex.FEMALE: female}
    return Herd(species=cast("Species", species), heads=heads, needs_rbt=needs_rbt)


def issue(keeper: Keeper, **fields: Any) -> IssueSkrd:
    of = {"needs_rbt": fields.pop("needs_rbt", False), "male": fields.pop("heads", 1)}
    defaults: dict[str, Any] = {
        "permit_id": uuid7(),
        "keeper_id": keeper.id,
        "payer_name": keeper.name,
        "region": LUNYUK_REA,
        "herd": herd(fields.pop("species", "cattle"), **of),
    }
    return IssueSkrd(**{**defaults, **fields})


def make_skrd(amount: int = 79_500, *, keeper: Keeper | None = None, by: Any = OPERATOR) -> Skrd:
    """An open SKRD of one head, committed."""
    species = "cattle" if amount == 79_500 else add_tariff(amount)
    command = issue(keeper or make_keeper(), species=species)
    with transaction():
        return issue_skrd(command, by=by)


def begin_payment(
    skrd: Skrd, adapter: str = "sandbox", way: str = "", *, by: Any = OPERATOR
) -> Attempt:
    with transaction():
        return start_payment(StartPayment(skrd_id=skrd.id, adapter=adapter, way=way), by=by)


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
