"""A picture as it came becomes one fit to keep; a process with little memory and time does it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from sijinak.core.errors import Invalid, Unavailable

CHILD = Path(__file__).with_name("child.py")
SECONDS = 20
MEGA = 1024 * 1024
AT_ONCE = 2  # children of one server process, so that many phones cannot eat its memory
PATIENCE = 30
HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"})


class UnfitPicture(Invalid):
    """The code says what is wrong with it. Facts: ``most``."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(**facts)
        self.code = code


@dataclass(slots=True)
class Limits:
    """As the settings say; set once, at start."""

    megabytes: int = 8
    megapixels: int = 50

    def set(self, megabytes: int, megapixels: int) -> None:
        self.megabytes, self.megapixels = megabytes, megapixels


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of at most 1280 pixels a side, and its copy of at most 320."""

    content: bytes
    small: bytes
    width: int
    height: int


limits = Limits()
_free = BoundedSemaphore(AT_ONCE)


def fit_picture(content: bytes) -> Picture:
    """Upright, small and without hidden data. Raises UnfitPicture, Unavailable.

    It takes half a second: call it before the transaction begins.
    """
    if len(content) > limits.megabytes * MEGA:
        raise UnfitPicture("picture-too-large", most=limits.megabytes)
    _check_kind(content)
    said, _, parts = _ask_child(content).partition(b"\n")
    facts = json.loads(said)
    if problem := facts.get("problem"):
        raise UnfitPicture(problem, most=limits.megapixels)
    size = facts["size"]
    return Picture(parts[:size], parts[size:], facts["width"], facts["height"])


def _check_kind(content: bytes) -> None:
    """By its first bytes: the name of a file proves nothing."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        raise UnfitPicture("picture-heic")
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if not is_webp and not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise UnfitPicture("not-a-picture")


def _ask_child(content: bytes) -> bytes:
    command = [sys.executable, "-I", str(CHILD), str(limits.megapixels * 1_000_000)]
    if not _free.acquire(timeout=PATIENCE):
        raise Unavailable
    try:
        done = subprocess.run(  # noqa: S603 - our own script, no shell; it gets no settings
            command, env={}, input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise UnfitPicture("picture-damaged") from None
    finally:
        _free.release()
    if done.returncode:
        raise UnfitPicture("picture-damaged")
    return done.stdout
