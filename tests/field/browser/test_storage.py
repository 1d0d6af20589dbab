"""A phone that dies, fills up or is cleared: what it said it had kept, it has."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from sijinak.core.db import db
from sijinak.vaccinations.models import Vaccination
from tests.browser.sites import Site
from tests.factories import LUNYUK_REA
from tests.field.browser.conftest import NewPhone, SignIn
from tests.field.browser.handsets import Handset
from tests.field.browser.village import LOT, Village

# Saves without a pause, and says of each record that it is kept.
WRITE = """async (village) => {
    const app = document.querySelector('script[src*="/field/"]').src;
    const { add } = await import(new URL("outbox.js", app).href);
    void (async () => {
        for (let n = 0; ; n += 1) {
            const { id } = await add("unknown", { text: `no ${n}`, why: "not-known", village });
            await kept(id);
        }
    })();
}"""
FILL = """async (megabytes) => {
    const made = indexedDB.open("ballast", 1);
    made.onupgradeneeded = () => made.result.createObjectStore("bytes");
    await new Promise((done) => (made.onsuccess = done));
    for (let n = 0; n < megabytes; n += 1) {
        const bytes = crypto.getRandomValues(new Uint8Array(65536));
        const tx = made.result.transaction("bytes", "readwrite");
        for (let part = 0; part < 16; part += 1) tx.objectStore("bytes").put(bytes, n * 16 + part);
        await new Promise((done, fail) => { tx.oncomplete = done; tx.onabort = fail; });
    }
    made.result.close();
}"""
# Each transaction that writes from now on, and what it waits for.
OVERHEAR = """() => {
    globalThis.heard = [];
    const plain = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
        if (mode === "readwrite") globalThis.heard.push([mode, options?.durability]);
        return plain.call(this, stores, mode, options);
    };
}"""
FAULT = "[data-notice=fault]"
SIZE = 60  # megabytes of a full phone
MOST_TRIES = 30


def kill_while_saving(phone: Handset, at_least: int) -> list[str]:
    """What was said to be kept before the phone went dead."""
    kept: list[str] = []
    phone.page.expose_binding("kept", lambda _, record_id: kept.append(record_id))
    phone.page.evaluate(WRITE, LUNYUK_REA)
    phone.wait(lambda: len(kept) >= at_least, "enough is kept")
    phone.kill()
    return kept


def test_killed_while_it_saves(site: Site, phone: Handset):
    """Also opened again while the server is down: the app needs nobody."""
    site.stop()
    kept = kill_while_saving(phone, 30)
    phone.back_again()
    assert set(kept) <= {record["id"] for record in phone.records()}
    assert [record["seq"] for record in phone.records()] == list(range(1, len(phone.records()) + 1))


@pytest.mark.slow
def test_killed_again_and_again_and_then_sent(site: Site, phone: Handset):
    kept: list[str] = []
    site.stop()
    for turn in range(6):
        kept += kill_while_saving(phone, 20 + 13 * turn)
        phone.back_again()
    there = phone.records()
    assert set(kept) <= {record["id"] for record in there}
    assert [record["seq"] for record in there] == list(range(1, len(there) + 1))
    site.start()
    assert phone.flush() == ""
    counts = phone.counts()
    assert (counts["saved"], counts["received"]) == (0, len(there))


@pytest.mark.slow
def test_every_write_waits_for_the_disk(phone: Handset, village: Village):
    """A battery that comes off takes nothing that the app called kept."""
    phone.page.evaluate(OVERHEAR)
    assert phone.type_code(village.codes[0]) == "go"
    phone.tap("undo")
    phone.until_sent(2)
    heard = phone.page.evaluate("() => globalThis.heard")
    assert len(heard) >= 4, "two records, and that each was sent and received"
    assert {tuple(one) for one in heard} == {("readwrite", "strict")}


@pytest.mark.slow
def test_the_last_way_out_is_a_file_for_the_office(site: Site, phone: Handset, village: Village):
    """Brought to the office by hand; when the phone sends after all, nothing is there twice."""
    phone.context.set_offline(True)
    assert [phone.type_code(code) for code in village.codes[:3]] == ["go"] * 3
    phone.go("setelan", "settings")
    with phone.page.expect_download() as taking:
        phone.tap("export")
    phone.context.set_offline(False)
    office = phone.context.new_page()
    office.goto("/lapangan/kantor/berkas")
    office.locator("main input[type=file]").set_input_files(taking.value.path())
    office.locator("main form button").click()
    expect(office.locator("main table tbody tr")).to_have_count(3)
    assert phone.flush() == ""
    phone.until_sent(3)
    assert _given(site) == 3


@pytest.mark.slow
def test_after_the_storage_was_cleared_the_journal_brings_all_back(
    site: Site, phone: Handset, village: Village
):
    """Thrown away in the middle of the work: the next tag is refused, until it is seen to."""
    phone.context.set_offline(True)
    for code in village.codes[:5]:
        assert phone.type_code(code) == "go"
    _delete_databases(phone)
    assert phone.type_code(village.codes[5]) == "stop"
    phone.page.locator("[data-notice=fault] [data-slot=deed]").click()
    assert "5" in phone.notice("erased")
    assert phone.codes() == village.codes[:5]
    assert phone.type_code(village.codes[6]) == "go"
    phone.context.set_offline(False)
    assert phone.flush() == ""
    assert phone.counts() == {"saved": 0, "received": 6, "needsYou": 0}
    assert _given(site) == 6


@pytest.mark.slow
def test_cleared_while_it_was_off(site: Site, phone: Handset, village: Village):
    """The next day the app says honestly that the browser threw its data away."""
    phone.context.set_offline(True)
    assert [phone.type_code(code) for code in village.codes[:3]] == ["go"] * 3
    phone.go("setelan", "settings").tap("lock").at("lock")
    _delete_databases(phone)
    phone.context.set_offline(False)
    phone.page.reload()
    phone.at("lock").unlock()
    assert "3" in phone.notice("erased")
    phone.until_sent(3)
    assert _given(site) == 3


def _delete_databases(phone: Handset) -> None:
    """As a browser that makes room does."""
    client = phone.context.new_cdp_session(phone.page)
    kinds = "indexeddb,cache_storage,service_workers,file_systems"
    client.send("Storage.clearDataForOrigin", {"origin": phone.url, "storageTypes": kinds})


def _given(site: Site) -> int:
    with site.app.app_context():
        return len(list(db.session.scalars(select(Vaccination.id))))


@contextmanager
def full_disk(folder: Path) -> Iterator["Disk"]:
    """A small one of its own, for a profile."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        if "fulldisk" in os.environ.get("SIJINAK_REQUIRE", ""):
            pytest.fail("a full disk is required, and nothing can be mounted here")
        pytest.skip("nothing can be mounted here")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


