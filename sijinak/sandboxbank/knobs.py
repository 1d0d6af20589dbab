"""What goes wrong on purpose: for everybody by a knob, for one order by the end of its amount."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FATES = {
    1: "reject",
    2: "answer_lost",
    3: "request_lost",
    5: "short",
    6: "twice",
    7: "late",
    8: "over",
    9: "currency",
    11: "bad_signature",
    12: "stale",
    13: "other_nmid",
    14: "other_amount",
    15: "reversed",
    16: "slow",
    17: "down",
    18: "duplicate",
    19: "five_times",
    20: "reordered",
}
# What has no digits: it is about all orders, or a quantity.
SWITCHES = (*FATES.values(), "silent", "symmetric_notices", "by_amount")
NUMBERS = {
    "autopay": 0,  # seconds after which every order pays itself; 0: never
    "validity": 0,  # seconds an order lives, whatever was asked; 0: as asked
    "late_seconds": 5,  # how long after the end a late payment goes through
    "reversed_seconds": 3,  # how long after a payment it is taken back
    "settle_days": 1,
    "fee_permille": 0,
}


class WrongKnob(ValueError):
    """There is no such knob, or it does not turn that far."""


@dataclass
class Knobs:
    on: dict[str, bool] = field(default_factory=lambda: {"by_amount": True})
    numbers: dict[str, int] = field(default_factory=lambda: dict(NUMBERS))

    def fates(self, amount: int = 0) -> frozenset[str]:
        """What happens to an order of this amount."""
        fates = {name for name, is_on in self.on.items() if is_on}
        if "by_amount" in fates and amount % 100 in FATES:
            fates.add(FATES[amount % 100])
        return frozenset(fates)

    def number(self, name: str) -> int:
        return self.numbers[name]

    def turn(self, wanted: Mapping[str, object]) -> None:
        """All of them or none. Raises WrongKnob."""
        for name, value in wanted.items():
            _check(name, value)
        for name, value in wanted.items():
            if name in NUMBERS:
                self.numbers[name] = int(str(value))
            else:
                self.on[name] = bool(value)

    def reset(self) -> None:
        self.on, self.numbers = {"by_amount": True}, dict(NUMBERS)

    def shown(self) -> dict[str, bool | int]:
        return {name: self.on.get(name, False) for name in SWITCHES} | self.numbers


def _check(name: str, value: object) -> None:
    if name in SWITCHES and isinstance(value, bool):
        return
    if name in NUMBERS and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return
    raise WrongKnob(name)
