"""The whole road of the mission, walked in a browser: a village's herd comes in by its list, tags
are printed and scanned, an animal is vaccinated, a permit is asked for, billed, paid and issued,
and the auditor sees every step."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from sijinak.accounts.models import Role
from sijinak.config import Settings
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.services import register_keeper
from tests.animals.factories import firm
from tests.browser.people import OpenBrowser, Person
from tests.browser.sites import OFFICE, PHONE
from tests.factories import LUNYUK, LUNYUK_REA, make_user
from tests.papers import codes_in

EXAMPLES = Path(__file__).parents[2] / "examples"
HEADS = 3


@pytest.fixture
def staff(site: Flask) -> dict[str, str]:
    """User names by role."""
    with site.app_context():
        with transaction():
            trader = register_keeper(firm(name="CV Samawa Ternak"), by=OPERATOR)
        names = {Role.TRADER: make_user(Role.TRADER, keeper_id=trader.id).username}
        for role in (Role.CLERK, Role.VET):
            names[role] = make_user(role, LUNYUK).username
        for role in (Role.PERMIT_DESK, Role.TREASURER, Role.KADIS, Role.AUDITOR):
            names[role] = make_user(role).username
    return {role.value: name for role, name in names.items()}


@pytest.mark.slow
@pytest.mark.journey
def test_the_whole_road(
    staff: dict[str, str], open_browser: OpenBrowser, settings: Settings, tmp_path: Path
):
    people: dict[str, Person] = {}

    def come(role: Role, screen: dict[str, int]) -> Person:
        if role.value not in people:
            people[role.value] = Person(open_browser(screen), staff[role.value])
        return people[role.value]

    tags = _register_and_print(come(Role.CLERK, OFFICE), settings, tmp_path)
    stranger = open_browser(PHONE).new_page()
    stranger.goto(f"{settings.public_url}/T/{tags[0]}")
    assert "Abdul" not in stranger.inner_text("main")
    assert len(stranger.locator(".tagcode").inner_text()) >= 10
    _vaccinate(come(Role.VET, PHONE), f"{settings.public_url}/T/{tags[0]}", tags[:HEADS])

    trader = come(Role.TRADER, PHONE)
    permit = _apply(trader, tags[:HEADS])
    come(Role.PERMIT_DESK, OFFICE).go(permit).fill(decision="yes").send_form("/berkas")
    vet = come(Role.VET, PHONE).go(f"{permit}/periksa")
    for n in range(1, HEADS + 1):
        vet.fill(**{f"result__{n}": "pass", f"weight_kg__{n}": str(310 + n)})
    vet.send("form.form button")
    come(Role.PERMIT_DESK, OFFICE).go(permit).send_form("/tagih")
    skrd = _pay_by_sandbox(trader, permit)
    _until(trader, permit, "Rp")
    come(Role.KADIS, OFFICE).go(permit).fill(decision="yes").send_form("/putusan")
    come(Role.PERMIT_DESK, OFFICE).go(permit).send_form("/terbitkan")

    _check_papers(trader, permit, skrd, settings, tmp_path)
    _find_in_the_trail(come(Role.AUDITOR, OFFICE))
    for person in people.values():
        assert not person.faults, person.faults


def _register_and_print(clerk: Person, settings: Settings, folder: Path) -> list[str]:
    """The codes on the printed sheet, read back by a decoder that is not ours; only bulls."""
    clerk.go("/ternak/impor/").attach("list", EXAMPLES / "daftar-ternak-lunyuk-rea.csv")
    clerk.send("form.form button").send("form button")
    clerk.go("/ternak/?desa=" + LUNYUK_REA)
    clerk.go("/label/").fill(village=LUNYUK_REA, layout="24").send("form.form button")
    pdf = clerk.download(clerk.page.url.replace(settings.public_url, "") + "/label.pdf")
    printed = codes_in(pdf, folder)
    assert len(printed) == len(set(printed)) == 40
    start = f"{settings.public_url}/T/".upper()
    assert all(code.startswith(start) for code in printed)
    codes = [code.removeprefix(start) for code in printed]
    return [code for code in codes if _is_a_bull_that_was_seen(clerk, code)][:HEADS]


def _is_a_bull_that_was_seen(clerk: Person, code: str) -> bool:
    clerk.page.goto(f"/t/{code}")
    shown = clerk.page.locator("main").inner_html()
    words = clerk.page.locator(".record-what").inner_text().lower()
    return (
        "sapi" in words
        and re.search(r"\b(jantan|male)\b", words) is not None
        and "tone-success" in shown
    )


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


def _apply(trader: Person, tags: list[str]) -> str:
    trader.go("/izin/baru").fill(
        species="cattle",
        purpose="slaughter",
        destination="31.75",
        region=LUNYUK_REA,
        port="badas",
        planned_on=(today() + timedelta(days=3)).isoformat(),
        vehicle_plate="EA 8123 AB",
        tags="\n".join(tags),
        sale_letter="474.2/118/2026",
    )
    trader.send("form.form button")
    assert "Rp" in trader.text(), "what it costs is said before anything is submitted"
    trader.send_form("/kirim")
    return trader.page.url.split("?")[0]


def _pay_by_sandbox(trader: Person, permit: str) -> str:
    trader.go(permit)
    skrd = trader.send('a[href^="/retribusi/"]').page.url.split("?")[0]
    trader.go(f"{skrd}/bayar").fill(adapter="sandbox").send("form.form button")
    _until(trader, skrd, "TBP")
    return skrd


def _until(person: Person, path: str, word: str) -> None:
    """The worker needs a moment."""
    for _ in range(60):
        person.page.goto(path)
        if word in person.text():
            return
        person.page.wait_for_timeout(250)
    raise AssertionError(f"{word} does not come up on {path}: {person.text()}")


def _check_papers(trader: Person, permit: str, skrd: str, settings: Settings, folder: Path) -> None:
    """Each paper's QR leads to a page that anybody can open and that says what the paper says."""
    trader.go(skrd)
    receipt = trader.page.locator('main a[href*="/tbp/"]').first.get_attribute("href")
    trader.go(str(receipt))
    for path in (f"{permit}/surat.pdf", f"{skrd}.pdf", f"{receipt}.pdf"):
        (url,) = set(codes_in(trader.download(path), folder))
        assert url.startswith(settings.public_url.upper())
        trader.go(url)
        assert "CV Samawa" not in trader.text()


def _find_in_the_trail(auditor: Person) -> None:
    auditor.go("/jejak/")
    wanted = {
        "animal.list-imported", "tag.printed", "vaccination.recorded", "permit.submit",
        "permit.inspect", "skrd.issued", "payment.started", "money.received", "receipt.issued",
        "skrd.paid", "permit.approve", "permit.issue",
    }  # fmt: skip
    for name in wanted:
        auditor.page.goto(f"/jejak/?peristiwa={name}")
        assert name in auditor.text(), name
