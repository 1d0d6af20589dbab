"""Under any order of lines, matches and unmatches the sums stay equal and nothing is held twice."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sijinak.core.clock import now
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.treasury.matching.models import Method, PartKind
from sijinak.treasury.matching.rules import judge
from sijinak.treasury.matching.world import Line, Money, World
from tests.treasury.statements.files import DAY

IDS = st.sampled_from(["RRN000001", "RRN000002", "RRN000003"])
AMOUNTS = st.sampled_from([10_000, 20_000])
CODES = st.frozensets(st.sampled_from(["SKRD2026000001A", "SKRD2026000002B"]), max_size=2)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Line], World]:
    """Few names and amounts, so that ties of every kind are common."""
    lines = [
        Line(
            id=uuid7(), account="rkud", on=DAY, at=None, amount=Rupiah(draw(AMOUNTS)),
            tokens=draw(st.frozensets(IDS, max_size=2)), codes=draw(CODES), text="",
        )
        for _ in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    money = [
        Money(
            id=uuid7(), adapter="snap", ids=draw(st.frozensets(IDS, max_size=1)), pay_code="",
            codes=draw(CODES), amount=Rupiah(draw(AMOUNTS)), on=DAY, at=now(),
        )
        for _ in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    return lines, World(money=money)


@given(worlds())
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_certain_is_equal_once_and_never_one_of_several(drawn: tuple[list[Line], World]):
    lines, world = drawn
    verdict = judge(lines, world)
    amounts = {money.id: money.amount for money in world.money}
    used = Counter(thing for pair in verdict.pairs for _, thing in pair.things)
    assert max(used.values(), default=1) == 1
    assert len({pair.line.id for pair in verdict.pairs}) == len(verdict.pairs)
    for pair in verdict.pairs:
        ((kind, thing),) = pair.things
        assert kind is PartKind.COLLECTION
        assert amounts[thing] == pair.line.amount
        money = next(one for one in world.money if one.id == thing)
        rivals = [
            other for other in lines
            if other.id != pair.line.id and other.amount == money.amount
            and (_same(other, money) if pair.method is Method.MONEY_ID else False)
        ]  # fmt: skip
        assert rivals == []
        assert _same(pair.line, money) or pair.line.codes == money.codes
    for differing in verdict.differs:
        assert differing.line.id not in {pair.line.id for pair in verdict.pairs}
        assert differing.thing.id not in used


def _same(line: Line, money: Money) -> bool:
    return not money.ids.isdisjoint(line.tokens)


@given(worlds())
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_order_of_the_lines_decides_nothing(drawn: tuple[list[Line], World]):
    lines, world = drawn
    back = World(money=list(reversed(world.money)))
    there = {(pair.line.id, pair.things, pair.method) for pair in judge(lines, world).pairs}
    again = {(p.line.id, p.things, p.method) for p in judge(list(reversed(lines)), back).pairs}
    assert there == again
