"""A real server, a worker and Chromium. Without Chromium these tests are skipped, unless
SIJINAK_REQUIRE names the browser."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from socket import socket

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from sijinak.app import SCHEDULE, create_app
from sijinak.config import Settings
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.schedule import Rounds
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if "browser" in os.environ.get("SIJINAK_REQUIRE", ""):
            pytest.fail("Chromium is required and was not found")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Iterator[Settings]:
    """The QR codes lead to the server of the test itself."""
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with databases.copy() as url:
        yield Settings(
            database_url=url, data_dir=str(tmp_path), public_url=f"http://127.0.0.1:{port}"
        )


@pytest.fixture
def site(settings: Settings) -> Iterator[Flask]:
    """The app, answering on settings.public_url, with the worker at work."""
    app = create_app(settings)
    server = make_server("127.0.0.1", int(settings.public_url.rsplit(":")[-1]), app, threaded=True)
    stopping = threading.Event()

    def work() -> None:
        with app.app_context():
            rounds = Rounds(SCHEDULE)
            while not stopping.is_set():
                rounds.run_due()
                if not events.deliver_next():
                    db.session.remove()
                    stopping.wait(0.1)
            close()

    threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=work)]
    for thread in threads:
        thread.start()
    yield app
    stopping.set()
    server.shutdown()
    for thread in threads:
        thread.join()
    server.server_close()
    with app.app_context():
        close()


@pytest.fixture
def open_browser(
    browser: Browser, settings: Settings
) -> Iterator[Callable[[dict[str, int]], BrowserContext]]:
    """Makes separate browsers, each with its own cookies, whose pages must not complain."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(viewport: dict[str, int]) -> BrowserContext:
        context = browser.new_context(
            viewport=ViewportSize(width=viewport["width"], height=viewport["height"]),
            base_url=settings.public_url,
            locale="id-ID",
        )
        context.set_default_timeout(10_000)
        context.on("page", lambda page: _watch(page, complaints))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not complaints, complaints


def _watch(page: Page, complaints: list[str]) -> None:
    """A refused style or script, or a fault in one, is an error of ours."""
    page.on(
        "console",
        lambda said: (
            complaints.append(f"{page.url}: {said.text}")
            if said.type == "error" and "status of 4" not in said.text
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
