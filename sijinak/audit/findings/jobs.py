"""The look at everything: each night, and whenever an auditor asks for it."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from sijinak.audit.findings.catalogue import CHECKS
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import MOST_HITS
from sijinak.audit.findings.looking import (
    AT_ONCE,
    begin_look,
    end_look,
    note_hits,
    plan_look,
    tell_gone,
)
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER

log = logging.getLogger(__name__)
FAILED = -1  # found, of a check that could not be asked


def look() -> None:
    """By the clock."""
    with transaction():
        look_id = plan_look(WORKER).id
    look_at_all(look_id)


def look_for(event: Event) -> None:
    """Somebody pressed the button."""
    look_at_all(event.subject_id)


def look_at_all(
    look_id: UUID, checks: Iterable[Check] = tuple(CHECKS.values())
) -> dict[str, list[int]]:
    """Each check by itself: one that fails is told of, and keeps none of the others."""
    with transaction():
        if not begin_look(look_id):
            return {}
    counts: dict[str, list[int]] = {}
    for check in checks:
        try:
            counts[check.code] = list(look_with(check))
        except Exception:
            log.exception("the check %s failed", check.code)
            counts[check.code] = [FAILED, 0]
            with transaction():  # begins anew: what failed has spoilt the one that was read in
                pass
    with transaction():
        end_look(look_id, counts)
    return counts


def look_with(check: Check) -> tuple[int, int]:
    """How many were found, and how many of them are new. It reads outside any transaction."""
    seen_at, new = now(), 0
    found = list(islice(check.look(), MOST_HITS + 1))
    kept = found[:MOST_HITS]
    for start in range(0, len(kept), AT_ONCE):
        new += _note(check, kept[start : start + AT_ONCE], seen_at)
    if len(found) == len(kept):  # all of them: what was not among it is gone
        while _tell_gone(check, seen_at):
            pass
    return len(found), new


def _note(check: Check, hits: Sequence[Hit], seen_at: datetime) -> int:
    with transaction():
        new = note_hits(check, hits, seen_at, by=WORKER)
    db.session.expunge_all()
    return new


def _tell_gone(check: Check, seen_at: datetime) -> int:
    with transaction():
        return tell_gone(check.code, seen_at, by=WORKER)
