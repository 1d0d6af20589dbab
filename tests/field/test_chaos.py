"""R1: a server that is killed again and again, and lines that drop, cut and repeat what is sent.

SIJINAK_CHAOS_RECORDS says how many vaccinations; 4,000 when it says nothing.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import token_digest
from sijinak.animals.models import Animal, Identifier
from sijinak.config import Settings
from sijinak.core import bulk
from sijinak.core.clock import now
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.field.models import Device, FieldRecord
from sijinak.vaccinations.models import Product, Vaccination
from tests.animals.factories import make_animal
from tests.factories import LUNYUK, make_user
from tests.field.outbox import Outbox, Record

RECORDS = int(os.environ.get("SIJINAK_CHAOS_RECORDS", "4000"))
PHONES, BATCH, TROUBLE = 50, 25, 0.3
LIFE = RECORDS // 6  # answers that a server gives
LONGEST = 20  # seconds that a phone waits for an answer
STUCK = 120  # seconds without any answer to any phone: a busy machine takes its time
PRODUCTS = 5
START = "from sijinak.serving import answer; import sys; answer('127.0.0.1', int(sys.argv[1]), 1)"


@dataclass
class Server:
    """One that lives for some answers, and is started anew at the same port."""

    settings: Settings
    port: int
    heard: list[float]  # when phones got their answers
    kills: int = 0
    over: Event = field(default_factory=Event)
    process: "subprocess.Popen[bytes] | None" = None

    def run(self) -> None:
        while not self.over.is_set():
            self._start()
            end = len(self.heard) + LIFE
            while len(self.heard) < end and not self.over.wait(0.01):
                pass
            self._kill()
            self.kills += not self.over.is_set()

    def _start(self) -> None:
        variables = {
            **os.environ,
            "SIJINAK_DATABASE_URL": self.settings.database_url,
            "SIJINAK_DATA_DIR": self.settings.data_dir,
        }
        command = [sys.executable, "-c", START, str(self.port)]
        self.process = subprocess.Popen(
            command, env=variables, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + STUCK
        while time.monotonic() < until and not self.over.is_set() and not self._answers():
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)) as line:
                line.request("GET", "/healthz")
                return line.getresponse().status == 200
        except (OSError, HTTPException):
            return False

    def _kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Phone:
    """Sends until every record has an answer, whatever happens to what it sends."""

    box: Outbox
    token: str
    random: Random
    port: int
    heard: list[float]  # shared by all phones
    waiting: dict[str, Record] = field(default_factory=dict)
    strange: list[Any] = field(default_factory=list)

    def work(self) -> None:
        self.waiting = {one["id"]: one for one in self.box.records}
        while self.waiting and time.monotonic() < self.heard[-1] + STUCK:
            batch = list(self.waiting.values())[:BATCH]
            try:
                self._take(self._send(batch))
            except (OSError, HTTPException, ValueError):
                time.sleep(self.random.uniform(0.02, 0.2))

    def _send(self, records: Sequence[Record]) -> Any:
        mishap = self.random.choice(["drop", "cut", "deaf", "twice"])
        if self.random.random() > TROUBLE:
            mishap = ""
        if mishap == "drop":
            raise ConnectionError
        body = json.dumps(self.box.batch(records)).encode()
        if mishap in ("deaf", "twice"):
            with self._line(body, len(body)) as line:
                if mishap == "deaf":
                    time.sleep(self.random.uniform(0, 0.05))
                    raise ConnectionError
                line.getresponse().read()
        sent = body[: len(body) // 2] if mishap == "cut" else body
        with self._line(sent, len(body)) as line:
            if mishap == "cut":
                raise ConnectionError
            answer = line.getresponse()
            said = answer.read()
            if answer.status != 200:
                raise ConnectionError
            return json.loads(said)

    @contextmanager
    def _line(self, body: bytes, length: int) -> Iterator[HTTPConnection]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)) as line:
            line.putrequest("POST", "/api/v1/field/sync")
            line.putheader("Authorization", f"Device {self.box.device}.{self.token}")
            line.putheader("Content-Type", "application/json")
            line.putheader("Content-Length", str(length))
            line.endheaders(body)
            yield line

    def _take(self, said: Any) -> None:
        for one in said["records"]:
            if one["verdict"] == "retry":
                continue
            self.heard.append(time.monotonic())
            if one["verdict"] not in ("accepted", "duplicate") or one["review"]:
                self.strange.append(one)
            self.waiting.pop(one["id"], None)


@pytest.mark.slow
def test_nothing_is_lost_doubled_or_changed(app: Flask, settings: Settings):
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        server = Server(settings, free.getsockname()[1], [])
    with app.app_context():
        codes, products = _herd(), _products()
        phones = _phones(server)
        pairs = [(code, product) for product in products for code in codes][:RECORDS]
        for number, (code, product) in enumerate(pairs):
            phones[number % PHONES].box.vaccinate(code, product)
        db.session.remove()
    _let_loose(server, phones)
    assert [phone.strange for phone in phones if phone.strange] == []
    assert [len(phone.waiting) for phone in phones if phone.waiting] == []
    assert server.kills >= 3, server.kills
    with app.app_context():
        _compare([one for phone in phones for one in phone.box.records])


def _let_loose(server: Server, phones: Sequence[Phone]) -> None:
    server.heard.append(time.monotonic())
    running = Thread(target=server.run)
    running.start()
    try:
        threads = [Thread(target=phone.work) for phone in phones]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.over.set()
        running.join()


def _compare(records: Sequence[Record]) -> None:
    sent = {UUID(one["id"]): (one["body"], "accepted") for one in records}
    asked = select(FieldRecord.id, FieldRecord.plain, FieldRecord.verdict)
    rows = db.session.execute(asked).all()
    assert len(rows) == len(sent) == RECORDS
    assert {row[0]: (row[1], row[2].value) for row in rows} == sent
    given = db.session.execute(select(Vaccination.id, Vaccination.standing)).all()
    assert len(given) == RECORDS
    assert {(row[0], row[1].value) for row in given} == {(one, "counts") for one in sent}
    for device in db.session.scalars(select(Device)):
        assert (device.gaps, device.highest_seq > 0) == ([], True)


def _products() -> list[UUID]:
    """Each against another disease, so that none is a double."""
    of_each = {one.disease: one.id for one in db.session.scalars(select(Product))}
    return list(of_each.values())[:PRODUCTS]


def _herd() -> list[str]:
    """Copies of one animal, each with a tag of its own."""
    one, _ = make_animal()
    count = -(-RECORDS // PRODUCTS)
    ids, codes = [uuid7() for _ in range(count)], [tag_code_of(n) for n in range(count)]
    animal = {column.name: [getattr(one, column.name)] * count for column in Animal.__table__.c}
    none = [None] * count
    with transaction():
        bulk.insert(Animal, {**animal, "id": ids})
        bulk.insert(
            Identifier,
            {
                "id": [uuid7() for _ in ids], "animal_id": ids, "kind": ["tag"] * count,
                "value": codes, "given_at": [now()] * count, "given_by": none,
                "ended_at": none, "end_reason": none, "replaced_by_id": none,
            },
        )  # fmt: skip
    return [str(code) for code in codes]


def _phones(server: Server) -> list[Phone]:
    users = [make_user(Role.VET, LUNYUK) for _ in range(PHONES)]
    made = []
    with transaction():
        for number, user in enumerate(users):
            device = Device(
                user_id=user.id, name="", platform="", token_digest=token_digest(f"t{number}"),
                public_key=b"", recovery="", enrolled_at=now(), seen_at=now(),
                expires_at=now() + timedelta(days=1),
            )  # fmt: skip
            db.session.add(device)
            box = Outbox(device.id, user.id)
            random = Random(number)  # noqa: S311 - no secret
            made.append(Phone(box, f"t{number}", random, server.port, server.heard))
    return made
