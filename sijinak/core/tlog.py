"""The log: an RFC 6962 tree over what the rows said when their transactions ended.

A leaf is written in the business transaction, and merged into the tree soon after, as Certificate
Transparency does it: whoever writes waits for no other. docs/audit-format.md has the leaf's form.
"""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    Select,
    SmallInteger,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from sijinak.core import bulk
from sijinak.core.clock import now
from sijinak.core.db import before_commit, db
from sijinak.core.ids import uuid7
from sijinak.core.merkle import Node, frontier_at, leaf_hash
from sijinak.core.model import Model, UtcDateTime
from sijinak.core.noting import NOTED, Noted
from sijinak.core.rawrows import moment_text
from sijinak.core.telling import Known, leaf_end, leaf_start, tell_new

MERGED_AT_ONCE = 5_000
_WRITTEN_AT_ONCE = 1_000


class LogWaiting(Model):
    """A leaf on its way into the tree. It goes when it has arrived there; a trigger sees to it."""

    __tablename__ = "log_waiting"

    kind: Mapped[str]  # the table of the row
    subject_id: Mapped[UUID]
    written_at: Mapped[datetime]
    body: Mapped[str]


class LogLeaf(Model):
    """A leaf in the tree, by the id under which it waited. Inserted, never updated."""

    __tablename__ = "log_leaves"
    __table_args__ = (Index("ix_log_leaves_subject", "kind", "subject_id", "position"),)

    position: Mapped[int] = mapped_column(unique=True)  # from 0, without a gap
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    written_at: Mapped[datetime]
    body: Mapped[str]
    hash: Mapped[bytes]


class LogCheckpoint(Model):
    """The tree as it was, signed: what others keep outside. Inserted, never updated."""

    __tablename__ = "log_checkpoints"

    size: Mapped[int] = mapped_column(unique=True)
    root: Mapped[bytes]
    note: Mapped[str]  # the signed note, as C2SP has it
    key: Mapped[str]  # the public key that opens it, as C2SP hands it out
    why: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    made_by_name: Mapped[str]


NODES = Table(
    "log_nodes",
    Model.metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
HEAD = Table(
    "log_head",
    Model.metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("merged_at", UtcDateTime, nullable=True),
)


class Head(NamedTuple):
    size: int
    root: bytes


def head() -> Head:
    """What is merged: leaves that wait are not in it."""
    return Head(*db.session.execute(_the_head(HEAD.c.size, HEAD.c.root)).one())


def node_at(level: int, position: int) -> bytes:
    """The hash of a perfect subtree; level 0 are the leaves. Raises LookupError without it."""
    asked = _leaf_hash() if level == 0 else _node_hash()
    found = db.session.connection().execute(asked, {"level": level, "position": position}).scalar()
    if found is None:
        raise LookupError(f"the log has no node {position} of level {level}")
    return bytes(found)


def leaf_of(model: type[Model], subject_id: UUID) -> LogLeaf | None:
    """The newest leaf that tells of a row."""
    asked = select(LogLeaf).where(
        LogLeaf.kind == model.__tablename__, LogLeaf.subject_id == subject_id
    )
    return db.session.scalars(asked.order_by(LogLeaf.position.desc()).limit(1)).first()


def is_waiting(model: type[Model], subject_id: UUID) -> bool:
    """Whether something that is known of a row is not in the tree yet."""
    asked = select(LogWaiting.id).where(
        LogWaiting.kind == model.__tablename__, LogWaiting.subject_id == subject_id
    )
    return db.session.scalar(asked.limit(1)) is not None


def write_leaves(session: Session) -> None:
    """The last thing in a transaction: what was noted in it is told as it stands now."""
    noted: Noted | None = session.info.pop(NOTED, None)
    if not noted:
        return
    at = now()
    moment, known = moment_text(at), Known()
    told = [
        (model.__tablename__, one.id, f"{start}{moment}{leaf_end(one.key, one.row)}")
        for model, ids in noted.items()
        for start in (leaf_start(model.__tablename__),)
        for one in tell_new(model, list(ids), known)
    ]
    for start in range(0, len(told), _WRITTEN_AT_ONCE):
        some = told[start : start + _WRITTEN_AT_ONCE]
        columns = {
            "id": [uuid7() for _ in some],
            "kind": [kind for kind, _, _ in some],
            "subject_id": [subject for _, subject, _ in some],
            "written_at": [at] * len(some),
            "body": [body for _, _, body in some],
        }
        bulk.insert_new(LogWaiting, columns)


before_commit.append(write_leaves)


def merge(most: int = MERGED_AT_ONCE) -> int:
    """Put waiting leaves into the tree, the oldest first; answers how many.

    The row of the head is locked: mergers come one after the other, writers are not kept.
    """
    connection = db.session.connection()
    size = connection.execute(_the_head(HEAD.c.size).with_for_update()).scalar_one()
    waiting = connection.execute(_waiting(), {"most": most}).all()
    if not waiting:
        return 0
    frontier = frontier_at(size, node_at)
    hashes, nodes = [], list[Node]()
    for leaf in waiting:
        hashes.append(leaf_hash(leaf.body.encode()))
        nodes += frontier.append(hashes[-1])
    columns = {
        name: [getattr(leaf, name) for leaf in waiting]
        for name in ("id", "kind", "subject_id", "written_at", "body")
    }
    positions = range(size, frontier.size)
    bulk.insert(LogLeaf, {**columns, "position": list(positions), "hash": hashes})
    if nodes:
        names = ("level", "position", "hash")
        connection.execute(insert(NODES), [dict(zip(names, n, strict=True)) for n in nodes])
    merged = {"size": frontier.size, "root": frontier.root(), "merged_at": now()}
    connection.execute(update(HEAD).values(merged))
    for start in range(0, len(waiting), _WRITTEN_AT_ONCE):
        gone = columns["id"][start : start + _WRITTEN_AT_ONCE]
        connection.execute(delete(LogWaiting).where(LogWaiting.id.in_(gone)))
    return len(waiting)


def _the_head(*columns: Column[Any]) -> Select[Any]:
    return select(*columns).where(HEAD.c.id == 1)


@cache
def _leaf_hash() -> Select[Any]:
    return select(LogLeaf.hash).where(LogLeaf.position == bindparam("position"))


@cache
def _node_hash() -> Select[Any]:
    place = (NODES.c.level == bindparam("level"), NODES.c.position == bindparam("position"))
    return select(NODES.c.hash).where(*place)


@cache
def _waiting() -> Select[Any]:
    table = LogWaiting.__table__
    return select(*table.columns).order_by(table.c.id).limit(bindparam("most"))
