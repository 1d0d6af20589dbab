"""The tree grown anew from its leaves, and compared with all that was kept of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from sijinak.audit.verifying.faults import MOST_KEPT, Code, Fault, Faults
from sijinak.audit.verifying.reading import Leaf, bytes_of, leaves_from, moment_of, nodes_within
from sijinak.core.db import db
from sijinak.core.merkle import Frontier, Node, leaf_hash, root_at
from sijinak.core.rawrows import moment_text
from sijinak.core.telling import VERSION
from sijinak.core.tlog import NODES, LogLeaf, head, node_at

# Clocks are set right, and transactions last: so far a leaf may lie before another.
MARGIN = timedelta(minutes=15)
MISSING = b"\x00" * 32  # stands for a leaf that is not there
LEVELS = range(1, 63)  # of nodes that are kept


class _Said(msgspec.Struct):
    at: str
    id: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody says that so many leaves have this root; ``matches`` knows it, or its words."""

    size: int
    root: bytes
    fault: Fault  # what is told when it is not so
    made_at: datetime | None = None

    def differs(self, root: bytes) -> bool:
        return self.root != root


@dataclass(slots=True)
class Growing:
    """What must be known to go on later. ``latest``: when the latest checkpoint so far was made."""

    frontier: Frontier = field(default_factory=Frontier)
    latest: str = ""
    last_bad: int = -1
    good: int = 0  # leaves under the last root that was right
    good_outside: int = 0  # and of those, under the last that somebody outside keeps


class TreeCheck:
    """Feed it the leaves; it compares hashes, nodes and roots on the way."""

    def __init__(self, growing: Growing, expected: Sequence[Expected], faults: Faults) -> None:
        self.growing = growing
        self._frontier = growing.frontier
        self._faults = faults
        self._floor = _floor(growing.latest)
        self._expected = sorted(expected, key=_size)
        self._most = max([head().size, *map(_size, expected)])
        self._next = 0
        while (
            self._next < len(expected) and self._expected[self._next].size < growing.frontier.size
        ):
            self._next += 1  # those were compared before, or are by the nodes

    def run(self) -> Iterator[int]:
        """Answers how many leaves are done, piece by piece."""
        self._compare_roots()
        self._beside_the_tree()
        for leaves in leaves_from(self._frontier.size):
            start, made = self._frontier.size, list[Node]()
            is_tree = all(self._take(leaf, made) for leaf in leaves)
            self._compare_nodes(start, made)
            yield self._frontier.size
            if not is_tree:
                break
        self._close()

    def _take(self, leaf: Leaf, made: list[Node]) -> bool:
        """False for a leaf so far off that nobody ever told of so many: the tree ends before it."""
        if leaf.position > max(self._frontier.size, self._most):
            self._bad(self._gap_before(leaf))
            return False
        self._close_gap(leaf, made)
        made += self._frontier.append(self._look_at(leaf))
        self._compare_roots()
        return True

    def _beside_the_tree(self) -> None:
        """Before the first place: its row looks told, and no root binds what it says."""
        asked = select(LogLeaf.kind, LogLeaf.subject_id, LogLeaf.position)
        asked = asked.where(LogLeaf.position < 0).order_by(LogLeaf.position).limit(MOST_KEPT)
        for kind, subject_id, position in db.session.execute(asked):
            self._faults.add(
                Fault(
                    code=Code.LEAF_MISLABELLED, table=kind, id=subject_id, position=0,
                    was="0", now=f"{position}",
                )
            )  # fmt: skip

    def _gap_before(self, leaf: Leaf) -> Fault:
        start, end = self._frontier.size, leaf.position
        return Fault(code=Code.LEAF_MISSING, table="log_leaves", position=start, until=end)

    def _close_gap(self, leaf: Leaf, made: list[Node]) -> None:
        if leaf.position == self._frontier.size:
            return
        self._bad(self._gap_before(leaf))
        while self._frontier.size < leaf.position:
            made += self._frontier.append(MISSING)
            self.growing.last_bad = self._frontier.size - 1
            self._compare_roots()

    def _look_at(self, leaf: Leaf) -> bytes:
        raw = leaf.body.encode()
        digest = leaf_hash(raw)
        if digest != leaf.hash:
            self._bad(_about(leaf, Code.LEAF_ALTERED, leaf.hash.hex(), digest.hex()))
            return digest
        start = _start(leaf.kind)
        try:
            said = _decoder.decode(raw[len(start) :])
        except msgspec.DecodeError:
            said = None
        same = raw.startswith(start) and said is not None
        if not same or said is None or said.id.replace("-", "") != bytes_of(leaf.subject_id).hex():
            self._bad(_about(leaf, Code.LEAF_MISLABELLED, leaf.kind, leaf.body[:80]))
            return digest
        self._compare_moment(leaf, said.at)
        return digest

    def _compare_moment(self, leaf: Leaf, at: str) -> None:
        """The checkpoints before it were made earlier. Other leaves may come from other clocks."""
        if moment_of(leaf.written_at) != at:
            self._bad(_about(leaf, Code.LEAF_MISLABELLED, at, moment_of(leaf.written_at)))
        elif at < self._floor:
            self._bad(_about(leaf, Code.LEAF_BACK_DATED, self.growing.latest, at))

    def _compare_nodes(self, start: int, made: Sequence[Node]) -> None:
        kept = nodes_within(start, self._frontier.size, self._frontier.size.bit_length())
        for level, place, digest in made:
            first, behind = place << level, (place + 1) << level
            found = kept.pop((level, place), b"")
            if found != digest and self.growing.last_bad < first:
                self.growing.last_bad = behind - 1
                self._faults.add(
                    Fault(
                        code=Code.NODE_ALTERED, table="log_nodes", position=first, until=behind,
                        was=found.hex(), now=digest.hex(),
                    )
                )  # fmt: skip

    def _compare_roots(self) -> None:
        """Of all who told of this size. What differs was altered behind the last that was right."""
        size = self._frontier.size
        while self._next < len(self._expected) and self._expected[self._next].size == size:
            one = self._expected[self._next]
            self._next += 1
            if one.made_at is not None:
                self.growing.latest = max(self.growing.latest, moment_text(one.made_at))
                self._floor = _floor(self.growing.latest)
            self._compare_root(one, self._frontier.root())

    def _compare_root(self, one: Expected, root: bytes) -> None:
        """A checkpoint may have been signed anew: what is kept outside is believed first."""
        growing, size = self.growing, self._frontier.size
        is_outside = one.fault.code is Code.ANCHOR_DIFFERS
        if one.differs(root):
            good = growing.good_outside if is_outside else growing.good
            self._faults.add(differing(one.fault, good, size, root))
        else:
            growing.good = size
            growing.good_outside = size if is_outside else growing.good_outside

    def _close(self) -> None:
        """At the end of the leaves: the head says as many, and nobody tells of more."""
        kept, size = head(), self._frontier.size
        if kept.size > size:
            self._bad(
                Fault(code=Code.LEAF_MISSING, table="log_leaves", position=size, until=kept.size)
            )
        elif kept.size < size or kept.root != self._frontier.root():
            told, found = f"{kept.size} {kept.root.hex()}", f"{size} {self._frontier.root().hex()}"
            place = min(kept.size, self.growing.good) if kept.size < size else self.growing.good
            self._faults.add(
                Fault(
                    code=Code.HEAD_DIFFERS, table="log_head", position=place, until=size,
                    was=told, now=found,
                )
            )  # fmt: skip
        for one in self._expected[self._next :]:
            self._faults.add(beyond(one, size))
        self._stray_nodes(size)

    def _stray_nodes(self, size: int) -> None:
        asked = select(NODES.c.level, func.count(), func.max(NODES.c.position))
        asked = asked.group_by(NODES.c.level).order_by(NODES.c.level)
        for level, count, highest in db.session.connection().execute(asked):
            full = size >> level if level in LEVELS else 0
            if count != full and highest >= full:
                place = highest << level if level in LEVELS else highest
                self._faults.add(Fault(code=Code.NODE_STRAY, table="log_nodes", position=place))

    def _bad(self, fault: Fault) -> None:
        self.growing.last_bad = max(self.growing.last_bad, fault.position or 0)
        self._faults.add(fault)


