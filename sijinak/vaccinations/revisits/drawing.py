"""The draw itself: anybody can do it again with the seed and the list of ids.

Pure, and the same as in docs/second-visits.md, which stands alone.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from uuid import UUID

from sijinak.core.drawing import rank

ID_BYTES = 16


def share_of(among: int, permille: int) -> int:
    """A part of one is one: of any doses at least one is drawn."""
    return -(-among * permille // 1000)


def drawn(seed: str, dose_ids: Iterable[UUID], permille: int) -> list[UUID]:
    """Those with the smallest ranks, the smallest first."""
    ids = list(dose_ids)
    return sorted(ids, key=lambda one: rank(seed, one))[: share_of(len(ids), permille)]


def digest_of_list(dose_ids: Sequence[UUID]) -> str:
    """SHA-256 of the sorted ids as text, each with a line feed behind: that of the CSV's lines."""
    return sha256("".join(f"{one}\n" for one in dose_ids).encode()).hexdigest()


def digest_of_seed(seed: str) -> str:
    """Shown before the draw, so that the seed cannot be another one afterwards."""
    return sha256(seed.encode()).hexdigest()


def packed(dose_ids: Iterable[UUID]) -> bytes:
    return b"".join(sorted(one.bytes for one in dose_ids))


def unpacked(population: bytes) -> list[UUID]:
    """Sorted, by their bytes as by their text."""
    starts = range(0, len(population), ID_BYTES)
    return [UUID(bytes=population[start : start + ID_BYTES]) for start in starts]
