"""The first page on a cheap phone: light, and usable with the keyboard and with large text."""

import pytest
from flask import Flask
from playwright.sync_api import Page, Request

from sijinak.accounts.models import Role
from tests.animals.factories import make_animal
from tests.browser.looks import faults
from tests.browser.people import OpenBrowser, Person
from tests.browser.sites import PHONE
from tests.factories import LUNYUK, make_user

MOST_BYTES = 30_000


@pytest.fixture
def phone(site: Flask, open_browser: OpenBrowser) -> Page:
    return open_browser(PHONE).new_page()


def test_the_first_page_weighs_little(site: Flask, open_browser: OpenBrowser):
    """What travels for a vet's first page after a scan, nothing cached, without a proxy."""
    with site.app_context():
        _, tag = make_animal()
        vet = Person(open_browser(PHONE), make_user(Role.VET, LUNYUK).username)
    cookies = vet.page.context.cookies()
    fresh = open_browser(PHONE)
    fresh.add_cookies(cookies)  # type: ignore[arg-type]
    page = fresh.new_page()
    asked: list[Request] = []
    page.on("requestfinished", lambda one: asked.append(one))  # noqa: PLW0108 - as it is typed
    page.goto(f"/t/{tag}", wait_until="networkidle")
    sizes = {one.url: one.sizes()["responseBodySize"] for one in asked}
    assert any("app.css" in url for url in sizes), "the style was counted"
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_a_mistake_is_said_first_and_leads_to_its_field(site: Flask, open_browser: OpenBrowser):
    with site.app_context():
        clerk = Person(open_browser(PHONE), make_user(Role.CLERK, LUNYUK).username)
    clerk.go("/peternak/baru").fill(name="S").send("form.form button")
    focused = "() => document.activeElement.getAttribute('role')"
    assert clerk.page.evaluate(focused) == "alert"
    clerk.page.locator('[role="alert"] a').first.click()
    assert clerk.page.evaluate("() => document.activeElement.name") in {"name", "village"}
    assert clerk.page.locator('[name="name"]').input_value() == "S"
    assert not clerk.faults


@pytest.mark.parametrize("path", ["/masuk", "/cek", "/tarif", "/tentang", "/tidak-ada"])
def test_pages_without_an_account_can_be_used_by_all(phone: Page, path: str):
    phone.goto(path)
    assert not faults(phone)


def test_dark_mode_keeps_its_contrast(site: Flask, open_browser: OpenBrowser):
    with site.app_context():
        _, tag = make_animal()
    page = open_browser(PHONE).new_page()
    page.emulate_media(color_scheme="dark")
    page.goto(f"/t/{tag}")
    assert not faults(page)


def test_english_by_choice_and_back_again(phone: Page):
    phone.goto("/masuk")
    assert phone.locator("html").get_attribute("lang") == "id"
    assert phone.locator("h1").inner_text() == "Masuk"
    phone.locator("footer a[hreflang=en]").click()
    assert phone.locator("html").get_attribute("lang") == "en"
    assert phone.locator("h1").inner_text() == "Sign in"
    phone.locator("footer a[hreflang=id]").click()
    assert phone.locator("h1").inner_text() == "Masuk"
