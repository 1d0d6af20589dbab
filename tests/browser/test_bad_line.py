"""The line breaks in the middle of a form about money: nothing is lost, nothing happens twice."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, Route, ViewportSize, expect
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.config import Settings
from sijinak.core.db import db
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from tests.browser.sites import PHONE
from tests.factories import make_user
from tests.field.browser.signing import cookie_of
from tests.retribution.factories import make_skrd

pytestmark = pytest.mark.slow


@pytest.fixture
def bill(site: Flask) -> Skrd:
    with site.app_context():
        return make_skrd()


@pytest.fixture
def page(site: Flask, settings: Settings, browser: Browser, bill: Skrd) -> Iterator[Page]:
    """The collector's phone, with the form filled in."""
    with site.app_context():
        username = make_user(Role.COLLECTOR).username
    screen = ViewportSize(width=PHONE["width"], height=PHONE["height"])
    context = browser.new_context(viewport=screen, base_url=settings.public_url)
    name, value = cookie_of(site, username)
    context.add_cookies([{"name": name, "value": value, "url": settings.public_url}])
    page = context.new_page()
    page.goto(f"/retribusi/{bill.id}/tunai")
    page.fill('[name="amount"]', str(bill.total))
    page.check('[name="counted"]')
    yield page
    context.close()


def test_without_signal_the_browser_keeps_the_form_and_sends_it_when_asked_again(
    site: Flask, page: Page, bill: Skrd
):
    page.context.set_offline(True)
    _press(page)
    assert _receipts(site, bill) == []
    page.context.set_offline(False)
    _again(page)
    [number] = _receipts(site, bill)
    expect(page.locator("main")).to_contain_text(number)


def test_a_form_whose_answer_was_lost_is_sent_again_and_counts_once(
    site: Flask, page: Page, bill: Skrd
):
    page.route("**/tunai", _lose_the_answer, times=1)
    _press(page)
    [number] = _receipts(site, bill)
    _again(page)
    assert _receipts(site, bill) == [number]
    expect(page.locator("main")).to_contain_text(number)


def _lose_the_answer(route: Route) -> None:
    route.fetch(max_redirects=0)
    route.abort("connectionreset")


def _press(page: Page) -> None:
    """And wait for the page that comes, be it the browser's own about the line."""
    try:
        with page.expect_navigation():
            page.locator("main form.form button").first.click()
    except Error:
        page.wait_for_load_state()


def _again(page: Page) -> None:
    """The browser's own page about the line may still be on its way."""
    expect(page.locator("#main-frame-error")).to_be_visible()
    try:
        page.reload()
    except Error:
        page.wait_for_timeout(1000)
        page.reload()


def _receipts(site: Flask, bill: Skrd) -> list[str]:
    with site.app_context():
        asked = select(Receipt.number).where(Receipt.skrd_id == bill.id).order_by(Receipt.number)
        return list(db.session.scalars(asked))
