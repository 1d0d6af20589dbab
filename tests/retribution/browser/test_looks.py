"""The pages about tariffs and late bills on a cheap phone and in an office."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Playwright

from sijinak.accounts.models import Role, User
from sijinak.config import Settings
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.retribution.claims.services import ProposeWriteOff, propose_write_off
from sijinak.retribution.models import Skrd
from sijinak.retribution.services import issue_skrd
from sijinak.retribution.tariffs.services import ProposeTariffs, propose_tariffs
from tests.browser.looks import WIDTHS, faults
from tests.browser.sites import ARGUMENTS, Site, chromium, own_settings, watch
from tests.databases import Databases
from tests.factories import actor_for, make_user
from tests.field.browser.signing import cookie_of
from tests.permits.checkpoint.browser.posts import in_a_thread
from tests.retribution.factories import add_tariff, do, issue, make_keeper
from tests.retribution.tariffs.test_keeping import wording

pytestmark = pytest.mark.browser
LIST = (
    "kode;layanan;komponen;jenis;kelamin;satuan;berlaku;tarif;perda;pasal;kode_rekening;sumber;"
    "contoh;mulai;sampai\n"
    "rph-sapi;rph;Pemotongan sapi;sapi;betina;ekor;selalu;30.000;Perda 1/2026;lampiran III;"
    "4.1.02.02.09;lampiran halaman 3;tidak;2027-01-01;\n"
    "rph-kuda;rph;Pemotongan kuda;unta;;ekor;selalu;0;Perda 1/2026;;4.1;lampiran;tidak;besok;\n"
)


@pytest.fixture
def settings(databases: Databases, tmp_path: Path) -> Iterator[Settings]:
    with own_settings(databases, tmp_path) as settings:
        yield settings


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    site = Site(settings)
    site.start()
    yield site
    site.end()


def furnish() -> tuple[User, list[str]]:
    """Who looks, and at what: tariffs of all kinds, a late bill, and one to be given up."""
    add_tariff(30_000, code="rph-betina", species="cattle", sex="female",
               service="slaughter", component="Pemotongan di RPH")  # fmt: skip
    rows = (wording(), wording(code="keluar-kuda", species="horse", amount=Rupiah(60_000)))
    do(propose_tariffs, ProposeTariffs(rows=rows), by=actor_for(Role.KADIS))
    with clock.reading(now() - timedelta(days=100)):
        late, lost = (
            do(issue_skrd, issue(make_keeper(), heads=heads, needs_rbt=True), by=OPERATOR)
            for heads in (35, 6)
        )
    asked = ProposeWriteOff(skrd_id=lost.id, decree="SK 1/2030", decree_on=today(), reason="bubar")
    do(propose_write_off, asked, by=actor_for(Role.TREASURER))
    with transaction():
        tariff = str(db.session.get_one(Skrd, late.id).lines[0].tariff_id)
    question = urlencode({"jenis": "cattle", "ekor": "35", "rbt": "true"})
    return make_user(Role.KABID), [
        "/tarif",
        f"/tarif?{question}",
        "/retribusi/",
        "/retribusi/tarif/",
        "/retribusi/tarif/baru",
        f"/retribusi/tarif/{tariff}",
        "/retribusi/tarif/daftar",
        "/retribusi/tunggakan",
        f"/retribusi/{late.id}",
        f"/retribusi/{lost.id}/hapus",
    ]


def test_every_page_can_be_used_on_a_phone_and_in_the_office(
    playwright: Playwright, site: Site, tmp_path: Path
):
    user, pages = in_a_thread(furnish, site)
    name, value = in_a_thread(lambda: cookie_of(site.app, user.username), site)
    browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    page = browser.new_context(base_url=site.url, locale="id-ID").new_page()
    page.context.add_cookies([{"name": name, "value": value, "url": site.url}])
    complaints: list[str] = []
    watch(page, complaints)
    found: list[str] = []
    for number, address in enumerate([*pages, ""]):
        if address:
            page.goto(address)
        else:
            page.goto("/retribusi/tarif/daftar")
            sent = {"name": "a.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
            page.set_input_files("#field-file", sent)  # type: ignore[arg-type]
            page.click("main form button")
        found += faults(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=tmp_path / f"{number}-{width}.png", full_page=True)
    browser.close()
    assert (found, complaints) == ([], [])
