"""Receipts from before the voids: their money becomes an allocation, and their guards come back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from sijinak.migrate import configuration
from tests.databases import SERVER

pytestmark = pytest.mark.skipif(bool(SERVER), reason="about the rebuild of a table on SQLite")
OLD = """INSERT INTO receipts (id, number, series, year, no, skrd_id, collection_id, keeper_id,
    region, amount, payer_name, channel, issued_at, issued_by, issued_by_name)
    VALUES (x'01', 'TBP/1', 'S', 2026, 1, x'02', x'03', x'04', '52.04', 79500, 'CV Lama', 'cash',
    '2026-01-01 00:00:00', x'05', 'Nama')"""


@pytest.mark.slow
def test_an_old_receipt_keeps_its_money_and_its_guards(tmp_path: Path):
    path = tmp_path / "old.sqlite"
    config = configuration(f"sqlite:///{path}")
    command.upgrade(config, "0017")
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(OLD)
    command.upgrade(config, "0018")
    with closing(sqlite3.connect(path)) as new:
        found = new.execute("SELECT receipt_id, collection_id, amount FROM allocations").fetchall()
        assert found == [(b"\x01", b"\x03", 79500)]
        kept = new.execute("SELECT kind, round, number FROM receipts").fetchall()
        assert kept == [("receipt", 1, "TBP/1")]
        for change in (
            "UPDATE receipts SET amount = 1",
            "DELETE FROM receipts",
            "INSERT OR REPLACE INTO receipts SELECT * FROM receipts",
            "UPDATE allocations SET amount = 1",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                new.execute(change)
