"""Papers of the office that a search may mean: receipts, bills, deposits, permits."""

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.audit.desk.hits import MOST, Hit, HitKind
from sijinak.audit.desk.spelling import amount_in, letters, numbered
from sijinak.core.clock import local, today
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.permits.models import Permit
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from sijinak.treasury.deposits.models import Deposit

P = Permission.AUDIT_READ
Meant = list[tuple[ColumnElement[bool], bool]]  # a condition, and whether it names the very thing


def receipts(text: str, by: Actor) -> Iterator[Hit]:
    for condition, exact in _meant(text, Receipt.id, _receipts_numbered(text), Receipt.amount):
        asked = select(Receipt).where(condition, within_reach(by, P, Receipt.region))
        newest = asked.order_by(Receipt.issued_at.desc(), Receipt.id.desc()).limit(MOST)
        for one in db.session.scalars(newest):
            yield Hit(
                kind=HitKind.RECEIPT, id=one.id, title=one.number, words=one.payer_name,
                amount=one.amount, on=local(one.issued_at).date(), exact=exact,
                keeper_id=one.keeper_id,
            )  # fmt: skip


def bills(text: str, by: Actor) -> Iterator[Hit]:
    for condition, exact in _meant(text, Skrd.id, _bills_numbered(text)):
        asked = select(Skrd).where(condition, within_reach(by, P, Skrd.region))
        for one in db.session.scalars(asked.order_by(Skrd.id.desc()).limit(MOST)):
            yield Hit(
                kind=HitKind.BILL, id=one.id, title=one.number, words=one.payer_name,
                amount=one.total, on=one.issued_on, exact=exact, keeper_id=one.keeper_id,
            )  # fmt: skip


def deposits(text: str, by: Actor) -> Iterator[Hit]:
    """Also by the bank's slip."""
    numbers = [*_deposits_numbered(text), (Deposit.slip == text, True)]
    for condition, exact in _meant(text, Deposit.id, numbers, Deposit.amount):
        asked = select(Deposit).where(condition, within_reach(by, P, Deposit.region))
        for one in db.session.scalars(asked.order_by(Deposit.id.desc()).limit(MOST)):
            yield Hit(
                kind=HitKind.DEPOSIT, id=one.id, title=one.number, words=one.holder_name,
                amount=one.amount, on=one.in_bank_on or local(one.prepared_at).date(), exact=exact,
            )  # fmt: skip


def permits(text: str, by: Actor) -> Iterator[Hit]:
    """By the number of the permit, or of its health letter."""
    spelt = [*letters(text, today().year), "".join(text.split()).upper()]
    for column in (Permit.number, Permit.skkh_number):
        for condition, exact in _meant(text, Permit.id, [(column.in_(spelt), True)]):
            asked = select(Permit).where(condition, within_reach(by, P, Permit.region))
            for one in db.session.scalars(asked.order_by(Permit.id).limit(MOST)):
                yield Hit(
                    kind=HitKind.PERMIT, id=one.id, title=one.number or one.skkh_number or "–",
                    words=one.skkh_number or "", region=one.region,
                    on=one.planned_on, exact=exact,
                )  # fmt: skip


def _meant(
    text: str,
    key: InstrumentedAttribute[UUID],
    named: Meant,
    amount: InstrumentedAttribute[int] | None = None,
) -> Meant:
    """By its number, its id, or its amount: each a question of its own, each with an index."""
    found = list(named)
    with suppress(ValueError):
        found.append((key == UUID(text), True))
    value = amount_in(text)
    if amount is not None and value:
        found.append((amount == value, False))
    return found


def _receipts_numbered(text: str) -> Meant:
    found: Meant = [(Receipt.number == "".join(text.split()).upper(), True)]
    one = numbered(text, today().year)
    if one and one.kind in {"", "TBP"}:
        series = [known for known in _series() if _plain(known).startswith(one.series)]
        named = Receipt.series.in_(series), Receipt.year == one.year, Receipt.no == one.no
        found.append((named[0] & named[1] & named[2], bool(one.kind)))
    return found


def _series() -> list[str]:
    """That receipts have had, one jump through the index for each."""
    found: list[str] = []
    while (
        one := db.session.scalar(
            select(Receipt.series).where(Receipt.series > (found[-1] if found else ""))
            .order_by(Receipt.series).limit(1)
        )
    ) is not None:  # fmt: skip
        found.append(one)
    return found


def _plain(series: str) -> str:
    return "".join(c for c in series.upper() if c.isalnum())


def _bills_numbered(text: str) -> Meant:
    found: Meant = [(Skrd.number == "".join(text.split()).upper(), True)]
    one = numbered(text, today().year)
    if one and one.kind in {"", "SKRD", "STRD"}:
        kinds = [one.kind.lower()] if one.kind else ["skrd", "strd"]
        named = Skrd.kind.in_(kinds), Skrd.year == one.year, Skrd.no == one.no
        found.append((named[0] & named[1] & named[2], bool(one.kind)))
    return found


def _deposits_numbered(text: str) -> Meant:
    found: Meant = [(Deposit.number == "".join(text.split()).upper(), True)]
    one = numbered(text, today().year)
    if one and one.kind in {"", "STS"}:
        found.append(((Deposit.year == one.year) & (Deposit.no == one.no), bool(one.kind)))
    return found
