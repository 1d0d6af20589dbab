"""Log and rows are compared every night.

Leaves that were right before are not looked at again, but every row is: it may be altered late.
"""

import logging
import time
from pathlib import Path

from flask import current_app

from sijinak.audit.verifying.services import NoteVerification, note_verification
from sijinak.audit.verifying.verification import Begin, Report, Wish, verification
from sijinak.core.db import transaction
from sijinak.core.permissions import WORKER
from sijinak.proofs import jobs as proof_jobs
from sijinak.proofs.logkey import logkey
from sijinak.web.settings import settings

STATE = "verified.json"
PAUSE = 2.0  # seconds in which what waits may wait, however long a comparison takes

log = logging.getLogger(__name__)


def verify() -> None:
    """What is found stands in the log, in the trail, and on the auditors' desk."""
    folder = Path(settings().data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    wish = Wish(
        origin=logkey.origin, vkeys=logkey.vkeys, begin=Begin.NEW_LEAVES, state=folder / STATE
    )
    report = verification(wish, by=WORKER, seen=_Merging().seen)
    for fault in report.faults:
        log.critical("the log of what happened: %s", fault.told())
    with transaction():
        note_verification(noted(report), by=WORKER)


class _Merging:
    """The log grows meanwhile, in a session of its own: the comparison keeps its moment."""

    def __init__(self) -> None:
        self._app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001
        self._next = time.monotonic() + PAUSE

    def seen(self, _done: int, _of: int) -> None:
        if time.monotonic() >= self._next:
            with self._app.app_context():
                proof_jobs.merge()
            self._next = time.monotonic() + PAUSE


def noted(report: Report) -> NoteVerification:
    return NoteVerification(
        size=report.size, rows=report.rows, seconds=round(report.seconds), count=report.count,
        first=report.faults[0] if report.faults else None,
    )  # fmt: skip
