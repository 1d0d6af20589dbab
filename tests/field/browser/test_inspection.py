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
from tests.field.browser.inspecting import begin, finish, go_out, leave_out, see, type_tag
from tests.field.browser.village import Village
from tests.permits.factories import make_office, make_permit

pytestmark = pytest.mark.slow


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


@pytest.fixture
def inspector(new_phone: NewPhone, signed_in: SignIn, village: Village, tags: list[str]) -> Handset:
    """With the list on the phone and the part of inspections kept, far from any network."""
    return go_out(new_phone().enrol(signed_in(village.vet)).take_pack(village.code))


def meet_stranger(phone: Handset) -> None:
    """An animal that is on no application is told at once."""
    type_tag(phone, "7K3M9QX45J")
    expect(phone.page.locator("[data-slot=verdict]")).to_have_attribute("data-tone", "stop")


def test_without_a_network_from_begin_to_end_with_a_kill_between(
    site: Site, inspector: Handset, tags: list[str], picture: Path
):
    phone = inspector
    meet_stranger(begin(phone))
    see(phone, tags[0], picture)
    phone.kill()
    phone.turn_on().context.set_offline(offline=True)
    begin(phone.open().unlock())
    expect(phone.page.locator("[data-action=finish]")).to_be_disabled()
    leave_out(phone, tags[1], "absent", "Tidak dibawa")
    finish(phone, "ea 1234 zz", picture)
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
    meet_stranger(begin(phone))
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
