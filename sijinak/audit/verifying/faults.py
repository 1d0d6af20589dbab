"""What is found when rows, log, checkpoints and papers do not agree."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

MOST_KEPT = 1_000
LAST = "~"  # behind every id
NOWHERE = 2**63  # behind every position: what the log does not know
Key = tuple[int, int, str, str]


class Code(StrEnum):
    """The closed list of what may be wrong."""

    # The tree in itself.
    LEAF_MISSING = "leaf-missing"
    LEAF_ALTERED = "leaf-altered"  # it does not have its hash
    LEAF_MISLABELLED = "leaf-mislabelled"  # the columns beside it say something else
    LEAF_BACK_DATED = "leaf-back-dated"
    NODE_ALTERED = "node-altered"
    NODE_STRAY = "node-stray"
    HEAD_DIFFERS = "head-differs"
    LEAF_WAITS = "leaf-waits"
    # What was signed.
    CHECKPOINT_DIFFERS = "checkpoint-differs"
    CHECKPOINT_UNSIGNED = "checkpoint-unsigned"
    CHECKPOINT_BEYOND = "checkpoint-beyond"
    CHECKPOINT_DISORDER = "checkpoint-disorder"
    CHECKPOINT_MISSING = "checkpoint-missing"
    # What others keep outside.
    ANCHOR_DIFFERS = "anchor-differs"
    ANCHOR_UNSIGNED = "anchor-unsigned"
    ANCHOR_BEYOND = "anchor-beyond"
    # The rows.
    ROW_UNLOGGED = "row-unlogged"
    ROW_MISSING = "row-missing"
    ROW_DIFFERS = "row-differs"
    ROW_TOLD_TWICE = "row-told-twice"
    ROW_REWRITTEN = "row-rewritten"  # the log itself tells that what must stay was changed
    ROW_BACK_DATED = "row-back-dated"
    LINE_STRAY = "line-stray"
    KEY_DESTROYED = "key-destroyed"  # and what it hid is still there
    ERASURE_UNPROVEN = "erasure-unproven"  # no two people did it, or the log does not tell of it
    # What the rows say, whatever the log says.
    NUMBER_MISSING = "number-missing"
    NUMBER_DISORDER = "number-disorder"
    COUNTER_DIFFERS = "counter-differs"
    VOID_DIFFERS = "void-differs"
    DAY_CLOSED = "day-closed"
    BOOKS = "books"


OF_ANCHORS = frozenset({Code.ANCHOR_DIFFERS, Code.ANCHOR_UNSIGNED, Code.ANCHOR_BEYOND})
# One of the leaves from ``position`` to before ``until``, and nobody knows which.
STRETCHES = frozenset(
    {Code.NODE_ALTERED, Code.HEAD_DIFFERS, Code.CHECKPOINT_DIFFERS, Code.CHECKPOINT_UNSIGNED}
    | {Code.CHECKPOINT_DISORDER, Code.ANCHOR_DIFFERS}
)
OF_ROWS = frozenset(
    {Code.NUMBER_MISSING, Code.NUMBER_DISORDER, Code.COUNTER_DIFFERS, Code.VOID_DIFFERS}
    | {Code.DAY_CLOSED, Code.BOOKS, Code.LINE_STRAY}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """``position``: of the leaf, or the first that it may be; ``until``: behind the last.

    ``was`` is what the log, a checkpoint or a paper says, ``now`` what was found.
    """

    code: Code
    table: str = ""
    id: UUID | None = None
    position: int | None = None
    until: int | None = None
    was: str = ""
    now: str = ""

    @property
    def key(self) -> Key:
        """The first bad record first: what is known exactly before a stretch in which it lies.

        Then what the log does not know, and last what the rows say of themselves.
        """
        place = NOWHERE if self.position is None else self.position
        if self.code in STRETCHES and self.until is not None:
            place = max(place, self.until - 1)
        rank = 2 if self.code in OF_ROWS else int(self.code in STRETCHES)
        return place, rank, self.table, str(self.id or LAST)

    def told(self) -> dict[str, Any]:
        """As JSON has it, without what says nothing."""
        every: dict[str, Any] = {
            "code": self.code.value, "table": self.table, "id": self.id and str(self.id),
            "position": self.position, "until": self.until, "was": self.was, "now": self.now,
        }  # fmt: skip
        return {name: value for name, value in every.items() if value not in ("", None)}


@dataclass(slots=True)
class Faults:
    """The first thousand by their place; all are counted, and of each kind the first is kept."""

    kept: list[Fault] = field(default_factory=list)
    counts: Counter[Code] = field(default_factory=Counter)
    examples: dict[Code, Fault] = field(default_factory=dict)
    keeps_all: bool = False

    @property
    def count(self) -> int:
        return self.counts.total()

    def add(self, fault: Fault) -> None:
        self.counts[fault.code] += 1
        self.examples[fault.code] = min(fault, self.examples.get(fault.code, fault), key=_key)
        self.kept.append(fault)
        if len(self.kept) > 2 * MOST_KEPT:
            self._trim()

    def first(self) -> Fault | None:
        return min(self.kept, key=_key, default=None)

    def in_order(self) -> list[Fault]:
        self._trim()
        return sorted(self.kept, key=_key)

    def kinds(self) -> list[tuple[Fault, int]]:
        """Of each kind the first and how many there are; the kind of the first fault first."""
        firsts = sorted(self.examples.values(), key=_key)
        return [(one, self.counts[one.code]) for one in firsts]

    def _trim(self) -> None:
        if not self.keeps_all:
            self.kept = sorted(self.kept, key=_key)[:MOST_KEPT]


def _key(fault: Fault) -> Key:
    return fault.key
