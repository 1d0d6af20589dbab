"""Questions about samples: what they are drawn from, what was drawn, and what it says."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from sijinak.audit.desk.models import (
    AuditSample,
    AuditSampleItem,
    AuditSampleResult,
    Method,
    Result,
)
from sijinak.audit.desk.projecting import Misstatement, Share, misstatement, share_wrong
from sijinak.audit.desk.wanted import Standing, Wanted, conditions, wanted_of
from sijinak.core.db import db
from sijinak.core.drawing import interval_of
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.core.tlog import LogCheckpoint
from sijinak.retribution.receipts.models import Receipt

ID_BYTES, AMOUNT_BYTES = 16, 8
ROW = ID_BYTES + AMOUNT_BYTES
MOST = 250_000  # receipts that a sample may be drawn from
AT_ONCE = 500
Listed = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Ticked:
    """A drawn receipt, what was found last, and all that was found before."""

    item: AuditSampleItem
    results: Sequence[AuditSampleResult]

    @property
    def newest(self) -> AuditSampleResult | None:
        return self.results[-1] if self.results else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``share`` of a simple draw, ``amounts`` of one by amount; as far as it is ticked off."""

    right: int
    wrong: int
    missing: int
    left: int
    share: Share | None
    amounts: Misstatement | None

    @property
    def is_whole(self) -> bool:
        return not self.left


def samples(*, by: Actor, place: Place = START) -> Page[AuditSample]:
    require(by, Permission.AUDIT_READ)
    return page_of(_seen(by), AuditSample.id, place)


def sample_by_id(sample_id: UUID, *, by: Actor) -> AuditSample:
    require(by, Permission.AUDIT_READ)
    found = db.session.scalar(_seen(by).where(AuditSample.id == sample_id))
    if found is None:
        raise NotFound(sample_id=str(sample_id))
    return found


