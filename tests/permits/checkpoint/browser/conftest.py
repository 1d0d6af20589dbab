"""A post at the port: a phone, an officer, and permits with papers that the worker signed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from sijinak.config import Settings
from tests.browser.sites import Site, own_settings
from tests.databases import Databases
from tests.field.browser.handsets import Ways
from tests.field.browser.signing import cookie_of
from tests.permits.checkpoint.browser.posts import Port, PostPhone, in_a_thread, settle

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Iterator[Settings]:
    with own_settings(databases, tmp_path) as settings:
        yield settings


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    site = Site(settings)
    site.start()
    yield site
    site.end()


@pytest.fixture
def port(site: Site) -> Port:
    return in_a_thread(settle, site)


@pytest.fixture
def phone(playwright: Playwright, site: Site, tmp_path: Path, port: Port) -> Iterator[PostPhone]:
    """Enrolled, with the supply of Badas on it, and without a network from then on."""
    phone = PostPhone(playwright, tmp_path / "phone", site.url, Ways())
    phone.turn_on()
    phone.enrol(cookie_of(site.app, port.officer)).take_supply()
    phone.go_out_of_reach()
    yield phone
    phone.turn_off()
    assert not phone.complaints, phone.complaints
