"""The hottest page: a vet who has signed in scans a tag and sees the record.

The floor is what no framework can beat: a bare WSGI function, the driver, two indexed questions
and an f-string page, for anybody who asks.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from http import HTTPStatus
from itertools import cycle
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import psycopg
from flask import Flask
from sqlalchemy import select
from werkzeug.test import EnvironBuilder

from benchmarks.databases import NoServer, installed, on_postgres, scratch_folder
from benchmarks.measuring import Result, ratio_of
from sijinak.animals.models import Animal, Identifier, IdentifierKind
from sijinak.config import Settings
from sijinak.core.db import db
from sijinak.demo.accounts import PASSWORD
from sijinak.demo.loading import Load

ANIMALS, TAGS, ROUNDS, TURNS = 2000, 50, 15, 200
VET = "dokter-kab"
BY_TAG = """
    SELECT a.id, i.value, a.species, a.sex, a.breed, a.birth_date, a.colour, a.horns, a.ears,
           a.whorls, a.brand, a.special_marks, a.verification, a.seen_at, a.village, a.hamlet,
           a.registered_at, k.name
    FROM identifiers i JOIN animals a ON a.id = i.animal_id JOIN keepers k ON k.id = a.keeper_id
    WHERE i.value = {mark} AND i.kind = 'tag'"""
HISTORY = """
    SELECT p.name, v.disease, va.lot, v.given_on, v.next_due, va.vaccinator_name
    FROM vaccinations v JOIN vaccination_acts va ON va.id = v.act_id
    JOIN vaccine_products p ON p.id = va.product_id
    WHERE v.animal_id = {mark} ORDER BY v.given_on DESC"""

Ask = Callable[[str, Any], Sequence[Sequence[Any]]]


def scan_record_sqlite() -> Result:
    """In CPU time, which others on the machine disturb least."""
    with scratch_folder() as folder:
        path = folder / "scan.sqlite"
        with installed(f"sqlite:///{path}", folder) as app, closing(sqlite3.connect(path)) as raw:
            found = _compared(app, _bare(_asking_sqlite(raw)), time.process_time)
    return Result(found.value, found.floor, f"CPU time: {found.note}")


def scan_record_postgres() -> Result:
    """In wall time, for the server works too."""
    try:
        with (
            scratch_folder() as folder,
            on_postgres() as url,
            installed(url, folder) as app,
            psycopg.connect(url, autocommit=True) as raw,
        ):
            found = _compared(app, _bare(_asking_postgres(raw)), time.perf_counter)
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")
    return Result(found.value, found.floor, f"wall time: {found.note}")


def _compared(app: Flask, bare: WSGIApplication, clock: Callable[[], float]) -> Result:
    """Outside the app's context: inside it requests would share what belongs to one of them."""
    settings: Settings = app.extensions["sijinak.settings"]
    with app.app_context():
        for _ in Load(ANIMALS, 2026, settings).steps():
            pass
        tags = _tags()
    environs = _requests(tags, cookie_of(app, VET))
    ours, floor = _calling(app.wsgi_app, environs), _calling(bare, environs)
    return ratio_of(ours, floor, clock=clock, rounds=ROUNDS, turns=TURNS)


def _tags() -> list[str]:
    """Of animals that have a history."""
    asked = select(Identifier.value).join(Animal, Animal.id == Identifier.animal_id)
    asked = asked.where(Identifier.kind == IdentifierKind.TAG, Animal.species == "cattle")
    return list(db.session.scalars(asked.order_by(Animal.id).limit(TAGS)))


def cookie_of(app: Flask, username: str) -> str:
    """What a browser sends after signing in with the form."""
    browser = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/masuk").text)
    assert token
    form = {"csrf_token": token[1], "username": username, "password": PASSWORD}
    assert browser.post("/masuk", data=form).status_code == HTTPStatus.FOUND
    assert browser.get("/").status_code == HTTPStatus.OK
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = browser.get_cookie(name)
    assert cookie
    return f"{name}={cookie.value}"


def _requests(tags: list[str], cookie: str) -> list[WSGIEnvironment]:
    headers = [("Cookie", cookie), ("Accept", "text/html")]
    return [EnvironBuilder(f"/t/{tag}", headers=headers).get_environ() for tag in tags]


def _calling(application: WSGIApplication, environs: list[WSGIEnvironment]) -> Callable[[], None]:
    """One request after another; each must be answered with the page of its tag."""
    turn: Iterator[WSGIEnvironment] = cycle(environs)
    said: list[str] = []

    def start_response(status: str, *_: Any) -> Any:
        said.append(status)

    def call() -> None:
        environ = next(turn).copy()
        code = environ["PATH_INFO"][3:]
        answer = application(environ, start_response)
        page = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        assert said.pop() == "200 OK"
        assert code[:4].encode() in page

    return call


def _bare(ask: Ask) -> WSGIApplication:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        (animal,) = ask(BY_TAG, environ["PATH_INFO"][3:])
        page = _page(animal, ask(HISTORY, animal[0])).encode()
        start_response(
            "200 OK",
            [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))],
        )
        return [page]

    return application


def _page(animal: Sequence[Any], history: Sequence[Sequence[Any]]) -> str:
    facts = "".join(f"<dd>{value}</dd>" for value in animal[2:] if value)
    doses = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in dose)}</tr>" for dose in history)
    return f"""<!doctype html><html lang="id"><title>{animal[1]}</title>
<main><h1>{animal[1]}</h1><dl>{facts}</dl><table>{doses}</table></main></html>"""


def _asking_sqlite(raw: sqlite3.Connection) -> Ask:
    texts = {text: text.format(mark="?") for text in (BY_TAG, HISTORY)}
    return lambda text, value: raw.execute(texts[text], (value,)).fetchall()


def _asking_postgres(raw: psycopg.Connection) -> Ask:
    texts = {text: text.format(mark="%s").encode() for text in (BY_TAG, HISTORY)}
    return lambda text, value: raw.execute(texts[text], (value,)).fetchall()
