"""Where the bytes of files lie: in a folder by default, in a bucket when the setting names one."""

import os
from pathlib import Path
from typing import Protocol

from sijinak.core.errors import NotFound, Unavailable
from sijinak.core.ids import uuid7

BUCKET = "s3://"


class Store(Protocol):
    """Keys are ours: parts between slashes, never what a person typed."""

    def put(self, key: str, content: bytes) -> None:
        """Wholly or not at all, and for good. Raises Unavailable."""

    def get(self, key: str) -> bytes:
        """Raises NotFound, Unavailable."""

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """What is not there, is gone already."""


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes) -> None:
        path = self._root / key
        fresh = path.with_name(f".{uuid7()}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(fresh, content)
            fresh.replace(path)
            _settle(path.parent)
        except OSError as error:  # a full disk
            fresh.unlink(missing_ok=True)
            raise Unavailable from error

    def get(self, key: str) -> bytes:
        try:
            return (self._root / key).read_bytes()
        except FileNotFoundError:
            raise NotFound from None
        except OSError as error:
            raise Unavailable from error

    def exists(self, key: str) -> bool:
        return (self._root / key).exists()

    def delete(self, key: str) -> None:
        (self._root / key).unlink(missing_ok=True)


class Storage:
    """The one place of this installation; ``load`` is called once, at start."""

    def __init__(self) -> None:
        self.store: Store = Folder(Path())

    def load(self, address: str, data_dir: str) -> None:
        if address.startswith(BUCKET):
            from sijinak.core.buckets import Bucket  # noqa: PLC0415 - an extra, not always installed

            self.store = Bucket(address.removeprefix(BUCKET))
        else:
            self.store = Folder(Path(address or Path(data_dir) / "files"))


storage = Storage()


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """The new name, too, outlives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
