"""Which animals of a truck are looked at, drawn anew from the seed that the phone noted.

The phone draws the same: sijinak/static/field/checkpoint/drawing.js.
"""

from collections.abc import Sequence
from hashlib import sha256
from itertools import count

Table = Sequence[tuple[int, int]]


def drawn(seed: str, heads: int, many: int) -> list[int]:
    """Positions from 1 to ``heads``, each once, in their order.

    The n-th number of a seed is the first 48 bits of SHA-256 over "sijinak-draw-v1", the seed and
    n, each on a line; it counts modulo the heads, and repeats are passed over.
    """
    found: set[int] = set()
    for n in count():
        if len(found) >= min(many, heads):
            return sorted(found)
        digest = sha256(f"sijinak-draw-v1\n{seed}\n{n}".encode()).digest()
        found.add(int.from_bytes(digest[:6]) % heads + 1)
    raise AssertionError


def how_many(table: Table, heads: int) -> int:
    """The row of the fewest heads that holds these; above the last row, as many as it says."""
    for up_to, many in table:
        if heads <= up_to:
            return min(heads, many)
    return min(heads, table[-1][1])


def table_of(spelt: str) -> list[tuple[int, int]]:
    """``"5:5,50:8"`` says: up to 5 heads 5 animals, up to 50 heads 8. Raises ValueError."""
    rows = [tuple(map(int, row.split(":"))) for row in spelt.split(",")]
    table = [(row[0], row[1]) for row in rows]
    if sorted(set(table)) != table or any(min(row) < 1 for row in table):
        raise ValueError(spelt)
    return table
