"""An inspection on the phone without a network, killed between; its photos are sent later."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.field.models import FieldPhoto
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.photos.models import InspectionPhoto
from sijinak.permits.queries import animals_on
from tests.browser.sites import Site
from tests.field.browser.conftest import NewPhone, SignIn
from tests.field.browser.handsets import Handset
from tests.field.browser.village import Village
from tests.permits.factories import make_office, make_permit


@pytest.fixture
def tags(site: Site) -> list[str]:
    """Of an application that waits for its inspection."""
    with site.app.app_context():
        permit = make_permit(make_office(), PermitState.ACCEPTED)
        return [animal.tag for _, animal in animals_on(permit)]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "sapi.jpg"
    exif = Image.Exif()
    exif[0x010F] = "Secret maker"
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(path, "JPEG", exif=exif)
    return path


def see(phone: Handset, code: str, picture: Path) -> None:
    page = phone.page
    page.fill("#f-inspect-code", code)
    page.press("#f-inspect-code", "Enter")
    form = page.locator("#inspect-animal")
    form.locator("[name=result][value=passed]").check(force=True)
    form.locator("[name=weight]").fill("330")
    form.locator("[name=method][value=tape]").check(force=True)
    form.locator("[name=photo-side]").set_input_files(picture)
    form.locator("[name=photo-tag]").set_input_files(picture)
    form.locator("button.big").click()
    expect(page.locator("#inspect-code")).to_be_visible()


@pytest.fixture
def inspector(new_phone: NewPhone, signed_in: SignIn, village: Village, tags: list[str]) -> Handset:
    """With the list on the phone and the part of inspections kept, far from any network."""
    phone = new_phone().enrol(signed_in(village.vet)).take_pack(village.code)
    phone.page.wait_for_function(
        "async () => !!(await caches.match('/lapangan/tambahan.html', { ignoreVary: true }))"
    )
    phone.context.set_offline(offline=True)
    return phone


def begin(phone: Handset, strange: str) -> None:
    """The application is opened, and a strange animal told at once."""
    phone.go("pemeriksaan", "inspection")
    phone.page.locator("[data-slot=list] a").click()
    phone.page.fill("#f-inspect-code", strange)
    phone.page.press("#f-inspect-code", "Enter")
    expect(phone.page.locator("[data-slot=verdict]")).to_have_attribute("data-tone", "stop")


def miss(phone: Handset, code: str, shots: Path) -> None:
    page = phone.page
    page.locator(f"[data-code='{code}'] a").click()
    form = page.locator("#inspect-animal")
    page.screenshot(path=str(shots / "animal.png"), full_page=True)
    form.locator("[name=result][value=absent]").check(force=True)
    form.locator("[name=reason]").fill("Tidak dibawa")
    form.locator("button.big").click()


def finish(phone: Handset, picture: Path) -> None:
    page = phone.page
    page.locator("a[data-slot=vehicle]").click()
    page.fill("[name=plate]", "ea 1234 zz")
    page.set_input_files("[name=photo-vehicle]", picture)
    page.locator("#inspect-vehicle button.big").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-action=finish]").click()
    expect(page.locator("[data-slot=what]")).to_be_visible()


def test_without_a_network_from_begin_to_end_with_a_kill_between(
    site: Site, inspector: Handset, tags: list[str], picture: Path, tmp_path: Path
):
    phone = inspector
    begin(phone, "7K3M9QX45J")
    see(phone, tags[0], picture)
    phone.page.screenshot(path=str(tmp_path / "overview.png"), full_page=True)
    phone.kill()
    phone.turn_on().context.set_offline(offline=True)
    phone.open().unlock().go("pemeriksaan", "inspection")
    phone.page.locator("[data-slot=list] a").click()
    expect(phone.page.locator("[data-action=finish]")).to_be_disabled()
    miss(phone, tags[1], tmp_path)
    finish(phone, picture)
    # Four records and one photo: the three that were taken here show the same.
    expect(phone.page.locator("#unsent")).to_have_attribute("data-count", "5")
    phone.context.set_offline(offline=False)
    assert phone.flush() == ""
    assert phone.counts() == {"saved": 0, "received": 4, "needsYou": 0}
    with site.app.app_context():
        permit = db.session.scalars(select(Permit)).one()
        assert (permit.state, permit.vehicle_plate) == (PermitState.INSPECTED, "EA 1234 ZZ")
        assert db.session.scalar(select(func.count()).select_from(FieldPhoto)) == 1
        photos = db.session.scalars(select(InspectionPhoto)).all()
        assert sorted(photo.view for photo in photos) == ["side", "tag", "vehicle"]
        assert all(photo.file_id for photo in photos)


def test_photos_that_the_network_drops_are_sent_again_and_keep_the_phone_from_forgetting(
    site: Site, inspector: Handset, tags: list[str], picture: Path
):
    phone = inspector
    phone.forgive("Failed to load resource")
    begin(phone, "7K3M9QX45J")
    see(phone, tags[0], picture)
    phone.context.route("**/api/v1/field/photos/*", lambda route: route.abort())
    phone.context.set_offline(offline=False)
    assert phone.flush() == "offline"
    assert phone.counts()["saved"] == 0
    phone.go("setelan", "settings").tap("sign-out")
    expect(phone.page.locator("main [data-slot=trouble]")).to_be_visible()
    assert phone.ask("photos", "m.unsentPhotos()") == 1
    phone.context.unroute("**/api/v1/field/photos/*")
    assert phone.flush() == ""
    assert phone.ask("photos", "m.unsentPhotos()") == 0
    with site.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FieldPhoto)) == 1
