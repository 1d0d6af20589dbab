"""A vet's whole day, as the vet does it: from the sign-in in the morning to the office's figures
in the evening, with no network between."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, Identifier, IdentifierKind
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.vaccinations.models import Standing, Vaccination
from sijinak.vaccinations.stock.models import ColdReading, Holding
from sijinak.vaccinations.visits.models import HeadCount, Reaction, VisitResult
from tests.browser.looks import faults
from tests.browser.people import Person
from tests.browser.sites import ARGUMENTS, OFFICE, PHONE, Site, chromium
from tests.factories import PASSWORD, make_user
from tests.field.browser.camera import of_tags, write_video
from tests.field.browser.conftest import NewPhone
from tests.field.browser.handsets import PIN, Handset
from tests.field.browser.village import LOT, Village

SCANNED = 100
SECONDS = 0.7  # for each tag
BAG = 400
Shot = Callable[[Page, str], object]
VIEWS = {
    "beranda": "home", "kerja": "work", "pindai": "scan", "hasil": "result", "jumlah": "heads",
    "reaksi": "reaction", "daftar": "registration", "tautkan?text=ID%20123": "link",
    "terbuang": "waste", "suhu": "temperature", "catatan": "records", "paket": "pack",
    "setelan": "settings",
}  # fmt: skip


@pytest.fixture
def office(playwright: Playwright, site: Site) -> Iterator[Person]:
    with site.app.app_context():
        head = make_user(Role.KADIS).username
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    context = browser.new_context(base_url=site.url, locale="id-ID", viewport=OFFICE)  # type: ignore[arg-type]
    yield Person(context, head)
    browser.close()


@pytest.fixture
def shot(tmp_path: Path) -> Shot:
    """Pictures of the steps, in their order."""
    taken: list[Path] = []

    def take(page: Page, name: str) -> None:
        taken.append(tmp_path / f"{len(taken):02d}-{name}.png")
        page.screenshot(path=taken[-1])

    return take


@pytest.mark.slow
@pytest.mark.journey
def test_from_the_morning_to_the_evening(  # noqa: PLR0913, PLR0917 - a day needs all of these
    site: Site, village: Village, new_phone: NewPhone, office: Person, shot: Shot, tmp_path: Path
):
    tags = of_tags(village.codes[:SCANNED], site.url, SECONDS)
    phone = new_phone(video=write_video(tmp_path / "tags.mjpeg", tags))
    before = done_in(office, village)
    in_the_morning(phone, village, shot)
    phone.context.set_offline(True)
    scan_all(phone, village, shot)
    record_the_rest(phone, village, shot)
    phone.context.set_offline(False)
    assert phone.flush() == ""
    assert phone.counts()["saved"] == phone.counts()["needsYou"] == 0
    shot(phone.page, "sent")
    look_at_a_receipt(phone, village.codes[0], shot)
    given = phone.codes()
    assert {*village.codes[: SCANNED - 1], village.codes[160]} <= set(given)
    assert (before, done_in(office, village)) == (0, len(given) + 3)
    shot(office.page, "office")
    expect_in_the_books(site, village, given)


def in_the_morning(phone: Handset, village: Village, shot: Shot) -> None:
    phone.open()
    shot(phone.page, "start")
    phone.fill(name="Samsung drh. Ayu", pin=PIN, again=PIN).send("enrol")
    phone.page.locator("[data-name=sign-in]").click()
    phone.page.locator("main [name=username]").fill(village.vet)
    phone.page.locator("main [name=password]").fill(PASSWORD)
    phone.page.locator("main form button").first.click()
    phone.at("start").fill(name="Samsung drh. Ayu", pin=PIN, again=PIN).send("enrol").at("home")
    phone.take_pack(village.code)
    shot(phone.page, "pack")
    phone.go("beranda", "home")
    shot(phone.page, "home")
    phone.choose_work(village.product, LOT, str(village.campaign))


def scan_all(phone: Handset, village: Village, shot: Shot) -> None:
    place = phone.page.locator("[data-slot=count]")
    expect(place).to_have_text("50", timeout=90_000)
    shot(phone.page, "scanning")
    expect(place).to_have_text(str(SCANNED), timeout=180_000)
    phone.tap("undo")
    expect(place).to_have_text(str(SCANNED - 1))
    shot(phone.page, "undone")
    phone.page.locator("#f-code").fill(village.codes[160])
    phone.page.locator("#type-code button").click()
    phone.wait(lambda: village.codes[160] in phone.codes(), "the typed one is kept")


def record_the_rest(phone: Handset, village: Village, shot: Shot) -> None:
    again = (today() + timedelta(days=7)).isoformat()
    phone.go("hasil", "result").fill(code=village.codes[150], village=village.code)
    phone.fill(outcome="refused", reason="Sapi bunting tua", next__visit=again)
    shot(phone.page, "refusal")
    phone.send("result").at("home")
    phone.go("jumlah", "heads").fill(species="cattle", heads="3").send("heads").at("home")
    phone.go("reaksi", "reaction").fill(code=village.codes[0], signs="Bengkak", severity="mild")
    phone.send("reaction").at("home")
    phone.go("daftar", "registration").fill(code=village.blanks[0], village=village.code)
    phone.fill(owner__name="Siti Hawa", owner__nik="5204024101800077", species="cattle")
    phone.fill(sex="female", pregnant="no", age_months="18", colour="merah bata")
    shot(phone.page, "registration")
    phone.send("registration").at("home")
    phone.go("suhu", "temperature").fill(degrees="4,5").send("temperature").at("home")
    shot(phone.page, "evening")
    phone.go("catatan", "records")
    shot(phone.page, "unsent")


def look_at_a_receipt(phone: Handset, code: str, shot: Shot) -> None:
    """What the server signed is shown, and was checked with its key."""
    records = [one for one in phone.records() if one["data"].get("code") == code]
    first = next(one for one in records if one["kind"] == "vaccination")
    assert first["receipt"]["checked"] is True
    phone.go(f"rekaman/{first['id']}", "record")
    facts = phone.page.locator("main [data-slot=facts]")
    expect(facts).to_contain_text(first["receipt"]["sig"][:12])
    shot(phone.page, "receipt")


def done_in(office: Person, village: Village) -> int:
    """Vaccinated in the village, as the page of the campaign says."""
    office.go(f"/vaksinasi/cakupan/kampanye/{village.campaign}")
    answer = office.page.context.request.get(
        f"/vaksinasi/cakupan/kampanye/{village.campaign}/tabel.csv"
    )
    lines = [line.split(";") for line in answer.text().lstrip("\ufeff").splitlines()]
    (mine,) = [line for line in lines if village.code in line[0]]
    return int(mine[6])


def expect_in_the_books(site: Site, village: Village, given: list[str]) -> None:
    with site.app.app_context():
        tags = Identifier.kind == IdentifierKind.TAG
        counts = Vaccination.standing == Standing.COUNTS
        asked = select(Identifier.value).where(tags).join(Animal)
        known = asked.join(Vaccination, Vaccination.animal_id == Animal.id).where(counts)
        assert sorted(db.session.scalars(known)) == sorted(given)
        assert village.blanks[0] in set(db.session.scalars(asked))
        left = db.session.scalars(select(Holding.doses).where(Holding.officer_id.is_not(None)))
        assert list(left) == [BAG - len(given) - 3]
        for table in (VisitResult, HeadCount, Reaction, ColdReading):
            assert len(list(db.session.scalars(select(table.id)))) == 1, table


@pytest.mark.slow
def test_every_view_can_be_used_by_all(phone: Handset, village: Village):
    """With records in each state, at phone and office width, and at 320 px."""
    phone.type_code(village.codes[0])
    phone.type_code(village.blanks[0])
    found = []
    for where, view in VIEWS.items():
        phone.go(where, view)
        found += faults(phone.page)
        phone.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    phone.go(f"rekaman/{phone.records()[0]['id']}", "record")
    found += faults(phone.page)
    phone.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    phone.go("setelan", "settings").tap("lock").at("lock")
    found += faults(phone.page)
    assert not found
