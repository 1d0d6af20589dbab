"""Entering what the month is measured by."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.treasury.desk.models import RegionalFigure, RevenueTarget
from sijinak.treasury.desk.queries import regional_figure, targets_of

MONTHS = 12


class TargetSplit(Invalid):
    """Twelve amounts, which make the year's. Facts: ``year``, ``months``."""

    code = "target-split"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTarget:
    """``months``: twelve amounts, or none for twelve like parts, the rest in December."""

    id: UUID = field(default_factory=uuid7)
    year: int
    law_code: str
    amount: Rupiah
    months: tuple[Rupiah, ...] = ()
    decree: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterRegionalFigure:
    id: UUID = field(default_factory=uuid7)
    month: date
    amount: Rupiah
    source: str


def set_target(command: SetTarget, *, by: Actor) -> list[RevenueTarget]:
    """The target of a year by decree; a later one counts instead of it. Raises TargetSplit."""
    require(by, Permission.TREASURY_KEEP)
    if not first_time(command, by=by):
        known = targets_of(command.year)
        return [row for (code, _), row in known.items() if code == command.law_code]
    months = command.months or _even_months(command.amount)
    if len(months) != MONTHS or sum(months) != command.amount or min(months) < 0:
        raise TargetSplit(year=command.amount, months=sum(months))
    rows = [
        RevenueTarget(
            year=command.year,
            month=month,
            law_code=command.law_code,
            amount=amount,
            decree=command.decree,
            entered_at=now(),
            entered_by=by.id,
            entered_by_name=by.name,
        )
        for month, amount in enumerate(months, start=1)
    ]
    db.session.add_all(rows)
    facts = {"year": command.year, "law_code": command.law_code, "amount": command.amount}
    events.record("target.set", rows[0], by=by, region="", decree=command.decree, **facts)
    return rows


def enter_regional_figure(command: EnterRegionalFigure, *, by: Actor) -> RegionalFigure | None:
    """What BPKAD has for a month; what is entered later counts instead."""
    require(by, Permission.TREASURY_KEEP)
    month = command.month.replace(day=1)
    if not first_time(command, by=by):
        return regional_figure(month)
    figure = RegionalFigure(
        month=month,
        amount=command.amount,
        source=command.source,
        entered_at=now(),
        entered_by=by.id,
        entered_by_name=by.name,
    )
    db.session.add(figure)
    facts = {"month": month.isoformat(), "amount": command.amount}
    events.record("regional-figure.entered", figure, by=by, region="", **facts)
    return figure


def _even_months(amount: Rupiah) -> tuple[Rupiah, ...]:
    part = amount // MONTHS
    return (*(Rupiah(part) for _ in range(MONTHS - 1)), Rupiah(amount - part * (MONTHS - 1)))
