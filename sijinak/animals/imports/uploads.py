"""Lists between their rehearsal and their taking in: kept a day, for whoever brought them."""

import json
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from cryptography.exceptions import InvalidTag

from sijinak.core.crypto import keyring
from sijinak.core.errors import NotFound, Unavailable
from sijinak.core.ids import uuid7

KEPT_SECONDS = 24 * 3600
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored file, and the name that it had. Its id becomes the batch's when it is taken in.

    What is worked out of it lies beside it: its rows, repairs, mistakes and the plan.
    """

    id: UUID
    path: Path
    name: str
    kind: str

    @property
    def is_there(self) -> bool:
        return self.path.exists() and _age(self.path) <= KEPT_SECONDS

    def beside(self, what: str) -> Path:
        return self.path.with_suffix(f".{what}")

    def forget(self, *, but: str = "") -> None:
        """Remove everything of it; ``but`` is what stays."""
        for path in self.path.parent.glob(f"{self.id}.*"):
            if path.suffix != f".{but}":
                path.unlink(missing_ok=True)


class Uploads:
    """Files are named by their ids; a key is sealed for one session and says all about it."""

    def __init__(self, data_dir: str) -> None:
        self._folder = Path(data_dir) / "uploads"

    def keep(self, chunks: Iterable[bytes], name: str, kind: str) -> Upload:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        upload_id = uuid7()
        upload = Upload(upload_id, self._folder / f"{upload_id}.{kind}", _plain(name), kind)
        try:
            with written(upload.path) as file:
                file.writelines(chunks)
        except Unavailable:
            upload.forget()
            raise
        return upload

    def plan_of(self, batch_id: UUID) -> Path:
        """What is still to be taken in of a batch."""
        return self._folder / f"{batch_id}.plan"

    def sweep(self, waiting: Collection[UUID] = ()) -> None:
        """Remove what is older than a day, but not what is waiting to be taken in."""
        kept = {str(batch_id) for batch_id in waiting}
        for path in self._folder.glob("*.*"):
            if path.stem not in kept and _age(path) > KEPT_SECONDS:
                path.unlink(missing_ok=True)

    def key_to(self, upload: Upload, session_id: UUID) -> str:
        """An unguessable word for addresses. Nobody else's session opens it."""
        sealed = keyring.seal(json.dumps([upload.path.name, upload.name]), _place(session_id))
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def find(self, key: str, session_id: UUID) -> Upload:
        """What the key opens; whether it is there still, is another question. Raises NotFound."""
        try:
            sealed = urlsafe_b64decode(key + "=" * (-len(key) % 4))
            stored, name = json.loads(keyring.open(sealed, _place(session_id)))
            path = self._folder / stored
            return Upload(UUID(path.stem), path, name, path.suffix.removeprefix("."))
        except (InvalidTag, LookupError, ValueError):
            raise NotFound from None


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A file that nobody else reads, and that is there whole or not at all. Raises Unavailable."""
    fresh = path.with_suffix(f"{path.suffix}~")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
        fresh.replace(path)
    except OSError as error:  # a full disk
        fresh.unlink(missing_ok=True)
        raise Unavailable from error


def _place(session_id: UUID) -> str:
    """Sessions are made anew at every sign-in, so one names its person, too."""
    return f"uploads:{session_id}"


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0


def _plain(name: str) -> str:
    """The name for people to see, never for the disk."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME]
