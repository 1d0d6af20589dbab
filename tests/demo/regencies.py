"""Two demo regencies with one seed, made once for all tests of the demo."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Table, select

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.clock import clock
from sijinak.core.crypto import keyring, sealed_place
from sijinak.core.db import db
from sijinak.core.model import Model
from sijinak.demo.loading import Load
from tests.conftest import close
from tests.databases import Databases

ANIMALS, SEED = 60, 7
# Made by the installation, or with a salt that nobody may foresee.
LEFT_OUT = {
    "vaccine_products",
    "regions",
    "ports",
    "tariffs",
    "permit_rules",
    "destination_rules",
    "duplicate_rules",
}
# What the log says is salted and signed; that it says what the rows say is tested elsewhere.
LEFT_OUT |= {"person_keys", "log_waiting", "log_leaves", "log_nodes", "log_head", "log_checkpoints"}
SALTED = {"password_hash", "public_code", "tags.code", "sheets.digest"}
# The office's keys are made anew by each installation, and what they sign differs with them.
SALTED |= {f"paper_keys.{name}" for name in ("kid", "spki", "certificate", "seal")}
SALTED |= {f"status_lists.{name}" for name in ("kid", "body")}
SALTED |= {
    f"signed_papers.{name}" for name in ("kid", "signed_with", "sha256", "size", "qr", "seal")
}
SALTED_FACTS = {"digest", "sha256", "kid"}


@contextmanager
def regency(databases: Databases, *, seed: int = SEED) -> Iterator[Flask]:
    """The app on a database with demo data, its context open."""
    with databases.copy() as url:
        app = create_app(Settings(database_url=url))
        app.testing = True
        with app.app_context():
            load(app, seed=seed)
            yield app
            close()


def load(app: Flask, *, animals: int = ANIMALS, seed: int = SEED) -> int:
    settings: Settings = app.extensions["sijinak.settings"]
    return sum(Load(animals, seed, settings).steps())


def digest() -> str:
    """Of everything that the load wrote, sealed texts opened."""
    found = hashlib.sha256()
    for table in Model.metadata.sorted_tables:
        if table.name not in LEFT_OUT:
            asked = select(table).order_by(*table.primary_key.columns)
            for row in db.session.execute(asked).mappings():
                found.update(repr(_opened(table, dict(row))).encode())
    return found.hexdigest()


def _opened(table: Table, row: dict[str, object]) -> dict[str, object]:
    if isinstance(facts := row.get("facts"), dict):
        row["facts"] = {name: fact for name, fact in facts.items() if name not in SALTED_FACTS}
    for name, value in list(row.items()):
        if name in SALTED or f"{table.name}.{name}" in SALTED:
            del row[name]
        elif name.endswith("_sealed") and isinstance(value, bytes):
            place = sealed_place(table.name, name.removesuffix("_sealed"), row["id"])  # type: ignore[arg-type]
            row[name] = keyring.open(value, place)
    return row


@contextmanager
def one_moment() -> Iterator[None]:
    """Midnight between two loads would be another day."""
    with clock.reading(clock.now()):
        yield
