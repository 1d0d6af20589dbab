"""A real server with its worker, where Chromium is, and pages that may not complain."""

import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from socket import socket

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import BaseWSGIServer, make_server

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.schedule import Rounds
from sijinak.wiring import SCHEDULE
from tests.conftest import close
from tests.databases import Databases

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PHONE = {"width": 360, "height": 780}
OFFICE = {"width": 1280, "height": 800}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """Its path; without it the test is skipped, unless SIJINAK_REQUIRE names the browser."""
    if CHROMIUM is None:
        if "browser" in os.environ.get("SIJINAK_REQUIRE", ""):
            pytest.fail("Chromium is required and was not found")
        pytest.skip("Chromium is not installed")
    return CHROMIUM


@contextmanager
def own_settings(databases: Databases, folder: Path) -> Iterator[Settings]:
    """The QR codes lead to the server of the test itself."""
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with databases.copy() as url:
        yield Settings(
            database_url=url, data_dir=str(folder), public_url=f"http://127.0.0.1:{port}"
        )


class Site:
    """The app on settings.public_url with its worker. It can go away and come back."""

    def __init__(self, settings: Settings) -> None:
        self.app: Flask = create_app(settings)
        self.url = settings.public_url
        self._stopping = threading.Event()
        self._server: BaseWSGIServer | None = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        port = int(self.url.rsplit(":")[-1])
        self._server = make_server("127.0.0.1", port, self.app, threaded=True)
        self._stopping.clear()
        targets = (self._server.serve_forever, self._work)
        self._threads = [threading.Thread(target=target) for target in targets]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Nobody answers any more; stopping twice is stopping once."""
        if self._server is None:
            return
        self._stopping.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()
        self._server = None

    def end(self) -> None:
        self.stop()
        with self.app.app_context():
            close()

    def change(self, **settings: object) -> None:
        """As an operator would, with a restart that nobody notices."""
        kept = self.app.extensions
        kept["sijinak.settings"] = replace(kept["sijinak.settings"], **settings)

    def _work(self) -> None:
        with self.app.app_context():
            rounds = Rounds(SCHEDULE)
            while not self._stopping.is_set():
                rounds.run_due()
                if not events.deliver_next():
                    db.session.remove()
                    self._stopping.wait(0.1)
            close()


def watch(page: Page, complaints: list[str], forgiven: Sequence[str] = ("status of 4",)) -> None:
    """A refused style or script, or a fault in one, is an error of ours."""

    def note(said: str) -> None:
        if not any(text in said for text in forgiven):
            complaints.append(f"{page.url}: {said}")

    page.on("console", lambda said: note(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: note(str(error)))
