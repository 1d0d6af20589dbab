"""The whole road of the mission, walked in a browser: a village's herd comes in by its list, tags
are printed and scanned, an animal is vaccinated, a permit is asked for, billed, paid and issued,
and the auditor sees every step."""

import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Error, expect
from sqlalchemy import select

from sijinak.accounts.models import Role, User
from sijinak.config import Settings
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.services import register_keeper
from tests.animals.factories import firm
from tests.browser.people import OpenBrowser, Person
from tests.browser.sites import OFFICE, PHONE
from tests.factories import LUNYUK, LUNYUK_REA, digits_of, make_user
from tests.papers import codes_in
from tests.permits.factories import PDF, grant_plenty

EXAMPLES = Path(__file__).parents[2] / "examples"
HEADS = 3
DOCTOR = "doctor"
SIGNED = "/V/"  # in the addresses that hold what the paper says


@pytest.fixture
def staff(site: Flask) -> dict[str, str]:
    """User names by role; the vet who signs is not the one who inspects."""
    with site.app_context():
        with transaction():
            trader = register_keeper(firm(name="CV Samawa Ternak"), by=OPERATOR)
        names: dict[str, str] = {Role.TRADER: make_user(Role.TRADER, keeper_id=trader.id).username}
        for role in (Role.CLERK, Role.VET):
            names[role] = make_user(role, LUNYUK).username
        for role in (Role.PERMIT_DESK, Role.TREASURER, Role.KADIS, Role.AUDITOR):
            names[role] = make_user(role).username
        names[DOCTOR] = make_user(Role.VET).username
        grant_plenty()
    return {str(role): name for role, name in names.items()}


@pytest.mark.slow
@pytest.mark.journey
def test_the_whole_road(
    site: Flask,
    staff: dict[str, str],
    open_browser: OpenBrowser,
    settings: Settings,
    tmp_path: Path,
):
    people: dict[str, Person] = {}

    def come(role: str, screen: dict[str, int]) -> Person:
        if role not in people:
            people[role] = Person(open_browser(screen), staff[role])
        return people[role]

    tags = _register_and_print(come(Role.CLERK, OFFICE), settings, tmp_path)
    stranger = open_browser(PHONE).new_page()
    stranger.goto(f"{settings.public_url}/T/{tags[0]}")
    assert "Abdul" not in stranger.inner_text("main")
    assert len(stranger.locator(".tagcode").inner_text()) >= 10
    _vaccinate(come(Role.VET, PHONE), f"{settings.public_url}/T/{tags[0]}", tags[:HEADS])

    trader = come(Role.TRADER, PHONE)
    permit = _apply(trader, tags[:HEADS], tmp_path)
    _look_at_documents(come(Role.PERMIT_DESK, OFFICE), permit)
    _inspect(come(Role.VET, PHONE), permit)
    come(Role.PERMIT_DESK, OFFICE).go(permit).send_form("/tagih")
    skrd = _pay_by_sandbox(trader, permit)
    doctor = come(DOCTOR, PHONE)
    _until(doctor, permit, "SKKH")
    doctor.fill(proof_digits=_digits(site, staff[DOCTOR])).send_form("/skkh")
    kadis = come(Role.KADIS, OFFICE).go(permit)
    kadis.fill(decision="yes", proof_digits=_digits(site, staff[Role.KADIS])).send_form("/putusan")
    come(Role.PERMIT_DESK, OFFICE).go(permit).send_form("/terbitkan")

    _check_papers(trader, permit, skrd, settings, tmp_path)
    _find_in_the_trail(come(Role.AUDITOR, OFFICE))
    for person in people.values():
        assert not person.faults, person.faults


def _register_and_print(clerk: Person, settings: Settings, folder: Path) -> list[str]:
    """The codes on the printed sheet, read back by a decoder that is not ours; only bulls."""
    clerk.go("/ternak/impor/").attach("list", EXAMPLES / "daftar-ternak-lunyuk-rea.csv")
    clerk.send("form.form button").send("form button")
    taken_in = 'form[action$="/batal"]'  # what is taken in can be undone
    clerk.page.wait_for_selector(taken_in, state="attached", timeout=30_000)
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


def _digits(site: Flask, username: str) -> str:
    """What the telephone of somebody shows now."""
    with site.app_context():
        return digits_of(db.session.scalars(select(User).where(User.username == username)).one())


def _apply(trader: Person, tags: list[str], folder: Path) -> str:
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
    permit = trader.page.url.split("?")[0]
    _enclose(trader, permit, folder)
    trader.go(permit).send_form("/kirim")
    return permit


def _enclose(trader: Person, permit: str, folder: Path) -> None:
    """What is missing is chosen already, one after the other."""
    scan = folder / "scan.pdf"
    scan.write_bytes(PDF)
    trader.go(f"{permit}/dokumen")
    missing = trader.page.locator("main .banner li").count()
    assert missing
    for _ in range(missing):
        trader.attach("file", scan).send_form("/dokumen")
    assert not trader.page.locator("main .banner li").count()


def _look_at_documents(desk: Person, permit: str) -> None:
    """Each leads to the next, and the last one back to the application."""
    desk.go(permit).send('a[href*="/dokumen/"].button')
    while "/dokumen/" in desk.page.url:
        desk.fill(decision="yes").send('form:has([name="decision"]) button')
    desk.fill(decision="yes").send_form("/berkas")


def _inspect(vet: Person, permit: str) -> None:
    vet.go(f"{permit}/periksa")
    for n in range(1, HEADS + 1):
        vet.fill(**{f"result__{n}": "pass", f"weight_kg__{n}": str(310 + n)})
    vet.send("form.form button")


def _pay_by_sandbox(trader: Person, permit: str) -> str:
    trader.go(permit)
    skrd = trader.send('a[href^="/retribusi/"]').page.url.split("?")[0]
    trader.go(f"{skrd}/bayar").fill(adapter="sandbox").send("form.form button")
    _until(trader, skrd, "TBP")
    return skrd


def _until(person: Person, path: str, word: str) -> None:
    """The worker needs a moment. A page that waits loads itself anew, perhaps just as we do."""
    for _ in range(60):
        with suppress(Error):
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
    letters = (f"{permit}/surat/skkh.pdf", f"{permit}/surat.pdf")
    for path in (*letters, f"{skrd}.pdf", f"{receipt}.pdf"):
        urls = set(codes_in(trader.download(path), folder))
        assert len([url for url in urls if SIGNED in url]) == (path in letters)
        for url in urls:
            assert url.startswith(settings.public_url.upper())
            trader.go(url)
            # The signed one tells the post at the port whose truck it is; the others tell nobody.
            assert ("CV Samawa" in trader.text()) is (SIGNED in url), url


def _find_in_the_trail(auditor: Person) -> None:
    auditor.go("/jejak/")
    wanted = {
        "animal.list-imported", "tag.printed", "vaccination.recorded", "permit.submit",
        "permit.accept", "permit.inspect", "skrd.issued", "payment.started", "money.received",
        "receipt.issued", "skrd.paid", "permit.certify", "permit.approve", "permit.issue",
        "paper.signed",
    }  # fmt: skip
    for name in wanted:
        auditor.page.goto(f"/jejak/?peristiwa={name}")
        assert name in auditor.text(), name
