"""What a paper says of the log, as somebody typed it, against the log."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sijinak.core.codes import ALPHABET
from sijinak.core.errors import NotFound
from sijinak.core.signednote import WORD, WORDS, spelt_words, words_of
from sijinak.core.tlog import LogCheckpoint
from sijinak.proofs.queries import checkpoint_of_size
from sijinak.public.guard import count_miss
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form

SIZE, TYPED = "ukuran", "kata"  # the fields
MOST_DIGITS = 18
PARTS = 2  # words in which a paper that has room for no more says a checkpoint
_SIZE = re.compile(
    r"(\d{1,3}(?:[.\s]\d{3})+|\d+)[\s:]*(?:baris|lines?)?\.?", re.IGNORECASE | re.ASCII
)


class Said(StrEnum):
    """What a paper's size and words are to the log."""

    SAME = "same"
    BEGINS = "begins"  # so many words as were typed
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compared:
    said: Said
    checkpoint: LogCheckpoint | None = None


def compared(asked: Mapping[str, str]) -> Form[Compared]:
    """What was typed, and what it is to the log, or what nobody can read of it.

    Neither when nobody asked. What is not ours counts as a miss of whoever tries.
    """
    form = Form[Compared]({name: asked.get(name, "") for name in (SIZE, TYPED)})
    if not any(text.strip() for text in form.raw.values()):
        return form
    size, words = size_of(form.raw[SIZE]), spelt_words(form.raw[TYPED])
    if size is None:
        form.errors[SIZE] = [_("Write the size in digits as the paper has it, such as 1.096.")]
    if not _are_words(words):
        form.errors[TYPED] = [
            _("Write at least two whole words of four letters or digits, such as 7K3M-9QX4.")
        ]
    if size is not None and not form.errors:
        form.value = _with(size, words)
        if form.value.said in {Said.UNKNOWN, Said.DIFFERS}:
            count_miss()
    return form


def size_of(text: str) -> int | None:
    """Of ``1096``, ``1.096``, ``1 096`` and ``1.096 baris``; None for what is no size."""
    found = _SIZE.fullmatch(" ".join(text.split()))
    digits = re.sub(r"\D", "", found[1]) if found else ""
    return int(digits) if 0 < len(digits) <= MOST_DIGITS else None


def _are_words(typed: str) -> bool:
    words = typed.split("-")
    is_whole = all(len(word) == WORD for word in words) and PARTS <= len(words) <= WORDS
    return is_whole and set("".join(words)) <= set(ALPHABET)


def _with(size: int, typed: str) -> Compared:
    try:
        checkpoint = checkpoint_of_size(size)
    except NotFound:
        return Compared(Said.UNKNOWN)
    whole, parts = words_of(checkpoint.root).split("-"), typed.split("-")
    return Compared(_said(parts, whole), checkpoint)


def _said(typed: Sequence[str], words: Sequence[str]) -> Said:
    """A receipt bears the first words only."""
    if list(typed) == list(words):
        return Said.SAME
    return Said.BEGINS if list(typed) == list(words[: len(typed)]) else Said.DIFFERS
