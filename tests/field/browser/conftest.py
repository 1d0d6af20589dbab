"""A site that can fail on demand, a village, and phones whose pages may not complain."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from sijinak.config import Settings
from tests.browser.sites import Site, own_settings
from tests.databases import Databases
from tests.field.browser.faults import FaultSwitch
from tests.field.browser.handsets import Handset, Ways
from tests.field.browser.signing import cookie_of
from tests.field.browser.village import Village, fill_bag, settle

HERE = Path(__file__).parent
NewPhone = Callable[..., Handset]
SignIn = Callable[[str], tuple[str, str]]


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
def faults(site: Site) -> FaultSwitch:
    switch = FaultSwitch(site.app.wsgi_app)
    site.app.wsgi_app = switch  # type: ignore[method-assign]
    return switch


@pytest.fixture
def village(site: Site) -> Village:
    with site.app.app_context():
        found = settle()
        fill_bag(found)
    return found


@pytest.fixture
def signed_in(site: Site) -> SignIn:
    """The cookie of somebody who signed in."""

    return partial(cookie_of, site.app)


@pytest.fixture
def new_phone(playwright: Playwright, site: Site, tmp_path: Path) -> Iterator[NewPhone]:
    made: list[Handset] = []

    def make(folder: Path | None = None, **ways: object) -> Handset:
        profile = folder or tmp_path / f"phone-{len(made)}"
        phone = Handset(playwright, profile, site.url, Ways(**ways))  # type: ignore[arg-type]
        made.append(phone)
        return phone.turn_on()

    yield make
    for phone in made:
        phone.turn_off()
    complaints = [said for phone in made for said in phone.complaints]
    assert not complaints, complaints


@pytest.fixture
def phone(new_phone: NewPhone, signed_in: SignIn, village: Village) -> Handset:
    """Set up, with the village in its pack and the work chosen: the vet can begin to type."""
    phone = new_phone().enrol(signed_in(village.vet)).take_pack(village.code)
    return phone.choose_work(village.product, "L-2611", str(village.campaign))
