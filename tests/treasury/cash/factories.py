"""Money in hands: who works there, and what they took."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.ledger.chart import CASH
from sijinak.ledger.models import Journal, Posting
from sijinak.ledger.services import Entry, Line, post
from sijinak.payments.models import Discrepancy
from sijinak.treasury.cash.closing import count_cash, countersign_closing
from sijinak.treasury.cash.commands import AcceptCash, CountCash, OfferCash, SignClosing
from sijinak.treasury.cash.handing import accept_cash, offer_cash
from sijinak.treasury.cash.models import CashClosing, HandOver
from sijinak.treasury.cash.parcels import parcels_of
from sijinak.treasury.cash.queries import holder_of
from tests.factories import REGENCY, actor_for

T = TypeVar("T")
# A Monday to a Friday, and the Friday before them, without days off between.
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (
    date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 11),
)  # fmt: skip


def noon(day: date) -> datetime:
    """At the office, where it is eight hours later than in Greenwich."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def collector() -> SignedIn:
    return actor_for(Role.COLLECTOR)


def treasurer() -> SignedIn:
    return actor_for(Role.TREASURER)


def kabid() -> SignedIn:
    return actor_for(Role.KABID)


def took(person: SignedIn, amount: int) -> Journal:
    """Cash as the counter books it, with nothing but its journal."""
    money_id = uuid7()
    entry = Entry(
        idem=f"money:{money_id}",
        kind="money",
        on=today(),
        region=REGENCY,
        lines=[Line(CASH, amount, person.id), Line("suspense", -amount, money_id)],
    )
    with transaction():
        return post(entry, by=person)


def do(service: Callable[..., T], command: object, *, by: SignedIn) -> T:
    with transaction():
        return service(command, by=by)


def offer(giver: SignedIn, taker: SignedIn, amount: int, **more: Any) -> HandOver:
    command = OfferCash(taker_id=taker.id, amount=Rupiah(amount), **more)
    return do(offer_cash, command, by=giver)


def accept(handover: HandOver, taker: SignedIn, counted: int | None = None) -> HandOver:
    amount = handover.amount if counted is None else Rupiah(counted)
    why = "" if amount == handover.amount else "dihitung dua kali"
    return do(accept_cash, AcceptCash(handover_id=handover.id, counted=amount, why=why), by=taker)


def count(person: SignedIn, counted: int, day: date | None = None) -> CashClosing:
    command = CountCash(day=day or today(), counted=Rupiah(counted), why="kembalian kurang")
    return do(count_cash, command, by=person)


def close(person: SignedIn, signer: SignedIn, counted: int | None = None) -> CashClosing:
    """Counted exactly, unless told otherwise, and countersigned."""
    holder = held(person)
    closing = count(person, holder if counted is None else counted)
    return do(countersign_closing, SignClosing(closing_id=closing.id), by=signer)


def held(person: SignedIn) -> int:
    with transaction():
        return holder_of(person.id).held


def parcels(person: SignedIn) -> list[tuple[date, int, int]]:
    with transaction():
        return [(one.received_on, one.amount, one.free) for one in parcels_of(person.id)]


def on_account(code: str, person: SignedIn | None = None) -> int:
    about = [Posting.about == person.id] if person else []
    asked = select(func.coalesce(func.sum(Posting.amount), 0)).where(
        Posting.account == code, *about
    )
    with transaction():
        return int(db.session.scalar(asked) or 0)


def cases() -> list[Discrepancy]:
    with transaction():
        return list(db.session.scalars(select(Discrepancy).order_by(Discrepancy.id)))
