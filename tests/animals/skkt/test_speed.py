"""Preparing, signing, striking and showing a sheet looks at one owner's animals, never at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from sijinak.animals.skkt.queries import (
    listed_since,
    listings_of,
    sheet_by_public_code,
    sheets,
)
from sijinak.animals.skkt.sealing import is_intact
from sijinak.animals.skkt.striking import strike_lines, unstrike_lines
from sijinak.animals.skkt.waiting import count_waiting
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import make_keeper
from tests.animals.skkt.factories import make_draft, make_herd, make_signed, make_upt

pytestmark = pytest.mark.usefixtures("context")
# Small tables, and what a command of any kind reads: by key, or so few rows that a scan is best.
SMALL = ("appointments", "regions", "number_series", "herd_counts", "population")


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Every question of ours to the database, with its values."""
    heard: list[tuple[str, Any]] = []

    def hear(_: Connection, __: Any, sql: str, values: Any, ___: Any, many: object) -> None:
        if sql.startswith(("SELECT", "UPDATE")) and not many:
            heard.append((sql, values))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


def whole_tables(heard: list[tuple[str, Any]]) -> set[str]:
    """Plans that read a table from end to end."""
    lite = db.engine.dialect.name == "sqlite"
    found = set()
    with db.engine.connect() as connection:
        if not lite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for sql, values in heard:
            explain = "EXPLAIN QUERY PLAN" if lite else "EXPLAIN"
            for row in connection.exec_driver_sql(f"{explain} {sql}", values):
                step = str(row[-1]).strip()
                is_scan = step.startswith("SCAN") if lite else "Seq Scan" in step
                if is_scan and not any(name in step for name in SMALL):
                    found.add(f"{step}: {sql}")
    return found


def test_no_table_is_read_from_end_to_end(app: Flask):
    upt, owner, another = make_upt(), make_keeper(), make_keeper()
    cause = uuid7()
    with asked() as heard:
        (sheet,) = make_signed(upt, owner, seen=2)
        ids = [line.animal_id for line in sheet.lines]
        make_herd(another)
        make_draft(upt, another)
        assert count_waiting(by=upt.head) == 1
        sheets(by=upt.clerk, keeper_id=owner.id)
        listed_since(ids, now(), cause)
        listings_of(ids)
        with transaction():
            strike_lines(ids, because="sale", cause_id=cause, by=OPERATOR)
            unstrike_lines(cause, by=OPERATOR)
        db.session.remove()
        found = sheet_by_public_code(sheet.public_code)
        assert found
        assert is_intact(found)
    db.session.remove()
    assert len(heard) > 20
    assert whole_tables(heard) == set()
