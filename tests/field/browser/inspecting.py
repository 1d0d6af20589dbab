"""The hands of an inspector: an application opened on the phone, each animal seen or left out."""

from pathlib import Path

from playwright.sync_api import expect

from tests.field.browser.handsets import Handset

KEPT = "async () => !!(await caches.match('/lapangan/tambahan.html', { ignoreVary: true }))"


def go_out(phone: Handset) -> Handset:
    """Far from any network, with the part of inspections kept."""
    phone.page.wait_for_function(KEPT)
    phone.context.set_offline(offline=True)
    return phone


def begin(phone: Handset) -> Handset:
    """The only application that waits."""
    phone.go("pemeriksaan", "inspection")
    phone.page.locator("[data-slot=list] a").click()
    expect(phone.page.locator("#f-inspect-code")).to_be_visible()
    return phone


def type_tag(phone: Handset, code: str) -> None:
    phone.page.fill("#f-inspect-code", code)
    phone.page.press("#f-inspect-code", "Enter")


def see(phone: Handset, code: str, picture: Path) -> None:
    """Weighed by tape, photographed, well."""
    type_tag(phone, code)
    form = phone.page.locator("#inspect-animal")
    form.locator("[name=result][value=passed]").check(force=True)
    form.locator("[name=weight]").fill("330")
    form.locator("[name=method][value=tape]").check(force=True)
    form.locator("[name=photo-side]").set_input_files(picture)
    form.locator("[name=photo-tag]").set_input_files(picture)
    form.locator("button.big").click()
    expect(phone.page.locator("#inspect-code")).to_be_visible()


def leave_out(phone: Handset, code: str, result: str, why: str) -> None:
    """``result``: refused or absent."""
    phone.page.locator(f"[data-code='{code}'] a").click()
    form = phone.page.locator("#inspect-animal")
    form.locator(f"[name=result][value={result}]").check(force=True)
    form.locator("[name=reason]").fill(why)
    form.locator("button.big").click()
    expect(phone.page.locator("#inspect-code")).to_be_visible()


def finish(phone: Handset, plate: str, picture: Path) -> None:
    page = phone.page
    page.locator("a[data-slot=vehicle]").click()
    page.fill("[name=plate]", plate)
    page.set_input_files("[name=photo-vehicle]", picture)
    page.locator("#inspect-vehicle button.big").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-action=finish]").click()
    expect(page.locator("[data-slot=what]")).to_be_visible()
