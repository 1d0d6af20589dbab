"""What many phones bring at once: vaccinations through HTTP, one server process, durable commits.

The floor is the driver given the same rows of the same tables, batch by batch, each with its own
commit, by as many at once. BENCH_SYNC says how many vaccinations.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from threading import local as per_thread
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask
from psycopg.types.json import Json
from sqlalchemy import select

from benchmarks.databases import NoServer, installed, let_go, on_postgres, scratch_folder
from benchmarks.measuring import Result
from sijinak.accounts.models import Appointment, Role, User
from sijinak.accounts.queries import token_digest
from sijinak.animals.models import Animal, AnimalState, Identifier, IdentifierKind
from sijinak.config import Settings
from sijinak.core.clock import local, now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.model import Model
from sijinak.demo.loading import Load
from sijinak.field.models import Device, FieldRecord
from sijinak.vaccinations.models import Product, Vaccination, VaccinationAct
from sijinak.vaccinations.stock.models import Holding, Lot

RECORDS = int(os.environ.get("BENCH_SYNC", "20000"))
BATCH, PHONES, AT_ONCE, WARM_UP = 50, 100, 6, 40
REGENCY, LOT = "52.04", "BENCH-1"
PATIENCE = 60

Bodies = list[tuple[dict[str, str], bytes]]
MODELS = (FieldRecord, Vaccination, VaccinationAct)
NAMES = {
    model.__tablename__: ", ".join(column.name for column in model.__table__.columns)
    for model in MODELS
}
Part = dict[str, list[tuple[Any, ...]]]


@dataclass
class Phone:
    """What a phone remembers of its own outbox."""

    id: UUID
    user_id: UUID
    token: str
    seq: int = 0
    last: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    ours: float  # vaccinations a second
    floor: float


def sync_http_postgres() -> Result:
    """Vaccinations a second."""
    return _result(lambda found: Result(found.ours, found.floor, _note(found), unit="/s"))


def sync_http_ratio() -> Result:
    return _result(lambda found: Result(found.floor / found.ours, round(found.floor), _note(found)))


def _note(found: Figures) -> str:
    return f"{found.ours:.0f} against {found.floor:.0f} vaccinations a second, {AT_ONCE} at once"


def _result(made: Callable[[Figures], Result]) -> Result:
    try:
        return made(_figures())
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")


@cache
def _figures() -> Figures:
    with scratch_folder() as folder, on_postgres() as url, installed(url, folder) as app:
        batches = _outboxes(app)
        let_go(app)
        with _server(url, folder) as port:
            _send(port, batches[:WARM_UP])
            _look_at_tables(url)
            began = time.perf_counter()
            _send(port, batches[WARM_UP:])
            ours = (len(batches) - WARM_UP) * BATCH / (time.perf_counter() - began)
        with on_postgres() as empty, installed(empty, folder):
            return Figures(ours, _floor(url, empty))


def _look_at_tables(url: str) -> None:
    """What PostgreSQL does by itself within a minute: plans know how large the tables are."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ANALYZE")