def sample_to_draw(sample_id: UUID, *, by: Actor) -> AuditSample:
    """Held until the end, as it is now."""
    require(by, Permission.AUDIT_WORK)
    within = within_reach(by, Permission.AUDIT_WORK, AuditSample.region)
    asked = select(AuditSample).where(AuditSample.id == sample_id, within).with_for_update()
    found = db.session.scalar(asked.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(sample_id=str(sample_id))
    return found


def first_checkpoint_after(sample: AuditSample) -> LogCheckpoint | None:
    """It can be no other: whoever plans cannot choose among several."""
    asked = select(LogCheckpoint).where(LogCheckpoint.made_at > sample.planned_at)
    return db.session.scalar(asked.order_by(LogCheckpoint.size).limit(1))


def size_of_population(wanted: Wanted, *, by: Actor) -> tuple[int, int]:
    """How many receipts that stand there are, and what they come to."""
    require(by, Permission.AUDIT_READ)
    asked = select(func.count(Receipt.id), func.coalesce(func.sum(Receipt.amount), 0))
    count, total = db.session.execute(asked.where(*_among(wanted, by))).one()
    return int(count), int(total)


def population_until(moment: datetime, wanted: Wanted, *, by: Actor) -> list[Listed]:
    """The ids and amounts in the order of issue, one more than may be at most.

    ``moment``: when the seed became known. What was issued or voided since could have been
    issued or voided by it.
    """
    asked = select(Receipt.id, Receipt.amount).where(
        *_among(wanted, by, moment), Receipt.issued_at <= moment
    )
    rows = db.session.execute(asked.order_by(Receipt.issued_at, Receipt.id).limit(MOST + 1))
    return [(row[0], int(row[1])) for row in rows]


def packed(rows: Iterable[Listed]) -> bytes:
    return b"".join(one.bytes + amount.to_bytes(AMOUNT_BYTES) for one, amount in rows)


def unpacked(population: bytes) -> list[Listed]:
    starts = range(0, len(population), ROW)
    cut = [population[start : start + ROW] for start in starts]
    return [(UUID(bytes=row[:ID_BYTES]), int.from_bytes(row[ID_BYTES:])) for row in cut]


def listed(rows: Sequence[Listed]) -> str:
    """The list as it is handed out and as its digest counts it: number and amount in each line."""
    numbers = numbers_of([one for one, _ in rows])
    kept = io.StringIO(newline="")
    csv.writer(kept, lineterminator="\n").writerows(
        (numbers.get(one, ""), amount) for one, amount in rows
    )
    return kept.getvalue()


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def numbers_of(ids: Sequence[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        asked = select(Receipt.id, Receipt.number).where(
            Receipt.id.in_(ids[start : start + AT_ONCE])
        )
        found |= {row[0]: row[1] for row in db.session.execute(asked)}
    return found


def population_of(sample: AuditSample) -> list[Listed]:
    return unpacked(sample.population)


def ticked(sample: AuditSample) -> list[Ticked]:
    """In the order of the draw. The caller has asked for the sample."""
    items = select(AuditSampleItem).where(AuditSampleItem.sample_id == sample.id)
    found = select(AuditSampleResult).join(
        AuditSampleItem, AuditSampleItem.id == AuditSampleResult.item_id
    )
    found = found.where(AuditSampleItem.sample_id == sample.id).order_by(AuditSampleResult.id)
    results: dict[UUID, list[AuditSampleResult]] = {}
    for one in db.session.scalars(found):
        results.setdefault(one.item_id, []).append(one)
    ordered = db.session.scalars(items.order_by(AuditSampleItem.position))
    return [Ticked(item, results.get(item.id, ())) for item in ordered]


def item_by_id(item_id: UUID, *, by: Actor) -> tuple[AuditSample, Ticked]:
    require(by, Permission.AUDIT_READ)
    item = db.session.get(AuditSampleItem, item_id)
    if item is None:
        raise NotFound(item_id=str(item_id))
    sample = sample_by_id(item.sample_id, by=by)
    asked = select(AuditSampleResult).where(AuditSampleResult.item_id == item_id)
    return sample, Ticked(item, list(db.session.scalars(asked.order_by(AuditSampleResult.id))))


def outcome_of(sample: AuditSample, rows: Sequence[Ticked]) -> Outcome:
    """What is not found counts as wrong, and as nothing that should have been there."""
    newest = [(row.item, row.newest) for row in rows if row.newest]
    counts = {kind: sum(one.result is kind for _, one in newest) for kind in Result}
    bad = counts[Result.WRONG] + counts[Result.NOT_FOUND]
    simple = sample.method is Method.SIMPLE
    said = [(item.amount, _right(item, one)) for item, one in newest]
    interval = interval_of(sample.total, sample.size) if sample.drawn_at else 0
    return Outcome(
        right=counts[Result.RIGHT],
        wrong=counts[Result.WRONG],
        missing=counts[Result.NOT_FOUND],
        left=len(rows) - len(newest),
        share=share_wrong(bad, len(newest)) if simple and newest else None,
        amounts=misstatement(interval, said) if not simple and newest else None,
    )


def plan_of(sample: AuditSample) -> Wanted:
    return wanted_of(sample.wanted)


def _among(wanted: Wanted, by: Actor, at: datetime | None = None) -> list[ColumnElement[bool]]:
    """Receipts that stand, or stood then, of real money unless its channel was chosen."""
    return conditions(replace(wanted, standing=Standing.VALID), by=by, at=at)


def _right(item: AuditSampleItem, result: AuditSampleResult) -> int:
    if result.result is Result.RIGHT:
        return item.amount
    return result.right_amount or 0


def _seen(by: Actor) -> Select[AuditSample]:
    return select(AuditSample).where(within_reach(by, Permission.AUDIT_READ, AuditSample.region))


def items_left(*, by: Actor) -> int:
    """Drawn receipts of the auditor's region that nobody has looked at."""
    require(by, Permission.AUDIT_WORK)
    looked = select(AuditSampleResult.id).where(AuditSampleResult.item_id == AuditSampleItem.id)
    asked = (
        select(func.count(AuditSampleItem.id))
        .join(AuditSample, AuditSample.id == AuditSampleItem.sample_id)
        .where(~looked.exists(), within_reach(by, Permission.AUDIT_WORK, AuditSample.region))
    )
    return db.session.scalar(asked) or 0
