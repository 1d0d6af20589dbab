"""A fresh migrated database for every test, on SQLite or on PostgreSQL.

SIJINAK_TEST_DATABASE names a PostgreSQL server (postgresql://user@host/postgres); without it the
tests run on SQLite.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

from sijinak.migrate import upgrade

SERVER = os.environ.get("SIJINAK_TEST_DATABASE", "")
ROOM = 2_000_000_000


def run_on_server(statement: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement.encode())


def quick_folder() -> Path | None:
    """In memory, if there is room: on a disk each commit waits until it is written."""
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    return memory if roomy else None


class Databases:
    """Makes copies of one migrated database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = f"sijinak_test_{uuid4().hex[:12]}"
        if SERVER:
            run_on_server(f"CREATE DATABASE {self._name}")
        upgrade(self.blank)

    @property
    def blank(self) -> str:
        """The database that is copied. Nobody may be connected to it while it is."""
        return self._url(self._name) if SERVER else f"sqlite:///{self._folder / 'blank.sqlite'}"

    @contextmanager
    def copy(self) -> Iterator[str]:
        name = f"{self._name}_{uuid4().hex[:8]}"
        if not SERVER:
            path = shutil.copy(self._folder / "blank.sqlite", self._folder / f"{name}.sqlite")
            yield f"sqlite:///{path}"
            for left in self._folder.glob(f"{name}.sqlite*"):
                left.unlink()
            return
        # Whole files: block by block through the log it costs the server more than twice as much.
        run_on_server(f"CREATE DATABASE {name} TEMPLATE {self._name} STRATEGY FILE_COPY")
        try:
            yield self._url(name)
        finally:
            run_on_server(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def empty(self) -> Iterator[str]:
        """A database without any table."""
        name = f"{self._name}_empty_{uuid4().hex[:8]}"
        if not SERVER:
            yield f"sqlite:///{self._folder / name}.sqlite"
            return
        run_on_server(f"CREATE DATABASE {name}")
        try:
            yield self._url(name)
        finally:
            run_on_server(f"DROP DATABASE {name} WITH (FORCE)")

    def drop(self) -> None:
        if SERVER:
            run_on_server(f"DROP DATABASE {self._name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return f"{SERVER.rpartition('/')[0]}/{name}".replace("postgresql:", "postgresql+psycopg:")
