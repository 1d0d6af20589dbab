"""What the log must agree with: its checkpoints, and what others keep of them outside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from sijinak.audit.verifying.faults import Code, Fault, Faults
from sijinak.audit.verifying.tree import MARGIN, Expected
from sijinak.core.db import db
from sijinak.core.signednote import (
    BadNote,
    Checkpoint,
    name_of,
    open_note,
    read_checkpoint,
    same_words,
    spelt_words,
)
from sijinak.core.tlog import LogCheckpoint

CHECKPOINTS = LogCheckpoint.__tablename__
HYPHENS = 7  # of eight words


class UnreadableAnchor(Exception):
    """Neither a signed note nor a size with its eight words; the text says why."""


@dataclass(frozen=True, slots=True)
class Words(Expected):
    """The words of a root, as they stand on paper."""

    words: str = ""

    def differs(self, root: bytes) -> bool:
        return not same_words(self.words, root)


@dataclass(frozen=True, slots=True)
class Anchor:
    """``text``: a signed note, or size and words. ``name`` says where it was found."""

    name: str
    text: str


def outside(anchors: Sequence[Anchor], vkeys: Sequence[str], faults: Faults) -> Iterator[Expected]:
    """Raises UnreadableAnchor."""
    for anchor in anchors:
        if "\n" not in anchor.text.strip():
            yield _from_paper(anchor)
            continue
        told = _opened(anchor.text, vkeys)
        if told is None:
            faults.add(Fault(code=Code.ANCHOR_UNSIGNED, now=anchor.name))
            told = _read(anchor)
        fault = Fault(code=Code.ANCHOR_DIFFERS, was=f"{told.root.hex()} ({anchor.name})")
        yield Expected(told.size, told.root, fault)


def checkpoints(origin: str, vkeys: Sequence[str], faults: Faults) -> Iterator[Expected]:
    """Those in the database, each compared with its note and with the one before it."""
    names = [origin, *(name_of(vkey) for vkey in vkeys)]  # a log may have been renamed
    size, made_at = 0, None
    asked = select(LogCheckpoint).order_by(LogCheckpoint.size, LogCheckpoint.id)
    for one in db.session.scalars(asked.execution_options(yield_per=500)):
        about = partial(Fault, table=CHECKPOINTS, id=one.id, position=size, until=one.size)
        told = _opened(one.note, vkeys)
        meant = [Checkpoint(name, one.size, one.root) for name in names]
        if told not in meant:
            was, now = said(meant[0]), said(told)
            faults.add(about(code=Code.CHECKPOINT_UNSIGNED, was=was, now=now))
        if made_at is not None and one.made_at < made_at - MARGIN:
            faults.add(about(code=Code.CHECKPOINT_DISORDER))
        differs = about(code=Code.CHECKPOINT_DIFFERS, was=one.root.hex())
        yield Expected(one.size, one.root, differs, one.made_at)
        size, made_at = one.size, one.made_at


def said(checkpoint: Checkpoint | None) -> str:
    if checkpoint is None:
        return ""
    return f"{checkpoint.origin} {checkpoint.size} {checkpoint.root.hex()}"


def _from_paper(anchor: Anchor) -> Expected:
    size, _, words = anchor.text.strip().partition(" ")
    if not size.isascii() or not size.isdigit() or spelt_words(words).count("-") != HYPHENS:
        raise UnreadableAnchor(f"{anchor.name}: a size and eight words, please")
    fault = Fault(code=Code.ANCHOR_DIFFERS, was=f"{spelt_words(words)} ({anchor.name})")
    return Words(int(size), b"", fault, None, spelt_words(words))


def _opened(note: str, vkeys: Sequence[str]) -> Checkpoint | None:
    try:
        return read_checkpoint(open_note(note, vkeys))
    except BadNote:
        return None


def _read(anchor: Anchor) -> Checkpoint:
    """What it says, whoever signed it."""
    try:
        return read_checkpoint(anchor.text.partition("\n\n")[0] + "\n")
    except BadNote as error:
        raise UnreadableAnchor(f"{anchor.name}: {error}") from error
