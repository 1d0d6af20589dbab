"""One month as the books have it, in cells that are added up: every figure of a report is a sum.

A receipt counts on the day of its journal, less its void on the day of the void's: so the sums are
those of the ledger, also when a day was closed before its receipt. Play money counts nowhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.ledger.chart import BANK, RECEIVABLE, SUSPENSE, law_code_of
from sijinak.ledger.models import Journal, Posting
from sijinak.payments.models import Collection
from sijinak.reports.periods import last_of
from sijinak.retribution.models import SkrdLine
from sijinak.treasury.desk.bridge import PAID, PLAY, TICKETS
from sijinak.treasury.matching.outflows import REFUND, TAKEN_BACK

WAY_OF_TICKETS = "tickets"
INTEREST = ""  # the component of an STRD, whose own words differ from letter to letter
Days = tuple[date, date]
T = TypeVar("T")
Wrong = aliased(Journal)
_Bill = aliased(Posting)
WHO = func.coalesce(Wrong.actor_id, Journal.actor_id)  # a void counts for whoever issued
_MONTH = extract("month", Posting.effective_on)
_NAME = func.max(func.coalesce(Wrong.actor_name, Journal.actor_name))


class Came(NamedTuple):
    """Money that paid receipts, or tickets. ``voided`` is below zero, and in ``amount``."""

    region: str
    officer_id: UUID
    officer: str
    channel: str
    amount: int
    voided: int


class For(NamedTuple):
    """The same money by what it was paid for."""

    region: str
    law_code: str
    component: str
    is_ticket: bool
    amount: int


class Placed(NamedTuple):
    region: str
    amount: int


class MonthFacts(NamedTuple):
    """``levied`` is by kode rekening; ``owed`` is by how much claims grew."""

    month: date
    came: tuple[Came, ...]
    paid_for: tuple[For, ...]
    levied: tuple[tuple[Placed, str], ...]
    owed: tuple[Placed, ...]
    back: tuple[Placed, ...]
    banked: int


def facts_of(months: Sequence[date]) -> list[MonthFacts]:
    """Asked from the database, whoever asks: of months of a year that follow each other."""
    is_played = _is_played_here()
    if is_played and len(months) > 1:  # a bill that play money paid is looked at month by month
        return [facts for month in months for facts in facts_of([month])]
    days = (months[0], last_of(months[-1]))
    sums, came = _by_month(_sums(days)), _by_month(_money(days))
    paid_for = _by_month(_bills(days, is_played=is_played))
    play_back = _play_given_back(days) if is_played else []
    return [
        _facts(month, sums[month.month], came[month.month], paid_for[month.month], play_back)
        for month in months
    ]


def _facts(
    month: date,
    rows: Sequence["_Sum"],
    came: Sequence[Came],
    paid_for: Sequence[For],
    play_back: Sequence[tuple[str, int]],
) -> MonthFacts:
    revenue = [one for one in rows if law_code_of(one.account)]
    sold = [one for one in revenue if one.kind == TICKETS]
    back = [one for one in rows if one.account == SUSPENSE and one.kind in {REFUND, TAKEN_BACK}]
    given_back = [(one.region, one.amount) for one in back]
    return MonthFacts(
        month=month,
        came=(*came, *_sold(sold)),
        paid_for=(*paid_for, *_tickets(sold)),
        levied=tuple((Placed(k, -v), code) for (k, code), v in _levied(revenue).items()),
        owed=_placed((one.region, one.amount) for one in rows if one.account == RECEIVABLE),
        back=_placed([*given_back, *play_back]),
        banked=sum(one.amount for one in rows if one.account.startswith(BANK)),
    )


def _by_month(rows: Iterable[tuple[int, T]]) -> Mapping[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for month, row in rows:
        found[month].append(row)
    return found


class _Sum(NamedTuple):
    """What entries of a kind did to an account; a reversal is of the kind that it reverses."""

    region: str
    seller: UUID | None  # of tickets
    kind: str
    account: str
    name: str
    amount: int


def _sums(days: Days) -> list[tuple[int, _Sum]]:
    """One look at all lines of the days, by month."""
    kind = func.coalesce(Wrong.kind, Journal.kind)
    of_whom = case((of_kind(TICKETS), WHO), else_=None)  # of other entries nobody asks who
    groups = (_MONTH, Journal.region, of_whom, kind, Posting.account)
    asked = with_wrong(select(*groups, _NAME, func.sum(Posting.amount)).select_from(Posting))
    asked = asked.where(*_within(days)).group_by(*groups).order_by(*groups)
    return [
        (int(month), _Sum(region, seller, name, account, officer, int(amount)))
        for month, region, seller, name, account, officer, amount in db.session.execute(asked)
    ]


def _within(days: Days) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Said of both, though a key makes them the same: so both are found by their day."""
    return Posting.effective_on.between(*days), Journal.effective_on.between(*days)


def of_kind(name: str) -> ColumnElement[bool]:
    """Entries of the kind, and their reversals: after ``with_wrong``."""
    return or_(Journal.kind == name, Wrong.kind == name)


