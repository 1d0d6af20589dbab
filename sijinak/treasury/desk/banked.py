"""What stands on the bank's statements, by the kode rekening of the bills it paid."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.retribution.models import SkrdLine
from sijinak.retribution.receipts.models import Allocation, Receipt
from sijinak.retribution.receipts.queries import is_live
from sijinak.treasury.deposits.models import DepositLine
from sijinak.treasury.matching.models import Match, MatchHold, MatchPart, PartKind


def banked_between(first: date, last: date) -> dict[str, int]:
    """Of matches that stand, by the day of their lines. The caller has asked.

    Money that waits without a bill has no code yet: it is not here, but in the bank's total.
    """
    asked = (
        select(MatchPart.kind, MatchPart.thing_id)
        .join(Match, Match.id == MatchPart.match_id)
        .join(MatchHold, MatchHold.id == MatchPart.thing_id)
        .where(MatchHold.match_id == Match.id, Match.matched_on.between(first, last))
        .order_by(MatchPart.id)
    )
    things: dict[PartKind, list[UUID]] = defaultdict(list)
    for kind, thing_id in db.session.execute(asked):
        things[kind].append(thing_id)
    found = _of_money(things[PartKind.COLLECTION])
    for code, amount in _of_deposits(things[PartKind.DEPOSIT]).items():
        found[code] += amount
    return dict(found)


def _of_money(ids: Sequence[UUID]) -> dict[str, int]:
    """Receipts that the money paid, by the lines of their bills."""
    paid = select(Allocation.receipt_id).where(Allocation.collection_id.in_(ids))
    asked = (
        select(SkrdLine.law_code, SkrdLine.amount)
        .join(Receipt, Receipt.skrd_id == SkrdLine.skrd_id)
        .where(Receipt.id.in_(paid), is_live())
        .order_by(SkrdLine.id)
    )
    found: dict[str, int] = defaultdict(int)
    for code, amount in db.session.execute(asked):
        found[code] += amount
    return found


def _of_deposits(ids: Sequence[UUID]) -> dict[str, int]:
    asked = select(DepositLine.law_code, DepositLine.amount)
    asked = asked.where(DepositLine.deposit_id.in_(ids)).order_by(DepositLine.id)
    found: dict[str, int] = defaultdict(int)
    for code, amount in db.session.execute(asked):
        found[code] += amount
    return found
