"""The export for auditors: all that docs/audit-format.md names, in a new folder.

It is written beside its place and gets its name when it is whole. Everything in it is of one
moment, and of a size of the log that a checkpoint binds; nothing is ever in memory as a whole.
"""

import csv
import io
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from sijinak.audit.verifying.listing import LISTINGS, ROWS_AT_ONCE, cell
from sijinak.audit.verifying.openings import openings
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Unavailable
from sijinak.core.events import events
from sijinak.core.permissions import Actor, Permission, require
from sijinak.core.rawrows import moment_text
from sijinak.core.tlog import LogCheckpoint, LogLeaf
from sijinak.proofs.logkey import logkey
from sijinak.proofs.queries import known_keys

FORMAT = "sijinak-audit/1"
CHECKER = Path(__file__).with_name("periksa.py")
BALANCES = "balances.csv"
Seen = Callable[[int], None]  # so many leaves more


class FolderTaken(Conflict):
    """The folder is not empty, or one was left half-written beside it. Facts: ``folder``."""

    code = "folder-taken"


class CannotWrite(Unavailable):
    """Nothing is left of what was begun. Facts: ``why``."""

    code = "cannot-write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    folder: Path
    checkpoint: LogCheckpoint
    with_openings: bool = False


def write_export(wish: Wish, *, by: Actor, seen: Seen = lambda _: None) -> None:
    """Raises FolderTaken, CannotWrite."""
    require(by, Permission.AUDIT_WORK)
    target, partial = wish.folder, wish.folder.with_name(f"{wish.folder.name}.partial")
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise FolderTaken(folder=str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
    except FileExistsError as error:
        raise FolderTaken(folder=str(partial)) from error
    except OSError as error:
        raise CannotWrite(why=str(error)) from error
    try:
        _Writing(partial, wish, seen).write()
        partial.replace(target)
    except OSError as error:
        raise CannotWrite(why=str(error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def note_export(wish: Wish, *, by: Actor) -> None:
    """The trail says that it was handed out: it may hold words about people."""
    require(by, Permission.AUDIT_WORK)
    size, opened = wish.checkpoint.size, wish.with_openings
    events.record(
        "audit.exported", wish.checkpoint, by=by, region="", size=size, with_openings=opened
    )


class _Writing:
    def __init__(self, folder: Path, wish: Wish, seen: Seen) -> None:
        self._folder, self._wish, self._seen = folder, wish, seen
        self._size = wish.checkpoint.size
        self._files: dict[str, dict[str, object]] = {}
        self._balances: dict[str, int] = {}

    def write(self) -> None:
        (self._folder / "checkpoints").mkdir()
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            self._from_snapshot(connection)
        self._table(BALANCES, "account,balance", self._balance_rows())
        if self._wish.with_openings:
            self._file("openings.jsonl", (line(one) for one in openings(self._size)))
        self._file("keys.txt", (f"{key}\n".encode() for key in known_keys()))
        self._file(CHECKER.name, [CHECKER.read_bytes()])
        manifest = {
            "format": FORMAT,
            "origin": logkey.origin,
            "made_at": moment_text(now()),
            "size": self._size,
            "files": dict(self._files),
        }
        self._file("manifest.json", [line(manifest)])

    def _from_snapshot(self, connection: Connection) -> None:
        self._file("leaves.jsonl", self._leaves(connection))
        for listing in LISTINGS:
            rows = listing.rows(connection, self._size)
            if listing.name == "journals.csv":
                rows = self._summed(rows)
            self._table(listing.name, listing.header, rows)
        asked = select(LogCheckpoint.size, LogCheckpoint.note)
        asked = asked.where(LogCheckpoint.size <= self._size).order_by(LogCheckpoint.size)
        for size, note in connection.execute(asked).all():
            self._file(f"checkpoints/{size}.note", [note.encode()])

    def _leaves(self, connection: Connection) -> Iterator[bytes]:
        asked = select(LogLeaf.position, LogLeaf.body).where(LogLeaf.position < self._size)
        options = {"yield_per": ROWS_AT_ONCE}
        asked = asked.order_by(LogLeaf.position)
        with connection.execute(asked, execution_options=options) as found:
            for part in found.partitions():
                yield b"".join(line({"i": position, "leaf": body}) for position, body in part)
                self._seen(len(part))

    def _summed(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """Postings on their way into the list, each added to its account."""
        for row in rows:
            _, _, _, account, _, amount, _ = row
            if account:
                self._balances[account] = self._balances.get(account, 0) + int(amount)
            yield row

    def _balance_rows(self) -> Iterator[list[str]]:
        for account, balance in sorted(self._balances.items()):
            yield [account, cell(balance)]

    def _table(self, name: str, header: str, rows: Iterable[list[str]]) -> None:
        self._file(name, _csv(header.split(","), rows))

    def _file(self, name: str, parts: Iterable[bytes]) -> None:
        """Its content, safe on the disk, and what the manifest says of it."""
        digest, length = sha256(), 0
        with (self._folder / name).open("xb") as file:
            for part in parts:
                file.write(part)
                digest.update(part)
                length += len(part)
            file.flush()
            os.fsync(file.fileno())
        self._files[name] = {"sha256": digest.hexdigest(), "bytes": length}


def line(content: object) -> bytes:
    return msgspec.json.encode(content) + b"\n"


def _csv(header: list[str], rows: Iterable[list[str]]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for number, row in enumerate(rows):
        writer.writerow(row)
        if number % ROWS_AT_ONCE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
