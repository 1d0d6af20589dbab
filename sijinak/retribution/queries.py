"""Questions about tariffs, SKRD, receipts, and money that has none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from sijinak.animals.models import Species
from sijinak.core.clock import clock
from sijinak.core.db import db
from sijinak.core.errors import Invalid, NotFound
from sijinak.core.money import Rupiah
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.payments.models import Collection
from sijinak.retribution.checks import id_of_code
from sijinak.retribution.models import Receipt, Skrd, SkrdState, Tariff, When

MOST_FAULTS = 200


class NoTariff(Invalid):
    """Nobody has entered what the Perda says; guessing would be taking money without a law."""

    code = "no-tariff"


@dataclass(frozen=True, slots=True)
class PriceLine:
    tariff_id: UUID
    component: str
    legal_basis: str
    heads: int
    unit_amount: Rupiah
    amount: Rupiah


class Fault(StrEnum):
    """Why money has no receipt."""

    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    DOUBLE = "double"
    SHORT = "short"
    OVER = "over"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class LooseMoney:
    collection: Collection
    skrd: Skrd | None
    fault: Fault


def tariffs_on(day: date) -> Sequence[Tariff]:
    """What the law asks on a day, by species; of two rows with one code the later counts."""
    asked = select(Tariff).where(
        Tariff.valid_from <= day, or_(Tariff.valid_until.is_(None), Tariff.valid_until >= day)
    )
    latest = {row.code: row for row in db.session.scalars(asked.order_by(Tariff.valid_from))}
    return sorted(latest.values(), key=lambda row: (row.species, row.applies, row.code))


def price_of(species: str, heads: int, needs_rbt: bool, on: date) -> list[PriceLine]:  # noqa: FBT001
    """The lines of a bill. Raises NoTariff when the tariff list does not cover the animals."""
    wanted = {When.ALWAYS, When.RBT} if needs_rbt else {When.ALWAYS}
    found = [row for row in tariffs_on(on) if row.species == species and row.applies in wanted]
    if {row.applies for row in found} != wanted:
        raise NoTariff(species=Species(species))
    return [
        PriceLine(
            row.id,
            row.component,
            row.legal_basis,
            heads,
            row.amount,
            Rupiah(heads * row.amount),
        )
        for row in found
    ]


def uses_example_tariff(skrd: Skrd) -> bool:
    asked = select(Tariff.id).where(
        Tariff.id.in_([line.tariff_id for line in skrd.lines]), Tariff.is_example
    )
    return db.session.scalar(asked.limit(1)) is not None


def skrds(*, by: Actor, state: SkrdState | None = None, place: Place = START) -> Page[Skrd]:
    require(by, Permission.SKRD_READ)
    query = _seen_by(by)
    if state is not None:
        query = query.where(Skrd.state == state)
    return page_of(query, Skrd.id, place)


def skrd_by_id(skrd_id: UUID, *, by: Actor) -> Skrd:
    require(by, Permission.SKRD_READ)
    skrd = db.session.scalar(_seen_by(by).where(Skrd.id == skrd_id))
    if skrd is None:
        raise NotFound(skrd_id=str(skrd_id))
    return skrd


def skrd_for_update(skrd_id: UUID) -> Skrd:
    """The SKRD as it is now, with its row locked until the transaction ends."""
    asked = select(Skrd).where(Skrd.id == skrd_id).with_for_update()
    skrd = db.session.scalar(asked, execution_options={"populate_existing": True})
    if skrd is None:
        raise NotFound(skrd_id=str(skrd_id))
    return skrd


def skrd_of_permit(permit_id: UUID) -> Skrd | None:
    return db.session.scalar(select(Skrd).where(Skrd.permit_id == permit_id))


def receipt_of(skrd_id: UUID) -> Receipt | None:
    return db.session.scalar(select(Receipt).where(Receipt.skrd_id == skrd_id))


def receipt_by_id(receipt_id: UUID, *, by: Actor) -> Receipt:
    require(by, Permission.SKRD_READ)
    seen = within_reach(by, Permission.SKRD_READ, Receipt.region, Receipt.keeper_id)
    receipt = db.session.scalar(select(Receipt).where(Receipt.id == receipt_id, seen))
    if receipt is None:
        raise NotFound(receipt_id=str(receipt_id))
    return receipt


def receipts_of_day(day: date, *, by: Actor) -> Sequence[Receipt]:
    """What was received on a day of the office, the first first."""
    require(by, Permission.SKRD_READ)
    begins = datetime.combine(day, time.min, clock.zone)
    seen = within_reach(by, Permission.SKRD_READ, Receipt.region, Receipt.keeper_id)
    asked = select(Receipt).where(
        seen, Receipt.issued_at >= begins, Receipt.issued_at < begins + timedelta(days=1)
    )
    return db.session.scalars(asked.order_by(Receipt.issued_at, Receipt.id)).all()


def receipt_by_public_code(code: str) -> Receipt | None:
    """For anybody who holds the paper. Show no name of a person."""
    receipt_id = id_of_code(code)
    return db.session.get(Receipt, receipt_id) if receipt_id else None


def skrd_by_public_code(code: str) -> Skrd | None:
    """For anybody who holds the paper. Show no name of a person."""
    skrd_id = id_of_code(code)
    return db.session.get(Skrd, skrd_id) if skrd_id else None


def count_open(*, by: Actor, permission: Permission) -> int:
    """How many SKRD are open where the permission is held."""
    within = within_reach(by, permission, Skrd.region, Skrd.keeper_id)
    asked = select(func.count(Skrd.id)).where(Skrd.state == SkrdState.OPEN, within)
    return db.session.scalar(asked) or 0


def loose_money(*, by: Actor) -> list[LooseMoney]:
    """Money that came and has no receipt, newest first."""
    asked = select(Collection, Skrd).order_by(Collection.seen_at.desc()).limit(MOST_FAULTS)
    rows = db.session.execute(
        asked.outerjoin(Skrd, Skrd.id == Collection.bill_id).where(_loose(by))
    )
    return [LooseMoney(money, skrd, _fault(money, skrd)) for money, skrd in rows]


def count_loose_money(*, by: Actor) -> int:
    asked = select(func.count(Collection.id)).outerjoin(Skrd, Skrd.id == Collection.bill_id)
    return db.session.scalar(asked.where(_loose(by))) or 0


def loose_of(skrd: Skrd, collections: Iterable[Collection]) -> list[LooseMoney]:
    """Which of the money for one SKRD is not what its receipt is about."""
    receipt = receipt_of(skrd.id)
    kept = receipt and receipt.collection_id
    return [LooseMoney(c, skrd, _fault(c, skrd)) for c in collections if c.id != kept]


def _loose(by: Actor) -> ColumnElement[bool]:
    reach = or_(
        within_reach(by, Permission.CASH_RECEIVE, Skrd.region),
        within_reach(by, Permission.AUDIT_READ, Skrd.region),
    )
    holds = bool(by.reaches(Permission.CASH_RECEIVE) or by.reaches(Permission.AUDIT_READ))
    has_receipt = select(Receipt.id).where(Receipt.collection_id == Collection.id).exists()
    return ~has_receipt & (or_(reach, Skrd.id.is_(None)) if holds else reach)


def _fault(money: Collection, skrd: Skrd | None) -> Fault:
    if skrd is None:
        return Fault.UNKNOWN
    if skrd.state is SkrdState.CANCELLED:
        return Fault.CANCELLED
    if money.amount != skrd.total:
        return Fault.SHORT if money.amount < skrd.total else Fault.OVER
    return Fault.DOUBLE if skrd.state is SkrdState.PAID else Fault.WAITING


def _seen_by(by: Actor) -> Select[Skrd]:
    return select(Skrd).where(within_reach(by, Permission.SKRD_READ, Skrd.region, Skrd.keeper_id))
