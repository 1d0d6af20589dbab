"""The entries behind a figure: what is listed here adds up to what the report says."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.ledger.chart import RECEIVABLE, SUSPENSE, law_code_of, revenue
from sijinak.ledger.models import Journal, Posting
from sijinak.payments.models import Collection
from sijinak.reports.books import (
    WAY_OF_TICKETS,
    Wrong,
    component_of_line,
    lines_of,
    of_kind,
    shares,
)
from sijinak.reports.scoping import Scope
from sijinak.retribution.models import SkrdLine
from sijinak.retribution.receipts.models import Receipt
from sijinak.treasury.desk.bridge import PAID, PLAY, TICKETS
from sijinak.treasury.tickets.models import TicketBlock, TicketSale

_Line = aliased(Posting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """``part`` is kode rekening, component, and ``tickets`` or nothing; ``region`` a place."""

    first: date
    last: date
    channel: str = ""
    officer_id: UUID | None = None
    region: str = ""
    exactly: bool = False  # that place, and none below it
    part: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A receipt, a void or a sale of tickets, and what of it counts."""

    journal: Journal
    officer: str
    amount: int
    channels: tuple[str, ...]
    number: str

    @property
    def subject(self) -> UUID | None:
        """Of the receipt, of a void that of the receipt that it voids, or of the sale."""
        text = self.journal.idem.rpartition(":")[2]
        try:
            return UUID(text)
        except ValueError:
            return None

    @property
    def is_void(self) -> bool:
        return self.journal.reverses_id is not None

    @property
    def is_tickets(self) -> bool:
        return WAY_OF_TICKETS in self.channels


def entries(wanted: Wanted, scope: Scope, *, by: Actor, place: Place = START) -> Page[Entry]:
    """The newest first. The caller has made the scope, which asks who may look."""
    asked = select(Journal).outerjoin(Wrong, Wrong.id == Journal.reverses_id)
    asked = asked.where(
        Journal.effective_on.between(wanted.first, wanted.last),
        *_where(wanted),
        *_seen(wanted, scope, by),
    )
    page = page_of(asked, Journal.id, place, first=(Journal.effective_on,))
    return Page(_entries(page.items, wanted), page.older, page.newer)


def _seen(wanted: Wanted, scope: Scope, by: Actor) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not scope.is_whole:
        found.append(within_reach(by, Permission.REPORT_READ, Journal.region))
    if wanted.exactly:
        found.append(Journal.region == wanted.region)
    places = {scope.region, "" if wanted.exactly else wanted.region} - {""}
    below = [and_(Journal.region >= one, Journal.region < one + "/") for one in sorted(places)]
    return [*found, *below]


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [_money(wanted.channel)]
    if wanted.officer_id is not None:
        found.append(func.coalesce(Wrong.actor_id, Journal.actor_id) == wanted.officer_id)
    if wanted.part is not None:
        code, component, kind = wanted.part
        mine = select(_Line.id).where(_Line.journal_id == Journal.id)
        if kind == WAY_OF_TICKETS:
            found += [of_kind(TICKETS), exists(mine.where(_Line.account == revenue(code)))]
        else:
            bill = mine.join(SkrdLine, SkrdLine.skrd_id == _Line.about).where(
                _Line.account == RECEIVABLE,
                SkrdLine.law_code == code,
                component_of_line() == component,
            )
            found += [of_kind(PAID), exists(bill)]
    return found


def _money(channel: str) -> ColumnElement[bool]:
    """What true money paid, by that channel or any."""
    if channel == WAY_OF_TICKETS:
        return of_kind(TICKETS)
    money = (
        select(_Line.id)
        .join(Collection, Collection.id == _Line.about)
        .where(_Line.journal_id == Journal.id, _Line.account == SUSPENSE)
    )
    mine = Collection.adapter == channel if channel else Collection.adapter != PLAY
    paid = and_(of_kind(PAID), exists(money.where(mine)))
    return paid if channel else or_(of_kind(TICKETS), paid)


def _entries(journals: Sequence[Journal], wanted: Wanted) -> list[Entry]:
    ids = [one.id for one in journals]
    postings: dict[UUID, list[Posting]] = defaultdict(list)
    asked = select(Posting).where(Posting.journal_id.in_(ids))
    for line in db.session.scalars(asked.order_by(Posting.position)):
        postings[line.journal_id].append(line)
    channels = _channels(postings)
    wrong = select(Journal).where(Journal.id.in_([one.reverses_id for one in journals]))
    issued = {one.id: one for one in db.session.scalars(wrong.order_by(Journal.id))}
    bills = {one.about for lines in postings.values() for one in lines if one.about}
    parts = lines_of(bills) if wanted.part else {}
    numbers = _numbers(journals)
    found = []
    for journal in journals:
        first = issued.get(journal.reverses_id, journal) if journal.reverses_id else journal
        amounts = _amounts(postings[journal.id], channels, wanted.channel)
        amount = sum(amounts.values())
        if wanted.part and WAY_OF_TICKETS not in amounts:
            bill = next(one.about for one in postings[journal.id] if one.account == RECEIVABLE)
            amount = shares(amount, parts[bill])[wanted.part[:2]] if bill else 0
        number = numbers.get(journal.idem, "")
        found.append(Entry(journal, first.actor_name, amount, tuple(amounts), number))
    return found


def _numbers(journals: Sequence[Journal]) -> dict[str, str]:
    """Of receipts and voids, by the name of the journal; tickets have serials."""
    ids = [UUID(one.idem.rpartition(":")[2]) for one in journals if _is_named(one.idem)]
    found: dict[str, str] = {}
    mine = Receipt.id.in_(ids) | Receipt.voids_id.in_(ids)
    for receipt in db.session.scalars(select(Receipt).where(mine).order_by(Receipt.id)):
        is_void = receipt.voids_id is not None
        name = f"reversal:paid:{receipt.voids_id}" if is_void else f"paid:{receipt.id}"
        found[name] = receipt.number
    sales = select(TicketSale, TicketBlock.series).join(
        TicketBlock, TicketBlock.id == TicketSale.block_id
    )
    for sale, series in db.session.execute(
        sales.where(TicketSale.id.in_(ids)).order_by(TicketSale.id)
    ):
        last = f"–{sale.last}" if sale.last > sale.first else ""
        found[f"tickets:{sale.id}"] = f"{series} {sale.first}{last}"
    return found


def _is_named(idem: str) -> bool:
    try:
        UUID(idem.rpartition(":")[2])
    except ValueError:
        return False
    return True


def _amounts(lines: Sequence[Posting], channels: dict[UUID, str], channel: str) -> dict[str, int]:
    """By channel, without play money."""
    found: dict[str, int] = defaultdict(int)
    for line in lines:
        if line.account == SUSPENSE and line.about is not None:
            found[channels[line.about]] += line.amount
        elif law_code_of(line.account):
            found[WAY_OF_TICKETS] -= line.amount
    return {k: v for k, v in found.items() if k != PLAY and channel in {"", k}}


def _channels(postings: dict[UUID, list[Posting]]) -> dict[UUID, str]:
    moneys = {one.about for lines in postings.values() for one in lines if one.account == SUSPENSE}
    asked = select(Collection.id, Collection.adapter).where(Collection.id.in_(moneys))
    return {key: name for key, name in db.session.execute(asked.order_by(Collection.id))}  # noqa: C416
