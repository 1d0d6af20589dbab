"""Tag codes out of what was typed, pasted, scanned or uploaded."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Protocol

from sijinak.animals.imports.table import (
    MEGABYTE,
    Limits,
    UnreadableList,
    kind_of,
    lines_of,
    stage,
)
from sijinak.core.codes import NotATagCode, parse_tag_code

MOST_TAGS = 500
LIMITS = Limits(megabytes=1, rows=2000)
_PARTS = re.compile(r"[\r\n,;\t]+")
_LAST = re.compile(r"^(?:https?://\S+/t/|.*/t/)(?P<code>[^/?#\s]+)\s*$", re.IGNORECASE)


class Uploaded(Protocol):
    """A file that came with a form."""

    @property
    def filename(self) -> str | None: ...

    @property
    def stream(self) -> IO[bytes]: ...


@dataclass(frozen=True, slots=True)
class Tags:
    """The codes in the order they came, each once; the texts that are none."""

    codes: tuple[str, ...]
    unread: tuple[str, ...]


def tags_in(texts: Iterable[str]) -> Tags:
    """Codes in any spelling, and links of our QR codes."""
    codes: dict[str, None] = {}
    unread: list[str] = []
    for text in texts:
        for part in _PARTS.split(text):
            if word := part.strip():
                _sort(word, codes, unread)
    return Tags(tuple(codes), tuple(unread))


def texts_of(upload: Uploaded) -> list[str]:
    """What a list says, cell by cell. Raises UnreadableList."""
    name = upload.filename or ""
    if Path(name).suffix.lower() == ".txt":
        return [_plain(upload.stream)]
    with TemporaryDirectory() as folder:
        path, staged = Path(folder) / "list", Path(folder) / "lines"
        with path.open("wb") as file:
            file.write(upload.stream.read(LIMITS.megabytes * MEGABYTE + 1))
        stage(path, kind_of(name), staged, LIMITS)
        return [cell for line in lines_of(staged) for cell in _codes_of(line.cells)]


def _plain(stream: IO[bytes]) -> str:
    raw = stream.read(LIMITS.megabytes * MEGABYTE + 1)
    if len(raw) > LIMITS.megabytes * MEGABYTE:
        raise UnreadableList("list-too-large", most=LIMITS.megabytes)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableList("list-not-utf8", row=1) from None


def _codes_of(cells: Iterable[str]) -> Iterator[str]:
    """Of a row only what is a code: the other columns are names and remarks."""
    return (cell for cell in cells if _code(cell) is not None)


def _sort(word: str, codes: dict[str, None], unread: list[str]) -> None:
    code = _code(word)
    if code is None:
        unread.append(word)
    else:
        codes[code] = None


def _code(word: str) -> str | None:
    link = _LAST.match(word)
    try:
        return parse_tag_code(link["code"] if link else word)
    except NotATagCode:
        return None
