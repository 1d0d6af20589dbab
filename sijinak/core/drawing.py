"""Draws that nobody can steer and anybody can do again: SHA-256 of a seed and of a name.

Pure. docs/second-visits.md and docs/sampling.md say the same in words and in ten lines.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256


def rank(seed: str, name: object) -> bytes:
    """SHA-256 of the seed, a line feed and the name as text."""
    return sha256(f"{seed}\n{name}".encode()).digest()


def smallest(seed: str, names: Iterable[str], size: int) -> list[int]:
    """Which places (from 0) have the smallest ranks, the smallest first."""
    ranks = [rank(seed, name) for name in names]
    return sorted(range(len(ranks)), key=ranks.__getitem__)[:size]


def interval_of(total: int, size: int) -> int:
    """Of a draw by amount: one in so many rupiah is drawn, rounded up."""
    return -(-total // size)


def by_amount(seed: str, amounts: Sequence[int], size: int) -> list[tuple[int, int]]:
    """Places that the drawn rupiah lie in, and how many lie there, in the order of the list.

    The rupiah are counted through the list from 1; the first drawn one is the rank of "start" as
    a number, modulo the interval, plus 1, and each next one lies an interval further.
    """
    total = sum(amounts)
    if not total:
        return []
    interval = interval_of(total, size)
    drawn = int.from_bytes(rank(seed, "start")) % interval + 1
    found: list[tuple[int, int]] = []
    end = 0
    for place, amount in enumerate(amounts):
        end += amount
        hits = max(0, (end - drawn) // interval + 1)
        if hits:
            found.append((place, hits))
            drawn += hits * interval
    return found
