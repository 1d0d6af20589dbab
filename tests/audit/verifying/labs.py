"""One office that is brought back as it was, again and again, for whoever wants to break it."""

import logging
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import Connection, or_, select

from sijinak.app import create_app
from sijinak.audit.verifying.anchors import Anchor
from sijinak.audit.verifying.verification import Report, Wish, verification
from sijinak.config import Settings
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.noting import noting
from sijinak.core.permissions import OPERATOR
from sijinak.core.rawrows import Row
from sijinak.core.telling import tell
from sijinak.payments.models import Collection
from sijinak.permits.models import Permit
from sijinak.proofs.logkey import logkey
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from tests.audit.verifying.worlds import World, keep_checkpoint, make_world
from tests.conftest import close
from tests.databases import SERVER, Databases, run_on_server

LATER = timedelta(days=3)  # than the world was made


@dataclass
class Lab:
    app: Flask
    url: str  # of the database that is broken
    world: World
    _pickled: bytes = b""

    @classmethod
    @contextmanager
    def opened(cls, databases: Databases, folder: Path) -> Iterator["Lab"]:
        """The world is made once, in its own copy; what is broken is a copy of that."""
        with databases.copy() as url:
            app = create_app(Settings(database_url=url, data_dir=str(folder)))
            with app.app_context():
                lab = cls(app, url, make_world())
                close()
            lab._keep("now")
            log = logging.getLogger("sijinak")
            told = log.level
            log.setLevel(logging.CRITICAL)  # a thousand faults are meant
            try:
                with app.app_context(), clock.reading(now() + LATER):
                    yield lab
                    close()
            finally:
                log.setLevel(told)
                lab._forget()

    def restore(self) -> World:
        """Everything as it was when the world was made."""
        _forget_rows()
        close()
        self._bring("now")
        self.world = pickle.loads(self._pickled)  # noqa: S301 - our own
        return self.world

    def keep(self, name: str) -> None:
        """A backup."""
        close()
        self._copy(self.url, self._beside(name))

    def bring_back(self, name: str) -> None:
        close()
        self._bring(name)

    def look(self, *anchors: str) -> Report:
        _forget_rows()
        named = tuple(Anchor(f"anchor {n}", text) for n, text in enumerate(anchors))
        wish = Wish(origin=logkey.origin, vkeys=logkey.vkeys, anchors=named)
        return verification(wish, by=OPERATOR)

    def told(self, table: str, row_id: UUID) -> Row:
        """What a leaf of the row would say."""
        (model,) = (one for one in noting.table if one.__tablename__ == table)
        with transaction():
            (one,) = tell(model, [row_id])
        return one.row

    def about(self, person: UUID) -> list[UUID]:
        """Rows in which the person is named."""
        named = Event.facts["keeper_id"].as_string() == str(person)
        asked = [
            select(model.id).where(model.keeper_id == person)
            for model in (Receipt, Skrd, Collection, Permit)
        ]
        asked.append(select(Event.id).where(or_(Event.subject_id == person, named)))
        with transaction():
            return [one for rows in asked for one in db.session.scalars(rows)]

    def sign(self) -> None:
        keep_checkpoint(self.world)

    @contextmanager
    def as_owner(self) -> Iterator[Connection]:
        """With every right on the database, and no guard left."""
        _forget_rows()
        with db.engine.connect() as connection:
            _unguard(connection)
            yield connection
            connection.commit()
            connection.invalidate()

    def _keep(self, name: str) -> None:
        self._pickled = pickle.dumps(self.world)
        self._copy(self.url, self._beside(name))

    def _bring(self, name: str) -> None:
        self._copy(self._beside(name), self.url)

    def _beside(self, name: str) -> str:
        return f"{self.url}_{name}"

    def _forget(self) -> None:
        for name in ("now", "before"):
            if SERVER:
                run_on_server(f"DROP DATABASE IF EXISTS {_name(self._beside(name))} WITH (FORCE)")

    @staticmethod
    def _copy(source: str, target: str) -> None:
        if not SERVER:
            for left in ("-wal", "-shm"):
                Path(f"{_name(target)}{left}").unlink(missing_ok=True)
            shutil.copy(_name(source), _name(target))
            return
        run_on_server(f"DROP DATABASE IF EXISTS {_name(target)} WITH (FORCE)")
        run_on_server(
            f"CREATE DATABASE {_name(target)} TEMPLATE {_name(source)} STRATEGY FILE_COPY"
        )


def _forget_rows() -> None:
    """What the people of the world hold stays as they read it."""
    db.session.commit()
    db.session.expunge_all()


def _name(url: str) -> str:
    return url.rpartition("/")[2] if SERVER else url.removeprefix("sqlite:///")


def _unguard(connection: Connection) -> None:
    if SERVER:
        connection.exec_driver_sql("SET session_replication_role = replica")
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON", "recursive_triggers=OFF"):
        driver.execute(f"PRAGMA {pragma}")
    asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for (name,) in driver.execute(asked).fetchall():
        driver.execute(f"DROP TRIGGER {name}")
