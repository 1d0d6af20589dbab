"""What the camera reads, what it must not take for an animal, and fingers when there is none."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.field.models import FieldRecord, Review
from sijinak.field.reviewing import TakeInRecord, take_in_record
from sijinak.vaccinations.models import Vaccination
from tests.browser.sites import Site
from tests.field.browser.camera import of_tags, write_video
from tests.field.browser.conftest import NewPhone, SignIn
from tests.field.browser.handsets import ALLOW, BLOCK, Handset
from tests.field.browser.village import LOT, Village

QRIS = "00020101021126610014ID.CO.QRIS.WWW01189360000000000000005204599953033605802ID6304ABCD"
NATIONAL = "ID360004123456789"
SECONDS = 1.2


def at_work(phone: Handset, cookie: tuple[str, str], village: Village) -> Handset:
    phone.enrol(cookie).take_pack(village.code)
    return phone.choose_work(village.product, LOT, str(village.campaign))


@pytest.fixture
def film(site: Site, village: Village, tmp_path: Path) -> Path:
    """Two tags, the second of them twice, among codes that are no tags of ours."""
    first, second = of_tags(village.codes[:2], site.url, SECONDS)
    strange = [
        f"{site.url}/V/{'ABCDEFGHJKMNPQRS' * 8}".upper(),
        QRIS,
        f"https://sinak.example.go.id/t/{village.codes[2]}",
        NATIONAL,
    ]
    shots = [first, *((text, SECONDS) for text in strange), second, ("", SECONDS), second]
    return write_video(tmp_path / "film.mjpeg", shots)


@pytest.mark.slow
def test_the_camera_counts_each_animal_once_and_takes_nothing_else_for_one(
    new_phone: NewPhone, signed_in: SignIn, village: Village, film: Path
):
    phone = at_work(new_phone(video=film), signed_in(village.vet), village)
    phone.wait(lambda: len(phone.records()) >= 6, "all were read")
    again = phone.page.locator("[data-slot=verdict][data-tone=again]")
    again.wait_for()
    assert sorted(phone.codes()) == sorted(village.codes[:2])
    assert phone.counted == 2
    others = [record["data"] for record in phone.records() if record["kind"] != "vaccination"]
    assert sorted(data["why"] for data in others) == ["not-known", *["not-ours"] * 3]
    assert {record["data"].get("read", "scan") for record in phone.records()} == {"scan"}
    phone.go("beranda", "home")


@pytest.mark.slow
@pytest.mark.parametrize("camera", [ALLOW, BLOCK], ids=["no-camera", "denied"])
def test_without_a_camera_the_codes_are_typed(
    new_phone: NewPhone, signed_in: SignIn, village: Village, film: Path, camera: int
):
    video = film if camera == BLOCK else None
    phone = at_work(new_phone(video=video, camera=camera), signed_in(village.vet), village)
    expect(phone.page.locator("main .view")).to_have_class("view no-camera")
    assert phone.page.locator("[data-slot=camera-said]").inner_text()
    code = village.codes[3].lower()
    assert phone.type_code(f"{code[:4]}-{code[4:8]} {code[8:]}") == "go"
    assert phone.type_code(village.codes[3]) == "again"
    wrong = village.codes[4][:-1] + ("2" if village.codes[4][-1] != "2" else "3")
    assert phone.type_code(wrong) == "look"
    assert (phone.codes(), phone.counted) == ([village.codes[3]], 1)


@pytest.mark.slow
def test_an_unknown_tag_is_recorded_and_matched_when_its_animal_is_registered(
    site: Site, phone: Handset, village: Village
):
    phone.context.set_offline(True)
    assert phone.type_code(village.blanks[0]) == "look"
    assert "unknown-tag" in phone.reasons
    phone.context.set_offline(False)
    assert phone.flush() == ""
    with site.app.app_context():
        (waits,) = db.session.scalars(select(FieldRecord))
        assert (waits.verdict, waits.reason) == ("review", "unknown-tag")
    phone.go("pindai", "scan")
    assert phone.type_code(village.blanks[0]) == "again"
    phone.go(f"daftar?code={village.blanks[0]}", "registration")
    phone.fill(village=village.code, species="cattle", sex="female", colour="merah")
    phone.page.locator("#f-owner").fill(village.names[3].split()[0])
    phone.send("registration").at("scan")
    assert phone.flush() == ""
    phone.until_sent(2)
    with site.app.app_context():
        with transaction():
            review = db.session.scalars(select(Review)).one()
            take_in_record(TakeInRecord(review_id=review.id), by=OPERATOR)
        assert db.session.scalars(select(Vaccination)).one().id == waits.id


@pytest.mark.slow
def test_a_double_tap_is_one_record_and_the_last_can_be_undone(phone: Handset, village: Village):
    phone.page.locator("#f-code").fill(village.codes[0])
    phone.page.locator("#type-code button").dblclick()
    assert phone.verdict() == "go"
    assert phone.codes() == [village.codes[0]]
    phone.tap("undo")
    expect(phone.page.locator("[data-slot=count]")).to_have_text("0")
    assert phone.codes() == []
    assert phone.type_code(village.codes[0]) == "go"
    kinds = [record["kind"] for record in phone.records()]
    assert kinds == ["vaccination", "undo", "vaccination"]
    assert phone.flush() == ""
    phone.until_sent(3)


@pytest.mark.slow
def test_scanning_starts_without_a_network_also_when_the_browser_dropped_its_own_cache(
    site: Site, new_phone: NewPhone, signed_in: SignIn, village: Village, film: Path
):
    """What the app needs lies where only the app itself throws it away."""
    phone = at_work(new_phone(video=film), signed_in(village.vet), village)
    phone.turn_off()
    phone.turn_on()
    site.stop()
    phone.context.new_cdp_session(phone.page).send("Network.clearBrowserCache")
    phone.open().unlock().go("pindai", "scan")
    phone.wait(lambda: len(phone.records()) >= 6, "all were read")
    assert sorted(phone.codes()) == sorted(village.codes[:2])
