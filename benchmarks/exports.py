"""Taking a million receipts away as CSV, against the database's own writing of the same columns.

The floor is ``COPY … TO`` a file of the server on PostgreSQL, and the driver's cursor handed to
Python's csv module on SQLite, each without any look at the cells. Wall time counts; the note has
the time to the first byte and by how much the peak of memory grew.
"""

import csv
import resource
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import EnvironBuilder

from benchmarks.databases import NoServer, let_go, scratch_app
from benchmarks.measuring import Result
from benchmarks.receipts import load_receipts
from benchmarks.scan import cookie_of
from sijinak.accounts.models import Appointment, Role, User
from sijinak.accounts.passwords import hashed
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.demo.accounts import PASSWORD
from sijinak.retribution.receipts.models import Receipt

ADDRESS = "/audit/ekspor/receipts.csv"
ROUNDS, CHUNK = 3, 5_000
AUDITOR = "pemeriksa"
SERVERS_FILE = "/tmp/sijinak-bench-floor.csv"  # noqa: S108 - of the server's own user
R = Receipt


def audit_export_csv_ratio() -> Result:
    return _on(postgres=True)


def audit_export_csv_ratio_sqlite() -> Result:
    return _on(postgres=False)


def _on(*, postgres: bool) -> Result:
    try:
        with scratch_app(postgres=postgres) as (app, folder):
            return _measured(app, folder)
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")


def _measured(app: Flask, folder: Path) -> Result:
    with app.app_context():
        load_receipts()
        sql = str(_bare().compile(db.engine, compile_kwargs={"literal_binds": True}))
        add_auditor()
    cookie = cookie_of(app, AUDITOR)
    let_go(app)
    best, first, grown, size = [float("inf"), float("inf")], 0.0, 0, 0
    for _ in range(ROUNDS):
        before, began = _peak(), time.perf_counter()
        size, waited = _taken(app, cookie, folder / "ours.csv")
        best[0] = min(best[0], time.perf_counter() - began)
        first, grown = max(first, waited), max(grown, _peak() - before)
        best[1] = min(best[1], _floor(app, sql, folder / "floor.csv"))
    note = (
        f"{best[0]:.2f} against {best[1]:.2f} s for {size // 1_000_000} MB; first byte after"
        f" {first * 1000:.0f} ms; the peak of memory grew by {grown // 1024} MB"
    )
    return Result(best[0] / best[1], round(best[1], 2), note)


def add_auditor() -> None:
    with transaction():
        user = User(
            username=AUDITOR, name="Nama pemeriksa", password_hash=hashed(PASSWORD),
            password_changed_at=now(), must_change_password=False,
        )  # fmt: skip
        db.session.add(user)
        db.session.flush()
        db.session.add(
            Appointment(
                user_id=user.id, role=Role.AUDITOR, region="52.04", decree="SK 1",
                valid_from=today(),
            )
        )  # fmt: skip


def _taken(app: Flask, cookie: str, path: Path) -> tuple[int, float]:
    """Letters, and seconds to the first of them."""
    environ = EnvironBuilder(ADDRESS, headers=[("Cookie", cookie)]).get_environ()
    began, waited, size = time.perf_counter(), 0.0, 0
    with path.open("wb") as file, closing(app.wsgi_app(environ, _started)) as answer:  # type: ignore[type-var]
        for piece in answer:
            waited = waited or time.perf_counter() - began
            size += file.write(piece)
    return size, waited


def _started(status: str, *_: Any) -> Callable[[bytes], object]:
    assert status == "200 OK", status
    return lambda _: None


def _bare() -> Any:
    """The same rows and columns in the same order, as they are kept."""
    columns = (
        R.number, R.kind, R.issued_at, R.payer_name, R.amount, R.channel, R.region, R.reason,
        R.asked_by_name, R.issued_by_name, R.skrd_id, R.voids_id, R.id,
    )  # fmt: skip
    return select(*columns).order_by(R.id)


def _floor(app: Flask, sql: str, path: Path) -> float:
    with app.app_context(), db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        began = time.perf_counter()
        if connection.dialect.name == "postgresql":
            raw.execute(f"COPY ({sql}) TO '{SERVERS_FILE}' (FORMAT csv, DELIMITER ';')")
        else:
            with path.open("w", newline="") as file:
                writer, cursor = csv.writer(file, delimiter=";"), raw.execute(sql)
                while found := cursor.fetchmany(CHUNK):
                    writer.writerows(found)
        return time.perf_counter() - began


def _peak() -> int:
    """KB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
