"""People who sign in and fill in forms, as they would."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page

from tests.browser.looks import faults
from tests.factories import PASSWORD

OpenBrowser = Callable[[dict[str, int]], BrowserContext]


class Person:
    """A person with their own browser; every page they come to is looked at once.

    Without a user name it is anybody, who does not sign in.
    """

    def __init__(self, context: BrowserContext, username: str = "") -> None:
        self.page: Page = context.new_page()
        self._size = self.page.viewport_size
        self._looked: set[str] = set()
        self.faults: list[str] = []
        if username:
            self.go("/masuk")
            self.fill(username=username, password=PASSWORD)
            self.send("form.signin button, form button[type=submit], form.form button")

    def go(self, path: str) -> "Person":
        """Once more when the page before, waiting for the worker, loaded itself anew just then."""
        try:
            self.page.goto(path)
        except Error:
            self.page.goto(path)
        return self.look()

    def look(self) -> "Person":
        """Check the page once per kind of address, as wide as the person sees it."""
        kind = "/".join(part for part in self.page.url.split("?")[0].split("/") if len(part) < 20)
        if kind not in self._looked:
            self._looked.add(kind)
            self.faults += self._faults()
            self.page.set_viewport_size(self._size)  # type: ignore[arg-type]
        return self

    def _faults(self) -> list[str]:
        """A page that waits for the worker may load itself anew meanwhile: then once more."""
        widths = [self._size["width"]]  # type: ignore[index]
        with suppress(Error):
            return faults(self.page, widths)
        self.page.wait_for_load_state()
        return faults(self.page, widths)

    def fill(self, **fields: str) -> "Person":
        """Fill in fields by their names; a select takes the value, a radio the value to choose."""
        for name, value in fields.items():
            found = self.page.locator(f'main [name="{name.replace("__", "-")}"]')
            kind = found.first.evaluate("e => e.type || e.tagName")
            if kind in {"radio", "checkbox"}:
                self.page.locator(
                    f'main [name="{name.replace("__", "-")}"][value="{value}"]'
                ).check()
            elif kind == "select-one":
                found.select_option(value)
            else:
                found.fill(value)
        return self

    def attach(self, name: str, path: Path) -> "Person":
        self.page.locator(f'main [name="{name}"]').set_input_files(path)
        return self

    def send(self, button: str) -> "Person":
        with self.page.expect_navigation():
            self.page.locator(f"main {button}").first.click()
        return self.look()

    def send_form(self, action: str) -> "Person":
        """Press the button of the form that goes to an address."""
        return self.send(f'form[action$="{action}"] button')

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def download(self, path: str) -> bytes:
        """A paper that the worker still makes is asked for again."""
        for _ in range(240):
            answer = self.page.context.request.get(path)
            if answer.status != HTTPStatus.ACCEPTED:
                break
            self.page.wait_for_timeout(250)
        assert answer.status == HTTPStatus.OK, f"{path}: {answer.status}"
        return answer.body()
