"""What two people decide about money in suspense: which bills it pays, and what of it goes back."""

from collections.abc import Callable, Sequence

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, NotFound
from sijinak.core.money import Rupiah, rupiah_text
from sijinak.core.permissions import Actor, Permission, may
from sijinak.ledger import services as ledger
from sijinak.ledger.chart import SURPLUS, SUSPENSE, WRITTEN_OFF
from sijinak.ledger.services import Entry, Line
from sijinak.payments.discrepancies.effects import Effect, plan_of
from sijinak.payments.discrepancies.queries import cases_to_end
from sijinak.payments.models import Collection, Discrepancy
from sijinak.payments.queries import hold_money
from sijinak.payments.refunds.queries import refundable
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.queries import skrds_for_update
from sijinak.retribution.receipts.issuing import Share, pay_bills
from sijinak.retribution.receipts.services import refuse_biller
from sijinak.retribution.services import SkrdNotOpen

# Gives part of the money back: (case, amount, collection, by). The engine's; from wiring.
GiveBack = Callable[..., object]


class NoBillChosen(Conflict):
    code = "no-bill-chosen"


class NotTheSum(Conflict):
    """The chosen bills and what is given back are not exactly the money."""

    code = "not-the-sum"


class NothingLeft(Conflict):
    """The money of this case has gone elsewhere since."""

    code = "nothing-left"


def allocation(give_back: GiveBack) -> Effect:
    """Pay the chosen bills; what is left over goes back in the same decision."""

    def do(case: Discrepancy, *, by: Actor) -> None:
        bills, shares = _agreed(case, by=by)
        pay_bills(bills, shares, by=by)
        for share in shares:
            if share.left:
                give_back(case, share.left, share.money, by=by)

    def check(case: Discrepancy, *, by: Actor) -> None:
        _agreed(case, by=by)

    return Effect(do, check)


def refund(give_back: GiveBack) -> Effect:
    """All of the money goes back."""

    def do(case: Discrepancy, *, by: Actor) -> None:
        for share in _shares(case, by=by):
            give_back(case, share.left, share.money, by=by)

    return Effect(do, _check_there)


def _keep(case: Discrepancy, *, by: Actor) -> None:
    """Money that nobody claims becomes the region's, by decree."""
    shares = _shares(case, by=by)
    lines = [Line(SUSPENSE, share.left, share.money.id) for share in shares]
    lines.append(Line(SURPLUS, -sum(share.left for share in shares)))
    entry = Entry(
        idem=f"kept:{case.id}",
        kind="kept",
        on=today(),
        region=case.region,
        lines=lines,
        reason=f"{case.decree}: {case.reason}",
    )
    ledger.post(entry, by=by)


def _give_up(case: Discrepancy, *, by: Actor) -> None:
    """A bank took back what had gone on already: by decree the region bears the loss."""
    hold_money(_money_lost(case).id)
    money = _money_lost(case)
    lost = -refundable(money)
    lines = [Line(WRITTEN_OFF, lost), Line(SUSPENSE, -lost, money.id)]
    entry = Entry(
        idem=f"given-up:{case.id}",
        kind="given-up",
        on=today(),
        region=case.region,
        lines=lines,
        reason=f"{case.decree}: {case.reason}",
    )
    ledger.post(entry, by=by)


def _check_lost(case: Discrepancy, *, by: Actor) -> None:  # noqa: ARG001
    _money_lost(case)


def _money_lost(case: Discrepancy) -> Collection:
    money = db.session.get(Collection, case.collection_id) if case.collection_id else None
    if money is None or refundable(money) >= 0:
        raise NothingLeft
    return money


def _check_there(case: Discrepancy, *, by: Actor) -> None:
    _shares(case, by=by)


KEPT = Effect(_keep, _check_there)
GIVEN_UP = Effect(_give_up, _check_lost)


def _agreed(case: Discrepancy, *, by: Actor) -> tuple[list[Skrd], list[Share]]:
    """The open bills, locked, and the money, which is exactly theirs and what is given back."""
    plan = plan_of(case)
    shares = _shares(case, by=by)
    bills = skrds_for_update(plan.bill_ids)
    if not bills or len(bills) != len(set(plan.bill_ids)):
        raise NoBillChosen
    for bill in bills:
        if not may(by, Permission.MONEY_RESOLVE, region=bill.region):
            raise NotFound(bill_id=str(bill.id))
        if bill.state is not SkrdState.OPEN:
            raise SkrdNotOpen(number=bill.number)
        refuse_biller(bill, by=by)
    there = sum(share.left for share in shares)
    due = sum(bill.total for bill in bills) + plan.amount
    if there != due:
        raise NotTheSum(there=rupiah_text(there), due=rupiah_text(due))
    return bills, shares


def _shares(case: Discrepancy, *, by: Actor) -> list[Share]:
    """Of each case its own part of the money: another case may be about the rest of it.

    The money is held before the bills: so does the bank that takes it back.
    """
    cases = [case, *cases_to_end(set(plan_of(case).case_ids) - {case.id}, by=by)]
    for money_id in sorted({one.collection_id for one in cases if one.collection_id}):
        hold_money(money_id)
    shares = [_share(one) for one in sorted(cases, key=lambda one: (one.opened_at, one.id))]
    return _merged(shares)


def _share(case: Discrepancy) -> Share:
    money = db.session.get(Collection, case.collection_id) if case.collection_id else None
    if money is None or refundable(money) < case.amount or case.amount <= 0:
        raise NothingLeft
    return Share(money, Rupiah(case.amount))


def _merged(shares: Sequence[Share]) -> list[Share]:
    """Two cases about one money are one share of it. Raises NothingLeft."""
    found: dict[object, Share] = {}
    for share in shares:
        if known := found.get(share.money.id):
            known.left = Rupiah(known.left + share.left)
        else:
            found[share.money.id] = share
    if any(share.left > refundable(share.money) for share in found.values()):
        raise NothingLeft
    return list(found.values())
