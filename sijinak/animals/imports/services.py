"""Taking a list in: all of it, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from sijinak.animals.imports.queries import batch_with
from sijinak.animals.imports.rehearsal import Report, rehearse
from sijinak.animals.imports.rows import Entry
from sijinak.animals.imports.table import Table
from sijinak.animals.models import ImportBatch, Precision
from sijinak.animals.services import RegisterAnimal, register_animal
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.models import KeeperKind
from sijinak.keepers.services import RegisterKeeper, register_keeper

MARKS = (
    "village", "hamlet", "species", "breed", "sex", "birth_date", "teeth", "colour", "horns",
    "ears", "whorls", "brand", "special_marks", "verification", "tag", "eartag",
)  # fmt: skip


class ListRefused(Invalid):
    """The list has mistakes; the report names them."""

    code = "list-refused"

    def __init__(self, report: Report) -> None:
        super().__init__(count=len(report.errors))
        self.report = report


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeList:
    id: UUID = field(default_factory=uuid7)
    file_name: str
    table: Table


def take_list(
    command: TakeList, *, by: Actor, each: Callable[[], object] = lambda: None
) -> ImportBatch:
    """Raises ListRefused. A list that came before, also at this very moment, answers its batch.

    ``each`` is called after every animal.
    """
    report = rehearse(command.table, by=by)
    if report.earlier is not None:
        return report.earlier
    if not report.can_be_taken:
        raise ListRefused(report)
    for village in {entry.village for entry in report.entries}:
        require(by, Permission.ANIMAL_IMPORT, region=village)
    batch, is_new = _open_batch(command, report, by)
    if is_new:
        # The rehearsal found no doubles: asking for them again need not write first what waits.
        with db.session.no_autoflush:
            _register(batch, report, by, each)
        events.record(
            "animal.list-imported", batch, by=by, region=batch.region,
            animals=batch.animals, new_keepers=batch.new_keepers,
        )  # fmt: skip
    return batch


def _open_batch(command: TakeList, report: Report, by: Actor) -> tuple[ImportBatch, bool]:
    """The row of this list, and whether it is new: two at once wait here, and one made it."""
    row = {
        "id": command.id,
        "digest": report.digest,
        "file_name": command.file_name,
        "region": _region_of(report.entries),
        "animals": len(report.entries),
        "new_keepers": report.new_keepers,
        "imported_at": now(),
        "imported_by": by.id,
    }
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    only = insert(ImportBatch).on_conflict_do_nothing().returning(ImportBatch.id)
    is_new = db.session.execute(only.values(row)).scalar() is not None
    batch = batch_with(report.digest)
    if batch is None:
        raise RuntimeError("a batch vanished")
    return batch, is_new


def _register(batch: ImportBatch, report: Report, by: Actor, each: Callable[[], object]) -> None:
    keepers = dict(report.keepers)
    for entry in report.entries:
        if entry.nik not in keepers:
            keepers[entry.nik] = register_keeper(_keeper_of(entry), by=by).id
            db.session.flush()
        marks = {name: getattr(entry, name) for name in MARKS}
        precision = Precision.EXACT if entry.birth_date else None
        register_animal(
            RegisterAnimal(
                keeper_id=keepers[entry.nik],
                birth_precision=precision,
                batch_id=batch.id,
                **marks,
            ),
            by=by,
        )
        each()


def _keeper_of(entry: Entry) -> RegisterKeeper:
    """The list does not say where an owner lives, so it is where the first animal stands."""
    return RegisterKeeper(
        kind=KeeperKind.PERSON,
        name=entry.owner,
        village=entry.village,
        hamlet=entry.hamlet,
        nik=entry.nik,
        phone=entry.phone,
    )


def _region_of(entries: tuple[Entry, ...]) -> str:
    """The village, or the smallest region that holds all villages of the list."""
    levels = zip(*(entry.village.split(".") for entry in entries), strict=True)
    return ".".join(parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, levels))
