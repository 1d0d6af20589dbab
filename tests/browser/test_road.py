"""The road of a herd, walked in a browser: a village's animals come in by their list, tags are
printed and scanned, some are vaccinated, and anybody sees that they may leave. How they leave is
the road of a permit, in test_permit_road."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from sijinak.accounts.models import Role
from sijinak.config import Settings
from tests.browser.cast import Cast
from tests.browser.people import Person
from tests.factories import LUNYUK, LUNYUK_REA, make_user
from tests.field.browser.handsets import PATIENCE
from tests.papers import codes_in
from tests.permits.factories import BEKASI, grant_plenty

EXAMPLES = Path(__file__).parents[2] / "examples"
HEADS = 3


@pytest.fixture
def staff(site: Flask) -> dict[Role, str]:
    """User names by role."""
    with site.app_context():
        grant_plenty()
        names = {role: make_user(role, LUNYUK).username for role in (Role.CLERK, Role.VET)}
        return {**names, Role.AUDITOR: make_user(Role.AUDITOR).username}


@pytest.mark.slow
@pytest.mark.journey
def test_a_herd_goes_from_the_list_of_its_village_to_where_it_may_leave(
    cast: Cast, staff: dict[Role, str], settings: Settings, tmp_path: Path
):
    clerk = cast.at_desk(staff[Role.CLERK])
    tags = list(islice(_bulls_seen(clerk, _register_and_print(clerk, settings, tmp_path)), HEADS))
    anybody = cast.on_phone().go(f"{settings.public_url}/T/{tags[0]}")
    assert "Abdul" not in anybody.text()
    assert len(anybody.page.locator(".tagcode").inner_text()) >= 10
    assert _may_leave(anybody, tags) == 0
    _vaccinate(cast.on_phone(staff[Role.VET]), f"{settings.public_url}/T/{tags[0]}", tags)
    assert _may_leave(anybody, tags) == HEADS
    cast.find_in_the_trail(
        staff[Role.AUDITOR], "animal.list-imported", "tag.printed", "vaccination.recorded"
    )


def _register_and_print(clerk: Person, settings: Settings, folder: Path) -> list[str]:
    """The codes on the printed sheet, read back by a decoder that is not ours."""
    clerk.go("/ternak/impor/").attach("list", EXAMPLES / "daftar-ternak-lunyuk-rea.csv")
    clerk.send("form.form button").send("form button")
    taken_in = 'form[action$="/batal"]'  # what is taken in can be undone
    clerk.page.wait_for_selector(taken_in, state="attached", timeout=PATIENCE)
    clerk.go("/label/").fill(village=LUNYUK_REA, layout="24").send("form.form button")
    pdf = clerk.download(clerk.page.url.replace(settings.public_url, "") + "/label.pdf")
    printed = codes_in(pdf, folder)
    assert len(printed) == len(set(printed)) == 40
    start = f"{settings.public_url}/T/".upper()
    assert all(code.startswith(start) for code in printed)
    return [code.removeprefix(start) for code in printed]


def _bulls_seen(clerk: Person, codes: list[str]) -> Iterator[str]:
    """Those of which the record says so."""
    for code in codes:
        clerk.page.goto(f"/t/{code}")
        words = clerk.page.locator(".record-what").inner_text().lower()
        is_seen = clerk.page.locator("main .tone-success").count()
        if is_seen and "sapi" in words and re.search(r"\b(jantan|male)\b", words):
            yield code


def _may_leave(anybody: Person, tags: list[str]) -> int:
    """How many of them pass the public dry run."""
    anybody.go("/uji-izin").fill(destination=BEKASI, tags="\n".join(tags))
    anybody.send("form.form button.button-primary")
    return anybody.page.locator("ul.tag-list li").count()


def _vaccinate(vet: Person, url: str, tags: list[str]) -> None:
    """From the scanned tag to the record, and the double click on the last button."""
    vet.go(url)
    assert vet.page.locator('a[href^="/vaksinasi/baru"]').is_visible()
    vet.send('a[href^="/vaksinasi/baru"]')
    products = vet.page.locator('select[name="product_id"] option').all()
    pmk = next(
        o.get_attribute("value")
        for o in products
        if "PMK" in o.inner_text() or "FMD" in o.inner_text()
    )
    vet.fill(codes="\n".join(tags), product_id=str(pmk), lot="A23119")
    vet.send('button[value="check"]')
    vet.page.locator('main button[value="record"]').dblclick()
    expect(vet.page).to_have_url(re.compile("/vaksinasi/[0-9a-f-]{36}"))
    vet.go(vet.page.url).go(f"/t/{tags[0]}")
    assert vet.text().count("A23119") == 1
