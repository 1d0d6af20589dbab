"""A recommendation letter as the worker makes it: filled, with its QR code, the SKRD, signed.

Each letter is another permit's, for Typst keeps what it has drawn: the same one again would cost
next to nothing. The first of a process loads fonts and libraries and stands in the note. CPU time
counts, which others on the machine disturb least; the wall's time stands beside it.
"""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from benchmarks.databases import installed, scratch_folder
from benchmarks.measuring import Result
from sijinak.config import Settings
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.permissions import OPERATOR
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.signing.content import content_of
from sijinak.permits.signing.jobs import make_paper, sign_paper
from sijinak.permits.signing.keeping import ensure_demo_keys
from sijinak.permits.signing.keys import signing_key
from sijinak.permits.signing.models import KeyUse
from sijinak.permits.signing.ordering import order_paper
from tests.permits.factories import deliver, make_herd, make_office, make_permit, take

ANIMALS, LETTERS = 30, 11
LONGEST_MS = 100.0


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds."""

    cpu: float
    wall: float


def permit_pdf_ms() -> Result:
    """Thirty animals, whose tags are all in the code; beside it what the whole job takes."""
    with scratch_folder() as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder / 'papers.sqlite'}", data_dir=str(folder)
        )
        with installed(settings.database, folder) as app, app.app_context():
            first, *rest = _due(settings)
            begun = _taken(lambda: make_paper(first))
            drawn = [_taken(_signing(event, settings)) for event in rest[::2]]
            jobs = [_taken(partial(make_paper, event)) for event in rest[1::2]]
    cpu = statistics.median(each.cpu for each in drawn)
    job = statistics.median(each.cpu for each in jobs)
    wall = statistics.median(each.wall for each in drawn)
    note = (
        f"CPU time, {ANIMALS} animals, median of {len(drawn)} letters, slowest"
        f" {max(each.cpu for each in drawn):.0f}; with its order, storage and row {job:.0f}, first"
        f" of the process {begun.cpu:.0f}; wall {wall:.0f} ms at a load of"
        f" {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    return Result(cpu, LONGEST_MS, note, unit="ms")


def _due(settings: Settings) -> list[Event]:
    """Permits that were issued, and whose letters the worker has not made yet."""
    with transaction():
        ensure_demo_keys(settings.regency, by=OPERATOR)
    office = make_office()
    made = [
        make_permit(office, PermitState.APPROVED, tags=make_herd(office.firm, ANIMALS))
        for _ in range(LETTERS)
    ]
    deliver()
    for permit in made:
        take("issue", permit, office.desk)
    due = list(db.session.scalars(select(Event).where(Event.name == "permit.issue")))
    db.session.expunge_all()
    return due


def _signing(event: Event, settings: Settings) -> Callable[[], object]:
    """From the rows to the signed file, as the job does it between its transactions."""
    with transaction():
        order = order_paper(event)
    assert order
    days, ordered = settings.skkh_valid_days, order.permit_id

    def sign() -> None:
        key, permit = signing_key(KeyUse.QR), db.session.get_one(Permit, ordered)
        content = content_of(order, permit, event.happened_at, skkh_days=days, is_demo=key.is_demo)
        sign_paper(content, key, settings)

    return sign


def _taken(work: Callable[[], object]) -> Taken:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Taken((time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000)
