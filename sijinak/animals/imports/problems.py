"""What is wrong with a list, by row and column, as a code and its values: edges have the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sijinak.core.errors import Invalid


class BadCell(Invalid):
    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(**facts)
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    row: int
    column: str
    code: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Findings:
    """Filled while a list is looked through."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def refuse(self, row: int, column: str, code: str, **values: object) -> None:
        self.errors.append(Problem(row, column, code, values))

    def warn(self, row: int, column: str, code: str, **values: object) -> None:
        self.warnings.append(Problem(row, column, code, values))
