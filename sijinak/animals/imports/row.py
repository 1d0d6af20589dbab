"""One row of a list on its way through the rehearsal."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.queries import KnownAnimal, Number
from sijinak.animals.imports.rows import Values


class Becomes(StrEnum):
    """What a row writes."""

    NEW = "new"
    CHANGED = "changed"
    AGAIN = "again"  # registered anew: its registration was withdrawn before


@dataclass(slots=True)
class Row:
    """``changes`` are columns with what they said and what they would say.

    ``is_settled``: it is refused, and nothing more is said of its cells.
    """

    number: int
    cells: dict[str, str]
    becomes: Becomes = Becomes.NEW
    animal: KnownAnimal | None = None
    is_settled: bool = False
    values: Values = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)  # by column
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    mistakes: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, code: str, **values: object) -> None:
        self.mistakes.append(Problem(self.number, column, code, values))

    def note(self, column: str, code: str, **values: object) -> None:
        self.notes.append(Problem(self.number, column, code, values))