class Disk:
    def __init__(self, folder: Path) -> None:
        self.profile = folder / "profile"
        self._rest = folder / "rest"

    def fill(self) -> None:
        """To the last byte."""
        with self._rest.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                _write_until_full(file.fileno(), size)

    def free(self) -> None:
        self._rest.unlink()


def _write_until_full(file: int, size: int) -> None:
    try:
        while True:
            os.write(file, b"\0" * size)
    except OSError:
        return


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with full_disk(tmp_path / "disk") as disk:
        yield disk


def _work_until_refused(phone: Handset, disk: Disk, village: Village) -> list[str]:
    """The codes that the app said it had kept, until the full disk made it stop."""
    kept = []
    for code in village.codes[:20]:
        assert phone.type_code(code) == "go"
        kept.append(code)
    for code in village.codes[20 : 20 + MOST_TRIES]:
        disk.fill()
        if phone.type_code(code) != "go":
            return kept
        kept.append(code)
    pytest.fail("a full disk took everything")


def _whole_again(phone: Handset) -> bool:
    """One tap on "try again"; a browser may need a moment more to give up the full database."""
    phone.page.evaluate(f"""() => document.querySelector('{FAULT} [data-slot=deed]')?.click()""")
    return not phone.page.locator(FAULT).count()


@pytest.mark.slow
@pytest.mark.parametrize("promise", ["durable", "best-effort"])
def test_a_full_phone_loses_nothing(
    new_phone: NewPhone, signed_in: SignIn, village: Village, disk: Disk, promise: str
):
    """Best effort: Chromium throws the whole origin away; the app says so and brings it back."""
    phone = new_phone(disk.profile, durable=promise == "durable").enrol(signed_in(village.vet))
    if promise != "durable":
        phone.tap("work-anyway")
    phone.take_pack(village.code).choose_work(village.product, LOT, str(village.campaign))
    phone.forgive("Quota")
    phone.page.evaluate(FILL, 12)
    phone.context.set_offline(True)
    kept = _work_until_refused(phone, disk, village)
    assert phone.notice("fault")
    assert phone.type_code(village.codes[100]) == "stop", "it takes nothing more"
    disk.free()
    phone.wait(lambda: _whole_again(phone), "there is room again")
    assert set(kept) <= set(phone.codes())
    phone.context.set_offline(False)
    phone.page.reload()
    phone.page.wait_for_function('() => document.body.dataset.view === "lock"')
    phone.unlock()
    assert phone.flush() == ""
    assert phone.counts()["saved"] == 0
    assert set(kept) <= set(phone.codes())
    assert all(UUID(record["id"]) and record["receipt"] for record in phone.records())