def with_wrong(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Beside each posting its journal, and what that reverses."""
    asked = asked.join(Journal, Journal.id == Posting.journal_id)
    return asked.outerjoin(Wrong, Wrong.id == Journal.reverses_id)


def _money(days: Days) -> list[tuple[int, Came]]:
    voided = func.sum(case((Posting.amount < 0, Posting.amount), else_=0))
    groups = (_MONTH, Journal.region, WHO, Collection.adapter)
    asked = with_wrong(
        select(*groups, _NAME, func.sum(Posting.amount), voided).select_from(Posting)
    ).join(Collection, Collection.id == Posting.about)
    asked = asked.where(
        Posting.account == SUSPENSE, *_within(days), of_kind(PAID), Collection.adapter != PLAY
    )
    return [
        (int(month), Came(region, who, name, channel, int(amount), int(gone)))
        for month, region, who, channel, name, amount, gone in db.session.execute(
            asked.group_by(*groups).order_by(*groups)
        )
    ]


def _sold(rows: Sequence[_Sum]) -> list[Came]:
    found: dict[tuple[str, UUID, str], int] = defaultdict(int)
    for one in rows:
        if one.seller is not None:
            found[one.region, one.seller, one.name] -= one.amount
    return [Came(*key, WAY_OF_TICKETS, amount, 0) for key, amount in found.items()]


def _tickets(rows: Sequence[_Sum]) -> list[For]:
    found = _levied(rows)
    return [For(region, code, "", True, -amount) for (region, code), amount in found.items()]


def _levied(rows: Sequence[_Sum]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for one in rows:
        found[one.region, law_code_of(one.account)] += one.amount
    return found


def component_of_line() -> ColumnElement[str]:
    return case((SkrdLine.tariff_id.is_(None), INTEREST), else_=SkrdLine.component)


def _bills(days: Days, *, is_played: bool) -> list[tuple[int, For]]:
    """A receipt pays its bill as a whole, so its lines say what was paid for."""
    sign = case((Posting.amount > 0, -1), else_=1)
    groups = (_MONTH, Journal.region, SkrdLine.law_code, component_of_line())
    asked = with_wrong(select(*groups, func.sum(sign * SkrdLine.amount)).select_from(Posting)).join(
        SkrdLine, SkrdLine.skrd_id == Posting.about
    )
    asked = asked.where(Posting.account == RECEIVABLE, *_within(days), of_kind(PAID))
    played = _played(days) if is_played else None
    if played is not None:
        asked = asked.where(Posting.about.not_in(played))
    found = [
        (int(month), For(region, code, component, False, int(amount)))
        for month, region, code, component, amount in db.session.execute(
            asked.group_by(*groups).order_by(*groups)
        )
    ]
    if played is None:
        return found
    return [*found, *((days[0].month, one) for one in _paid_in_part(days, played))]


def _is_played_here() -> bool:
    asked = select(Collection.id).where(Collection.adapter == PLAY).limit(1)
    return db.session.scalar(asked) is not None


def _played(days: Days) -> Select[Any]:
    """Bills that play money paid, or some of them."""
    of_bill = and_(_Bill.journal_id == Posting.journal_id, _Bill.account == RECEIVABLE)
    asked = select(_Bill.about).select_from(Posting).join(_Bill, of_bill)
    asked = asked.join(Collection, Collection.id == Posting.about)
    return asked.where(
        Posting.account == SUSPENSE,
        Posting.effective_on.between(*days),
        Collection.adapter == PLAY,
        _Bill.about.is_not(None),
    )


def _paid_in_part(days: Days, played: Select[Any]) -> list[For]:
    """What true money paid of them, by their lines in proportion, as the month report does it."""
    of_bill = and_(_Bill.journal_id == Posting.journal_id, _Bill.account == RECEIVABLE)
    groups = (Journal.region, _Bill.about)
    asked = with_wrong(select(*groups, func.sum(Posting.amount)).select_from(Posting))
    asked = asked.join(_Bill, of_bill).join(Collection, Collection.id == Posting.about)
    asked = asked.where(
        Posting.account == SUSPENSE, *_within(days), of_kind(PAID), Collection.adapter != PLAY,
        _Bill.about.in_(played),
    )  # fmt: skip
    rows = db.session.execute(asked.group_by(*groups).order_by(*groups))
    sums = {(region, bill): int(amount) for region, bill, amount in rows if amount}
    lines = lines_of({bill for _, bill in sums})
    return [
        For(region, code, component, False, share)
        for (region, bill), amount in sums.items()
        for (code, component), share in shares(amount, lines[bill]).items()
    ]


def lines_of(bills: set[UUID]) -> Mapping[UUID, list[tuple[str, str, int]]]:
    """Of each bill kode rekening, component and amount, the first first."""
    found: dict[UUID, list[tuple[str, str, int]]] = defaultdict(list)
    asked = select(SkrdLine.skrd_id, SkrdLine.law_code, component_of_line(), SkrdLine.amount)
    asked = asked.where(SkrdLine.skrd_id.in_(bills))
    for bill, code, component, amount in db.session.execute(asked.order_by(SkrdLine.position)):
        found[bill].append((code, component, amount))
    return found


def shares(amount: int, lines: list[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    """In proportion to the lines; what is odd goes with the first."""
    whole = sum(part for _, _, part in lines)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for code, component, part in lines:
        found[code, component] += amount * part // whole
    found[lines[0][:2]] += amount - sum(found.values())
    return dict(found)


def _placed(pairs: Iterable[tuple[str, int]]) -> tuple[Placed, ...]:
    found: dict[str, int] = defaultdict(int)
    for region, amount in pairs:
        found[region] += amount
    return tuple(Placed(region, amount) for region, amount in found.items() if amount)


def _play_given_back(days: Days) -> list[tuple[str, int]]:
    """Below zero: to be left out of what was given back."""
    asked = with_wrong(select(Journal.region, -func.sum(Posting.amount)).select_from(Posting))
    asked = asked.join(Collection, Collection.id == Posting.about).where(
        Posting.account == SUSPENSE,
        *_within(days),
        or_(of_kind(REFUND), of_kind(TAKEN_BACK)),
        Collection.adapter == PLAY,
    )
    rows = db.session.execute(asked.group_by(Journal.region).order_by(Journal.region))
    return [(region, int(amount)) for region, amount in rows]
