"""A signed permit of thirty animals, read and verified by the checkpoint app in Chromium."""

import json
import statistics
from pathlib import Path

from playwright.sync_api import Route, sync_playwright

from benchmarks.measuring import Result
from benchmarks.phone import NO_BROWSER
from tests.browser.sites import ARGUMENTS, CHROMIUM, chromium

ROOT = Path(__file__).parents[1]
VECTORS = ROOT / "tests/permits/signing/vectors.json"
MODULES = ROOT / "sijinak/static/field"
ROUNDS = 200
HERE = "http://127.0.0.1:1/"

VERIFY = """async ({ text, keys, home, now, rounds }) => {
    const { readPaper } = await import("/checkpoint/paper.js");
    const known = keys.map((key) => ({
        ...key, spki: Uint8Array.from(atob(key.spki), (c) => c.charCodeAt(0)),
    }));
    const took = [];
    for (let n = 0; n < rounds; n++) {
        const begun = performance.now();
        const { verdict } = await readPaper(text, known, [home], now);
        took.push(performance.now() - begun);
        if (verdict !== "valid") throw new Error(verdict);
    }
    return took;
}"""


def qr_verify_browser_ms() -> Result:
    """From the text that was read to the verdict; the first call is among them."""
    if CHROMIUM is None:
        return NO_BROWSER
    vectors = json.loads(VECTORS.read_text())
    paper = next(one for one in vectors["good"] if one["name"] == "thirty animals")
    asked = {
        "text": paper["text"],
        "keys": vectors["keys"],
        "home": vectors["public_url"],
        "now": vectors["now"],
        "rounds": ROUNDS,
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page()
        page.route(HERE + "**", _module)
        page.goto(HERE)
        took = [float(ms) for ms in page.evaluate(VERIFY, asked)]
        browser.close()
    note = f"median of {ROUNDS}, thirty animals; the first took {took[0]:.1f} ms; target 5"
    return Result(statistics.median(took), note=note, unit="ms")


def _module(route: Route) -> None:
    """Our own modules as they lie in the folder, under an address where WebCrypto works."""
    path = MODULES / route.request.url.removeprefix(HERE)
    if path.suffix == ".js":
        route.fulfill(body=path.read_text(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")
