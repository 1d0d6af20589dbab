"""A messy workbook, as villages send them: rehearsed, put right in the browser, and taken in."""

import re
from pathlib import Path

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.areas.queries import place_name
from tests.animals.imports.messy import ANIMALS, LOST_NIK, NIKS, write_messy
from tests.browser.people import OpenBrowser, Person
from tests.browser.sites import OFFICE, PHONE
from tests.factories import LUNYUK, LUNYUK_REA, make_user

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "screen",
    [pytest.param(OFFICE, id="office", marks=pytest.mark.slow), pytest.param(PHONE, id="phone")],
)
def test_a_messy_list_is_put_right_and_taken_in(
    site: Flask, open_browser: OpenBrowser, tmp_path: Path, screen: dict[str, int]
):
    with site.app_context():
        assert place_name(LUNYUK_REA) == "Lunyuk Rea"
        username = make_user(Role.CLERK, LUNYUK).username
    clerk = Person(open_browser(screen), username)
    clerk.go("/ternak/impor/").attach("list", write_messy(tmp_path / "daftar.xlsx"))
    clerk.send("form.form button")
    _put_right(clerk, tmp_path)
    _take_in_and_undo(clerk, tmp_path)
    assert not clerk.faults, clerk.faults


def _put_right(clerk: Person, tmp_path: Path) -> None:
    checked = clerk.page.url
    assert "Harga" not in clerk.text(), "prices are a note, no mistake"
    shot(clerk, tmp_path, "review")
    clerk.send_form("/kata")  # the suggestions are chosen already
    assert "Lunyuk Re”" not in clerk.text()
    clerk.send('form[action$="/rangkap"] button[value="12"]').go(f"{checked}/baris/13")
    shot(clerk, tmp_path, "row")
    assert clerk.page.locator('[name="nik"]').input_value().startswith("5.20")
    clerk.fill(nik=NIKS[2]).send("form.form button")
    assert str(LOST_NIK) not in clerk.text()
    clerk.send('form[action$="/lewati"] button[value="14"]')
    shot(clerk, tmp_path, "ready")


def _take_in_and_undo(clerk: Person, tmp_path: Path) -> None:
    clerk.page.locator("main form:not([action]) button").click()

    clerk.page.wait_for_url(re.compile("/hasil/"))
    clerk.page.wait_for_selector('form[action$="/batal"]', state="attached", timeout=60_000)
    shot(clerk, tmp_path, "result")
    result = clerk.look().page.url
    clerk.go(f"/ternak/?desa={LUNYUK_REA}")
    assert clerk.page.locator('main a[href^="/t/"], main a[href^="/T/"]').count() >= ANIMALS
    clerk.go(result)
    clerk.page.locator("main details summary").click()
    clerk.fill(reason="daftar tahun lalu").send_form("/batal")
    assert "daftar tahun lalu" in clerk.text()


def shot(person: Person, folder: Path, name: str) -> None:
    """For whoever wants to look at it."""
    person.page.screenshot(path=folder / f"{name}.png", full_page=True)
