"""What the numbers of a row say: which animal it is, and whether the list says it twice."""

from collections.abc import Sequence
from uuid import UUID

from sijinak.animals.imports.columns import NUMBERS
from sijinak.animals.imports.queries import (
    NOBODY,
    KnownAnimal,
    Number,
    known_animals,
    unusable_tags,
    wearers,
)
from sijinak.animals.imports.row import Becomes, Row
from sijinak.animals.imports.rows import KIND_OF, READERS, RowReader
from sijinak.animals.models import AnimalState
from sijinak.core.errors import Invalid
from sijinak.core.permissions import Actor


class Numbers:
    """Looks at chunk after chunk of a list, and remembers every number of it."""

    def __init__(self, reader: RowReader, by: Actor) -> None:
        self._reader = reader
        self._by = by
        self._rows: dict[Number, int] = {}
        self._animals: dict[UUID, int] = {}

    def look(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._read(row)
        asked = {number for row in rows for number in row.numbers.values()}
        found = wearers(asked)
        animals = known_animals({*found.values()} - {NOBODY}, by=self._by)
        for row in rows:
            self._recognise(row, found, animals)
        _refuse_unusable(rows, found)

    def _read(self, row: Row) -> None:
        for column in NUMBERS:
            if not row.cells.get(column):
                continue
            field = READERS[column][0]
            try:
                row.values[field] = value = self._reader.read(column, row.cells)
            except Invalid as error:
                row.refuse(column, error.code, **error.facts)
                continue
            row.numbers[column] = number = KIND_OF[column], value
            first = self._rows.setdefault(number, row.number)
            if first != row.number:
                row.refuse(column, f"list-{field}-twice", first=first)

    def _recognise(
        self, row: Row, found: dict[Number, UUID], animals: dict[UUID, KnownAnimal]
    ) -> None:
        named = {
            column: found[number]
            for column, number in row.numbers.items()
            if number in found
        }  # fmt: skip
        if not named:
            return
        column, animal_id = next(iter(named.items()))
        field = READERS[column][0]
        if len(set(named.values())) > 1:
            row.refuse(column, "list-numbers-differ")
        elif animal_id == NOBODY or not animals[animal_id].in_reach:
            row.refuse(column, f"{field}-taken", tag=row.values[field])
        else:
            self._take(row, animals[animal_id], column)
        row.is_settled = row.animal is None

    def _take(self, row: Row, animal: KnownAnimal, column: str) -> None:
        state = AnimalState(animal.row.state)
        if state not in (AnimalState.PRESENT, AnimalState.WITHDRAWN):
            row.refuse(column, f"list-animal-{state}")
            return
        first = self._animals.setdefault(animal.row.id, row.number)
        if first != row.number and not row.mistakes:
            row.refuse(column, "list-animal-twice", first=first)
        row.animal = animal
        row.becomes = Becomes.CHANGED if state is AnimalState.PRESENT else Becomes.AGAIN


def _refuse_unusable(rows: Sequence[Row], found: dict[Number, UUID]) -> None:
    """A tag out of stock that was lost, or lies in no bag any more."""
    kind = KIND_OF["kode_tag"]
    fresh = {
        code: row
        for row in rows
        if (code := row.values.get("tag")) and (kind, code) not in found
    }  # fmt: skip
    for code, state in unusable_tags(fresh.keys()).items():
        fresh[code].refuse("kode_tag", "tag-not-usable", tag=code, state=state)
