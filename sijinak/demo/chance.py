"""Chance that comes out the same for the same seed, and the lists it picks from."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from random import Random
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.codes import tag_code_of

LISTS = Path(__file__).parent / "data"
_CODES = 1 << 40
# Odd, so that no two numbers below 2 ** 40 lead to the same product: codes that look like chance.
_STEP = 0x9E_37_79_B9_7F
_VERSION_7 = 7 << 76
_VARIANT = 2 << 62


@dataclass(frozen=True, slots=True)
class Picker:
    """Texts by their weights."""

    texts: Sequence[str]
    cumulated: Sequence[int]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, int]]) -> "Picker":
        texts, weights = zip(*rows, strict=True)
        return cls(texts, list(accumulate(weights)))

    def some(self, chance: Random, count: int) -> list[str]:
        return chance.choices(self.texts, cum_weights=self.cumulated, k=count)

    def one(self, chance: Random) -> str:
        return self.some(chance, 1)[0]


def rows_of(name: str) -> list[dict[str, str]]:
    with (LISTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(name: str) -> list[str]:
    return (LISTS / name).read_text(encoding="utf-8").split("\n")[:-1]


def largest_remainders(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts that add up to the total (Hamilton's method)."""
    whole = sum(weights) or 1
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_rest = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_rest[: total - sum(parts)]:
        parts[i] += 1
    return parts


class Names:
    """UUIDv7 and tag codes from a seed."""

    def __init__(self, seed: int) -> None:
        self._bits = Random(f"{seed} ids").getrandbits  # noqa: S311 - repeatable on purpose
        self._offset = Random(f"{seed} codes").getrandbits(40)  # noqa: S311
        self._codes = 0
        self._last = self._nth = 0

    def at(self, moments: Iterable[datetime]) -> list[UUID]:
        """An id for each moment."""
        bits, zero = self._bits, datetime(1970, 1, 1, tzinfo=UTC)
        found, last, start = [], None, 0
        for n, moment in enumerate(moments):
            if moment is not last:
                last, start = moment, int((moment - zero).total_seconds() * 1000)
            number = (start + n % 1000) << 80 | _VERSION_7 | _VARIANT | bits(62)
            found.append(UUID(int=number | (n // 1000 & 4095) << 64))
        return found

    def next(self) -> UUID:
        """An id for the moment on the clock; those of one millisecond sort as they were made."""
        moment = int(now().timestamp() * 1000)
        self._nth = self._nth + 1 if moment == self._last else 0
        self._last = moment
        number = moment << 80 | _VERSION_7 | (self._nth & 4095) << 64
        return UUID(int=number | _VARIANT | self._bits(62))

    def tag_codes(self, count: int) -> list[str]:
        first, self._codes = self._codes, self._codes + count
        return [
            tag_code_of((n * _STEP + self._offset) % _CODES) for n in range(first, first + count)
        ]
