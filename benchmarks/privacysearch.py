"""Who saw this person, what did this account read: over five million events of a year, in ms.

The slowest of the questions behind /privasi/cari and /privasi/insiden, for the last thirty days.
BENCH_EVENTS says how many events there are.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import text

from benchmarks.databases import NoServer, scratch_app
from benchmarks.measuring import Result
from sijinak.core.db import db
from sijinak.core.permissions import OPERATOR
from sijinak.privacy.searching import (
    counts_of,
    lists_with,
    looks_at,
    people_read_by,
    readers_of,
    reads_by,
)

EVENTS = int(os.environ.get("BENCH_EVENTS", "5000000"))
KEEPERS, OFFICERS, PART = 100_000, 60, 250_000
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SINCE = FIRST + timedelta(days=335)
# Of ten events six are no reading, three a page of a person, one a list of 25.
NAMES = """CASE WHEN g % 10 < 6 THEN 'animal.seen'
 WHEN g % 10 < 9 THEN 'keeper.viewed' ELSE 'keeper.listed' END"""
PERSON = "(g * 7919) % {keepers}"
POSTGRESQL = """INSERT INTO events
 (id, name, subject_type, subject_id, region, actor_id, actor_name, happened_at, facts)
 SELECT lpad(to_hex(g), 32, '0')::uuid, {names}, 'keepers', lpad(to_hex({person}), 32, '0')::uuid,
 '52.04.02.2001', lpad(to_hex((g / 10) % {officers} + 1), 32, '0')::uuid, 'Petugas',
 timestamptz '2026-01-01' + g * interval '365 days' / {events},
 CASE WHEN g % 10 < 9 THEN '{{"page": "animal"}}'::json ELSE json_build_object('page', 'keepers',
 'found', 25, 'ids', (SELECT json_agg(lpad(to_hex((g * 7919 + i) % {keepers}), 32, '0')::uuid)
 FROM generate_series(0, 24) AS i)) END FROM generate_series({start}::bigint, {end}) AS g"""
LIST = """'{"page": "keepers", "found": 25, "ids": [' ||
 (SELECT group_concat('"00000000-0000-0000-0000-' ||
 printf('%012x', (g * 7919 + i) % {keepers}) || '"', ', ')
 FROM (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 24)
 SELECT i FROM n)) || ']}'"""
SQLITE = """INSERT INTO events
 (id, name, subject_type, subject_id, region, actor_id, actor_name, happened_at, facts)
 WITH RECURSIVE s(g) AS (SELECT {start} UNION ALL SELECT g + 1 FROM s WHERE g < {end})
 SELECT unhex(printf('%032x', g)), {names}, 'keepers', unhex(printf('%032x', {person})),
 '52.04.02.2001', unhex(printf('%032x', (g / 10) % {officers} + 1)), 'Petugas',
 strftime('%Y-%m-%d %H:%M:%f000', '2026-01-01',
 '+' || (g * 365.0 * 86400 / {events}) || ' seconds'),
 CASE WHEN g % 10 < 9 THEN '{{"page": "animal"}}' ELSE {list} END FROM s"""


def privacy_search_ms() -> Result:
    return _on(postgres=True)


def privacy_search_ms_sqlite() -> Result:
    return _on(postgres=False)


def _on(*, postgres: bool) -> Result:
    try:
        with scratch_app(postgres=postgres) as (app, _):
            return _measured(app)
    except NoServer as error:
        return Result(None, unit="ms", note=f"no PostgreSQL server: {error}")


def _measured(app: Flask) -> Result:
    with app.app_context():
        _load()
        spent = {name: _best(ask) for name, ask in _questions().items()}
    note = ", ".join(f"{name} {ms:.0f}" for name, ms in spent.items())
    return Result(max(spent.values()), unit="ms", note=f"{EVENTS:,} events: {note}")


def _questions() -> dict[str, Callable[[], object]]:
    person, account = UUID(int=7919), UUID(int=3)
    return {
        "who saw a person": lambda: (
            readers_of(person, SINCE, by=OPERATOR),
            looks_at(person, SINCE, by=OPERATOR),
        ),
        "lists with a person": lambda: lists_with(person, SINCE, by=OPERATOR),
        "what an account read": lambda: (
            reads_by(account, SINCE, by=OPERATOR),
            counts_of(account, SINCE, by=OPERATOR),
        ),
        "people an account read": lambda: people_read_by(account, SINCE, by=OPERATOR),
    }


def _best(ask: Callable[[], object], turns: int = 3) -> float:
    spent = []
    for _ in range(turns):
        db.session.rollback()
        begun = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begun) * 1000)
    return min(spent)


def _load() -> None:
    """Past the application, as years of work would leave it."""
    is_postgres = db.engine.dialect.name == "postgresql"
    known = {"events": EVENTS, "officers": OFFICERS, "names": NAMES}
    known["person"] = PERSON.format(keepers=KEEPERS)
    shape = POSTGRESQL if is_postgres else SQLITE
    lists = LIST.replace("{keepers}", str(KEEPERS))
    for start in range(0, EVENTS, PART):
        end = min(start + PART, EVENTS) - 1
        sql = shape.format(start=start, end=end, keepers=KEEPERS, list=lists, **known)
        with db.engine.begin() as connection:
            raw: Any = connection.connection.driver_connection
            if not is_postgres:
                raw.create_function("unhex", 1, bytes.fromhex, deterministic=True)
            connection.exec_driver_sql(sql.replace("%", "%%") if is_postgres else sql)
    with db.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
