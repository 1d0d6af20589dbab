"""Lines, money and deposits in one shape for pages, and what a line may be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import local
from sijinak.core.db import db
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Actor, Permission, may
from sijinak.payments.models import Attempt, Collection
from sijinak.treasury.deposits.models import Deposit
from sijinak.treasury.matching.gathering import line_of, world_for
from sijinak.treasury.matching.models import MatchPart, PartKind
from sijinak.treasury.matching.outflows import outflows
from sijinak.treasury.matching.queries import free_lines_near
from sijinak.treasury.matching.rules import suggestions
from sijinak.treasury.matching.world import Money, Outflow, Slip
from sijinak.treasury.statements.models import BankLine

MOST_NEAR = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """``what`` is the adapter of money, an account in the bank or the books, a deposit's number."""

    kind: PartKind
    id: UUID
    what: str
    about: str
    on: date
    amount: Rupiah


@dataclass(frozen=True, slots=True)
class Candidates:
    """``sums`` are the ids of what may be it by amount and day: only to look at."""

    sums: Sequence[Sequence[UUID]]
    near: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was chosen for a line, added up: above zero the bank has more."""

    lines: int
    money: int  # less the fee

    @property
    def difference(self) -> int:
        return self.lines - self.money


def shown(parts: Iterable[MatchPart | tuple[PartKind, UUID]]) -> list[Shown]:
    """In the order of the parts."""
    wanted = [(p.kind, p.thing_id) if isinstance(p, MatchPart) else p for p in parts]
    known = {
        one.id: one for kind in PartKind for one in _of(kind, [i for k, i in wanted if k is kind])
    }
    return [known[thing_id] for _, thing_id in wanted if thing_id in known]


def candidates(line: BankLine, *, by: Actor) -> Candidates:
    """What is free and lies near a line by day, nearest first, as far as the actor decides."""
    known = line_of(line)
    world = world_for([known])
    things: list[Money | Slip | Outflow] = [*world.money, *world.slips, *world.outflows]
    things = [one for one in things if _decides(by, one.region)]
    ids = {one.id for one in things}
    sums = [[thing.id for thing in one] for one in suggestions(known, world)]
    sums = [one for one in sums if ids.issuperset(one)]
    first = [thing_id for one in sums for thing_id in one]
    things.sort(key=lambda t: (t.id not in first, t.amount != line.amount, abs(t.on - known.on)))
    near = [(thing.kind, thing.id) for thing in things[:MOST_NEAR]]
    lines = [one for one in free_lines_near(line) if _decides(by, one.region)]
    return Candidates(sums, shown([*near, *((PartKind.LINE, one.id) for one in lines)]))


def tally_of(line: BankLine, chosen: Sequence[Shown], fee: int) -> Tally:
    lines = sum(one.amount for one in chosen if one.kind is PartKind.LINE)
    things = sum(one.amount for one in chosen if one.kind is not PartKind.LINE)
    return Tally(lines=line.amount + lines, money=things - fee)


def _decides(by: Actor, region: str) -> bool:
    return may(by, Permission.MONEY_RESOLVE, region=region)


def _of(kind: PartKind, ids: Sequence[UUID]) -> list[Shown]:
    if kind is PartKind.LINE:
        lines = db.session.scalars(select(BankLine).where(BankLine.id.in_(ids)))
        return [Shown(kind, x.id, x.account, x.remark, x.booked_on, x.amount) for x in lines]
    if kind is PartKind.DEPOSIT:
        slips = db.session.scalars(select(Deposit).where(Deposit.id.in_(ids)))
        return [
            Shown(kind, x.id, x.number, x.slip or "", x.deposited_on or _day(x), x.amount)
            for x in slips
        ]
    if kind is PartKind.OUTFLOW:
        return [Shown(kind, x.id, x.account, x.title, x.on, x.amount) for x in outflows(ids)]
    asked = select(Collection, Attempt.title).outerjoin(
        Attempt, Attempt.id == Collection.attempt_id
    )
    return [
        Shown(kind, x.id, x.adapter, title or x.ref, local(x.happened_at).date(), x.amount)
        for x, title in db.session.execute(asked.where(Collection.id.in_(ids)))
    ]


def _day(deposit: Deposit) -> date:
    return local(deposit.prepared_at).date()
