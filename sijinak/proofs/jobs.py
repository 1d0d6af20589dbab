"""The log grows, and checkpoints are made by themselves; those of a closed day go out."""

from sqlalchemy import select

from sijinak.core import tlog
from sijinak.core.clock import local, today
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.core.tlog import MERGED_AT_ONCE, LogCheckpoint, LogWaiting
from sijinak.notices.models import Purpose
from sijinak.notices.services import queue_notices
from sijinak.proofs.models import Why
from sijinak.proofs.queries import latest_checkpoint
from sijinak.proofs.services import make_checkpoint
from sijinak.proofs.telling import message_about
from sijinak.proofs.watching import watched


def merge() -> None:
    """What was written goes into the tree; nobody is kept while nothing waits."""
    while db.session.scalar(select(LogWaiting.id).limit(1)) is not None:
        with transaction():
            merged = tlog.merge()
        if merged < MERGED_AT_ONCE:
            return


def close_day(event: Event) -> None:
    """The books of a day are closed: the checkpoint goes to all who keep one."""
    day = str(event.facts["day"])
    with watched(), transaction():
        checkpoint = make_checkpoint(Why.BOOKS_CLOSED, by=WORKER)
        queue_notices(message_about(checkpoint, day), Purpose.CHECKPOINT, by=WORKER)


def cover_deposit(_event: Event) -> None:
    """The STS that was prepared bears the words of the log."""
    _make(Why.DEPOSIT)


def make_daily() -> None:
    """In the first hour of each day, whatever else was done."""
    newest = latest_checkpoint()
    if newest is None or local(newest.made_at).date() < today():
        _make(Why.DAILY)


def _make(why: Why) -> LogCheckpoint:
    with watched(), transaction():
        return make_checkpoint(why, by=WORKER)
