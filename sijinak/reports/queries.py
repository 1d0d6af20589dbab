"""A year or a month of retribution in figures: all of them are sums of the same cells."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.ledger.chart import RECEIVABLE
from sijinak.ledger.models import Journal, Posting
from sijinak.ledger.queries import last_closed_day
from sijinak.reports.books import Came, For, MonthFacts
from sijinak.reports.keeping import facts_about
from sijinak.reports.periods import Period, months_of
from sijinak.reports.scoping import Scope, inside, place_in, scope_of, within
from sijinak.treasury.desk.queries import targets_of

K = TypeVar("K", bound=Hashable)
C = TypeVar("C", Came, For)


@dataclass(frozen=True, slots=True)
class Line:
    """One way of cutting the same sum: in the period, in the year until its end, a year before."""

    key: tuple[str, ...]
    name: str
    amount: int
    so_far: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """``owed`` is what is in arrears at its end. Nothing is known of months to come."""

    month: date
    is_to_come: bool
    received: int
    voided: int
    levied: int
    back: int
    owed: int
    banked: int
    target: int
    before: int
    ways: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLine:
    """Of one kode rekening. ``budget`` is the target of the whole year."""

    law_code: str
    budget: int
    target: int
    received: int
    so_far: int
    before_it: int  # of the year, until the period begins
    levied: int


@dataclass(frozen=True, kw_only=True)
class Report:
    period: Period
    scope: Scope
    is_closed: bool
    months: Sequence[MonthLine]  # of the year
    codes: Sequence[CodeLine]
    components: Sequence[Line]
    channels: Sequence[Line]
    officers: Sequence[Line]
    places: Sequence[Line]
    total: Line = field(default_factory=lambda: Line((), "", 0, 0, 0))

    @cached_property
    def own(self) -> list[MonthLine]:
        """The months that it is about."""
        wanted = set(self.period.months)
        return [one for one in self.months if one.month in wanted]

    def sum(self, name: str) -> int:
        return sum(getattr(one, name) for one in self.own)

    @property
    def owed(self) -> int:
        """In arrears when it ended, or now."""
        known = [one for one in self.own if not one.is_to_come]
        return known[-1].owed if known else 0

    @property
    def agrees(self) -> bool:
        """Every way of cutting makes the same sum."""
        cuts = (self.components, self.channels, self.officers, self.places)
        return {sum(line.amount for line in cut) for cut in cuts} == {self.total.amount}


def report_of(period: Period, *, region: str, office: str, today: date, by: Actor) -> Report:
    """``office`` is the region of the whole office, ``region`` a part of it or empty.

    Raises Forbidden for a part that the actor may not look at.
    """
    scope = scope_of(region, office, by=by)
    holds = inside(scope, by)
    year, last_year = (
        [within(one, holds) for one in facts_about(months_of(number), today)]
        for number in (period.year, period.year - 1)
    )
    this, before = (facts[: len(period.so_far)] for facts in (year, last_year))
    cut = _Cut(period, this, before)
    closed = last_closed_day()
    return Report(
        period=period,
        scope=scope,
        is_closed=closed is not None and closed >= period.last,
        months=_months(year, last_year, scope, today, by=by),
        codes=_codes(period, this, scope),
        components=cut.lines(paid_for, lambda one: (one.law_code, one.component, _mark(one))),
        channels=cut.lines(came, lambda one: (one.channel,)),
        officers=cut.lines(came, lambda one: (str(one.officer_id),), lambda one: one.officer),
        places=cut.lines(came, lambda one: (place_in(one.region, scope),)),
        total=next(iter(cut.lines(came, lambda _: ())), Line((), "", 0, 0, 0)),
    )


def came(facts: MonthFacts) -> Sequence[Came]:
    return facts.came


def paid_for(facts: MonthFacts) -> Sequence[For]:
    return facts.paid_for


def _mark(one: For) -> str:
    return "tickets" if one.is_ticket else ""


@dataclass(frozen=True, slots=True)
class _Cut:
    period: Period
    this: Sequence[MonthFacts]
    before: Sequence[MonthFacts]

    def lines(
        self,
        cells: Callable[[MonthFacts], Sequence[C]],
        key: Callable[[C], tuple[str, ...]],
        name: Callable[[C], str] | None = None,
    ) -> list[Line]:
        """The largest first; what came to nothing everywhere is left out."""
        amounts, so_far, before = (defaultdict[tuple[str, ...], int](int) for _ in range(3))
        names: dict[tuple[str, ...], str] = {}
        wanted = set(self.period.months)
        for facts in self.this:
            for one in cells(facts):
                so_far[key(one)] += one.amount
                amounts[key(one)] += one.amount if facts.month in wanted else 0
                names[key(one)] = name(one) if name else ""
        wanted = set(self.period.a_year_before.months)
        for facts in self.before:
            for one in cells(facts) if facts.month in wanted else ():
                before[key(one)] += one.amount
                names.setdefault(key(one), name(one) if name else "")
        lines = [Line(k, names[k], amounts[k], so_far[k], before[k]) for k in names]
        lines = [one for one in lines if one.amount or one.so_far or one.before]
        return sorted(lines, key=lambda one: (-one.amount, -one.so_far, one.key))


def _months(
    facts: Sequence[MonthFacts],
    last_year: Sequence[MonthFacts],
    scope: Scope,
    today: date,
    *,
    by: Actor,
) -> list[MonthLine]:
    owed = owed_before(facts[0].month, scope, by=by)
    targets = _targets(facts[0].month.year, scope)
    lines = []
    for one, before in zip(facts, last_year, strict=True):
        owed += sum(cell.amount for cell in one.owed)
        line = MonthLine(
            month=one.month,
            is_to_come=one.month > today,
            received=sum(cell.amount for cell in one.came),
            voided=-sum(cell.voided for cell in one.came),
            levied=sum(cell.amount for cell, _ in one.levied),
            back=sum(cell.amount for cell in one.back),
            owed=owed,
            banked=one.banked,
            target=sum(
                amount for (_, month), amount in targets.items() if month == one.month.month
            ),
            before=sum(cell.amount for cell in before.came),
            ways=summed((cell.channel, cell.amount) for cell in one.came),
        )
        lines.append(line)
    return lines


def _codes(period: Period, facts: Sequence[MonthFacts], scope: Scope) -> list[CodeLine]:
    wanted = set(period.months)
    mine = [one for one in facts if one.month in wanted]
    targets = _targets(period.year, scope)
    numbers = {month.month for month in wanted}
    received = summed((c.law_code, c.amount) for one in mine for c in one.paid_for)
    so_far = summed((c.law_code, c.amount) for one in facts for c in one.paid_for)
    levied = summed((code, cell.amount) for one in mine for cell, code in one.levied)
    budget = summed((code, amount) for (code, _), amount in targets.items())
    target = summed((code, amount) for (code, m), amount in targets.items() if m in numbers)
    return [
        CodeLine(
            law_code=code,
            budget=budget.get(code, 0),
            target=target.get(code, 0),
            received=received.get(code, 0),
            so_far=so_far.get(code, 0),
            before_it=so_far.get(code, 0) - received.get(code, 0),
            levied=levied.get(code, 0),
        )
        for code in sorted({*received, *so_far, *levied, *budget})
    ]


def _targets(year: int, scope: Scope) -> dict[tuple[str, int], int]:
    if not scope.is_whole:
        return {}
    return {key: row.amount for key, row in targets_of(year).items()}


def owed_before(day: date, scope: Scope, *, by: Actor) -> int:
    """What was owed when the day began."""
    asked = select(func.coalesce(func.sum(Posting.amount), 0)).where(
        Posting.account == RECEIVABLE, Posting.effective_on < day
    )
    if not scope.is_whole:
        asked = asked.join(Journal, Journal.id == Posting.journal_id)
        asked = asked.where(within_reach(by, Permission.REPORT_READ, Journal.region))
        if scope.region:
            below = scope.region + "/"
            asked = asked.where(Journal.region >= scope.region, Journal.region < below)
    return int(db.session.scalar(asked) or 0)


def summed(pairs: Iterable[tuple[K, int]]) -> dict[K, int]:
    found: dict[K, int] = defaultdict(int)
    for key, amount in pairs:
        found[key] += amount
    return dict(found)
