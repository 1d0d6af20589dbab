"""A phone of its own: a Chromium with a profile that outlives it, and hands that use the app."""

import json
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import BrowserContext, Error, Page, Playwright, ViewportSize, expect

from tests.browser.sites import ARGUMENTS, PHONE, chromium, watch
from tests.conditions import wait_until

PIN = "274913"
APP = "/lapangan/"
PATIENCE = 60_000  # milliseconds: other work may go on at this machine
ALLOW, BLOCK = 1, 2
FAKE_CAMERA = "--use-fake-device-for-media-stream"
MARK = "place => { delete place.dataset.tone; delete place.dataset.code; }"
START_UP = '() => ["start", "lock", "home"].includes(document.body.dataset.view)'
IN_CONTROL = "() => navigator.serviceWorker.controller !== null"


@dataclass(frozen=True, kw_only=True)
class Ways:
    """``durable``: the browser promised to keep our data. ``camera``: what the officer answered
    when asked for it. ``video``: what it sees; without one the phone has no camera."""

    durable: bool = True
    camera: int = ALLOW
    video: Path | None = None


class Handset:
    def __init__(self, playwright: Playwright, folder: Path, url: str, ways: Ways) -> None:
        self._playwright, self._folder, self.url, self._ways = playwright, folder, url, ways
        self.complaints: list[str] = []
        self._forgiven = ["status of 4", "net::ERR_"]
        self.context: BrowserContext
        self.page: Page
        self._settings()

    def forgive(self, text: str) -> None:
        """What the browser itself says in its console of the fault that the test makes."""
        self._forgiven.append(text)

    @property
    def profile(self) -> Path:
        return self._folder

    def _settings(self) -> None:
        """As the officer's taps would leave them in the profile: asked by no test protocol."""
        rules = {"media_stream_camera": {f"{self.url},*": {"setting": self._ways.camera}}}
        if self._ways.durable:
            rules["durable_storage"] = {f"{self.url},*": {"setting": ALLOW}}
        file = self._folder / "Default" / "Preferences"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"profile": {"content_settings": {"exceptions": rules}}}))

    def turn_on(self) -> Self:
        video = self._ways.video
        lens = [FAKE_CAMERA, f"--use-file-for-fake-video-capture={video}"] if video else []
        self.context = self._playwright.chromium.launch_persistent_context(
            str(self._folder),
            executable_path=chromium(),
            args=[*ARGUMENTS, *lens],
            viewport=ViewportSize(width=PHONE["width"], height=PHONE["height"]),
            base_url=self.url,
            locale="id-ID",
            timezone_id="Asia/Makassar",
            accept_downloads=True,
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("page", self._watch)
        self.page = self.context.pages[0]
        self._watch(self.page)
        return self

    def _watch(self, page: Page) -> None:
        watch(page, self.complaints, self._forgiven)

    def turn_off(self) -> None:
        with suppress(Error):
            self.context.close()

    def kill(self) -> None:
        """As a phone without battery: no process of it may write one more byte."""
        group = os.getpgid(self._pid())
        os.killpg(group, signal.SIGKILL)
        wait_until(lambda: not _alive(group), "the browser is gone")
        self.turn_off()

    def _pid(self) -> int:
        mine = f"--user-data-dir={self._folder}".encode()
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                words = entry.name.isdigit() and (entry / "cmdline").read_bytes().split(b"\0")
                if words and mine in words and not any(w.startswith(b"--type=") for w in words):
                    return int(entry.name)
        raise AssertionError("the browser does not run")

    def sign_in(self, cookie: tuple[str, str]) -> Self:
        name, value = cookie
        self.context.add_cookies([{"name": name, "value": value, "url": self.url}])
        return self

    def open(self, page: Page | None = None) -> Self:
        """The app, as far as it comes: set-up, lock or home."""
        page = page or self.page
        page.goto(APP)
        page.wait_for_function(START_UP)
        return self

    def enrol(self, cookie: tuple[str, str], name: str = "Ponsel uji") -> Self:
        self.sign_in(cookie).open()
        self.fill(name=name, pin=PIN, again=PIN).send("enrol")
        self.at("home")
        self.page.wait_for_function(IN_CONTROL)
        return self

    def unlock(self, page: Page | None = None, pin: str = PIN) -> Self:
        page = page or self.page
        page.locator("#unlock [name=pin]").fill(pin)
        page.locator("#unlock button").click()
        expect(page.locator("body")).to_have_attribute("data-view", "home")
        return self

    def back_again(self) -> Self:
        """Turned on after a kill or at the next day, and opened with the PIN."""
        return self.turn_on().open().unlock()

    def at(self, view: str) -> Self:
        expect(self.page.locator("body")).to_have_attribute("data-view", view, timeout=PATIENCE)
        return self

    def go(self, where: str, view: str) -> Self:
        """By the address, as the links do; also where we are already."""
        self.page.evaluate("() => delete document.body.dataset.view")
        self.page.evaluate(
            """where => location.hash === where
                ? dispatchEvent(new HashChangeEvent("hashchange")) : location.hash = where""",
            f"#/{where}",
        )
        return self.at(view)

    def fill(self, **answers: str) -> Self:
        for name, value in answers.items():
            found = self.page.locator(f'main [name="{name.replace("__", "-")}"]')
            kind = found.first.evaluate("e => e.type || e.tagName")
            if kind == "radio":
                self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            elif kind == "select-one":
                found.select_option(value)
            else:
                found.fill(value)
        return self

    def send(self, form: str) -> Self:
        self.page.locator(f"#{form} button").last.click()
        return self

    def tap(self, action: str) -> Self:
        self.page.locator(f'main [data-action="{action}"]').first.click()
        return self

    def take_pack(self, *villages: str) -> Self:
        self.go("paket", "pack")
        for code in villages:
            self.page.locator(f'[name=village][value="{code}"]').check()
        self.send("take-pack")
        expect(self.page.locator("main [data-slot=said]")).to_be_visible(timeout=PATIENCE)
        expect(self.page.locator("main [data-slot=progress]")).to_be_hidden(timeout=PATIENCE)
        expect(self.page.locator("main [data-slot=trouble]")).to_be_hidden()
        return self

    def choose_work(self, product: str, lot: str, campaign: str = "") -> Self:
        self.go("kerja", "work").fill(campaign=campaign, product=product)
        held = self.page.locator(f'[name=lot] option[value="{lot}"]').count()
        self.fill(lot=lot if held else "*")
        if not held:
            self.fill(lot__typed=lot)
        return self.send("choose-work").at("scan")

    def type_code(self, text: str) -> str:
        """The colour of the answer: go, look, stop or again."""
        self.page.locator("[data-slot=verdict]").evaluate(MARK)
        self.page.locator("#f-code").fill(text)
        self.page.locator("#type-code button").click()
        return self.verdict()

    def verdict(self) -> str:
        place = self.page.locator("[data-slot=verdict][data-tone][data-code]")
        place.wait_for()
        return place.get_attribute("data-tone") or ""

    @property
    def reasons(self) -> list[str]:
        found = self.page.locator("[data-slot=verdict] [data-reason]")
        names: list[str] = found.evaluate_all("lines => lines.map(line => line.dataset.reason)")
        return names

    @property
    def counted(self) -> int:
        return int(self.page.locator("[data-slot=count]").get_attribute("data-count") or 0)

    def ask(self, module: str, what: str, given: object = None) -> Any:
        """Something that a module of the app knows; it is ``m`` in the expression."""
        return self.page.evaluate(
            f"""async (given) => {{
                const app = document.querySelector('script[src*="/field/"]').src;
                const m = await import(new URL("{module}.js", app).href);
                return {what};
            }}""",
            given,
        )

    def counts(self) -> dict[str, int]:
        """saved, received and needsYou."""
        found: dict[str, int] = self.ask("outbox", "m.counts()")
        return found

    def records(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("outbox", "m.list({ limit: 100000 })")
        return found

    def codes(self) -> list[str]:
        """Of the doses on this phone that were not taken back, in their order."""
        doses = [r for r in self.records() if r["kind"] == "vaccination" and not r["undone"]]
        return [record["data"]["code"] for record in doses]

    def flush(self) -> str:
        """Send now, with the button; the answer is what went wrong."""
        self.go("catatan", "records").tap("flush")
        busy = self.page.locator('main [data-action="flush"][aria-busy=true]')
        expect(busy).to_have_count(0, timeout=PATIENCE)
        return str(self.ask("sync", "m.last()")["trouble"])

    def until_sent(self, received: int) -> Self:
        wait_until(lambda: self.counts()["received"] >= received, f"{received} were received")
        return self

    def notice(self, name: str) -> str:
        """What the app says above every view."""
        place = self.page.locator(f'[data-notice="{name}"]')
        place.wait_for()
        return place.inner_text()

    def wait(self, met: Callable[[], bool], what: str) -> None:
        """While the page's own news keeps coming in."""
        wait_until(met, what, pause=lambda: self.page.wait_for_timeout(50))


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
