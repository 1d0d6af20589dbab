"""What was signed, and what it proves. Nothing is handed out that does not hold."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, select

from sijinak.core.db import db
from sijinak.core.errors import Conflict, NotFound, Unavailable
from sijinak.core.merkle import (
    BadProof,
    consistency_path,
    inclusion_path,
    leaf_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from sijinak.core.model import Model
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.signednote import BadNote, open_note, proof_text, read_checkpoint
from sijinak.core.tlog import LogCheckpoint, LogLeaf, head, is_waiting, leaf_of, node_at
from sijinak.proofs.logkey import logkey


class LogBroken(Unavailable):
    """The log does not say any more what was signed. Facts: ``size``, ``why``."""

    code = "log-broken"


class NotCovered(Conflict):
    """No checkpoint was made since the row was written."""

    code = "proof-not-yet"


class Standing(NamedTuple):
    """Where the newest leaf of a row stands, and the first checkpoint that covers it."""

    position: int | None
    covered: LogCheckpoint | None
    is_current: bool  # nothing newer of the row waits

    @property
    def is_proved(self) -> bool:
        return self.covered is not None


def latest_checkpoint() -> LogCheckpoint | None:
    return _first(_checkpoints().order_by(LogCheckpoint.size.desc()))


def checkpoint_covering(position: int) -> LogCheckpoint | None:
    """The first that was made with this leaf in the tree."""
    covering = _checkpoints().where(LogCheckpoint.size > position)
    return _first(covering.order_by(LogCheckpoint.size))


def checkpoint_at(moment: datetime) -> LogCheckpoint | None:
    """The newest at that time."""
    before = _checkpoints().where(LogCheckpoint.made_at <= moment)
    return _first(before.order_by(LogCheckpoint.size.desc()))


def checkpoint_of_size(size: int) -> LogCheckpoint:
    """Raises NotFound."""
    found = _first(_checkpoints().where(LogCheckpoint.size == size))
    if found is None:
        raise NotFound(size=size)
    return found


def checkpoint_history(place: Place = START) -> Page[LogCheckpoint]:
    """Newest first."""
    return page_of(_checkpoints(), LogCheckpoint.id, place)


def all_checkpoints() -> Sequence[LogCheckpoint]:
    """The oldest first."""
    return db.session.scalars(_checkpoints().order_by(LogCheckpoint.size)).all()


def known_keys() -> list[str]:
    """Public keys that ever signed a checkpoint, and ours now, which comes first."""
    asked = select(LogCheckpoint.key).distinct().order_by(LogCheckpoint.key)
    found = [key for key in db.session.scalars(asked) if logkey.is_ours(key)]
    return list(dict.fromkeys([*logkey.vkeys, *found]))


def standing_of(model: type[Model], subject_id: UUID) -> Standing:
    leaf = leaf_of(model, subject_id)
    is_current = not is_waiting(model, subject_id)
    if leaf is None:
        return Standing(None, None, is_current)
    return Standing(leaf.position, checkpoint_covering(leaf.position), is_current)


def first_covering(model: type[Model], subject_id: UUID) -> LogCheckpoint | None:
    """The first checkpoint after a row was first written: the same on each print of its paper."""
    leaf = _first_leaf(model, subject_id)
    return checkpoint_covering(leaf.position) if leaf else None


def proof_of(model: type[Model], subject_id: UUID) -> str:
    """The newest leaf of a row against the newest checkpoint, as a file.

    Raises NotFound when the row is in no leaf, NotCovered, LogBroken.
    """
    leaf = leaf_of(model, subject_id)
    if leaf is None and not is_waiting(model, subject_id):
        raise NotFound(subject_id=str(subject_id))
    newest = latest_checkpoint()
    if leaf is None or newest is None or leaf.position >= newest.size:
        raise NotCovered
    checkpoint = sound(newest)
    body = leaf.body.encode()
    if leaf.hash != leaf_hash(body):
        raise LogBroken(size=checkpoint.size, why=f"leaf {leaf.position}: another text")
    try:
        path = inclusion_path(leaf.position, checkpoint.size, node_at)
        verify_inclusion(leaf.position, checkpoint.size, leaf_hash(body), path, checkpoint.root)
    except (BadProof, LookupError) as error:
        raise LogBroken(size=checkpoint.size, why=f"leaf {leaf.position}: {error}") from error
    return proof_text(leaf.position, path, checkpoint.note, body)


def consistency(old_size: int, new_size: int) -> list[bytes]:
    """That the log of one checkpoint is the beginning of another's; nothing is of an empty one.

    Raises NotFound, LogBroken.
    """
    if not 0 < old_size <= new_size:
        raise NotFound(size=old_size)
    old, new = sound(checkpoint_of_size(old_size)), sound(checkpoint_of_size(new_size))
    try:
        path = consistency_path(old.size, new.size, node_at)
        verify_consistency(old.size, new.size, old.root, new.root, path)
    except (BadProof, LookupError) as error:
        raise LogBroken(size=new.size, why=f"from {old.size}: {error}") from error
    return path


def consistency_text(old_size: int, new_size: int) -> str:
    """For programs: the two sizes and roots, and the hashes between, the lowest first.

    Raises NotFound, LogBroken.
    """
    path = consistency(old_size, new_size)
    ends = [("old", checkpoint_of_size(old_size)), ("new", checkpoint_of_size(new_size))]
    lines = [f"{name} {one.size} {b64encode(one.root).decode()}" for name, one in ends]
    return "\n".join([*lines, *(b64encode(one).decode() for one in path), ""])


def sound(checkpoint: LogCheckpoint) -> LogCheckpoint:
    """The checkpoint, when its note is signed by us and the log still says the same.

    Raises LogBroken.
    """
    try:
        why = next(_faults_of(checkpoint), "")
    except (BadNote, LookupError) as error:
        why = str(error)
    if why:
        raise LogBroken(size=checkpoint.size, why=why)
    return checkpoint


def _faults_of(checkpoint: LogCheckpoint) -> Iterator[str]:
    if not logkey.is_ours(checkpoint.key):
        yield "signed by a key that is not ours"
    signed = read_checkpoint(open_note(checkpoint.note, [checkpoint.key]))
    if (signed.size, signed.root) != (checkpoint.size, checkpoint.root):
        yield "the row says something else than its note"
    if checkpoint.size > head().size:
        yield "the log has fewer leaves"
    if root_at(checkpoint.size, node_at) != checkpoint.root:
        yield "the log has another root"


def _checkpoints() -> Select[LogCheckpoint]:
    return select(LogCheckpoint).execution_options(populate_existing=True)  # as it is stored now


def _first(asked: Select[LogCheckpoint]) -> LogCheckpoint | None:
    return db.session.scalars(asked.limit(1)).first()


def _first_leaf(model: type[Model], subject_id: UUID) -> LogLeaf | None:
    of_row = select(LogLeaf).where(
        LogLeaf.kind == model.__tablename__, LogLeaf.subject_id == subject_id
    )
    return db.session.scalars(of_row.order_by(LogLeaf.position).limit(1)).first()
