"""Whose money a case or a refund is about, as people ask for it: payer, bills and channel."""

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.payments.discrepancies.beside import Named, beside_cases
from sijinak.payments.models import AttemptBill, Collection, Discrepancy
from sijinak.payments.refunds.models import Refund


@dataclass(frozen=True, slots=True)
class Told:
    """``payer`` owes the bills; of money without one, who moved it, as the bank calls them."""

    payer: str
    bills: str
    adapter: str


def told_of_cases(cases: Sequence[Discrepancy]) -> dict[UUID, Told]:
    """By the id of the case. The caller has asked for the cases."""
    moneys = _moneys({one.collection_id for one in cases if one.collection_id})
    bills = _bills(moneys.values(), {one.bill_id for one in cases if one.bill_id})
    found = {}
    for case in cases:
        money = moneys.get(case.collection_id) if case.collection_id else None
        named = [*bills.of_money(money), *bills.of(case.bill_id)]
        found[case.id] = _told(money, named, case.facts.get("adapter", ""))
    return found


def told_of_refunds(refunds: Sequence[Refund]) -> dict[UUID, Told]:
    """By the id of the refund. The caller has asked for the refunds."""
    moneys = _moneys({one.collection_id for one in refunds})
    bills = _bills(moneys.values(), set())
    return {
        one.id: _told(money, bills.of_money(money), one.adapter)
        for one in refunds
        for money in [moneys[one.collection_id]]
    }


@dataclass(frozen=True, slots=True)
class _Bills:
    by_attempt: dict[UUID, list[UUID]]
    named: dict[UUID, Named]

    def of(self, bill_id: UUID | None) -> list[Named]:
        return [self.named[bill_id]] if bill_id in self.named else []

    def of_money(self, money: Collection | None) -> list[Named]:
        if money is None:
            return []
        tried = self.by_attempt.get(money.attempt_id, []) if money.attempt_id else []
        return [one for bill in (*tried, money.bill_id) for one in self.of(bill)]


def _moneys(ids: Many[UUID]) -> dict[UUID, Collection]:
    asked = select(Collection).where(Collection.id.in_(ids)).order_by(Collection.id)
    return {one.id: one for one in db.session.scalars(asked)}


def _bills(moneys: Iterable[Collection], bill_ids: set[UUID]) -> _Bills:
    moneys, tried = list(moneys), defaultdict(list)
    asked = select(AttemptBill.attempt_id, AttemptBill.bill_id).where(
        AttemptBill.attempt_id.in_([one.attempt_id for one in moneys if one.attempt_id])
    )
    for attempt_id, bill_id in db.session.execute(asked.order_by(AttemptBill.position)):
        tried[attempt_id].append(bill_id)
    wanted = bill_ids | {bill for several in tried.values() for bill in several}
    wanted |= {one.bill_id for one in moneys if one.bill_id}
    return _Bills(tried, beside_cases.bills.named(wanted))


def _told(money: Collection | None, named: Sequence[Named], adapter: str) -> Told:
    payers = dict.fromkeys(one.payer for one in named)
    return Told(
        payer=", ".join(payers) or (money.payer if money else ""),
        bills=", ".join(dict.fromkeys(one.number for one in named)),
        adapter=money.adapter if money else adapter,
    )
