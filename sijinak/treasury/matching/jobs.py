"""Matching by the clock, and whenever a statement was taken in."""

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.treasury.matching.checking import release_rejected, settle_confirmed
from sijinak.treasury.matching.differences import look_for_differences
from sijinak.treasury.matching.services import match_waiting


def match_lines() -> int:
    """How many were matched."""
    with transaction():
        return len(match_waiting(by=WORKER))


def match_new(_: Event) -> None:
    """A statement was taken in."""
    match_lines()


def take_confirmed(event: Event) -> None:
    """A second person has confirmed a file: what only it tells of is money now."""
    with transaction():
        settle_confirmed(event.subject_id, by=WORKER)
    match_lines()


def release(event: Event) -> None:
    """A second person has rejected a file: what its lines held may be matched again."""
    with transaction():
        release_rejected(event.subject_id, by=WORKER)
    match_lines()


def reconcile() -> None:
    """Match what can be matched, then put into the queue what cannot."""
    match_lines()
    with transaction():
        look_for_differences(by=WORKER)
