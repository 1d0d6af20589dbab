"""The log made anew by somebody who knows how it is made: leaves, nodes, head, even signatures."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, select, update

from sijinak.core.clock import now
from sijinak.core.ids import uuid7
from sijinak.core.merkle import Frontier, leaf_hash
from sijinak.core.model import Model
from sijinak.core.signednote import checkpoint_text
from sijinak.core.tlog import HEAD, NODES
from sijinak.proofs.logkey import logkey

TABLES: Mapping[str, Table] = Model.metadata.tables
LEAVES, CHECKPOINTS = TABLES["log_leaves"], TABLES["log_checkpoints"]
Body = Callable[[str], str]


def leaves(connection: Connection) -> Sequence[Any]:
    asked = select(LEAVES).order_by(LEAVES.c.position)
    return connection.execute(asked).mappings().all()


def positions_of(connection: Connection, kind: str, subject: UUID) -> list[int]:
    asked = select(LEAVES.c.position).where(LEAVES.c.kind == kind, LEAVES.c.subject_id == subject)
    return list(connection.execute(asked.order_by(LEAVES.c.position)).scalars())


def retell(connection: Connection, position: int, body: Body) -> None:
    """One leaf says something else, and has its hash."""
    here = LEAVES.c.position == position
    told = body(connection.execute(select(LEAVES.c.body).where(here)).scalar_one())
    said = update(LEAVES).where(here).values(body=told, hash=leaf_hash(told.encode()))
    connection.execute(said)


def cut_leaves(connection: Connection, size: int) -> None:
    connection.execute(delete(LEAVES).where(LEAVES.c.position >= size))


def close_gaps(connection: Connection) -> None:
    """The positions follow again."""
    for place, leaf in enumerate(leaves(connection)):
        moved = update(LEAVES).where(LEAVES.c.id == leaf["id"])
        connection.execute(moved.values(position=place))


def append_leaf(connection: Connection, kind: str, subject: UUID, body: str, at: Any) -> None:
    connection.execute(
        insert(LEAVES).values(
            id=uuid7(), position=len(leaves(connection)), kind=kind, subject_id=subject,
            written_at=at, body=body, hash=leaf_hash(body.encode()),
        )
    )  # fmt: skip


def regrow(connection: Connection) -> Frontier:
    """Nodes and head as the leaves want them."""
    connection.execute(delete(NODES))
    frontier = Frontier()
    for leaf in leaves(connection):
        for level, position, digest in frontier.append(leaf["hash"]):
            connection.execute(insert(NODES).values(level=level, position=position, hash=digest))
    grown = update(HEAD).values(size=frontier.size, root=frontier.root(), merged_at=now())
    connection.execute(grown)
    return frontier


def sign_anew(connection: Connection) -> None:
    """With the stolen key; of what the log is too short for, nothing is left."""
    hashes = [leaf["hash"] for leaf in leaves(connection)]
    for one in connection.execute(select(CHECKPOINTS)).mappings().all():
        here = CHECKPOINTS.c.id == one["id"]
        if one["size"] > len(hashes):
            connection.execute(delete(CHECKPOINTS).where(here))
            continue
        frontier = Frontier()
        for digest in hashes[: one["size"]]:
            frontier.append(digest)
        text = checkpoint_text(logkey.origin, one["size"], frontier.root())
        note = logkey.signer.sign(text)
        connection.execute(update(CHECKPOINTS).where(here).values(root=frontier.root(), note=note))
