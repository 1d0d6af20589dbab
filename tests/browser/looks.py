"""Whether people can use what they see."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 1280)
NARROWEST = 320
HEIGHT = "() => document.documentElement.scrollHeight"


def faults(page: Page, widths: Sequence[int] = WIDTHS) -> list[str]:
    """What axe finds at phone and office width, and sideways scrolling at 320 px."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        # As high as the page: else the bar under the thumb lies over whatever it scrolls past.
        page.set_viewport_size({"width": width, "height": page.evaluate(HEIGHT) + 80})
        page.evaluate(AXE)
        run = "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})"
        for broken in page.evaluate(run, RULES)["violations"]:
            places = [node["html"][:150] for node in broken["nodes"][:3]]
            found.append(f"{page.url} at {width} px: {broken['id']} {places}")
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    wide = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    if page.evaluate(wide):
        found.append(f"{page.url}: scrolls sideways at {NARROWEST} px")
    return found
