"""Two windows, a new release, a broken one: what waits is not touched by any of it."""

import re
from functools import partial
from http import HTTPStatus

import pytest
from playwright.sync_api import Error, Page, expect
from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.field.models import FieldRecord
from tests.browser.sites import Site
from tests.conditions import wait_until
from tests.field.browser.faults import FaultSwitch, instead, says
from tests.field.browser.handsets import PATIENCE, Handset
from tests.field.browser.village import Village

WORKER = "/lapangan/sw.js"
SAVE_MANY = """async (texts) => {
    const app = document.querySelector('script[src*="/field/"]').src;
    const { add } = await import(new URL("outbox.js", app).href);
    const one = (text) => add("unknown", { text, why: "not-known", village: "52.04.02.2001" });
    void Promise.all(texts.map(one)).then(() => document.body.dataset.done = "yes");
}"""
FLUSH = """() => {
    const app = document.querySelector('script[src*="/field/"]').src;
    void import(new URL("sync.js", app).href).then(({ flush }) => flush());
}"""
DONE = '() => document.body.dataset.done === "yes"'
REGISTRATIONS = "async () => (await navigator.serviceWorker.getRegistrations()).length"
LOOK_FOR_UPDATE = """async () => {
    const found = await navigator.serviceWorker.getRegistration();
    await found.update();
}"""
BROKEN = """
oninstall = () => skipWaiting();
onfetch = (event) => event.respondWith(Promise.reject(new Error("a bad release")));
"""


def second_window(phone: Handset) -> Page:
    page = phone.context.new_page()
    phone.open(page).unlock(page)
    return page


@pytest.mark.slow
def test_two_windows_give_no_number_twice_and_send_each_record_once(site: Site, phone: Handset):
    other = second_window(phone)
    phone.context.set_offline(True)
    for page, name in ((phone.page, "a"), (other, "b")):
        page.evaluate(SAVE_MANY, [f"{name} {n}" for n in range(40)])
    for page in (phone.page, other):
        page.wait_for_function(DONE)
    assert [record["seq"] for record in phone.records()] == list(range(1, 81))
    phone.context.set_offline(False)
    for page in (phone.page, other):
        page.evaluate(FLUSH)
    phone.until_sent(80)
    with site.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FieldRecord)) == 80


def release(faults: FaultSwitch) -> None:
    """The next version: another page under another worker."""
    faults.always(WORKER, instead(lambda text: text.replace('VERSION = "', 'VERSION = "next-')))
    page = instead(lambda text: text.replace("<body ", '<body data-release="next" '))
    faults.always("/lapangan/", page)


@pytest.mark.slow
def test_a_new_release_comes_while_records_wait_and_an_old_window_is_open(
    phone: Handset, village: Village, faults: FaultSwitch
):
    faults.always("/api/", says(HTTPStatus.SERVICE_UNAVAILABLE, "later"))
    phone.forgive("status of 503")
    assert [phone.type_code(code) for code in village.codes[:4]] == ["go"] * 4
    release(faults)
    other = second_window(phone)
    other.evaluate(LOOK_FOR_UPDATE)
    other.locator("[data-notice=update] [data-slot=deed]").click()
    expect(other.locator("body[data-release=next]")).to_be_attached(timeout=PATIENCE)
    replaced = phone.page.locator("#replaced")
    expect(replaced).to_be_visible(timeout=PATIENCE)
    phone.page.keyboard.press("Escape")
    expect(replaced).to_be_visible()
    replaced.locator("[data-action=reload]").click()
    phone.at("lock").unlock()
    assert phone.page.locator("body[data-release=next]").count() == 1
    assert phone.codes() == village.codes[:4]
    faults.heal()
    assert phone.flush() == ""
    assert phone.counts() == {"saved": 0, "received": 4, "needsYou": 0}


@pytest.mark.slow
def test_a_broken_release_is_taken_back_by_the_kill_switch(
    site: Site, phone: Handset, village: Village, faults: FaultSwitch
):
    """The app cannot even be opened; then the office throws the switch, and nothing is lost."""
    phone.context.set_offline(True)
    assert [phone.type_code(code) for code in village.codes[:4]] == ["go"] * 4
    phone.context.set_offline(False)
    phone.go("setelan", "settings").tap("lock").at("lock")
    faults.always(WORKER, instead(lambda _: BROKEN))
    # Pages are opened anew here while they still load: by us, and by the worker that ends itself.
    phone.forgive("Failed to fetch dynamically imported module")
    phone.page.evaluate(LOOK_FOR_UPDATE)
    wait_until(lambda: not _opens(phone), "the broken worker rules")
    faults.heal()
    site.change(field_kill_switch=True)
    # Chromium looks for a new worker some time after a navigation, not after each of many.
    rest = partial(phone.page.wait_for_timeout, 3000)
    wait_until(lambda: _opens(phone), "the switch took the worker away", pause=rest)
    phone.at("lock").unlock().until_sent(4)
    site.change(field_kill_switch=False)
    phone.open().unlock()
    assert phone.page.evaluate(REGISTRATIONS) == 1
    assert phone.codes() == village.codes[:4]


def _opens(phone: Handset) -> bool:
    try:
        answer = phone.page.goto("/lapangan/", wait_until="load")
    except Error:
        return False
    return answer is not None and answer.ok


def test_the_worker_is_asked_for_anew_each_time(site: Site):
    """Neither a cache on the way nor the browser's own keeps an old one."""
    for path in (WORKER, "/lapangan/"):
        answer = site.app.test_client().get(path)
        assert answer.headers["Cache-Control"] == "no-cache"
    assert re.search(r'const VERSION = "\w+', site.app.test_client().get(WORKER).text)
