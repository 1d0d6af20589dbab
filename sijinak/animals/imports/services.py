"""Taking a list in is begun here, and the worker goes on chunk by chunk; undoing is one step."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from sijinak.animals.imports.queries import batch_by_id, batch_to_change, batch_with
from sijinak.animals.imports.undoing import withdraw
from sijinak.animals.models import BatchState, ImportBatch
from sijinak.areas.queries import region_of_all
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require


class BatchNotDone(Conflict):
    """It is still being taken in, or was undone already. Facts: ``state``."""

    code = "list-not-done"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginList:
    """A list that was rehearsed: ``rows`` will write something, ``same`` say what is known."""

    id: UUID = field(default_factory=uuid7)
    file_name: str
    digest: bytes
    villages: tuple[str, ...]
    rows: int
    same: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoBatch:
    id: UUID = field(default_factory=uuid7)
    batch_id: UUID
    reason: str


def begin_list(command: BeginList, *, by: Actor) -> ImportBatch:
    """A list that came before, also at this very moment, answers its batch."""
    require(by, Permission.ANIMAL_IMPORT)
    for village in command.villages:
        require(by, Permission.ANIMAL_IMPORT, region=village)
    if not _open_batch(command, by):
        return batch_with(command.digest) or batch_to_change(command.id)
    batch = batch_to_change(command.id)
    events.record(
        "animal.list-begun", batch, by=by, region=batch.region, rows=batch.rows, same=batch.same
    )
    return batch


def undo_batch(command: UndoBatch, *, by: Actor) -> ImportBatch:
    """Raises NotFound, BatchNotDone, and BatchHangs when anything came after."""
    require(by, Permission.ANIMAL_IMPORT)
    is_new = first_time(command, by=by)
    batch_by_id(command.batch_id, by=by)
    batch = batch_to_change(command.batch_id)
    if not is_new:
        return batch
    if batch.state is not BatchState.DONE:
        raise BatchNotDone(state=batch.state)
    animals, keepers = withdraw(batch, command.reason, by=by)
    batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, now(), by.id
    batch.undone_because = command.reason
    events.record(
        "animal.list-undone", batch, by=by, region=batch.region,
        animals=animals, updated=batch.updated, keepers=keepers, reason=command.reason,
    )  # fmt: skip
    return batch


def _open_batch(command: BeginList, by: Actor) -> bool:
    """Whether the list is new: two at once wait here, and one of them made the batch."""
    row = {
        "id": command.id,
        "digest": command.digest,
        "file_name": command.file_name,
        "region": region_of_all(command.villages),
        "state": BatchState.TAKING,
        "rows": command.rows,
        "rows_done": 0,
        "animals": 0,
        "updated": 0,
        "same": command.same,
        "new_keepers": 0,
        "put_aside": 0,
        "aside": [],
        "undone_because": "",
        "imported_at": now(),
        "imported_by": by.id,
    }
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    only = insert(ImportBatch).on_conflict_do_nothing().returning(ImportBatch.id)
    return db.session.execute(only.values(row)).scalar() is not None
