"""Ratios against a floor that is measured in the same run, turn by turn: machines are noisy."""

import json
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Result:
    """``value`` times the floor; None when it could not be measured, and ``note`` says why."""

    value: float | None
    floor: float | None = None  # in the floor's own unit, which the note names
    note: str = ""
    unit: str = "x"

    def line(self, name: str) -> str:
        value = None if self.value is None else round(self.value, 2)
        return json.dumps(
            {
                "name": name,
                "value": value,
                "unit": self.unit,
                "floor": self.floor,
                "note": self.note,
            }
        )


def ratio_of(
    ours: Work, floor: Work, *, clock: Callable[[], float], rounds: int, turns: int
) -> Result:
    """Both in turn, ``rounds`` times ``turns`` calls; the quickest round of each counts."""
    best = [float("inf"), float("inf")]
    for work in (ours, floor):
        _time(work, clock, turns)  # warm up
    for _ in range(rounds):
        for place, work in enumerate((ours, floor)):
            best[place] = min(best[place], _time(work, clock, turns))
    mine, bare = (seconds / turns * 1e6 for seconds in best)
    return Result(mine / bare, round(bare, 1), f"{mine:.0f} against {bare:.0f} microseconds")


def _time(work: Work, clock: Callable[[], float], turns: int) -> float:
    began = clock()
    for _ in range(turns):
        work()
    return clock() - began
