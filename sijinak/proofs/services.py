"""A checkpoint is the log as it is now, signed; nothing that contradicts an older one is signed."""

from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import Event, events
from sijinak.core.merkle import BadProof, consistency_path, verify_consistency
from sijinak.core.permissions import Actor, Permission, require
from sijinak.core.signednote import checkpoint_text
from sijinak.core.tlog import MERGED_AT_ONCE, Head, LogCheckpoint, LogLeaf, head, merge, node_at
from sijinak.proofs.logkey import logkey
from sijinak.proofs.queries import LogBroken, latest_checkpoint, sound
from sijinak.proofs.untold import check_all_told

MADE, MISMATCH = "log.checkpoint", "log.mismatch"


def make_checkpoint(why: str, *, by: Actor) -> LogCheckpoint:
    """Merge what waits, and sign. The newest one again when nothing was written since.

    Raises LogBroken; NotBegun for the first one, when the beginning was interrupted.
    """
    require(by, Permission.LOG_CHECKPOINT)
    while merge() == MERGED_AT_ONCE:
        pass
    tree, newest = head(), latest_checkpoint()
    if newest is None:
        check_all_told()
    else:
        sound(newest)
        if _is_all_in(newest, tree):
            return newest
        _check_goes_on(newest, tree)
    signer = logkey.signer
    checkpoint = LogCheckpoint(
        size=tree.size,
        root=tree.root,
        note=signer.sign(checkpoint_text(logkey.origin, tree.size, tree.root)),
        key=signer.vkey,
        why=why,
        made_at=now(),
        made_by=by.id,
        made_by_name=by.name,
    )
    db.session.add(checkpoint)
    db.session.flush()
    events.record(MADE, checkpoint, by=by, region="", size=checkpoint.size, why=str(why))
    return checkpoint


def note_mismatch(size: int, why: str, *, by: Actor) -> None:
    """The alarm, once for each checkpoint and fault: the log is not what was signed."""
    require(by, Permission.LOG_CHECKPOINT)
    asked = select(LogCheckpoint).where(LogCheckpoint.size == size)
    checkpoint = db.session.scalar(asked)
    if checkpoint is None or _was_told(checkpoint.id, why):
        return
    events.record(MISMATCH, checkpoint, by=by, region="", size=size, why=why)


def _is_all_in(newest: LogCheckpoint, tree: Head) -> bool:
    """Its own line in the trail is a leaf, too: that alone is nothing new."""
    if tree.size != newest.size + 1:
        return tree.size == newest.size
    asked = select(LogLeaf).where(LogLeaf.position == newest.size)
    leaf = db.session.scalars(asked).one()
    told = db.session.get(Event, leaf.subject_id) if leaf.kind == Event.__tablename__ else None
    return told is not None and told.name == MADE and told.subject_id == newest.id


def _check_goes_on(newest: LogCheckpoint, tree: Head) -> None:
    """A log signs no checkpoint that contradicts one it signed before (C2SP tlog-checkpoint)."""
    if newest.size == 0:
        return
    try:
        path = consistency_path(newest.size, tree.size, node_at)
        verify_consistency(newest.size, tree.size, newest.root, tree.root, path)
    except (BadProof, LookupError) as error:
        raise LogBroken(size=newest.size, why=f"the log now: {error}") from error


def _was_told(checkpoint_id: UUID, why: str) -> bool:
    asked = select(Event.facts).where(Event.subject_id == checkpoint_id, Event.name == MISMATCH)
    return any(facts.get("why") == why for facts in db.session.scalars(asked.order_by(Event.id)))
