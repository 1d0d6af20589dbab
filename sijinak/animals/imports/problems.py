"""What is wrong with a list, by row and column, as a code and its values: edges have the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
    values: Mapping[str, Any] = field(default_factory=dict)
