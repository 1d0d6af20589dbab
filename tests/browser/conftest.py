"""A real server, a worker and Chromium. Without Chromium these tests are skipped, unless
SIJINAK_REQUIRE names the browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Playwright, ViewportSize

from sijinak.config import Settings
from tests.browser.cast import Cast
from tests.browser.sites import ARGUMENTS, Site, chromium, own_settings, watch
from tests.databases import Databases


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Iterator[Settings]:
    with own_settings(databases, tmp_path) as settings:
        yield settings


@pytest.fixture
def site(settings: Settings) -> Iterator[Flask]:
    """The app, answering on settings.public_url, with the worker at work."""
    site = Site(settings)
    site.start()
    yield site.app
    site.end()


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
        context.set_default_timeout(60_000)  # milliseconds: other work may go on at this machine
        context.on("page", lambda page: watch(page, complaints))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def cast(
    site: Flask,
    settings: Settings,
    open_browser: Callable[[dict[str, int]], BrowserContext],
    tmp_path: Path,
) -> Iterator[Cast]:
    cast = Cast(site, settings.public_url, open_browser, tmp_path)
    yield cast
    cast.leave()
    assert not cast.faults(), cast.faults()
