"""What a person put right about a list in the browser, kept beside the file that they brought."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sijinak.animals.imports.dates import Order
from sijinak.animals.imports.uploads import written


@dataclass(slots=True)
class Repairs:
    """``words`` by column and ``word_key``, ``cells`` by row and column, ``out`` rows left out."""

    words: dict[str, dict[str, str]] = field(default_factory=dict)
    cells: dict[int, dict[str, str]] = field(default_factory=dict)
    out: set[int] = field(default_factory=set)
    order: Order | None = None
    without_wrong: bool = False  # every row with a mistake is left out

    @classmethod
    def read(cls, path: Path) -> "Repairs":
        if not path.exists():
            return cls()
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            words=kept["words"],
            cells={int(row): cells for row, cells in kept["cells"].items()},
            out=set(kept["out"]),
            order=Order(kept["order"]) if kept["order"] else None,
            without_wrong=kept["without_wrong"],
        )

    def write(self, path: Path) -> None:
        with written(path) as file:
            file.write(json.dumps({**asdict(self), "out": sorted(self.out)}).encode())

    def say(self, column: str, key: str, word: str) -> None:
        self.words.setdefault(column, {})[key] = word

    def type_anew(self, row: int, cells: Mapping[str, str]) -> None:
        self.cells.setdefault(row, {}).update(cells)

    def applied(self, row: int, cells: dict[str, str]) -> dict[str, str]:
        typed: dict[str, Any] | None = self.cells.get(row)
        return {**cells, **typed} if typed else cells
