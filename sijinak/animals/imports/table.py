"""A file becomes rows of text; a process with little memory and time reads it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sijinak.core.errors import Invalid

CHILD = Path(__file__).with_name("child.py")
SECONDS = 30
MOST_ROWS = 20_000
KINDS = ("csv", "xlsx")
MEGABYTE = 1024 * 1024


class UnreadableList(Invalid):
    """The file as a whole; facts differ by code."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(**facts)
        self.code = code


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not blank, by the number the spreadsheet shows."""

    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: Line
    lines: tuple[Line, ...]
    other_sheets: tuple[str, ...] = ()


def kind_of(name: str) -> str:
    """The kind, csv or xlsx, by the file's name. Raises UnreadableList."""
    kind = Path(name).suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise UnreadableList("list-kind")
    return kind


def read_table(path: Path, kind: str, *, max_mb: int) -> Table:
    """Raises UnreadableList."""
    if path.stat().st_size > max_mb * MEGABYTE:
        raise UnreadableList("list-too-large", most=max_mb)
    spoken = [json.loads(line) for line in _read(path, kind).splitlines()]
    lines = [Line(said[0], tuple(said[1])) for said in spoken if isinstance(said, list)]
    if not lines:
        raise UnreadableList("list-empty")
    if len(lines) == 1:
        raise UnreadableList("list-header-only")
    others = tuple(said["sheet"] for said in spoken if isinstance(said, dict))
    return Table(lines[0], tuple(lines[1:]), others)


def _read(path: Path, kind: str) -> str:
    command = [sys.executable, "-I", "-X", "utf8", str(CHILD), str(path), kind, str(MOST_ROWS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, no shell; it gets no settings
            command, env={}, capture_output=True, timeout=SECONDS, check=False, encoding="utf-8"
        )
    except subprocess.TimeoutExpired:
        raise UnreadableList("list-too-slow") from None
    if done.returncode:
        raise UnreadableList("list-unreadable")
    last = done.stdout.rpartition("\n")[0].rpartition("\n")[2]
    if last.startswith('{"problem"'):
        facts = json.loads(last)
        raise UnreadableList(facts.pop("problem"), **facts)
    return done.stdout