def _outboxes(app: Flask) -> Bodies:
    """Every animal is vaccinated once, by one of many phones; their batches come in turn."""
    settings: Settings = app.extensions["sijinak.settings"]
    with app.app_context():
        for _ in Load(RECORDS * 6 // 5, 2026, settings).steps():
            pass
        asked = select(Identifier.value, Animal.village).join(Animal)
        asked = asked.where(Identifier.kind == IdentifierKind.TAG, Identifier.ended_at.is_(None))
        asked = asked.where(Animal.state == AnimalState.PRESENT).order_by(Animal.village, Animal.id)
        animals = [tuple(row) for row in db.session.execute(asked.limit(RECORDS))]
        product = db.session.scalars(select(Product.id).where(Product.code == "jdvacc")).one()
        phones = _phones(product)
        parts = [animals[at : at + BATCH] for at in range(0, len(animals), BATCH)]
        return [
            _batch(phones[number % PHONES], product, part)
            for number, part in enumerate(parts)
            if len(part) == BATCH
        ]


def _phones(product: UUID) -> list[Phone]:
    """Each in the hand of an officer of its own, with doses in the bag."""
    lot = Lot(product_id=product, number=LOT, expires_on=local(now()).date())
    with transaction():
        db.session.add(lot)
        db.session.flush()
        return [_phone(number, lot) for number in range(PHONES)]


def _phone(number: int, lot: Lot) -> Phone:
    user = User(
        username=f"bench{number}", name=f"Petugas {number}", password_hash="",
        password_changed_at=now(),
    )  # fmt: skip
    db.session.add(user)
    db.session.flush()
    phone = Phone(uuid7(), user.id, f"token-{number}")
    phone.last = sha256(f"sijinak-device\n{phone.id}".encode()).hexdigest()
    appointment = Appointment(
        user_id=user.id, role=Role.VET, region=REGENCY, decree="-", valid_from=date(2020, 1, 1)
    )
    device = Device(
        id=phone.id, user_id=user.id, name="", platform="", public_key=b"", recovery="",
        token_digest=token_digest(phone.token), enrolled_at=now(), seen_at=now(),
        expires_at=now() + timedelta(days=30),
    )  # fmt: skip
    holding = Holding(lot_id=lot.id, officer_id=user.id, doses=RECORDS)
    db.session.add_all([appointment, device, holding])
    return phone


def _batch(
    phone: Phone, product: UUID, animals: Sequence[Sequence[str]]
) -> tuple[dict[str, str], bytes]:
    moment = local(now()).isoformat(timespec="milliseconds")
    turn, records = str(uuid7()), []
    for code, village in animals:
        phone.seq += 1
        body = {
            "id": str(uuid7()), "device": str(phone.id), "seq": phone.seq, "kind": "vaccination",
            "v": 1, "author": str(phone.user_id), "at": moment, "pos": [-8.96, 117.21, 8.5],
            "data": {
                "round": turn, "code": code, "product": str(product), "lot": LOT,
                "campaign": None, "village": village, "read": "scan",
            },
        }  # fmt: skip
        text = json.dumps(body)
        digest = sha256(f"{phone.last}\n{text}".encode()).hexdigest()
        records.append(
            {"id": body["id"], "seq": phone.seq, "prev": phone.last, "hash": digest, "body": text}
        )
        phone.last = digest
    sent = {
        "device": str(phone.id), "app": "1", "sent_at": moment, "unsent": BATCH, "records": records,
    }  # fmt: skip
    headers = {
        "Authorization": f"Device {phone.id}.{phone.token}", "Content-Type": "application/json",
    }  # fmt: skip
    return headers, json.dumps(sent).encode()


@contextmanager
def _server(url: str, folder: Path) -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        f"from sijinak.serving import answer; answer('127.0.0.1', {port}, 1)",
    ]
    variables = {"SIJINAK_DATABASE_URL": url, "SIJINAK_DATA_DIR": str(folder)}
    server = subprocess.Popen(command, env={**os.environ, **variables})  # noqa: S603 - our own command
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == HTTPStatus.OK:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the server does not start")


def _send(port: int, batches: Bodies) -> None:
    """Each sender keeps its connection, as a phone does; every record must be accepted."""
    kept = per_thread()

    def send(batch: tuple[dict[str, str], bytes]) -> None:
        if not hasattr(kept, "line"):
            kept.line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        headers, body = batch
        kept.line.request("POST", "/api/v1/field/sync", body, headers)
        answer = kept.line.getresponse()
        said = answer.read()
        assert answer.status == HTTPStatus.OK, said
        assert said.count(b'"verdict":"accepted"') == BATCH, said
        assert said.count(b'"review":null') == BATCH, said

    with ThreadPoolExecutor(AT_ONCE) as senders:
        for _ in senders.map(send, batches):
            pass


def _floor(full: str, empty: str) -> float:
    """The rows that our batches made, written again by the driver: vaccinations a second."""
    parts = _parts(full)
    kept = per_thread()

    def write(part: Part) -> None:
        if not hasattr(kept, "line"):
            kept.line = psycopg.connect(empty)
            kept.line.execute("SET session_replication_role = replica")  # no animals are here
            kept.line.commit()
        for table, rows in part.items():
            marks = ", ".join(["%s"] * len(rows[0]))
            sql = f"INSERT INTO {table} ({NAMES[table]}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
            kept.line.cursor().executemany(sql.encode(), rows)
        kept.line.commit()

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as writers:
        for _ in writers.map(write, parts):
            pass
    return len(parts) * BATCH / (time.perf_counter() - began)


def _parts(full: str) -> list[Part]:
    """The rows of each batch, as they lie in the columns of the tables."""
    with psycopg.connect(full) as source:
        batches: dict[UUID, Part] = {}
        asked = f"SELECT batch_id, id, {_columns(FieldRecord)} FROM field_records r"  # noqa: S608
        owner = {}
        for batch, record, *row in source.execute(asked.encode()):
            owner[record] = batch
            batches.setdefault(batch, {}).setdefault("field_records", []).append(_row(row))
        asked = f"SELECT id, act_id, {_columns(Vaccination)} FROM vaccinations r"  # noqa: S608
        acts = {}
        for dose, act, *row in source.execute(asked.encode()):
            if dose in owner:
                acts[act] = owner[dose]
                batches[owner[dose]].setdefault("vaccinations", []).append(_row(row))
        asked = f"SELECT id, {_columns(VaccinationAct)} FROM vaccination_acts r"  # noqa: S608
        for act, *row in source.execute(asked.encode()):
            if act in acts:
                batches[acts[act]].setdefault("vaccination_acts", []).append(_row(row))
    return list(batches.values())


def _columns(model: type[Model]) -> str:
    """In the order in which INSERT takes them."""
    names = [column.name for column in model.__table__.columns]
    return ", ".join(f"r.{name}" for name in names)


def _row(cells: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(Json(cell) if isinstance(cell, dict) else cell for cell in cells)
