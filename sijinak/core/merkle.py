"""The Merkle tree of RFC 6962, section 2.1, over SHA-256: hashes in, hashes out, nothing kept.

A perfect subtree of 2**level leaves, the ``position``-th of its size, is a node (level, position);
the leaves are those of level 0. Verifying is as in RFC 9162, 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

NodeAt = Callable[[int, int], bytes]  # level, position
Node = tuple[int, int, bytes]


class BadProof(Exception):
    """The proof does not lead where it says; the text says in which way."""


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The perfect subtrees at the right edge of a growing tree: all that appending needs."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """``hashes``: the largest subtree first, one for each 1 in the binary ``size``."""
        if len(hashes) != size.bit_count():
            raise ValueError(f"{len(hashes)} subtrees do not make {size} leaves")
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> list[Node]:
        """Takes the hash of a leaf; answers the nodes above level 0 that it completed."""
        made, level, position, here = [], 0, self.size, leaf
        while position & 1:
            here = node_hash(self.hashes.pop(), here)
            level, position = level + 1, position >> 1
            made.append((level, position, here))
        self.hashes.append(here)
        self.size += 1
        return made

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        *larger, here = self.hashes
        for left in reversed(larger):
            here = node_hash(left, here)
        return here


def frontier_at(size: int, node_at: NodeAt) -> Frontier:
    """The right edge of the tree as it was with ``size`` leaves."""
    found, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append(node_at(level, start >> level))
            start += 1 << level
    return Frontier(size, found)


def root_at(size: int, node_at: NodeAt) -> bytes:
    return frontier_at(size, node_at).root()


def inclusion_path(index: int, size: int, node_at: NodeAt) -> list[bytes]:
    """PATH(index, D[size]), the lowest first. Raises BadProof when there is no such leaf."""
    if not 0 <= index < size:
        raise BadProof(f"no leaf {index} in a tree of {size}")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_root_of(middle, high, node_at))
            high = middle
        else:
            path.append(_root_of(low, middle, node_at))
            low = middle
    return path[::-1]


def consistency_path(old: int, new: int, node_at: NodeAt) -> list[bytes]:
    """PROOF(old, D[new]). Raises BadProof for sizes of which nothing can be proved."""
    if not 0 < old <= new:
        raise BadProof(f"nothing is proved from {old} to {new}")
    path, low, high, whole = [], 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_root_of(middle, high, node_at))
            high = middle
        else:
            path.append(_root_of(low, middle, node_at))
            low, whole = middle, False
    if not whole:
        path.append(_root_of(low, high, node_at))
    return path[::-1]


def verify_inclusion(
    index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes
) -> None:
    """Raises BadProof unless the leaf with this hash is the ``index``-th of ``size`` under root."""
    if not 0 <= index < size:
        raise BadProof(f"no leaf {index} in a tree of {size}")
    _look_at(leaf, *path, root)
    here = leaf
    for sister, is_left in _climb(index, size - 1, path):
        here = node_hash(sister, here) if is_left else node_hash(here, sister)
    if here != root:
        raise BadProof("the path leads to another root")


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Raises BadProof unless the tree of ``old`` leaves is the beginning of that of ``new``."""
    if not 0 < old <= new:
        raise BadProof(f"nothing is proved from {old} to {new}")
    _look_at(old_root, new_root, *path)
    if old == new:
        if path or old_root != new_root:
            raise BadProof("one size has one root, and nothing between")
        return
    start, *rest = [old_root, *path] if old & (old - 1) == 0 else path or [b""]
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = start
    for sister, is_left in _climb(here, last, rest):
        first = node_hash(sister, first) if is_left else first
        second = node_hash(sister, second) if is_left else node_hash(second, sister)
    if first != old_root or second != new_root:
        raise BadProof("the path leads to another root")


def _climb(here: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each hash of a path up to the root, and whether it stands to the left."""
    for sister in path:
        if last == 0:
            raise BadProof("the path is too long")
        is_left = bool(here & 1) or here == last
        yield sister, is_left
        while is_left and here and not here & 1:
            here, last = here >> 1, last >> 1
        here, last = here >> 1, last >> 1
    if last:
        raise BadProof("the path is too short")


def _look_at(*hashes: bytes) -> None:
    if any(len(one) != SIZE for one in hashes):
        raise BadProof(f"a hash has {SIZE} bytes")


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _root_of(low: int, high: int, node_at: NodeAt) -> bytes:
    """MTH of the leaves from ``low`` to before ``high``; ``low`` is aligned as in a path."""
    size = high - low
    level = size.bit_length() - 1
    left = node_at(level, low >> level)
    middle = low + (1 << level)
    return left if middle == high else node_hash(left, _root_of(middle, high, node_at))
