"""One person proposes a tariff, another approves it; what was in force is never changed."""

import csv
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.once import first_time
from sijinak.core.permissions import OPERATOR, WORKER, Actor, Permission, require
from sijinak.retribution.policy import policy
from sijinak.retribution.tariffs.models import Service, Tariff, Unit, When
from sijinak.retribution.tariffs.queries import overlapping, same_key

SHIPPED = Path(__file__).parent.parent / "data" / "tariffs.csv"


class TariffKnown(Conflict):
    """There is a row of this key that begins on this day. Facts: ``tariff``, ``since``."""

    code = "tariff-known"


class TariffOverlaps(Conflict):
    """A later row of the same key is there already. Facts: ``tariff``, ``since``."""

    code = "tariff-overlaps"


class TariffBackDated(Invalid):
    """What is in force can not be replaced for days that are over. Facts: ``tariff``."""

    code = "tariff-back-dated"


class TariffInPast(Invalid):
    """It would begin in the past, and nobody said why. Facts: ``tariff``."""

    code = "tariff-in-past"


class TariffDaysTurned(Invalid):
    code = "tariff-days-turned"


class OwnTariff(Forbidden):
    """Four eyes: another person approves it. Facts: ``tariff``."""

    code = "own-tariff"


class TariffAnswered(Conflict):
    """It was approved or refused before. Facts: ``tariff``."""

    code = "tariff-answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One tariff as the annex of the Perda says it."""

    code: str
    service: Service
    component: str
    species: str = ""
    sex: str = ""
    unit: Unit
    applies: When = When.ALWAYS
    amount: Rupiah
    perda: str
    article: str = ""
    law_code: str
    source: str
    is_example: bool = False
    valid_from: date
    valid_until: date | None = None
    past_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeTariffs:
    """One of a form, or all of a list."""

    id: UUID = field(default_factory=uuid7)
    rows: tuple[Wording, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveTariffs:
    id: UUID = field(default_factory=uuid7)
    tariff_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseTariff:
    id: UUID = field(default_factory=uuid7)
    tariff_id: UUID
    reason: str


def propose_tariffs(command: ProposeTariffs, *, by: Actor) -> int:
    """They count nowhere until somebody else approves them. Answers how many are new.

    Raises TariffDaysTurned, TariffInPast, TariffKnown.
    """
    require(by, Permission.TARIFF_MANAGE, region=policy.regency)
    if not first_time(command, by=by):
        return 0
    for row in command.rows:
        if row.valid_from < today() and not row.past_why.strip():
            raise TariffInPast(tariff=row.code)
        tariff = _proposed(row, by)
        _refuse_known(tariff)
        db.session.add(tariff)
        db.session.flush()
        _record("tariff.proposed", tariff, by=by)
    return len(command.rows)


def approve_tariffs(command: ApproveTariffs, *, by: Actor) -> list[Tariff]:
    """From their first day on they count; the row before each ends on the day before.

    Raises OwnTariff, TariffAnswered, TariffOverlaps, TariffBackDated.
    """
    require(by, Permission.TARIFF_MANAGE, region=policy.regency)
    if not first_time(command, by=by):
        return []
    found = [_open_proposal(tariff_id) for tariff_id in sorted(set(command.tariff_ids))]
    for tariff in sorted(found, key=lambda one: one.valid_from):
        if tariff.proposed_by == by.id:
            raise OwnTariff(tariff=tariff.code)
        _end_before(tariff)
        tariff.approved_by, tariff.approved_by_name = by.id, by.name
        tariff.approved_at = now()
        db.session.flush()
        _record("tariff.approved", tariff, by=by)
    return found


def refuse_tariff(command: RefuseTariff, *, by: Actor) -> Tariff:
    """Also for whoever proposed it and found a mistake. Raises TariffAnswered."""
    require(by, Permission.TARIFF_MANAGE, region=policy.regency)
    if not first_time(command, by=by):
        return db.session.get_one(Tariff, command.tariff_id)
    tariff = _open_proposal(command.tariff_id)
    tariff.refused_why = command.reason
    _record("tariff.refused", tariff, by=by, reason=command.reason)
    return tariff


def load_tariffs(*, by: Actor) -> int:
    """Add the tariffs that come with the program; a code the office has is left as it is."""
    require(by, Permission.USER_MANAGE)
    known = set(db.session.scalars(select(Tariff.code)))
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = [_shipped(row, by) for row in csv.DictReader(file) if row["code"] not in known]
    db.session.add_all(rows)
    return len(rows)


def _legal_basis(perda: str, article: str) -> str:
    return f"{perda}, {article}" if article else perda


def _proposed(row: Wording, by: Actor) -> Tariff:
    if row.valid_until is not None and row.valid_until < row.valid_from:
        raise TariffDaysTurned
    return Tariff(
        **asdict(row),
        legal_basis=_legal_basis(row.perda, row.article),
        proposed_by=by.id,
        proposed_by_name=by.name,
        proposed_at=now(),
    )


def _refuse_known(tariff: Tariff) -> None:
    """A kind message before the index says it."""
    asked = select(Tariff.id).where(
        same_key(tariff), Tariff.valid_from == tariff.valid_from, Tariff.refused_why == ""
    )
    if db.session.scalar(asked.limit(1)):
        raise TariffKnown(tariff=tariff.code, since=tariff.valid_from)


def _open_proposal(tariff_id: UUID) -> Tariff:
    """All rows of its key are held until the end: two approvals of one key wait here."""
    known = db.session.get(Tariff, tariff_id)
    if known is None:
        raise NotFound(tariff_id=str(tariff_id))
    held = select(Tariff).where(same_key(known)).order_by(Tariff.id).with_for_update()
    for row in db.session.scalars(held, execution_options={"populate_existing": True}).all():
        if row.id == tariff_id and (row.approved_by or row.refused_why):
            raise TariffAnswered(tariff=row.code)
    return known


def _end_before(tariff: Tariff) -> None:
    """The one in force ends the day before the new one begins."""
    for row in overlapping(tariff):
        if row.valid_from >= tariff.valid_from:
            raise TariffOverlaps(tariff=row.code, since=row.valid_from)
        if tariff.valid_from < today():
            raise TariffBackDated(tariff=tariff.code)
        row.valid_until = tariff.valid_from - timedelta(days=1)
        db.session.flush()


def _record(name: str, tariff: Tariff, *, by: Actor, **facts: str) -> None:
    events.record(
        name,
        tariff,
        by=by,
        region="",
        code=tariff.code,
        amount=tariff.amount,
        valid_from=tariff.valid_from.isoformat(),
        **facts,
    )


def _shipped(row: dict[str, str], by: Actor) -> Tariff:
    """A machine proposes and another approves: people replace these examples."""
    second = WORKER if by.id != WORKER.id else OPERATOR
    wording = Wording(
        code=row["code"],
        service=Service(row["service"]),
        component=row["component"],
        species=row["species"],
        sex=row["sex"],
        unit=Unit(row["unit"]),
        applies=When(row["applies"]),
        amount=Rupiah(int(row["amount"])),
        perda=row["perda"],
        article=row["article"],
        law_code=row["law_code"],
        source=row["source"],
        is_example=row["is_example"] == "true",
        valid_from=date.fromisoformat(row["valid_from"]),
    )
    tariff = _proposed(wording, by)
    tariff.approved_by, tariff.approved_by_name = second.id, second.name
    tariff.approved_at = now()
    return tariff
