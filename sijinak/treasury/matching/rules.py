"""By what a line of the bank is known, strongest first. Pure: facts in, pairs out.

Only what one line and one thing say of each other and nobody else counts. What is tied at one
level is left to people: a weaker level never decides what a stronger one could not.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from typing import TypeVar
from uuid import UUID

from sijinak.core.money import Rupiah
from sijinak.treasury.matching.models import Method, PartKind
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

SAME_MOMENT = timedelta(minutes=10)
NEXT_DAY = timedelta(days=1)
NEARBY = timedelta(days=3)
MOST_CANDIDATES = 24
MOST_IN_A_SUM = 4
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A line and what it is. With ``bill`` or ``order`` the money is yet to be written down."""

    line: Line
    method: Method
    things: tuple[tuple[PartKind, UUID], ...] = ()
    fee: Rupiah | int = 0
    bill: UUID | None = None
    order: UUID | None = None

    @property
    def makes_money(self) -> bool:
        """Nobody but the line tells of it."""
        return self.bill is not None or self.order is not None


@dataclass(frozen=True, slots=True)
class Differs:
    """The line names the thing, and the amounts are not the same."""

    line: Line
    thing: Money | Slip


@dataclass
class Verdict:
    pairs: list[Pair] = field(default_factory=list)
    differs: list[Differs] = field(default_factory=list)


Some = Money | Batch | Slip | Bill | Order | Outflow | Charge
Thing = TypeVar("Thing", Money, Batch, Slip, Bill, Order, Outflow, Charge)


def judge(lines: Sequence[Line], world: World) -> Verdict:
    """What is certain, and what names each other with different amounts."""
    verdict, taken = Verdict(), _Taken()
    came = [line for line in lines if line.amount > 0]
    whole = [batch for batch in world.batches if batch.whole]
    taken.take(verdict, came, world.money, _by_money_id, Method.MONEY_ID)
    taken.take(verdict, came, world.money, _by_pay_code, Method.PAY_CODE)
    taken.take(verdict, came, world.orders, _writes_code, Method.PAY_CODE)
    taken.take(verdict, came, whole, _by_name, Method.SETTLEMENT)
    taken.take(verdict, came, world.money, _by_bill_code, Method.BILL_CODE)
    taken.take(verdict, came, world.bills, _pays_bill, Method.BILL_CODE)
    taken.take(verdict, came, world.slips, _names_slip, Method.DEPOSIT)
    sums = [one for one in whole if len(one.money) > 1 and not _rivals(one, world, taken.things)]
    taken.take(verdict, came, sums, _by_sum, Method.SETTLEMENT)
    went = [line for line in lines if line.amount < 0]
    taken.take(verdict, went, world.outflows, _names_refund, Method.REFUND)
    taken.take(verdict, went, world.outflows, _names_money_of, Method.REFUND)
    taken.take(verdict, went, world.charges, _names_charge, Method.FEE)
    free = [line for line in came if line.id not in taken.lines]
    verdict.differs.extend(_differing(free, world, taken.things))
    return verdict


class _Taken:
    """What was decided, or tied, at a level: no weaker level looks at it again."""

    def __init__(self) -> None:
        self.lines: set[object] = set()
        self.things: set[object] = set()

    def take(
        self,
        verdict: Verdict,
        lines: Iterable[Line],
        things: Sequence[Thing],
        meets: Callable[[Line, Thing], bool],
        method: Method,
    ) -> None:
        of_amount: dict[int, list[Thing]] = defaultdict(list)  # no level takes another amount
        for thing in things:
            if not self._is_gone(thing):
                of_amount[thing.amount].append(thing)
        edges = [
            (line, thing)
            for line in lines
            if line.id not in self.lines
            for thing in of_amount[line.amount]
            if meets(line, thing)
        ]
        of_line = Counter(line.id for line, _ in edges)
        of_thing = Counter(thing.id for _, thing in edges)
        for line, thing in edges:
            if of_line[line.id] == 1 and of_thing[thing.id] == 1:
                verdict.pairs.append(_pair(line, thing, method))
            self.lines.add(line.id)
            self.things.update(_all_in(thing))

    def _is_gone(self, thing: Some) -> bool:
        return not self.things.isdisjoint(_all_in(thing))


def _all_in(thing: Some) -> Iterator[object]:
    """A batch and its charge are not the same, though they share a name."""
    yield (type(thing), thing.id) if isinstance(thing, Charge) else thing.id
    if isinstance(thing, Batch):
        yield from thing.money
        yield from thing.outflows


def _pair(line: Line, thing: Some, method: Method) -> Pair:
    if isinstance(thing, Bill | Order):
        bill, order = (thing.id, None) if isinstance(thing, Bill) else (None, thing.id)
        return Pair(line=line, method=method, bill=bill, order=order)
    if isinstance(thing, Charge):
        return Pair(line=line, method=method, fee=Rupiah(-thing.amount))
    if isinstance(thing, Batch):
        things = tuple((PartKind.COLLECTION, one) for one in thing.money)
        things += tuple((PartKind.OUTFLOW, one) for one in thing.outflows)
        return Pair(line=line, method=method, things=things, fee=thing.fee)
    return Pair(line=line, method=method, things=((thing.kind, thing.id),))


