"""The log with a million receipts: a proof of one, and the comparison of all.

Each receipt has its journal with two lines and its allocation, so there are twice as many leaves.
BENCH_RECEIPTS says how many, BENCH_LOG where (sqlite or postgres). What is compared runs in
processes of its own, as from the command line.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from benchmarks.databases import NoServer, installed, on_postgres, scratch_folder
from benchmarks.measuring import Result
from sijinak.core import bulk
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.merkle import frontier_at, leaf_hash
from sijinak.core.model import Model
from sijinak.core.noting import noting
from sijinak.core.permissions import OPERATOR
from sijinak.core.personkeys import made_keys_of, salt_of
from sijinak.core.rawrows import plain
from sijinak.core.telling import digest_of, leaf_text, place_of
from sijinak.core.tlog import HEAD, NODES, LogLeaf, head, merge, node_at
from sijinak.ledger.models import Journal, JournalSum, Posting
from sijinak.proofs.services import make_checkpoint
from sijinak.retribution.receipts.models import Allocation, Receipt

RECEIPTS = int(os.environ.get("BENCH_RECEIPTS", "1000000"))
ON_POSTGRES = os.environ.get("BENCH_LOG", "sqlite") == "postgres"
PART, KEEPERS, AMOUNT = 5_000, 50, 79_500
PROOF = """
import json, sys, time
from sijinak.app import create_app
from sijinak.core.db import db
from sijinak.proofs.queries import proof_of
from sijinak.retribution.receipts.models import Receipt
from sqlalchemy.orm import configure_mappers
from uuid import UUID
app = create_app()
configure_mappers()  # as a server has, after its first question
with app.app_context():
    spent = []
    for one in sys.argv[1:]:
        began = time.perf_counter()
        proof_of(Receipt, UUID(one))
        spent.append((time.perf_counter() - began) * 1000)
print(json.dumps(spent))
"""
# What wait4 tells of memory is that of whoever started the process, when that one had more.
VERIFY = """
import atexit, runpy, sys
from pathlib import Path

def told():
    print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

atexit.register(told)
sys.argv[1:] = ["audit", "verify", "--from-start", "--json"]
runpy.run_module("sijinak.cli", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True, slots=True)
class Figures:
    seconds: float
    floor: float
    peak_mb: float
    cold_ms: float
    warm_ms: float
    note: str


def audit_verify_1m_seconds() -> Result:
    return _told(lambda one: Result(one.seconds, round(one.floor, 1), one.note, unit="s"))


def audit_verify_peak_mb() -> Result:
    return _told(lambda one: Result(one.peak_mb, note=one.note, unit="MB"))


def tlog_proof_ms() -> Result:
    """The first proof of a fresh process, with its connection; the note has the others."""
    return _told(lambda one: Result(one.cold_ms, one.warm_ms, one.note, unit="ms"))


def _told(made: Any) -> Result:
    try:
        result: Result = made(_figures())
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")
    return result


@cache
def _figures() -> Figures:
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        url = f"sqlite:///{folder}/b.sqlite"
        url = stack.enter_context(on_postgres()) if ON_POSTGRES else url
        app = stack.enter_context(installed(url, folder))
        with app.app_context():
            began = time.perf_counter()
            chosen = _load()
            loaded = time.perf_counter() - began
            with transaction():
                make_checkpoint("demand", by=OPERATOR)
            with transaction():
                merge()
            floor = _floor()
            size = head().size
            db.session.remove()
        proofs = json.loads(_child(url, folder, ["-c", PROOF, *chosen])[0])
        said, seconds, cpu = _child(url, folder, ["-c", VERIFY])
        *_, summary, peak_kb = said.splitlines()
        peak = int(peak_kb) / 1024
        warm = sorted(proofs[1:])[len(proofs) // 2]
        note = (
            f"{RECEIPTS} receipts, {size} leaves on {'PostgreSQL' if ON_POSTGRES else 'SQLite'};"
            f" loaded in {loaded:.0f} s; reading and hashing alone {floor:.1f} s;"
            f" proof: first {proofs[0]:.2f} ms, then {warm:.2f} ms;"
            f" peak {peak:.0f} MB, CPU {cpu:.1f} s; {summary}"
        )
        return Figures(seconds, floor, peak, proofs[0], warm, note)


def _child(url: str, folder: Path, arguments: list[str]) -> tuple[str, float, float]:
    """What it said, its seconds, and its seconds of CPU."""
    variables = {"SIJINAK_DATABASE_URL": url, "SIJINAK_DATA_DIR": str(folder)}
    began = time.perf_counter()
    child = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, *arguments], env={**os.environ, **variables}, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    said = child.stdout.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, said[-2000:]
    seconds = time.perf_counter() - began
    return said, seconds, usage.ru_utime + usage.ru_stime


def _floor() -> float:
    """The same rows read in their order, and the leaves hashed: nothing is compared."""
    began = time.perf_counter()
    with transaction():
        connection = db.session.connection()
        for body in _every(connection, "SELECT body FROM log_leaves ORDER BY position"):
            sha256(body[0].encode()).digest()
        for table in ("receipts", "journals", "postings", "allocations"):
            for _ in _every(connection, f"SELECT * FROM {table}"):  # noqa: S608
                pass
    return time.perf_counter() - began


def _every(connection: Connection, sql: str) -> Iterator[Any]:
    streamed = connection.execution_options(stream_results=True, yield_per=5_000)
    return iter(streamed.execute(text(sql)))


def _load() -> list[str]:
    """Past the services and the guards; the ids of some receipts."""
    table = noting.table
    noting.wire({})
    try:
        return _loaded()
    finally:
        noting.wire(table)


