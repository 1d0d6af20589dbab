"""A file becomes lines of text on the disk; a process with little memory and time reads it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sijinak.core.errors import Invalid

CHILD = Path(__file__).with_name("child.py")
SECONDS = 30
KINDS = ("csv", "xlsx")
MEGABYTE = 1024 * 1024
LONGEST_PROBLEM = 1000


class UnreadableList(Invalid):
    """The file as a whole; facts differ by code."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(**facts)
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a list may be; settings say so."""

    megabytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not blank, by the number the spreadsheet shows."""

    row: int
    cells: list[str]


def kind_of(name: str) -> str:
    """The kind, csv or xlsx, by the file's name. Raises UnreadableList."""
    kind = Path(name).suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise UnreadableList("list-kind")
    return kind


def stage(path: Path, kind: str, staged: Path, limits: Limits) -> None:
    """Write the lines of a list to ``staged``. Raises UnreadableList."""
    if path.stat().st_size > limits.megabytes * MEGABYTE:
        raise UnreadableList("list-too-large", most=limits.megabytes)
    command = [sys.executable, "-I", "-X", "utf8", str(CHILD), str(path), kind, str(limits.rows)]
    staged.touch(mode=0o600)
    with staged.open("wb") as lines:
        try:
            done = subprocess.run(  # noqa: S603 - our own script, no shell; it gets no settings
                command, env={}, stdout=lines, stderr=subprocess.DEVNULL, timeout=SECONDS,
                check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise UnreadableList("list-too-slow") from None
    if done.returncode:
        raise UnreadableList("list-unreadable")
    _refuse_problem(staged)
    if next(lines_of(staged), None) is None:
        raise UnreadableList("list-empty")


def lines_of(staged: Path) -> Iterator[Line]:
    return (Line(said[0], said[1]) for said in _said(staged) if isinstance(said, list))


def other_sheets(staged: Path) -> list[str]:
    """Sheets beside the first that hold something; they are said before the first line."""
    found = []
    for said in _said(staged):
        if isinstance(said, list):
            break
        found.append(str(said["sheet"]))
    return found


def _said(staged: Path) -> Iterator[Any]:
    with staged.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _refuse_problem(staged: Path) -> None:
    """What is wrong with the whole file is said last."""
    with staged.open("rb") as file:
        file.seek(max(0, staged.stat().st_size - LONGEST_PROBLEM))
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    if last.startswith(b'{"problem"'):
        facts = json.loads(last)
        raise UnreadableList(facts.pop("problem"), **facts)
