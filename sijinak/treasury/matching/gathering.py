"""Lines, and all our money that no line has yet, gathered for the rules."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from sijinak.core.clock import local
from sijinak.core.db import db
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import Can, number_of
from sijinak.payments.adapters.reading import WIB
from sijinak.payments.adapters.registry import registry
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.adapters.statement import StatementAdapter, codes_in
from sijinak.payments.models import LIVE, Attempt, AttemptBill, Collection, SettlementRow
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.matching.outflows import free_outflows
from sijinak.treasury.matching.queries import is_free
from sijinak.treasury.matching.world import (
    Batch,
    Bill,
    Charge,
    Line,
    Money,
    Order,
    Outflow,
    Slip,
    World,
)
from sijinak.treasury.naming import (
    bill_codes_in,
    deposit_numbers_in,
    is_reference,
    spelt,
    squeezed,
    tokens_of,
)
from sijinak.treasury.policy import policy
from sijinak.treasury.statements.models import BankLine


def line_of(line: BankLine) -> Line:
    texts = [line.remark, *line.refs]
    return Line(
        id=line.id,
        account=line.account,
        on=line.booked_on,
        at=line.booked_at,
        amount=line.amount,
        tokens=tokens_of(line.remark, line.refs),
        codes=bill_codes_in(texts),
        text=squeezed(" ".join(texts)),
        orders=frozenset(code for text in texts for code in codes_in(text)),
        deposits=deposit_numbers_in(texts),
    )


def world_for(lines: Sequence[Line]) -> World:
    """All that may be what the lines say."""
    money, gone = _money(), free_outflows()
    codes = {code for line in lines if len(line.codes) == 1 for code in line.codes}
    return World(
        money=money,
        batches=_batches(money, gone),
        slips=_slips(),
        outflows=gone,
        charges=_charges({token for line in lines if line.amount < 0 for token in line.tokens}),
        bills=_bills(codes),
        orders=_orders({code for line in lines for code in line.orders}),
    )


def goes_through_bank(adapter: str) -> bool:
    """Not cash, which is deposited, nor a wallet, whose money came in at its top-up, nor play."""
    if adapter == SandboxAdapter.name:
        return False
    return adapter == "statement" or Can.OFFLINE not in registry.known(adapter).can


def _money() -> list[Money]:
    asked = select(Collection).where(is_free(Collection.id))
    found = [
        one
        for one in db.session.scalars(asked.order_by(Collection.happened_at, Collection.id))
        if goes_through_bank(one.adapter)
    ]
    attempts = _attempts({one.attempt_id for one in found if one.attempt_id})
    codes = _codes(found)
    return [
        Money(
            id=one.id,
            adapter=one.adapter,
            ids=_ids(one),
            pay_code=squeezed(attempts[one.attempt_id].pay_code) if one.attempt_id else "",
            codes=codes[one.id],
            amount=one.amount,
            on=one.happened_at.astimezone(WIB).date(),  # where the office's day begins later
            at=one.happened_at,
            region=one.region,
        )
        for one in found
    ]


def _ids(one: Collection) -> frozenset[str]:
    """A channel names its money exactly, however short; what stands in a text is never short."""
    names = one.money_id, number_of(one.money_id), one.ref
    return frozenset(filter(None, map(squeezed, names)))


def _attempts(ids: Iterable[UUID]) -> dict[UUID, Attempt]:
    asked = select(Attempt).where(Attempt.id.in_(list(ids))).order_by(Attempt.id)
    return {attempt.id: attempt for attempt in db.session.scalars(asked)}


def _codes(found: Sequence[Collection]) -> dict[UUID, frozenset[str]]:
    """For which bills each money came."""
    by_attempt: dict[UUID, set[str]] = defaultdict(set)
    wanted = [one.attempt_id for one in found if one.attempt_id]
    asked = select(AttemptBill.attempt_id, AttemptBill.bill_number)
    for attempt_id, number in db.session.execute(
        asked.where(AttemptBill.attempt_id.in_(wanted)).order_by(AttemptBill.position)
    ):
        by_attempt[attempt_id].add(squeezed(number))
    of_bill = _numbers([one.bill_id for one in found if one.bill_id])
    return {
        one.id: frozenset(by_attempt[one.attempt_id])
        if one.attempt_id
        else frozenset(filter(None, [of_bill.get(one.bill_id) if one.bill_id else None]))
        for one in found
    }


def _numbers(bill_ids: Sequence[UUID]) -> dict[UUID, str]:
    asked = select(Skrd.id, Skrd.number).where(Skrd.id.in_(bill_ids)).order_by(Skrd.id)
    return {bill_id: squeezed(number) for bill_id, number in db.session.execute(asked)}


def _batches(money: Sequence[Money], gone: Sequence[Outflow]) -> list[Batch]:
    """What channels say they paid in, of which something is still free.

    A channel that gave money back may pay the rest of it: then what went back is part of it. One
    that keeps a fee may pay the whole, and take the fee by a line of its own.
    """
    free = {(one.adapter, name): one for one in money for name in one.ids}
    back = defaultdict(list)
    for one in gone:
        back[one.money_id].append(one)
    rows: dict[tuple[str, str, object], list[SettlementRow]] = defaultdict(list)
    asked = select(SettlementRow).order_by(SettlementRow.settled_on, SettlementRow.id)
    for row in db.session.scalars(asked):
        rows[row.adapter, row.batch or row.money_id, row.settled_on].append(row)
    found = []
    for (adapter, name, _), parts in rows.items():
        known = [free.get((adapter, squeezed(row.money_id))) for row in parts]
        if not any(known):
            continue
        less = [
            back[one.id] if one and one.amount != row.gross else []
            for one, row in zip(known, parts, strict=True)
        ]
        whole = all(
            one and one.amount + sum(out.amount for out in outs) == row.gross
            for one, row, outs in zip(known, parts, less, strict=True)
        )
        batch = Batch(
            id=(adapter, name, parts[0].settled_on),
            name=squeezed(name),
            on=parts[0].settled_on,
            gross=Rupiah(sum(row.gross for row in parts)),
            fee=Rupiah(sum(row.fee for row in parts)),
            money=tuple(one.id for one in known if one),
            outflows=tuple(out.id for outs in less for out in outs),
            whole=whole,
        )
        found += [batch, replace(batch, fee=Rupiah(0))] if batch.fee else [batch]
    return found


def _charges(named: set[str]) -> list[Charge]:
    """The fees of batches that lines which took money out name."""
    total = func.sum(SettlementRow.fee)
    key = (SettlementRow.adapter, SettlementRow.batch, SettlementRow.settled_on)
    asked = select(*key, total).where(SettlementRow.batch != "").group_by(*key).having(total > 0)
    return [
        Charge(id=(adapter, batch, on), name=squeezed(batch), amount=Rupiah(-int(fee)))
        for adapter, batch, on, fee in db.session.execute(asked.order_by(*key))
        if squeezed(batch) in named
    ]


def _slips() -> list[Slip]:
    asked = select(Deposit).where(Deposit.state == DepositState.DEPOSITED, is_free(Deposit.id))
    return [
        Slip(
            id=one.id,
            account=one.account,
            number=squeezed(one.number),
            reference=_reference(one),
            amount=one.amount,
            on=one.deposited_on or local(one.prepared_at).date(),
            within=timedelta(days=policy.slip_days),
            region=one.region,
        )
        for one in db.session.scalars(asked.order_by(Deposit.deposited_on, Deposit.id))
    ]


def _reference(deposit: Deposit) -> str:
    name = squeezed(deposit.slip or "")
    return name if is_reference(name) else ""


def _orders(codes: set[str]) -> list[Order]:
    """In whatever state: who transfers late, or twice, has written the code all the same."""
    asked = select(Attempt).where(
        Attempt.adapter == StatementAdapter.name, Attempt.pay_code.in_(codes)
    )
    return [
        Order(id=one.id, code=one.pay_code, amount=one.amount)
        for one in (db.session.scalars(asked.order_by(Attempt.id)) if codes else ())
    ]


def _bills(codes: set[str]) -> list[Bill]:
    """Open ones that are named. While somebody pays one, its money will name itself.

    That of a transfer does so only where the payer wrote its code.
    """
    if not codes:
        return []
    busy = select(AttemptBill.bill_id).join(Attempt, Attempt.id == AttemptBill.attempt_id)
    busy = busy.where(Attempt.state.in_(LIVE), Attempt.adapter != StatementAdapter.name)
    asked = select(Skrd).where(Skrd.state == SkrdState.OPEN, Skrd.id.not_in(busy))
    asked = asked.where(Skrd.number.in_([spelt(code) for code in codes])).order_by(Skrd.id)
    return [
        Bill(id=one.id, code=squeezed(one.number), amount=one.total)
        for one in db.session.scalars(asked)
    ]
