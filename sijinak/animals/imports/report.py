"""What a rehearsal found: counts at hand, mistakes and changes on the disk, read page by page."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Self

from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.uploads import Upload, written

PAGE = 50
MISTAKES, NOTES, CHANGES, PLAN = "mistakes", "notes", "changes", "plan"
PARTS = (MISTAKES, NOTES, CHANGES, PLAN)
Unknown = dict[str, Any]  # column, text, key, count, suggestion


@dataclass(slots=True)
class Report:
    """Rows by what becomes of them; ``left_out`` are those that the person does not want.

    ``plan`` counts the rows that will write something: the new and the changed.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    left_out: int = 0
    mistakes: int = 0
    notes: int = 0
    new_keepers: int = 0
    blank: int = 0
    blank_rows: list[int] = field(default_factory=list)
    total_rows: list[int] = field(default_factory=list)
    tail_rows: list[int] = field(default_factory=list)
    skipped_rows: list[int] = field(default_factory=list)
    villages: list[str] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)
    dates: str = ""  # the order that was chosen, "ask", or nothing to ask
    digest: str = ""
    without_wrong: bool = False

    @property
    def plan(self) -> int:
        return self.new + self.changed

    @property
    def can_be_taken(self) -> bool:
        return self.plan > 0 and (self.without_wrong or not self.mistakes)

    @property
    def skipped(self) -> int:
        rows = len(self.total_rows) + len(self.tail_rows) + len(self.skipped_rows)
        return self.blank + rows

    def write(self, path: Path) -> None:
        with written(path) as file:
            file.write(json.dumps(asdict(self)).encode())

    @classmethod
    def read(cls, path: Path) -> "Report":
        return cls(**json.loads(path.read_text(encoding="utf-8")))


class Pages:
    """Files of JSON lines that a rehearsal fills."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._stack = ExitStack()
        self._files: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Self:
        for part in PARTS:
            place = written(self._upload.beside(part))
            self._files[part] = self._stack.enter_context(place)
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    def add(self, part: str, line: Sequence[Any]) -> None:
        self.add_text(part, json.dumps(line, ensure_ascii=False) + "\n")

    def add_text(self, part: str, line: str) -> None:
        self._files[part].write(line.encode())


def lines_of_part(upload: Upload, part: str, start: int = 0) -> Iterator[Any]:
    with upload.beside(part).open("rb") as file:
        yield from map(json.loads, islice(file, start, None))


def page_of_part(upload: Upload, part: str, page: int) -> list[Any]:
    return list(islice(lines_of_part(upload, part, (page - 1) * PAGE), PAGE))


def problem_of(line: Sequence[Any]) -> Problem:
    row, column, code, values = line
    return Problem(row, column, code, values)


def line_of(problem: Problem) -> tuple[int, str, str, Mapping[str, Any]]:
    return problem.row, problem.column, problem.code, problem.values
