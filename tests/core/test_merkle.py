"""RFC 6962 against a second reading of it, the slow one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijinak.core.merkle import (
    EMPTY_ROOT,
    BadProof,
    Frontier,
    consistency_path,
    frontier_at,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)

# The test tree of Certificate Transparency, and its roots after each leaf.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                 "606162636465666768696a6b6c6d6e6f")
]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
MANY = [bytes([number]) for number in range(70)]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word by word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


class Tree:
    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.frontier = Frontier()
        for position, leaf in enumerate(leaves):
            self.nodes[0, position] = leaf_hash(leaf)
            for level, place, made in self.frontier.append(self.nodes[0, position]):
                self.nodes[level, place] = made

    def at(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]


TREE = Tree(MANY)


def test_the_published_roots():
    for size, root in enumerate(ROOTS, start=1):
        tree = Tree(LEAVES[:size])
        assert tree.frontier.root().hex() == root == naive_root(LEAVES[:size]).hex()


@pytest.mark.parametrize("size", range(len(MANY) + 1))
def test_every_root_and_every_path(size: int):
    root = naive_root(MANY[:size])
    assert Tree(MANY[:size]).frontier.root() == root == root_at(size, TREE.at)
    assert frontier_at(size, TREE.at).root() == root
    for index in range(size):
        path = inclusion_path(index, size, TREE.at)
        verify_inclusion(index, size, leaf_hash(MANY[index]), path, root)
    for old in range(1, size + 1):
        path = consistency_path(old, size, TREE.at)
        verify_consistency(old, size, naive_root(MANY[:old]), root, path)


@given(st.data(), st.integers(2, len(MANY)))
def test_a_proof_that_was_touched_proves_nothing(data: st.DataObject, size: int):
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size - 1))
    root, old_root = root_at(size, TREE.at), root_at(old, TREE.at)

    def included(path: list[bytes]) -> None:
        verify_inclusion(index, size, TREE.at(0, index), path, root)

    def consistent(path: list[bytes]) -> None:
        verify_consistency(old, size, old_root, root, path)

    for path, check in (
        (inclusion_path(index, size, TREE.at), included),
        (consistency_path(old, size, TREE.at), consistent),
    ):
        if not path:
            continue
        check(path)
        at = data.draw(st.integers(0, len(path) - 1))
        bad = bytes([path[at][0] ^ 1]) + path[at][1:]
        for wrong in (
            [*path[:at], bad, *path[at + 1 :]],
            path[:at] + path[at + 1 :],
            [*path, path[at]],
            [*path[:at], b"", *path[at + 1 :]],
            [*path[:at], path[at][:31], *path[at + 1 :]],
        ):
            with pytest.raises(BadProof):
                check(wrong)


def test_what_cannot_be_proved_is_refused():
    one = TREE.at(0, 0)
    for bad in (-1, 1, 5):
        with pytest.raises(BadProof):
            verify_inclusion(bad, 1, one, [], one)
    with pytest.raises(BadProof):
        verify_inclusion(0, 0, one, [], EMPTY_ROOT)
    for old, new in ((0, 0), (0, 5), (6, 5), (-1, 5)):
        with pytest.raises(BadProof):
            verify_consistency(old, new, EMPTY_ROOT, EMPTY_ROOT, [])
        with pytest.raises(BadProof):
            consistency_path(old, new, TREE.at)
    with pytest.raises(BadProof):
        verify_consistency(1, 1, one, leaf_hash(b"x"), [])
    with pytest.raises(BadProof):
        verify_consistency(3, 5, one, one, [])
    with pytest.raises(BadProof):
        verify_inclusion(0, 1, b"", [], b"")
    with pytest.raises(ValueError, match="do not make"):
        Frontier(3, [one])
