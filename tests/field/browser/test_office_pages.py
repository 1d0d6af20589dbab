"""The office's pages about phones: each looked at once, also when a form is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Playwright

from sijinak.accounts.models import Role
from tests.browser.people import Person
from tests.browser.sites import ARGUMENTS, PHONE, Site, chromium, watch
from tests.factories import LUNYUK, make_user
from tests.field.doors import open_reviews, phone_with_outbox, send, some_tags, vaccine
from tests.field.outbox import Outbox
from tests.field.phones import Handset
from tests.field.saying import owner, registration

OFFICE = "/lapangan/kantor"
NIK = "5204021503800091"


@pytest.fixture
def context(playwright: Playwright, site: Site) -> Iterator[BrowserContext]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    complaints: list[str] = []
    context = browser.new_context(base_url=site.url, viewport=PHONE, locale="id-ID")  # type: ignore[arg-type]
    context.on("page", lambda page: watch(page, complaints))
    yield context
    browser.close()
    assert not complaints, complaints


@pytest.mark.slow
def test_the_pages_of_the_office_can_be_used(site: Site, context: BrowserContext, tmp_path: Path):
    phone, box = _village_day(site.app)
    with site.app.app_context():
        head = Person(context, make_user(Role.UPT_HEAD, LUNYUK).username)
    assert "2" in head.go(f"{OFFICE}/ponsel/").text()
    _phone(head, phone)
    head.go(f"{OFFICE}/periksa")
    (review,) = (one for one in open_reviews(site.app))
    _review(head, review)
    _file(head, box, tmp_path)
    assert not head.faults, head.faults


def _village_day(app: Flask) -> tuple[Handset, Outbox]:
    """Doses with a number missing between them, and a registration that lacks the NIK."""
    phone, box = phone_with_outbox(app)
    lumpyvac = vaccine(app)
    for tag in some_tags(app, 4):
        box.vaccinate(tag, lumpyvac)
    box.add("registration", registration(owner=owner(nik="")))
    send(phone, box.batch([box.records[0], *box.records[2:]], unsent=1))
    return phone, box


def _phone(head: Person, phone: Handset) -> None:
    head.go(f"{OFFICE}/ponsel/{phone.id}")
    assert "Abdul" not in head.text()
    head.send_form("/cabut")
    assert _wrong(head, "reason").count() == 1
    head.go(f"{OFFICE}/ponsel/{phone.id}").send_form("/minta-ulang")


def _review(head: Person, review: UUID) -> None:
    address = f"{OFFICE}/periksa/{review}"
    head.go(address).fill(nik="520402").send_form("/terima")
    assert _wrong(head, "nik").count() == 1
    assert head.page.locator('main [name="nik"]').input_value() == "520402"
    head.go(address).fill(nik=NIK, code="7K3M-9QX4-55").send_form("/terima")
    assert _wrong(head, "code").count() == 1
    head.go(address).send_form("/tolak")
    assert _wrong(head, "reason").count() == 1
    head.go(address).fill(nik=NIK).send_form("/terima")
    assert head.page.url.endswith(f"{OFFICE}/periksa")


def _file(head: Person, box: Outbox, folder: Path) -> None:
    head.go(f"{OFFICE}/berkas").send("form.form button")
    assert _wrong(head, "file").count() == 1
    (folder / "ekspor.json").write_text(_exported(box))
    head.attach("file", folder / "ekspor.json").send("form.form button")
    assert head.page.locator("main table tbody tr").count() == len(box.records)


def _exported(box: Outbox) -> str:
    said = {"device": str(box.device), "author": str(box.author), "records": box.records}
    at = "2026-11-22T09:00:00.000Z"
    return json.dumps({"format": "sijinak-field-export", "v": 1, "exported_at": at, **said})


def _wrong(person: Person, name: str) -> Locator:
    """Where the page says what is wrong with a field."""
    return person.page.locator(f"#error-{name}")
