"""R27: thin lines that are cut and a database that takes its time lose nothing and starve nobody.

As in production a proxy reads each question whole before the server hears of it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.config import Settings
from sijinak.core.db import db
from sijinak.field.models import FieldRecord
from tests.conditions import wait_until
from tests.field.browser.village import settle
from tests.field.doors import phone_with_outbox
from tests.field.lines import SlowLine
from tests.field.outbox import Outbox, Record
from tests.field.phones import Handset
from tests.field.slow_server import COMMIT

PHONES, EACH, BATCH = 10, 30, 25
SPEED, CUT = 64_000 / 8, 0.2  # bytes a second, share of the lines
PATIENCE = 20  # seconds that a phone waits for an answer
LONGEST = 120
ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_ten_phones_on_thin_lines_bring_everything_once_and_starve_nobody(
    app: Flask, settings: Settings
):
    phones = [phone_with_outbox(app) for _ in range(PHONES)]
    with app.app_context():
        village = settle(PHONES * EACH)
    for number, code in enumerate(village.codes):
        phones[number % PHONES][1].vaccinate(code, UUID(village.product))
    with _served(settings) as port, SlowLine(port, speed=SPEED, cut=CUT).open() as line:
        begun = time.monotonic()
        assert _send(*phones[0], [], port) == []
        assert time.monotonic() - begun >= COMMIT
        waits = _let_loose(phones, line.port, port)
    assert line.cuts >= PHONES / 5
    assert max(waits) < PATIENCE / 4, waits
    with app.app_context():
        rows = db.session.execute(select(FieldRecord.id, FieldRecord.verdict))
        found = Counter((str(row[0]), str(row[1])) for row in rows)
    assert found == {(one["id"], "accepted"): 1 for _, box in phones for one in box.records}


def _let_loose(phones: list[tuple[Handset, Outbox]], line: int, direct: int) -> list[float]:
    """How long each question after the server's health waited for its answer meanwhile."""
    threads = [Thread(target=_bring, args=(phone, box, line)) for phone, box in phones]
    for thread in threads:
        thread.start()
    waits = []
    while any(thread.is_alive() for thread in threads):
        waits.append(_health(direct))
        time.sleep(0.1)
    return waits


def _health(port: int) -> float:
    begun = time.monotonic()
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as asked:
        asked.request("GET", "/healthz")
        assert asked.getresponse().status == 200
    return time.monotonic() - begun


def _bring(phone: Handset, box: Outbox, port: int) -> None:
    waiting = {one["id"]: one for one in box.records}
    until = time.monotonic() + LONGEST
    while waiting and time.monotonic() < until:
        try:
            for received in _send(phone, box, list(waiting.values())[:BATCH], port):
                del waiting[received]
        except (OSError, HTTPException, ValueError):
            time.sleep(0.2)


def _send(phone: Handset, box: Outbox, records: list[Record], port: int) -> list[str]:
    headers = {**phone.header, "Content-Type": "application/json"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as line:
        body = json.dumps(box.batch(records))
        line.request("POST", "/api/v1/field/sync", body, headers)
        answer = line.getresponse()
        said = json.loads(answer.read())
        return [one["id"] for one in said["records"]] if answer.status == 200 else []


@contextmanager
def _served(settings: Settings) -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
    variables = {
        **os.environ,
        "SIJINAK_DATABASE_URL": settings.database_url,
        "SIJINAK_DATA_DIR": settings.data_dir,
    }
    command = [sys.executable, "-m", "tests.field.slow_server", str(port)]
    process = subprocess.Popen(
        command, env=variables, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _is_open(port), "the server starts", longest=LONGEST)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _is_open(port: int) -> bool:
    with closing(socket.socket()) as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