def _loaded() -> list[str]:
    with transaction():
        while merge():
            pass
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:  # the one that is used all the time
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys = OFF")
    with transaction():
        people = [uuid7() for _ in range(KEEPERS)]
        keys = made_keys_of(people)
    chosen: list[str] = []
    for start in range(1, RECEIPTS + 1, PART):
        with transaction():
            _without_guards()
            rows = [
                _rows_of(number, people) for number in range(start, min(start + PART, RECEIPTS + 1))
            ]
            for place, model in enumerate((JournalSum, Journal, Posting, Receipt, Allocation)):
                _insert(model, [row for of in rows for row in of[place]])
            leaves = [leaf for of in rows for leaf in _leaves_of(of, keys)]
            _append(leaves)
            chosen.append(str(rows[0][3][0]["id"]))
    with transaction():
        _without_guards()
        counter = {"id": uuid7(), "series": "TBP/SBW-01", "year": today().year, "last_no": RECEIPTS}
        db.session.execute(Model.metadata.tables["number_series"].insert().values(**counter))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return chosen


Rows = list[dict[str, Any]]


def _rows_of(number: int, people: list[UUID]) -> tuple[Rows, Rows, Rows, Rows, Rows]:
    journal, receipt, bill, money = uuid7(), uuid7(), UUID(int=number), UUID(int=number + 10**9)
    text_of = f"TBP/SBW-01/{today().year}/{number:07}"
    sums = {"id": journal, "total": 0, "size": 2}
    written = {
        "id": journal, "idem": f"paid:{receipt}", "kind": "paid", "effective_on": today(),
        "recorded_at": now(), "region": "52.04.02.2001", "actor_id": OPERATOR.id,
        "actor_name": OPERATOR.name, "reason": "", "reverses_id": None, "size": 2, "zero": 0,
    }  # fmt: skip
    lines: Rows = [
        {
            "id": uuid7(), "journal_id": journal, "position": place, "effective_on": today(),
            "account": account, "about": about, "amount": amount,
        }
        for place, (account, about, amount) in enumerate(
            [("suspense", money, AMOUNT), ("receivable", bill, -AMOUNT)], start=1
        )
    ]  # fmt: skip
    issued = {
        "id": receipt, "kind": "receipt", "number": f"{text_of}-X", "series": "SBW-01",
        "year": today().year, "no": number, "skrd_id": bill, "round": 1, "voids_id": None,
        "voided_from": None, "keeper_id": people[number % KEEPERS], "region": "52.04.02.2001",
        "amount": AMOUNT, "payer_name": f"CV Samawa {number % KEEPERS}", "channel": "cash",
        "reason": "", "asked_by": None, "asked_by_name": "", "issued_at": now(),
        "issued_by": OPERATOR.id, "issued_by_name": OPERATOR.name,
    }  # fmt: skip
    paid = {"id": uuid7(), "receipt_id": receipt, "collection_id": money, "amount": AMOUNT}
    return [sums], [written], lines, [issued], [paid]


def _leaves_of(rows: tuple[Rows, Rows, Rows, Rows, Rows], keys: Any) -> list[tuple[str, UUID, str]]:
    _, journals, postings, receipts, allocations = rows
    return [
        ("journals", journals[0]["id"], _told_of("journals", journals[0], postings, keys)),
        ("receipts", receipts[0]["id"], _told_of("receipts", receipts[0], allocations, keys)),
    ]


HIDDEN = {
    "journals": {"actor_name": "", "reason": ""},
    "receipts": {
        "payer_name": "keeper_id", "reason": "", "asked_by_name": "", "issued_by_name": "",
    },
}  # fmt: skip
OF = {"journals": "journal_id", "receipts": "receipt_id"}


def _told_of(table: str, row: dict[str, Any], lines: Rows, keys: Any) -> str:
    hidden = HIDDEN[table]
    said = {name: plain(value) for name, value in row.items() if name not in {"id", *hidden}}
    for name, person in hidden.items():
        salt = salt_of(keys, row[person] if person else None, place_of(table, row["id"], name))
        said[name] = {"sha256": digest_of(salt, row[name]) if salt else None}
    said["lines"] = [
        {name: plain(value) for name, value in line.items() if name not in {"id", OF[table]}}
        for line in lines
    ]
    return leaf_text(table, row["id"], now(), said)


def _append(leaves: list[tuple[str, UUID, str]]) -> None:
    """As the log merges them."""
    frontier = frontier_at(head().size, node_at)
    start, nodes, hashes = frontier.size, [], []
    for _, _, body in leaves:
        hashes.append(leaf_hash(body.encode()))
        nodes += frontier.append(hashes[-1])
    moments = [json.loads(body.split("|", 2)[2])["at"] for _, _, body in leaves]
    bulk.insert(LogLeaf, {
        "id": [uuid7() for _ in leaves], "position": range(start, frontier.size),
        "kind": [leaf[0] for leaf in leaves], "subject_id": [leaf[1] for leaf in leaves],
        "written_at": [datetime.fromisoformat(moment) for moment in moments],
        "body": [leaf[2] for leaf in leaves], "hash": hashes,
    })  # fmt: skip
    names = ("level", "position", "hash")
    db.session.execute(NODES.insert(), [dict(zip(names, node, strict=True)) for node in nodes])
    told = {"size": frontier.size, "root": frontier.root(), "merged_at": now()}
    db.session.execute(HEAD.update().values(told))


def _insert(model: type[Model], rows: Rows) -> None:
    bulk.insert(model, {name: [row[name] for row in rows] for name in rows[0]})


def _without_guards() -> None:
    """Bills and moneys are not made: nothing here looks at them."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    asked = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in connection.execute(asked).all():
        connection.execute(text(f"DROP TRIGGER {name}"))
