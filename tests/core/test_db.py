"""Transactions: opened by edges, never nested, never half."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import JSON, Date, Enum, LargeBinary, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from sijinak.animals.models import Animal
from sijinak.core.db import Clash, db, read, transaction
from sijinak.core.events import Event, events
from sijinak.core.model import Id, Model, UtcDateTime
from sijinak.core.permissions import OPERATOR
from sijinak.core.probe import beat
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_keeper, person
from tests.databases import SERVER

only_sqlite = pytest.mark.skipif(bool(SERVER), reason="about SQLite")


def test_a_write_outside_a_transaction_is_refused(context: Flask):
    with pytest.raises(RuntimeError, match="outside transaction"):
        db.session.add(Animal())


def test_transactions_do_not_nest(context: Flask):
    with transaction(), pytest.raises(RuntimeError, match="already open"):
        transaction().__enter__()


def test_what_fails_leaves_nothing(context: Flask):
    keeper = make_keeper()
    with pytest.raises(ZeroDivisionError), transaction():
        events.record("keeper.touched", keeper, by=OPERATOR, region=keeper.village)
        db.session.flush()
        raise ZeroDivisionError
    assert not db.session.scalars(select(Event).where(Event.name == "keeper.touched")).all()
    with transaction():  # and the next one works
        events.record("keeper.touched", keeper, by=OPERATOR, region=keeper.village)


def test_the_database_has_the_last_word(context: Flask):
    first = make_keeper()
    with pytest.raises(Clash), transaction():
        db.session.add(Keeper(
            kind=first.kind, name="x", name_key="x", village=first.village,
            nik_lookup=first.nik_lookup, registered_at=first.registered_at,
        ))  # fmt: skip


def test_the_read_engine_sees_what_was_committed_at_once(context: Flask):
    keeper = make_keeper(person(name="Baru Saja"))
    names = read(select(Keeper.name).where(Keeper.id == keeper.id))
    assert [tuple(row) for row in names] == [("Baru Saja",)]


def test_moments_come_back_aware(context: Flask):
    keeper = make_keeper()
    db.session.expire_all()
    assert db.session.get_one(Keeper, keeper.id).registered_at == keeper.registered_at
    assert db.session.get_one(Keeper, keeper.id).registered_at.utcoffset() is not None


@only_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1)],
)
def test_sqlite_is_set_as_measured(context: Flask, pragma: str, value: object):
    """Synchronous 2 is FULL: with NORMAL a power cut lost acknowledged commits."""
    for engine in db.engines.values():
        with engine.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


@only_sqlite
def test_a_write_takes_the_lock_at_its_beginning(context: Flask):
    path = db.engine.url.database
    other = sqlite3.connect(str(path), timeout=0.1, isolation_level=None)
    with transaction(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    db.session.execute(text("SELECT 1"))  # a reader takes no lock
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()


APPEND_ONLY = (
    "events", "commands", "collections", "receipts", "observations", "weighings", "tag_steps",
    "sightings", "stored_files", "consents", "field_records", "dose_moves", "cold_readings",
    "vaccine_reactions", "lab_samples", "lab_sample_animals", "lab_results",
    "quota_entries", "checkpoint_checks", "external_papers",
    "signed_papers", "signing_proofs", "skrd_lines",
    "payment_messages", "payment_facts", "settlement_lines",
    "permit_reminders", "arrival_statements", "arrival_lines", "allocations",
    "ticket_uses", "ticket_sales", "ticket_spoilt_counts",
    "bank_statements", "bank_lines", "bank_line_notes", "matches", "match_parts",
    "revenue_targets", "regional_figures",
    "audit_finding_notes", "audit_finding_people",
    "audit_sample_items", "audit_sample_results", "audit_notes", "audit_file_parts",
    "ledger_accounts", "journals", "postings", "closed_days", "wallet_moves",
    "log_leaves", "log_nodes", "log_checkpoints", "erased_values",
)  # fmt: skip
KEY = {"log_nodes": "position"}
CHANGES = [
    "UPDATE {table} SET {key} = {key}",
    "DELETE FROM {table}",
    *(["TRUNCATE {table} CASCADE"] if SERVER else []),
]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_happened_stays(context: Flask, table: str):
    _one_row_in(table)
    for change in CHANGES:
        with db.engine.connect() as connection, pytest.raises(SQLAlchemyError, match="append-only"):
            connection.exec_driver_sql(change.format(table=table, key=KEY.get(table, "id")))


@only_sqlite
@pytest.mark.parametrize("table", ["events", "collections", "receipts"])
def test_insert_or_replace_does_not_slip_past_on_a_strange_connection(context: Flask, table: str):
    _one_row_in(table)
    other = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|leaves a gap"):
        other.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    other.close()


@only_sqlite
@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("receipts", {"id": "x'01'", "number": "'n2'", "no": "2"}),
        ("receipts", {"id": "x'01'", "no": "2", "skrd_id": "x'01'", "collection_id": "x'01'"}),
        ("collections", {"id": "x'01'"}),
    ],
)
def test_a_row_is_not_replaced_by_its_other_keys(
    context: Flask, table: str, changes: dict[str, str]
):
    _one_row_in(table)
    with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other:
        names = [row[1] for row in other.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(changes.get(name, name) for name in names)
        insert = f"INSERT OR REPLACE INTO {table} SELECT {values} FROM {table}"
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            other.execute(insert)


def _one_row_in(table: str) -> None:
    """A row in the table, past the application: the guards must not need its help."""
    make_keeper()
    if table in {"events", "commands"}:
        return
    needed = NEEDED.get(table, "")  # by a check, though the column may be empty
    columns = [
        column
        for column in Model.metadata.tables[table].columns
        if not column.nullable or column.name == needed
    ]
    names = ", ".join(column.name for column in columns)
    exact = EXACT.get(table, {})
    values = ", ".join(exact.get(column.name) or _some(column.type) for column in columns)
    insert = f"INSERT INTO {table} ({names}) VALUES ({values})"
    _run_without_references(insert)


NEEDED = {"dose_moves": "to_holding_id", "cold_readings": "store_id", "quota_entries": "decree_id"}
# Where a check wants more than any value.
EXACT = {
    "quota_entries": {"reserved_change": "'0'", "used_change": "'0'"},
    "checkpoint_checks": {"outcome": "'departed'"},
    "arrival_statements": {"said_by": "'officer'"},
    "ticket_spoilt_counts": {"by_id": "gen_random_uuid()" if SERVER else "x'01'"},
    "journals": {"zero": "'0'", "size": "'2'"},
    "skrd_lines": dict.fromkeys(("heads", "unit_amount", "amount"), "'1'"),
}
VALUES = {
    Id: "gen_random_uuid()" if SERVER else "x'00'",
    UtcDateTime: "'2026-01-01 00:00:00+00'",
    LargeBinary: "'x'",
    Date: "'2026-01-01'",
    JSON: "'{}'",
}


def _some(kind: object) -> str:
    """Any value of the type, as SQL."""
    return f"'{kind.enums[0]}'" if isinstance(kind, Enum) else VALUES.get(type(kind), "'1'")


def _run_without_references(statement: str) -> None:
    if not SERVER:
        with closing(sqlite3.connect(str(db.engine.url.database))) as other, other:
            other.execute(statement)
        return
    with db.engine.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql(statement)
        connection.commit()
        connection.invalidate()


@only_sqlite
def test_a_full_disk_is_a_clear_503_and_reading_goes_on(app: Flask, tmp_path: Path):
    client = app.test_client()
    with app.app_context():
        keeper = make_keeper()
        pages = db.session.execute(text("PRAGMA page_count")).scalar_one()
        db.session.commit()
        connection = db.engine.connect()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.close()
        assert client.get("/readyz").status_code in {200, 503}
        with pytest.raises(OperationalError, match="full"), transaction():
            for _ in range(200):
                events.record("x.filled", keeper, by=OPERATOR, region="", text="x" * 4000)
                db.session.flush()
        assert db.session.get_one(Keeper, keeper.id).name == keeper.name
        connection = db.engine.connect()
        connection.exec_driver_sql("PRAGMA max_page_count=1073741823")
        connection.close()
        with transaction():
            beat()
    assert client.get("/readyz").status_code == 200
