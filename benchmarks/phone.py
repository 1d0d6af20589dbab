"""The phone app in Chromium: tags from a camera, and a phone whose processor is six times slower.

Seconds and milliseconds, not ratios: what counts is how long a vet waits. The slowing is
Chromium's own (Emulation.setCPUThrottlingRate): it holds for the page, not for its workers.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

from playwright.sync_api import Playwright, sync_playwright

from benchmarks.databases import installed, scratch_folder
from benchmarks.measuring import Result
from sijinak.config import Settings
from tests.browser.sites import CHROMIUM, Site
from tests.field.browser.camera import of_tags, write_video
from tests.field.browser.handsets import Handset, Ways
from tests.field.browser.signing import cookie_of
from tests.field.browser.village import LOT, Village, fill_bag, settle

TAGS, SECONDS = 300, 0.3
SLOWER, ROUNDS = 6, 5
LARGE_PACK = 20_000
LONGEST = 600_000  # milliseconds
NO_BROWSER = Result(None, note="Chromium is not installed")

# From the moment at which the scan view is asked for until the first tag is recorded.
FIRST_TAG = """() => new Promise((done) => {
    const begun = performance.now();
    const read = '[data-slot="verdict"][data-code]';
    const look = () => {
        if (document.querySelector(read)) return done(performance.now() - begun);
        requestAnimationFrame(look);
    };
    location.hash = "#/pindai";
    look();
})"""
OPEN_PACK = """async () => {
    const app = document.querySelector('script[src*="/field/"]').src;
    const { openPack } = await import(new URL("pack.js", app).href);
    const begun = performance.now();
    const pack = await openPack();
    const took = performance.now() - begun;
    if (!pack.findOwners("Zulqarx001").length) throw new Error("the pack is empty");
    return took;
}"""


@dataclass
class Bench:
    """A site with a village, and phones that are set up for it."""

    playwright: Playwright
    folder: Path
    site: Site
    village: Village

    def phone(self, video: Path | None = None) -> Handset:
        phone = Handset(
            self.playwright, self.folder / "phone", self.site.url, Ways(video=video)
        ).turn_on()
        phone.context.set_default_timeout(LONGEST)
        return phone.enrol(cookie_of(self.site.app, self.village.vet)).take_pack(self.village.code)

    def choose_work(self, phone: Handset) -> None:
        phone.choose_work(self.village.product, LOT, str(self.village.campaign))


def scan_seconds_per_tag() -> Result:
    """All must be recorded and none wrongly, else there is no value."""
    if CHROMIUM is None:
        return NO_BROWSER
    with _bench(TAGS) as bench:
        tags = of_tags(bench.village.codes, bench.site.url, SECONDS)
        phone = bench.phone(write_video(bench.folder / "tags.mjpeg", tags))
        phone.context.set_offline(True)
        bench.choose_work(phone)
        begun = time.perf_counter()
        phone.page.locator(f'[data-slot="count"][data-count="{TAGS}"]').wait_for()
        took = time.perf_counter() - begun
        codes = phone.codes()
    wrong = len(codes) - len(set(codes) & set(bench.village.codes))
    note = f"{len(codes)} of {TAGS} recorded, {wrong} wrong; each was shown for {SECONDS} s"
    right = len(codes) == TAGS and not wrong
    return Result(took / TAGS if right else None, SECONDS, note, unit="s")


def first_tag_ms_x6() -> Result:
    """The scan view of an app that was just opened; target 1,500."""
    if CHROMIUM is None:
        return NO_BROWSER
    with _bench(200) as bench:
        tag = of_tags(bench.village.codes[:1], bench.site.url, SECONDS)
        phone = bench.phone(write_video(bench.folder / "tag.mjpeg", tag))
        bench.choose_work(phone)
        phone.wait(lambda: phone.counted == 1, "the camera works")
        return _slowed(phone, FIRST_TAG)


def pack_open_ms_x6() -> Result:
    """A pack of 20,000 animals, unsealed and ready for look-ups; target 1,000."""
    if CHROMIUM is None:
        return NO_BROWSER
    with _bench(LARGE_PACK) as bench:
        return _slowed(bench.phone(), OPEN_PACK)


def _slowed(phone: Handset, question: str) -> Result:
    """The same at the normal speed is the floor. The app is opened anew for each."""
    normal, slow = (_times(phone, question, rate) for rate in (1, SLOWER))
    middle = statistics.median(slow)
    note = f"median of {ROUNDS}: {', '.join(f'{ms:.0f}' for ms in slow)}; floor: not slowed"
    return Result(middle, round(statistics.median(normal), 1), note, unit="ms")


def _times(phone: Handset, question: str, rate: int) -> Sequence[float]:
    took = []
    for _ in range(ROUNDS):
        phone.page.goto("about:blank")
        phone.open().unlock()
        cpu = phone.context.new_cdp_session(phone.page)
        cpu.send("Emulation.setCPUThrottlingRate", {"rate": rate})
        took.append(float(phone.page.evaluate(question)))
        cpu.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        cpu.detach()
    return took


@contextmanager
def _bench(heads: int) -> Iterator[Bench]:
    with scratch_folder() as folder, sync_playwright() as playwright, closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        free.close()
        database = f"sqlite:///{folder / 'phone.sqlite'}"
        with installed(database, folder) as app, app.app_context():
            village = settle(heads)
            fill_bag(village)
        site = Site(Settings(database_url=database, data_dir=str(folder), public_url=url))
        site.start()
        bench = Bench(playwright, folder, site, village)
        try:
            yield bench
        finally:
            site.end()
