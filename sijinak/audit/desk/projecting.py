"""From a sample to all of it, at 95 %. Pure; docs/sampling.md names the sources."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, comb, exp

CONFIDENCE = 0.95
_STEPS = 60  # halvings: far below a rupiah


@dataclass(frozen=True, slots=True)
class Share:
    """Of receipts that are wrong, with the limits between which it lies."""

    wrong: int
    looked_at: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.wrong / self.looked_at if self.looked_at else 0.0


@dataclass(frozen=True, slots=True)
class Misstatement:
    """In rupiah. ``most`` is the upper limit of what is stated too high."""

    too_high: int  # projected
    too_low: int  # projected
    most: int
    basic: int  # what the limit would be without any error: the precision of the sample


def share_wrong(wrong: int, looked_at: int) -> Share:
    """Clopper-Pearson: exact, two-sided."""
    if not looked_at:
        return Share(0, 0, 0.0, 1.0)
    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if not wrong else _root(lambda p: 1 - _binomial(wrong - 1, looked_at, p) > tail)
    high = 1.0 if wrong == looked_at else _root(lambda p: _binomial(wrong, looked_at, p) < tail)
    return Share(wrong, looked_at, low, high)


def factor(errors: int) -> float:
    """The mean of a Poisson at which so few errors come but once in twenty: 3.00, 4.75, 6.30.

    Rounded up to two places, as the printed tables are.
    """
    limit = 1 - CONFIDENCE
    top = 10.0 + 3 * errors
    found = top * _root(lambda part: _poisson(errors, top * part) < limit)
    return ceil(round(found * 100, 6)) / 100


def misstatement(interval: int, items: Sequence[tuple[int, int]]) -> Misstatement:
    """``items`` are what each drawn receipt says, and what it should have said.

    A receipt of an interval or more was certain to be drawn: its error is known, and not projected.
    """
    known = [says - right for says, right in items if says >= interval]
    parts = [(says - right) / says for says, right in items if says < interval]
    too_high = sorted((part for part in parts if part > 0), reverse=True)
    basic = factor(0) * interval
    widening = sum((factor(n) - factor(n - 1)) * part for n, part in enumerate(too_high, start=1))
    certain_high = sum(one for one in known if one > 0)
    certain_low = -sum(one for one in known if one < 0)
    return Misstatement(
        too_high=round(sum(too_high) * interval) + certain_high,
        too_low=round(-sum(part for part in parts if part < 0) * interval) + certain_low,
        most=ceil(basic + widening * interval) + certain_high,
        basic=ceil(basic),
    )


def _binomial(most: int, among: int, p: float) -> float:
    """That at most so many are wrong."""
    return sum(comb(among, k) * p**k * (1 - p) ** (among - k) for k in range(most + 1))


def _poisson(most: int, mean: float) -> float:
    term = total = exp(-mean)
    for k in range(1, most + 1):
        term *= mean / k
        total += term
    return total


def _root(is_beyond: Callable[[float], bool]) -> float:
    """Where between 0 and 1 a question that is first false becomes true."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_beyond(middle) else (middle, high)
    return (low + high) / 2
