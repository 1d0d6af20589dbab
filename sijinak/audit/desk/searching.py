"""One box that finds anything: each kind is asked by an index, and only for a few."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from sijinak.accounts.models import Appointment, User
from sijinak.animals.models import Animal, Identifier
from sijinak.audit.desk.hits import MOST, Hit, HitKind
from sijinak.audit.desk.papers_found import bills, deposits, permits, receipts
from sijinak.audit.desk.spelling import amount_in, digits_in, letters, numbered, serial_in
from sijinak.core.clock import local, today
from sijinak.core.codes import NotATagCode, parse_tag_code
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import keepers_with_number, number_masked
from sijinak.keepers.search import search_keepers
from sijinak.payments.models import Collection
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.statements.models import BankLine
from sijinak.treasury.tickets.models import TicketBlock

P = Permission.AUDIT_READ
TAIL = 4  # digits of a NIK that everybody sees
LEAST = 2  # letters
Finder = Callable[[str, Actor], Iterable[Hit]]


def search(typed: str, *, by: Actor) -> dict[HitKind, list[Hit]]:
    """By kind; kinds with an exact hit come first, and exact hits first in their kind."""
    require(by, P)
    text = " ".join(typed.split())
    if len(text) < LEAST:
        return {}
    found: dict[HitKind, dict[UUID, Hit]] = {}
    for find in FINDERS:
        for hit in find(text, by):
            found.setdefault(hit.kind, {}).setdefault(hit.id, hit)
    lists = {
        kind: sorted(hits.values(), key=lambda hit: not hit.exact)[:MOST]
        for kind, hits in found.items()
    }
    return dict(sorted(lists.items(), key=lambda item: not item[1][0].exact))


def _tickets(text: str, by: Actor) -> Iterator[Hit]:
    serial = serial_in(text)
    if serial is None:
        return
    series, no = serial
    asked = select(TicketBlock).where(
        TicketBlock.first <= no, TicketBlock.last >= no, within_reach(by, P, TicketBlock.region)
    )
    if series:
        asked = asked.where(TicketBlock.series == series)
    for one in db.session.scalars(asked.order_by(TicketBlock.series).limit(MOST)):
        yield Hit(
            kind=HitKind.TICKETS, id=one.id, title=f"{one.series} {one.first}–{one.last}",
            words=one.holder_name, amount=one.nominal, on=one.entered_on, exact=bool(series),
        )  # fmt: skip


def _animals(text: str, by: Actor) -> Iterator[Hit]:
    spelt = "".join(text.split()).upper()
    try:
        values = {spelt, parse_tag_code(text)}
    except NotATagCode:
        values = {spelt}
    asked = (
        select(Animal, Identifier.value)
        .join(Identifier, Identifier.animal_id == Animal.id)
        .where(Identifier.value.in_(values), within_reach(by, P, Animal.village))
    )
    for animal, value in db.session.execute(asked.order_by(Identifier.id).limit(MOST)):
        yield Hit(
            kind=HitKind.ANIMAL, id=animal.id, title=value, region=animal.village,
            on=local(animal.registered_at).date(), exact=True,
        )  # fmt: skip


def _moneys(text: str, by: Actor) -> Iterator[Hit]:
    spelt = text.replace(" ", "")
    named = or_(Collection.ref.in_({spelt, spelt.upper()}), Collection.money_id == spelt)
    asked = select(Collection).where(named, within_reach(by, P, Collection.region))
    for one in db.session.scalars(asked.order_by(Collection.id.desc()).limit(MOST)):
        yield Hit(
            kind=HitKind.MONEY, id=one.id, title=one.ref, words=one.adapter, amount=one.amount,
            on=local(one.happened_at).date(), exact=True,
        )  # fmt: skip


def _lines(text: str, by: Actor) -> Iterator[Hit]:
    """By the amount, or by what the bank calls the line."""
    amount = amount_in(text)
    accounts = [one.code for one in bank_accounts.all()]
    meant: list[tuple[ColumnElement[bool], bool]] = [
        (BankLine.account.in_(accounts) & (BankLine.key == text), True)
    ]
    if amount:
        meant.append((BankLine.amount.in_((amount, -amount)), False))
    for condition, exact in meant:
        asked = select(BankLine).where(condition, within_reach(by, P, BankLine.region))
        newest = asked.order_by(BankLine.booked_on.desc(), BankLine.id.desc())
        for one in db.session.scalars(newest.limit(MOST)):
            yield Hit(
                kind=HitKind.LINE, id=one.id, title=one.account, words=one.remark[:80],
                amount=one.amount, on=one.booked_on, exact=exact,
            )  # fmt: skip


def _keepers(text: str, by: Actor) -> Iterator[Hit]:
    digits = digits_in(text)
    if not digits:
        year = today().year
        is_number = numbered(text, year) or letters(text, year)
        named = [] if is_number else search_keepers(text, by=by)
        yield from _as_keepers(named[:MOST], exact=False)
        return
    yield from _as_keepers(keepers_with_number(digits, by=by)[:MOST], exact=True)
    if len(digits) == TAIL:
        asked = select(Keeper).where(
            Keeper.nik_tail == digits,
            Keeper.withdrawn_at.is_(None),
            within_reach(by, Permission.KEEPER_READ, _plain(Keeper.village), Keeper.id),
        )
        rows = db.session.scalars(asked.order_by(Keeper.name_key, Keeper.id).limit(MOST))
        yield from _as_keepers(rows, exact=False)


def _plain(column: Any) -> Any:
    """Not by the index of villages: few have the same last digits."""
    return column.concat("")


def _as_keepers(rows: Iterable[Keeper], *, exact: bool) -> Iterator[Hit]:
    for one in rows:
        yield Hit(
            kind=HitKind.KEEPER, id=one.id, title=one.name, words=number_masked(one),
            region=one.village, exact=exact, keeper_id=one.id,
        )  # fmt: skip


def _officers(text: str, by: Actor) -> Iterator[Hit]:
    part = text.lower()
    here = exists().where(Appointment.user_id == User.id, within_reach(by, P, Appointment.region))
    named = func.lower(User.name).contains(part, autoescape=True) | (User.username == part)
    asked = select(User).where(named, here, User.keeper_id.is_(None)).order_by(User.name, User.id)
    for one in db.session.scalars(asked.limit(MOST)):
        exact = part in {one.name.lower(), one.username}
        yield Hit(kind=HitKind.OFFICER, id=one.id, title=one.name, words=one.username, exact=exact)


def _events(text: str, by: Actor) -> Iterator[Hit]:
    """By its own id, or what happened to the thing with this id."""
    try:
        wanted = UUID(text)
    except ValueError:
        return
    within = within_reach(by, P, Event.region) | (Event.region == "")
    named = or_(Event.id == wanted, Event.subject_id == wanted)
    asked = select(Event).where(named, within).order_by(Event.id.desc())
    for one in db.session.scalars(asked.limit(MOST)):
        yield Hit(
            kind=HitKind.EVENT, id=one.subject_id, title=one.name, words=one.actor_name,
            on=local(one.happened_at).date(), exact=one.id == wanted,
        )  # fmt: skip


FINDERS: Sequence[Finder] = (
    receipts, bills, deposits, permits, _tickets, _animals, _moneys, _lines, _keepers, _officers,
    _events,
)  # fmt: skip
