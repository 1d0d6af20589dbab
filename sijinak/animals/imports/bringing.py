"""From a file to its rehearsal, and from the rehearsal to a batch: what page and command share."""

from collections.abc import Iterator
from uuid import UUID

from sijinak.animals.imports.queries import batch_with
from sijinak.animals.imports.rehearsal import rehearse
from sijinak.animals.imports.report import PLAN, Report
from sijinak.animals.imports.services import BeginList, begin_list
from sijinak.animals.imports.table import Limits, stage
from sijinak.animals.imports.taking import Plan, take_chunk
from sijinak.animals.imports.uploads import Upload, Uploads
from sijinak.animals.models import BatchState, ImportBatch
from sijinak.core.db import Clash, db, transaction
from sijinak.core.pace import uncollected
from sijinak.core.permissions import Actor

TRIES = 5


def prepare(upload: Upload, limits: Limits, *, by: Actor) -> Report:
    """Raises UnreadableList."""
    stage(upload.path, upload.kind, upload.beside("rows"), limits)
    return rehearse(upload, by=by)


def earlier(report: Report) -> ImportBatch | None:
    """The batch of the same list, when it was taken in before and stands."""
    return batch_with(bytes.fromhex(report.digest)) if report.digest else None


def begin(upload: Upload, report: Report, *, by: Actor) -> ImportBatch:
    """Inside a transaction."""
    command = BeginList(
        id=upload.id,
        file_name=upload.name,
        digest=bytes.fromhex(report.digest),
        villages=tuple(report.villages),
        rows=report.plan,
        same=report.same,
    )
    return begin_list(command, by=by)


def leave_plan(upload: Upload, batch: ImportBatch) -> None:
    """All that is needed from here on is the plan, and only if it is this list's batch."""
    upload.forget(but=PLAN if batch.id == upload.id else "")


def chunks_of(batch_id: UUID, uploads: Uploads, *, by: Actor) -> Iterator[int]:
    """Take in chunk after chunk, each in a transaction of its own; gives how many rows are done."""
    path = uploads.plan_of(batch_id)
    plan, going = Plan(path), True
    while going:
        going, done = _take_next(batch_id, plan, by)
        yield done
    path.unlink(missing_ok=True)


def _take_next(batch_id: UUID, plan: Plan, by: Actor) -> tuple[bool, int]:
    """Somebody may register the same at this very moment: then the chunk is looked at again."""
    for left in reversed(range(TRIES)):
        try:
            with uncollected(), transaction():
                batch = take_chunk(batch_id, plan, by=by)
                going, done = batch.state is BatchState.TAKING, batch.rows_done
        except Clash:
            if not left:
                raise
            continue
        db.session.expunge_all()
        return going, done
    raise AssertionError