def compare_kept(one: Expected, faults: Faults) -> None:
    """By the nodes that are kept, which were compared before."""
    try:
        root = root_at(one.size, node_at)
    except LookupError:
        root = b""
    if one.differs(root):
        faults.add(differing(one.fault, 0, one.size, root))


def beyond(one: Expected, size: int) -> Fault:
    """Somebody knows of more leaves than there are."""
    is_anchor = one.fault.code is Code.ANCHOR_DIFFERS
    code = Code.ANCHOR_BEYOND if is_anchor else Code.CHECKPOINT_BEYOND
    told = one.fault
    return Fault(
        code=code, table=told.table, id=told.id, position=size, until=one.size,
        was=told.was, now=f"{size}",
    )  # fmt: skip


def differing(told: Fault, good: int, size: int, root: bytes) -> Fault:
    """One of the leaves behind the last good root is not what it was."""
    return Fault(
        code=told.code, table=told.table, id=told.id, position=min(good, size), until=size,
        was=told.was, now=root.hex(),
    )  # fmt: skip


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _about(leaf: Leaf, code: Code, was: str, now: str) -> Fault:
    return Fault(
        code=code, table=leaf.kind, id=UUID(bytes=bytes_of(leaf.subject_id)),
        position=leaf.position, was=was, now=now,
    )  # fmt: skip


def _floor(latest: str) -> str:
    """Nothing was told before it, if the latest checkpoint was made then."""
    return moment_text(moment(latest) - MARGIN) if latest else ""


def _size(one: Expected) -> int:
    return one.size


@cache
def _start(kind: str) -> bytes:
    return f"{kind}|{VERSION}|".encode()


_decoder = msgspec.json.Decoder(_Said)
