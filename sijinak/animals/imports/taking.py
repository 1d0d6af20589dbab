"""One chunk of a list goes into the register: a transaction that the edge opens."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sijinak.animals.imports.changes import change_known, register_again
from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.queries import (
    Number,
    batch_to_change,
    known_keepers,
    unusable_tags,
    wearers,
)
from sijinak.animals.imports.row import Becomes
from sijinak.animals.imports.rows import KIND_OF, READERS
from sijinak.animals.imports.writing import Owners, write_new
from sijinak.animals.models import BatchState, IdentifierKind, ImportBatch
from sijinak.core.bulk import tune
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.permissions import Actor, Permission, may

CHUNK = 5000
FIELDS = tuple((READERS[column][0], kind) for column, kind in KIND_OF.items())
COLUMN_OF = {kind: column for column, kind in KIND_OF.items()}
MOST_NAMED = 1000  # of the rows that were put aside


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan. ``animal_id`` is of an animal that is known."""

    becomes: Becomes
    row: int
    animal_id: UUID | None
    values: dict[str, Any]

    @property
    def numbers(self) -> list[Number]:
        """Of a row that tells all of an animal."""
        values = self.values
        return [(kind, values[field]) for field, kind in FIELDS if values.get(field)]


@dataclass(slots=True)
class Outcome:
    """What a chunk did, and the rows that met something that came between."""

    animals: int = 0
    updated: int = 0
    new_keepers: int = 0
    aside: list[Problem] = field(default_factory=list)

    def put_aside(self, row: int, column: str, code: str, **values: object) -> None:
        self.aside.append(Problem(row, column, code, values))


class Plan:
    """The lines that are still to be written; the file is read from where the batch is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = -1
        self._left: Any = iter(())

    def lines(self, start: int, count: int) -> list[Line]:
        """Empty at the end, and when the file is gone."""
        if start != self._at:
            self._left = self._open(start)
        found = [
            Line(Becomes(said[0]), said[1], said[2] and UUID(said[2]), said[3])
            for said in map(json.loads, islice(self._left, count))
        ]
        self._at = start + len(found)
        return found

    def _open(self, start: int) -> Any:
        if not self._path.exists():
            return iter(())
        with self._path.open("rb") as file:
            yield from islice(file, start, None)


def take_chunk(batch_id: UUID, plan: Plan, *, by: Actor) -> ImportBatch:
    """How far it came is written with the rows: who goes on, also after a kill, goes on there."""
    batch = batch_to_change(batch_id)
    if batch.state is not BatchState.TAKING:
        return batch
    tune()
    lines = plan.lines(batch.rows_done, CHUNK)
    outcome = _take(batch, lines, by)
    batch.rows_done += len(lines)
    batch.animals += outcome.animals
    batch.updated += outcome.updated
    batch.new_keepers += outcome.new_keepers
    batch.put_aside += len(outcome.aside)
    named = [[p.row, p.column, p.code, dict(p.values)] for p in outcome.aside]
    batch.aside = [*batch.aside, *named][:MOST_NAMED] if named else batch.aside
    if batch.rows_done >= batch.rows or not lines:
        _finish(batch, by)
    return batch


def _finish(batch: ImportBatch, by: Actor) -> None:
    batch.state, batch.finished_at = BatchState.DONE, now()
    events.record(
        "animal.list-imported", batch, by=by, region=batch.region, animals=batch.animals,
        updated=batch.updated, new_keepers=batch.new_keepers, put_aside=batch.put_aside,
    )  # fmt: skip


def _take(batch: ImportBatch, lines: Sequence[Line], by: Actor) -> Outcome:
    outcome = Outcome()
    new = [line for line in lines if line.becomes is Becomes.NEW]
    again = [line for line in lines if line.becomes is Becomes.AGAIN]
    known = [line for line in lines if line.becomes is Becomes.CHANGED]
    niks = {line.values["nik"] for line in (*new, *again)}
    owners = Owners(batch, known_keepers(niks, by=by))
    new = _without_conflicts(new, owners, outcome, by)
    again = _without_conflicts(again, owners, outcome, by)
    outcome.new_keepers = owners.register([line.values for line in (*new, *again)])
    outcome.animals = write_new(batch, [line.values for line in new], owners, by=by)
    outcome.animals += register_again(batch, again, owners, outcome, by=by)
    outcome.updated = change_known(batch, known, outcome, by=by)
    db.session.flush()
    return outcome


def _without_conflicts(
    lines: list[Line], owners: Owners, outcome: Outcome, by: Actor
) -> list[Line]:
    """Whatever the rehearsal found, somebody may have come between."""
    numbers = {number for line in lines for number in line.numbers}
    taken = wearers(numbers)
    fresh = {value for kind, value in numbers - taken.keys() if kind is IdentifierKind.TAG}
    unusable = unusable_tags(fresh)
    villages = {line.values["village"] for line in lines}
    out = {v for v in villages if not may(by, Permission.ANIMAL_IMPORT, region=v)}
    good = []
    for line in lines:
        values, code = line.values, line.values.get("tag", "")
        others = [n for n in line.numbers if taken.get(n, line.animal_id) != line.animal_id]
        if others:
            _put_aside_taken(line, others[0], outcome)
        elif code in unusable:
            state = unusable[code]
            outcome.put_aside(line.row, "kode_tag", "tag-not-usable", tag=code, state=state)
        elif values["village"] in out:
            outcome.put_aside(line.row, "desa", "list-village-out-of-reach")
        elif not owners.in_reach(values["nik"]):
            outcome.put_aside(line.row, "nik", "list-owner-elsewhere")
        else:
            good.append(line)
    return good


def _put_aside_taken(line: Line, number: Number, outcome: Outcome) -> None:
    kind, value = number
    outcome.put_aside(line.row, COLUMN_OF[kind], f"{kind}-taken", tag=value)
