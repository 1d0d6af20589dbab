"""The whole comparison: tree, checkpoints, what others keep, rows, books."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path

from sqlalchemy import select

from sijinak.audit.verifying.anchors import Anchor, checkpoints, outside
from sijinak.audit.verifying.books import book_faults
from sijinak.audit.verifying.erasures import erasure_faults
from sijinak.audit.verifying.faults import NOWHERE, Code, Fault, Faults
from sijinak.audit.verifying.progress import Progress
from sijinak.audit.verifying.reading import count_of
from sijinak.audit.verifying.rows import RowCheck
from sijinak.audit.verifying.tree import MARGIN, TreeCheck, compare_kept
from sijinak.core.clock import now
from sijinak.core.db import db, one_moment
from sijinak.core.events import Event
from sijinak.core.model import Model
from sijinak.core.noting import Logged, noting
from sijinak.core.pace import uncollected
from sijinak.core.permissions import Actor, Permission, require
from sijinak.core.rawrows import moment_text
from sijinak.core.tlog import LogCheckpoint, LogWaiting, head

KEEP_EVERY = 50_000  # leaves
PATIENCE = timedelta(minutes=1)  # the worker merges every second
LASTS = timedelta(hours=6)  # what an interrupted run saw; then it may be altered behind it
CHECKPOINT_MADE = "log.checkpoint"
Seen = Callable[[int, int], None]  # so many of so many


class Begin(StrEnum):
    """With what: what an interrupted run left, always everything, or only the tree's new leaves."""

    RESUMED = "resumed"
    START = "start"
    NEW_LEAVES = "new-leaves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """``vkeys``: who may sign for this log. ``state``: where progress is kept, if it is.

    ``every``: all faults are reported, not the first thousand; none is left of an earlier run.
    """

    origin: str
    vkeys: tuple[str, ...]
    anchors: tuple[Anchor, ...] = ()
    begin: Begin = Begin.START
    state: Path | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """``skipped``: leaves that an earlier run looked at. ``kinds``: as ``Faults.kinds``."""

    size: int
    root: bytes
    rows: int
    skipped: int
    seconds: float
    faults: list[Fault]
    kinds: list[tuple[Fault, int]]

    @property
    def count(self) -> int:
        return sum(number for _, number in self.kinds)

    @property
    def is_clean(self) -> bool:
        return self.count == 0


def verification(wish: Wish, *, by: Actor, seen: Seen = lambda _done, _of: None) -> Report:
    """All at one moment. Raises UnreadableAnchor. Ends the read transaction."""
    require(by, Permission.AUDIT_READ)
    with one_moment(), uncollected():
        return _Run(wish, seen).report()


class _Run:
    def __init__(self, wish: Wish, seen: Seen) -> None:
        self._wish, self._seen = wish, seen
        self._began, self._moment = time.monotonic(), now()
        self._head = head()
        self._of, self._done, self._kept = 2 * self._head.size or 1, 0, 0
        self._progress = self._begun()
        self._skipped = self._progress.growing.frontier.size
        self._waits = count_of(LogWaiting.__table__) > 0

    def report(self) -> Report:
        progress = self._progress
        try:
            self._look()
            progress.finished = True
        finally:
            self._keep()
        frontier = progress.growing.frontier
        return Report(
            frontier.size, frontier.root(), progress.rows, self._skipped,
            time.monotonic() - self._began, progress.faults.in_order(), progress.faults.kinds(),
        )  # fmt: skip

    def _begun(self) -> Progress:
        """What is kept is believed as far as the log still says so.

        Whoever brings a witness from outside goes on with nothing.
        """
        wish, anew = self._wish, Progress(self._moment, faults=Faults(keeps_all=self._wish.every))
        if wish.every or wish.begin is Begin.START or wish.state is None:
            return anew
        kept = Progress.kept(wish.state)
        if kept is None or not kept.stands():
            return anew
        if kept.finished:
            is_enough = wish.begin is Begin.NEW_LEAVES
            return kept.onwards(self._moment) if is_enough else anew
        is_fresh = timedelta() <= self._moment - kept.began < LASTS
        return kept if is_fresh and not wish.anchors else anew

    def _look(self) -> None:
        growing, faults, wish = self._progress.growing, self._progress.faults, self._wish
        signed = list(checkpoints(wish.origin, wish.vkeys, faults))
        expected = [*signed, *outside(wish.anchors, wish.vkeys, faults)]
        for one in expected:
            if one.size < growing.frontier.size:
                compare_kept(one, faults)
        for done in TreeCheck(growing, expected, faults).run():
            self._on(done - self._done)
        self._rows(min((one.size for one in signed), default=NOWHERE))
        for fault in (
            *_waiting_too_long(self._moment),
            *_checkpoints_as_told(),
            *erasure_faults(),
            *book_faults(),
        ):
            faults.add(fault)

    def _rows(self, begun: int) -> None:
        progress = self._progress
        for model, logged in _tables_from(progress.table):
            after = progress.after if model.__tablename__ == progress.table else None
            progress.table, progress.after = model.__tablename__, after
            check = RowCheck(model, logged, begun, progress.faults)
            for piece in check.run(after, waiting=self._waits):
                progress.after, progress.rows = piece.after, progress.rows + piece.rows
                self._on(piece.leaves)

    def _on(self, more: int) -> None:
        self._done += more
        self._seen(min(self._done, self._of), self._of)
        if self._done - self._kept >= KEEP_EVERY:
            self._keep()

    def _keep(self) -> None:
        self._kept = self._done
        if self._wish.state is not None and not self._wish.every:
            self._progress.keep(self._wish.state)


def _tables_from(table: str) -> Iterator[tuple[type[Model], Logged]]:
    """In the order of their names, from this one on."""
    for model in sorted(noting.table, key=_name):
        if model.__tablename__ >= table:
            yield model, noting.table[model]


def _name(model: type[Model]) -> str:
    return str(model.__tablename__)


def _waiting_too_long(moment: datetime) -> Iterator[Fault]:
    """Nothing vouches for what is not in the tree."""
    late = LogWaiting.written_at < moment - PATIENCE
    asked = select(LogWaiting).where(late).order_by(LogWaiting.id).limit(1)
    first = db.session.scalar(asked.execution_options(populate_existing=True))
    if first is not None:
        waits = count_of(LogWaiting.__table__, late)
        yield Fault(
            code=Code.LEAF_WAITS, table=first.kind, id=first.subject_id,
            was=moment_text(first.written_at), now=f"{waits}",
        )  # fmt: skip


def _checkpoints_as_told() -> Iterator[Fault]:
    """Of each that was made an event tells, which is in the log itself; it says when, too."""
    asked = select(Event.subject_id, Event.facts, Event.happened_at, LogCheckpoint.made_at)
    asked = asked.outerjoin(LogCheckpoint, LogCheckpoint.id == Event.subject_id).where(
        Event.name == CHECKPOINT_MADE, Event.subject_type == LogCheckpoint.__tablename__
    )
    for checkpoint, facts, told_at, made_at in db.session.execute(asked.order_by(Event.id)):
        about = partial(
            Fault, table=LogCheckpoint.__tablename__, id=checkpoint, position=facts.get("size")
        )
        if made_at is None:
            yield about(code=Code.CHECKPOINT_MISSING, was=f"{facts.get('size')}")
        elif abs(made_at - told_at) > MARGIN:
            was, found = moment_text(told_at), moment_text(made_at)
            yield about(code=Code.CHECKPOINT_DISORDER, was=was, now=found)