def _by_money_id(line: Line, money: Money) -> bool:
    return not money.ids.isdisjoint(line.tokens)


def _by_pay_code(line: Line, money: Money) -> bool:
    if not money.pay_code or money.pay_code not in line.tokens:
        return False
    if line.at is not None:
        return abs(line.at - money.at) <= SAME_MOMENT
    return line.on - money.on in {timedelta(), NEXT_DAY}


def _writes_code(line: Line, order: Order) -> bool:
    return line.orders == {order.code}


def _by_name(line: Line, batch: Batch) -> bool:
    return batch.name in line.tokens


def _by_sum(line: Line, batch: Batch) -> bool:
    """Of several moneys: one alone that has the line's amount and day is a guess."""
    return not line.names_bill and line.on - batch.on in {timedelta(), NEXT_DAY}


def _rivals(batch: Batch, world: World, gone: set[object]) -> list[Money | Slip]:
    """What else a line of that sum may be."""
    things: list[Money | Slip] = [*world.money, *world.slips]
    return [
        one
        for one in things
        if one.amount == batch.amount
        and abs(one.on - batch.on) <= NEARBY
        and one.id not in gone
        and one.id not in batch.money
    ]


def _names_slip(line: Line, slip: Slip) -> bool:
    """By its number or, where the line names no STS, by what the bank called it.

    The depositor writes that down: it must not reach for money that says what it is for.
    """
    if line.names_bill or line.account != slip.account or abs(line.on - slip.on) > slip.within:
        return False
    return slip.number in line.deposits if line.deposits else slip.reference in line.tokens


def _by_bill_code(line: Line, money: Money) -> bool:
    """One bill is named, and the money was meant for that bill alone."""
    return len(line.codes) == 1 and money.codes == line.codes


def _pays_bill(line: Line, bill: Bill) -> bool:
    return line.codes == {bill.code}


def _names_refund(line: Line, outflow: Outflow) -> bool:
    return not outflow.own.isdisjoint(line.tokens)


def _names_money_of(line: Line, outflow: Outflow) -> bool:
    return not outflow.names.isdisjoint(line.tokens)


def _names_charge(line: Line, charge: Charge) -> bool:
    return charge.name in line.tokens


def _differing(lines: Sequence[Line], world: World, gone: set[object]) -> Iterator[Differs]:
    """Each line and each thing once: what is named several times is left as it stands."""
    for line in lines:
        named: list[Money | Slip] = [
            *(m for m in world.money if m.id not in gone and not m.ids.isdisjoint(line.tokens)),
            *(s for s in world.slips if s.id not in gone and _names_slip(line, s)),
        ]
        if len(named) == 1:
            gone.add(named[0].id)
            yield Differs(line, named[0])


def suggestions(line: Line, world: World) -> list[tuple[Money | Slip, ...]]:
    """What it may be by amount and day: a settlement, the only one of that amount, or a sum.

    People decide.
    """
    things: list[Money | Slip] = [*world.money, *world.slips]
    near = [
        thing
        for thing in things
        if abs(line.on - thing.on) <= NEARBY and 0 < thing.amount <= line.amount
    ]
    alone = [thing for thing in near if thing.amount == line.amount]
    found = _settled(line, world)
    if len(alone) == 1 and (alone[0],) not in found:
        found.append((alone[0],))
    return found if found or alone else _sums(line, near)


def _settled(line: Line, world: World) -> list[tuple[Money | Slip, ...]]:
    """What channels say they paid in one sum of this amount, about that day."""
    found: list[tuple[Money | Slip, ...]] = [
        tuple(money for money in world.money if money.id in batch.money)
        for batch in world.batches
        if batch.whole and batch.amount == line.amount and abs(line.on - batch.on) <= NEARBY
    ]
    return found[:MOST_SUGGESTIONS]


def _sums(line: Line, near: Sequence[Money | Slip]) -> list[tuple[Money | Slip, ...]]:
    """Few parts of one channel that add up, the fewest first."""
    found: list[tuple[Money | Slip, ...]] = []
    channels = {_channel(thing) for thing in near}
    for channel in sorted(channels):
        some = [thing for thing in near if _channel(thing) == channel][:MOST_CANDIDATES]
        for size in range(2, MOST_IN_A_SUM + 1):
            found += [
                c for c in combinations(some, size) if sum(t.amount for t in c) == line.amount
            ]
            if len(found) >= MOST_SUGGESTIONS:
                return found[:MOST_SUGGESTIONS]
    return found


def _channel(thing: Money | Slip) -> str:
    return thing.adapter if isinstance(thing, Money) else thing.account
