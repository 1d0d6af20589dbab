"""A day of an auditor: a month does not add up, the receipt, the person and the paper are found in
a few clicks, a sample is drawn, a note is written, and the list goes along as a table."""

import io
import re
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.money import thousands
from tests.audit.desk.altering import alter
from tests.browser.cast import Cast
from tests.browser.people import Person
from tests.factories import actor_for, make_user
from tests.retribution.factories import make_skrd
from tests.retribution.receipts.ways import paid_in_cash

MOST_CLICKS = 9
TRUE, SAID = 50_000, 30_000


@dataclass(frozen=True)
class Till:
    auditor: str
    collector: str  # by name
    number: str  # of the receipt that somebody altered
    numbers: list[str]


def hire() -> Till:
    """Six receipts; in one of them somebody with the keys of the database wrote less."""
    collector = actor_for(Role.COLLECTOR, name="Siti Juru Pungut")
    receipts = [paid_in_cash(make_skrd(10_000 * n), by=collector) for n in range(1, 7)]
    (altered,) = (one for one in receipts if one.amount == TRUE)
    alter("receipts", altered.id, f"amount = {SAID}")
    auditor = make_user(Role.AUDITOR, name="Ibu Auditor")
    return Till(auditor.username, collector.name, altered.number, [one.number for one in receipts])


@pytest.fixture
def till(site: Flask) -> Till:
    def done() -> Till:
        with site.app_context():
            return hire()

    with ThreadPoolExecutor(1) as one:
        return one.submit(done).result()


class Clicks:
    """Links that an auditor follows, counted."""

    def __init__(self, person: Person) -> None:
        self.person, self.count = person, 0

    def on(self, link: str) -> "Clicks":
        self.person.send(link)
        self.count += 1
        return self

    def sees(self, *words: str) -> "Clicks":
        for one in words:
            expect(self.person.page.locator("main")).to_contain_text(one)
        return self


@pytest.mark.slow
@pytest.mark.journey
def test_an_auditor_goes_from_the_month_to_the_person_and_the_paper(
    cast: Cast, till: Till, tmp_path: Path
):
    auditor = cast.at_desk(till.auditor).go("/")
    assert _trace(auditor, till) <= MOST_CLICKS
    _find(auditor, till)
    _draw(auditor, till)
    _write(auditor, till)
    _take_along(auditor, till, tmp_path)


def _trace(auditor: Person, till: Till) -> int:
    """Month, day, its odd receipt, what it contradicts, the paper, and who issued it."""
    auditor.page.locator('nav.side a[href="/audit/"]').click()
    clicks = Clicks(auditor)
    clicks.count += 1
    month = f'tr:has(a[href$="/bulan/{today():%Y-%m}"])'
    clicks.sees(thousands(210_000 - TRUE + SAID))
    assert thousands(210_000) in auditor.page.locator(month).inner_text()  # what was levied
    clicks.on(f'a[href$="/bulan/{today():%Y-%m}"]').on(f'a[href$="/hari/{today()}"]')
    clicks.on('.banner a[href*="keadaan=differs"]').sees(till.number)
    clicks.on(f'th a:has-text("{till.number}")')
    clicks.sees(thousands(SAID), thousands(TRUE), till.collector)
    paper = auditor.page.locator('main a[href$=".pdf"]').first.get_attribute("href") or ""
    assert auditor.download(paper).startswith(b"%PDF")
    clicks.count += 1
    clicks.on('dd a[href*="/audit/petugas/"]').sees(till.collector, thousands(190_000))
    return clicks.count


def _find(auditor: Person, till: Till) -> None:
    """By a number as people type it, and by the name of who took the money."""
    no = int(re.search(r"/(\d+)-", till.number)[1])  # type: ignore[index]
    auditor.go("/audit/").fill(cari=f"tbp {today().year} {no}").send("form.filters button")
    expect(auditor.page.locator("main .links a").first).to_contain_text(till.number)
    auditor.fill(cari="siti juru").send("form.filters button")
    auditor.send(f'.links a:has-text("{till.collector}")')


def _draw(auditor: Person, till: Till) -> None:
    auditor.go("/audit/").send('a[href="/audit/sampel/"]').send('a[href$="/sampel/baru"]')
    auditor.fill(title="Kas hari ini", method="by-amount", size="3", words="koran halaman 3")
    auditor.fill(dari=today().isoformat()).send("form.form button.button-primary")
    auditor.send_form("/undi")
    drawn = auditor.page.locator('main a[href*="/kupon/"]')
    assert drawn.count() in {2, 3}
    assert {one.inner_text() for one in drawn.all()} <= set(till.numbers)
    auditor.send('a[href*="/kupon/"]').fill(result="right").send("form[enctype] button")
    expect(auditor.page.locator("main .status").first).to_be_visible()


def _write(auditor: Person, till: Till) -> None:
    auditor.go(f"/audit/?cari={till.number}").send(".links a").send('a[href*="/catatan/receipts"]')
    auditor.fill(words="Lembar kedua menyebut 50.000").send("form[enctype] button")
    expect(auditor.page.locator("main article")).to_contain_text("Lembar kedua menyebut 50.000")


def _take_along(auditor: Person, till: Till, folder: Path) -> None:
    """The table has every receipt; what opens tables opens it, where it is installed."""
    auditor.go(f"/audit/tbp?dari={today()}")
    path = auditor.page.locator('main a[href*=".xlsx"]').get_attribute("href") or ""
    table = auditor.download(path)
    with zipfile.ZipFile(io.BytesIO(table)) as book:
        assert "xl/workbook.xml" in book.namelist()
    office = shutil.which("soffice")
    if office is None:
        return
    (folder / "tbp.xlsx").write_bytes(table)
    asked = ["--headless", "--convert-to", "csv", "--outdir", str(folder), "tbp.xlsx"]
    home = f"-env:UserInstallation=file://{folder}/office"
    subprocess.run([office, home, *asked], cwd=folder, check=True, timeout=120, capture_output=True)
    text = (folder / "tbp.csv").read_text()
    assert all(number in text for number in till.numbers)
