"""What the law asks, on which day, and what it comes to for a number of heads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from sijinak.animals.models import Sex, Species
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Invalid, NotFound
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Actor, Permission, require
from sijinak.retribution.tariffs.models import Service, Tariff, Unit, When

REVIEW_YEARS = 3  # PP 35/2023: tariffs are looked at again after three years at the latest
_ORDER = (Tariff.service, Tariff.species, Tariff.applies, Tariff.code, Tariff.sex)


class NoTariff(Invalid):
    """Nobody has entered what the Perda says; guessing would be taking money without a law."""

    code = "no-tariff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Herd:
    """What is to be billed: so many heads of each sex, and whether the test is asked for."""

    species: Species
    heads: Mapping[Sex, int]
    needs_rbt: bool


@dataclass(frozen=True, slots=True)
class PriceLine:
    tariff_id: UUID
    component: str
    legal_basis: str
    law_code: str
    heads: int
    unit_amount: Rupiah
    amount: Rupiah
    is_example: bool


@dataclass(frozen=True, slots=True)
class Book:
    """All tariffs, by where they stand on a day."""

    in_force: Sequence[Tariff]
    to_come: Sequence[Tariff]
    proposed: Sequence[Tariff]
    past: Sequence[Tariff]


def tariffs_on(day: date) -> Sequence[Tariff]:
    """What the law asks on a day, by service and species."""
    asked = select(Tariff).where(_counts_from_to(day, day))
    return db.session.scalars(asked.order_by(*_ORDER)).all()


def price_of(herd: Herd, on: date) -> list[PriceLine]:
    """The lines of a bill. Raises NoTariff when the tariff list does not cover the animals."""
    found = [
        row
        for row in tariffs_on(on)
        if row.service is Service.SHIPPING
        and row.unit is Unit.HEAD
        and row.species in {"", herd.species}
        and (herd.needs_rbt or row.applies is When.ALWAYS)
    ]
    _refuse_gaps(herd, found)
    return list(_lines(herd, found))


def tariff_book(day: date, *, by: Actor) -> Book:
    """Raises Forbidden for whoever neither keeps tariffs nor checks the treasury."""
    require_reader(by)
    asked = select(Tariff).where(Tariff.refused_why == "")
    rows = db.session.scalars(asked.order_by(*_ORDER, Tariff.valid_from)).all()
    known = [row for row in rows if row.approved_by is not None]
    return Book(
        in_force=[row for row in known if row.valid_from <= day and not _is_over(row, day)],
        to_come=[row for row in known if row.valid_from > day],
        proposed=[row for row in rows if row.approved_by is None],
        past=[row for row in known if _is_over(row, day)][::-1],
    )


def require_reader(by: Actor) -> None:
    """Raises Forbidden."""
    if not by.reaches(Permission.TREASURY_READ):
        require(by, Permission.TARIFF_MANAGE)


def tariff_by_id(tariff_id: UUID, *, by: Actor) -> Tariff:
    require_reader(by)
    tariff = db.session.get(Tariff, tariff_id)
    if tariff is None:
        raise NotFound(tariff_id=str(tariff_id))
    return tariff


def versions_of(tariff: Tariff) -> Sequence[Tariff]:
    """All rows of its key, the newest first, with those that were refused."""
    asked = select(Tariff).where(same_key(tariff))
    return db.session.scalars(asked.order_by(Tariff.valid_from.desc(), Tariff.id.desc())).all()


def before(tariff: Tariff) -> Tariff | None:
    """What of its key is in force on its first day: what it would take the place of."""
    found = [row for row in overlapping(tariff) if row.valid_from <= tariff.valid_from]
    return found[0] if found else None


def count_to_approve(*, by: Actor) -> int:
    """Proposals of others that the person may approve."""
    asked = select(func.count(Tariff.id)).where(
        Tariff.approved_by.is_(None), Tariff.refused_why == "", Tariff.proposed_by != by.id
    )
    return db.session.scalar(asked) or 0


def overlapping(tariff: Tariff) -> Sequence[Tariff]:
    """Approved rows of its key that count on a day of its own, the earliest first."""
    asked = select(Tariff).where(
        same_key(tariff),
        Tariff.id != tariff.id,
        _counts_from_to(tariff.valid_from, tariff.valid_until or date.max),
    )
    return db.session.scalars(asked.order_by(Tariff.valid_from)).all()


def same_key(tariff: Tariff) -> ColumnElement[bool]:
    return (
        (Tariff.code == tariff.code)
        & (Tariff.species == tariff.species)
        & (Tariff.sex == tariff.sex)
        & (Tariff.applies == tariff.applies)
    )


def wants_review(tariff: Tariff) -> bool:
    """In force for three years: the law wants it looked at again."""
    return tariff.valid_from <= _years_before(today(), REVIEW_YEARS)


def _counts_from_to(first: date, last: date) -> ColumnElement[bool]:
    until = or_(Tariff.valid_until.is_(None), Tariff.valid_until >= first)
    return Tariff.approved_by.is_not(None) & (Tariff.valid_from <= last) & until


def _refuse_gaps(herd: Herd, found: Sequence[Tariff]) -> None:
    """Each head has its tariff, and where the test is asked for, that of the test."""
    wanted = (When.ALWAYS, When.RBT) if herd.needs_rbt else (When.ALWAYS,)
    present = [sex for sex, heads in herd.heads.items() if heads]
    known = {(row.applies, row.sex) for row in found}
    for when in wanted:
        if (when, "") not in known and any((when, sex) not in known for sex in present):
            raise NoTariff(species=herd.species)


def _lines(herd: Herd, found: Sequence[Tariff]) -> Iterator[PriceLine]:
    for row in found:
        heads = sum(n for sex, n in herd.heads.items() if row.sex in {"", sex})
        if heads:
            yield PriceLine(
                row.id,
                row.component,
                row.legal_basis,
                row.law_code,
                heads,
                row.amount,
                Rupiah(heads * row.amount),
                row.is_example,
            )


def _is_over(tariff: Tariff, day: date) -> bool:
    return tariff.valid_until is not None and tariff.valid_until < day


def _years_before(day: date, years: int) -> date:
    """29 February of a year that has none: the day before."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return (day - timedelta(days=1)).replace(year=day.year - years)
