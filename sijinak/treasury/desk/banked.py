"""What stands on the bank's statements, by the kode rekening of the bills it paid."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.ledger.chart import CLEARING
from sijinak.ledger.models import Journal
from sijinak.payments.models import Collection
from sijinak.retribution.models import SkrdLine
from sijinak.retribution.receipts.models import Allocation, Receipt
from sijinak.retribution.receipts.queries import is_live
from sijinak.treasury.deposits.models import DepositLine, LineKind
from sijinak.treasury.matching.models import MatchPart, PartKind
from sijinak.treasury.matching.outflows import outflows

MATCHES = "bank:"  # the journals of matches are named so, with the match's id
MONEY = "money:"
Sums = defaultdict[UUID, int]
_Wrong = aliased(Journal)


@dataclass(slots=True)
class Banked:
    """``voided`` and ``loose`` have no kode rekening: of voided receipts, and of no receipt."""

    by_code: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    voided: int = 0
    loose: int = 0
    back: int = 0  # what a channel kept of it because it had given it back


def banked_between(first: date, last: date) -> Banked:
    """Of matches that were booked on those days, less those that were undone then.

    The caller has asked. A receipt that was voided since does not count, whenever that was.
    """
    moved = _moved(first, last)
    found = Banked()
    bills: Sums = defaultdict(int)
    _add_money(found, bills, moved[PartKind.COLLECTION])
    _add_deposits(found, bills, moved[PartKind.DEPOSIT])
    for code, amount in by_code(bills).items():
        found.by_code[code] += amount
    gone = moved[PartKind.OUTFLOW]
    kept = [one.id for one in outflows(list(gone)) if one.account.startswith(CLEARING)]
    found.back = -sum(gone[one] for one in kept)
    return found


def by_code(amounts: Mapping[UUID, int]) -> dict[str, int]:
    """Of bills by their lines, in proportion; what is odd goes with the first line."""
    lines: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    asked = select(SkrdLine.skrd_id, SkrdLine.law_code, SkrdLine.amount)
    asked = asked.where(SkrdLine.skrd_id.in_([bill for bill, amount in amounts.items() if amount]))
    for bill, code, part in db.session.execute(asked.order_by(SkrdLine.position)):
        lines[bill].append((code, part))
    found: dict[str, int] = defaultdict(int)
    for bill, amount in amounts.items():
        parts = lines.get(bill, [("", 0)])
        whole = sum(part for _, part in parts)
        shares = [(code, amount * part // whole if whole else 0) for code, part in parts]
        for code, share in shares:
            found[code] += share
        found[parts[0][0]] += amount - sum(share for _, share in shares)
    return {code: amount for code, amount in found.items() if amount}


def _moved(first: date, last: date) -> dict[PartKind, Sums]:
    """Each thing, and what its matches put into the bank; below zero what was undone."""
    named = Journal.idem.startswith(MATCHES) | _Wrong.idem.startswith(MATCHES)
    asked = (
        select(Journal.idem, _Wrong.idem)
        .outerjoin(_Wrong, _Wrong.id == Journal.reverses_id)
        .where(named, Journal.effective_on.between(first, last))
        .order_by(Journal.id)
    )
    signs: Sums = defaultdict(int)
    for idem, wrong in db.session.execute(asked):
        signs[UUID((wrong or idem).removeprefix(MATCHES))] += -1 if wrong else 1
    parts = select(MatchPart).where(MatchPart.match_id.in_(list(signs))).order_by(MatchPart.id)
    found: dict[PartKind, Sums] = {kind: defaultdict(int) for kind in PartKind}
    for part in db.session.scalars(parts):
        found[part.kind][part.thing_id] += signs[part.match_id] * part.amount
    return found


def _add_money(found: Banked, bills: Sums, amounts: Sums) -> None:
    alive, dead = _paid_by(Allocation.collection_id.in_(list(amounts)))
    asked = select(Collection.id, Collection.amount).where(Collection.id.in_(list(amounts)))
    for money, whole in db.session.execute(asked.order_by(Collection.id)):
        sign = amounts[money] // whole
        for bill, part in alive[money].items():
            bills[bill] += sign * part
        _add_rest(found, sign, whole - sum(alive[money].values()), dead[money])


def _add_deposits(found: Banked, bills: Sums, amounts: Sums) -> None:
    """A line without a receipt that stands may have paid another one since."""
    asked = (
        select(DepositLine, Journal.idem)
        .join(Journal, Journal.id == DepositLine.source_id)
        .where(DepositLine.deposit_id.in_([one for one, amount in amounts.items() if amount]))
        .order_by(DepositLine.id)
    )
    rows = [(line, idem) for line, idem in db.session.execute(asked)]
    moneys = [UUID(idem.removeprefix(MONEY)) for _, idem in rows if idem.startswith(MONEY)]
    alive, dead = _paid_by(Allocation.collection_id.in_(moneys))
    stands = _standing(line.reference for line, _ in rows)
    rest: dict[tuple[UUID, int], int] = defaultdict(int)
    for line, idem in rows:
        sign = 1 if amounts[line.deposit_id] > 0 else -1
        money = UUID(idem.removeprefix(MONEY)) if idem.startswith(MONEY) else UUID(int=0)
        if line.kind is LineKind.TICKETS:
            found.by_code[line.law_code] += sign * line.amount
        elif bill := stands.get(line.reference):
            bills[bill] += sign * line.amount
            alive[money][bill] -= line.amount
        else:
            rest[money, sign] += line.amount
    for (money, sign), amount in rest.items():
        for bill, part in alive[money].items():
            taken = min(part, amount)
            bills[bill] += sign * taken
            amount -= taken  # noqa: PLW2901 - what is left for the next
        _add_rest(found, sign, amount, dead[money])


def _add_rest(found: Banked, sign: int, rest: int, dead: int) -> None:
    voided = min(rest, dead)
    found.voided += sign * voided
    found.loose += sign * (rest - voided)


def _paid_by(which: ColumnElement[bool]) -> tuple[dict[UUID, Sums], Sums]:
    """Of each money what paid which bill by receipts that stand, and what by voided ones."""
    alive: dict[UUID, Sums] = defaultdict(lambda: defaultdict(int))
    dead: Sums = defaultdict(int)
    asked = select(Allocation.collection_id, Allocation.amount, Receipt.skrd_id, is_live())
    asked = asked.join(Receipt, Receipt.id == Allocation.receipt_id).where(which)
    for money, amount, bill, stands in db.session.execute(asked.order_by(Allocation.id)):
        if stands:
            alive[money][bill] += amount
        else:
            dead[money] += amount
    return alive, dead


def _standing(numbers: Iterable[str]) -> dict[str, UUID]:
    """The receipts among them that stand, and their bills."""
    asked = select(Receipt.number, Receipt.skrd_id).where(Receipt.number.in_(set(numbers)))
    rows = db.session.execute(asked.where(is_live()).order_by(Receipt.id))
    return {number: bill for number, bill in rows}  # noqa: C416
