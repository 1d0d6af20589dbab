"""Nobody unbalances the books or opens a closed day, also not past the application."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.models import Journal, JournalSum, Posting
from sijinak.ledger.services import CloseDay, close_day, post
from tests.databases import SERVER
from tests.ledger.raw import Refused, add_journal, add_line, insert, superuser
from tests.ledger.test_posting import entry

only_sqlite = pytest.mark.skipif(bool(SERVER), reason="about SQLite")


@pytest.fixture
def journal(context: Flask) -> UUID:
    with transaction():
        post(entry("cash:1"), by=OPERATOR)
        journal = post(entry(), by=OPERATOR)
    with superuser() as raw:
        insert(raw, "ledger_accounts", id=uuid4(), code="cash", kind="asset", law_code="")
    return journal.id


def journals() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Journal)) or 0


@pytest.mark.parametrize("amounts", [(5, -5), (-7, 7)], ids=["there and back", "back and there"])
def test_a_balanced_journal_may_be_written_by_hand(journal: UUID, amounts: tuple[int, ...]):
    with superuser() as raw:
        written = add_journal(raw)
        for position, amount in enumerate(amounts, start=1):
            add_line(raw, written, position, amount)
    assert journals() == 3


@pytest.mark.parametrize(
    "amounts", [(), (5,), (5, -4), (5, -5, 5), (5, -5, 3, -3)],
    ids=["empty", "one line", "unbalanced", "one too many", "more lines than it says"],
)  # fmt: skip
def test_nobody_commits_a_journal_that_says_otherwise(journal: UUID, amounts: tuple[int, ...]):
    with pytest.raises(Refused), superuser() as raw:
        written = add_journal(raw)
        for position, amount in enumerate(amounts, start=1):
            add_line(raw, written, position, amount)
    assert journals() == 2


@pytest.mark.parametrize("changes", [{"zero": 1}, {"size": 1}, {"size": 0}])
def test_a_journal_cannot_say_that_it_need_not_balance(journal: UUID, changes: dict[str, Any]):
    with pytest.raises(Refused), superuser() as raw:
        written = add_journal(raw, **changes)
        add_line(raw, written, 1, 1)


@pytest.mark.parametrize(
    "lines", [[(3, 5)], [(3, 5), (4, -5)], [(-1, 5), (0, -5)], [(1, 9)]],
    ids=["one", "a balanced pair", "in front", "instead of one"],
)  # fmt: skip
def test_no_line_is_added_later(journal: UUID, lines: list[tuple[int, int]]):
    with pytest.raises(Refused), superuser() as raw:
        for position, amount in lines:
            add_line(raw, journal, position, amount)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Posting)) == 4


def test_lines_in_any_order_are_summed(journal: UUID):
    """The first line sent last must count, too."""
    with pytest.raises(Refused), superuser() as raw:
        written = add_journal(raw)
        for position, amount in ((2, 5), (3, -5), (1, 7)):
            add_line(raw, written, position, amount)
    assert journals() == 2


def test_a_line_has_the_day_of_its_journal(journal: UUID):
    with pytest.raises(Refused), superuser() as raw:
        written = add_journal(raw)
        add_line(raw, written, 1, 5, effective_on=today() - timedelta(days=1))
        add_line(raw, written, 2, -5)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_sums SET total = 0, size = 2",
        "UPDATE journal_sums SET total = total + 1",
        "DELETE FROM journal_sums",
    ],
)
def test_nobody_but_the_trigger_changes_a_sum(journal: UUID, change: str):
    """On SQLite the true sum may be written again: nothing is won by that."""
    before = _sums()
    try:
        with superuser() as raw:
            raw.execute(change)
    except Refused:
        pass
    else:
        assert not SERVER
        assert "total = 0" in change
    assert _sums() == before


def test_a_sum_cannot_be_written_in_advance(journal: UUID):
    """Else a journal without lines would find its sum."""
    with pytest.raises(Refused), superuser() as raw:
        written = add_journal(raw)
        insert(raw, "journal_sums", id=written, total=0, size=2)
    assert journals() == 2


@pytest.mark.skipif(not SERVER, reason="about PostgreSQL")
def test_the_application_may_only_look_at_the_sums(journal: UUID):
    """And writes journals all the same: the trigger runs as the owner."""
    from sijinak.grants import grant

    role = f"books_{uuid4().hex[:8]}"
    with superuser() as raw:
        raw.execute(f"CREATE ROLE {role}")
    try:
        with db.engine.begin() as connection:
            grant(connection, role)
        with transaction():
            db.session.execute(text(f"SET LOCAL ROLE {role}"))
            post(entry("x:2"), by=OPERATOR)
        with pytest.raises(Exception, match="permission denied"), transaction():
            db.session.execute(text(f"SET LOCAL ROLE {role}"))
            db.session.execute(text("UPDATE journal_sums SET total = 0"))
    finally:
        with superuser() as raw:
            raw.execute(f"DROP OWNED BY {role}")
            raw.execute(f"DROP ROLE {role}")
    assert journals() == 3


@only_sqlite
@pytest.mark.parametrize("table", ["journals", "postings", "ledger_accounts", "closed_days"])
@pytest.mark.parametrize("recursive", [True, False])
def test_insert_or_replace_replaces_nothing(journal: UUID, table: str, *, recursive: bool):
    with transaction():
        close_day(CloseDay(day=today() - timedelta(days=1)), by=OPERATOR)
    with pytest.raises(sqlite3.IntegrityError), superuser(recursive=recursive) as raw:
        raw.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@only_sqlite
@pytest.mark.parametrize("recursive", [True, False])
def test_a_journal_is_not_replaced_by_its_other_keys(journal: UUID, *, recursive: bool):
    for change in ({"idem": "x:1"}, {"id": journal}):
        with pytest.raises(sqlite3.IntegrityError), superuser(recursive=recursive) as raw:
            add_journal(raw, verb="INSERT OR REPLACE", **change)
    with pytest.raises(sqlite3.IntegrityError), superuser(recursive=recursive) as raw:
        raw.execute(
            "INSERT OR REPLACE INTO journal_sums SELECT id, total, size + 2 FROM journal_sums"
        )
    assert _sums() == [(0, 2), (0, 2)]


@pytest.mark.parametrize("days", [0, 1, 40])
def test_nothing_is_written_into_a_closed_day(journal: UUID, days: int):
    with transaction():
        close_day(CloseDay(day=today()), by=OPERATOR)
    day = today() - timedelta(days=days)
    with pytest.raises(Refused, match="closed"), superuser() as raw:
        written = add_journal(raw, effective_on=day)
        add_line(raw, written, 1, 5, effective_on=day)
        add_line(raw, written, 2, -5, effective_on=day)


def test_no_earlier_day_is_closed_after_a_later_one(journal: UUID):
    with transaction():
        close_day(CloseDay(day=today()), by=OPERATOR)
    with pytest.raises(Refused, match="later"), superuser() as raw:
        _close(raw, today() - timedelta(days=1))


def test_no_day_to_come_is_closed(journal: UUID):
    """Else nothing could be written until then. The office may be a day ahead of the server."""
    real = datetime.now(UTC).date()
    with pytest.raises(Refused, match="to come"), superuser() as raw:
        _close(raw, real + timedelta(days=2))
    with superuser() as raw:
        _close(raw, real + timedelta(days=1))


def _close(raw: Any, day: date) -> None:
    insert(
        raw, "closed_days", id=uuid4(), day=day, closed_at="2026-01-01 00:00:00+00",
        closed_by=uuid4(), closed_by_name="raw",
    )  # fmt: skip


def _sums() -> list[tuple[int, int]]:
    db.session.rollback()
    asked = select(JournalSum.total, JournalSum.size).order_by(JournalSum.id)
    return [(row.total, row.size) for row in db.session.execute(asked)]
