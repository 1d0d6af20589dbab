"""The forger's road, without a network from the first paper on; and the honest man's."""

import pytest
from playwright.sync_api import expect

from sijinak.permits.models import PermitState
from tests.browser.sites import Site
from tests.permits.checkpoint.browser.posts import (
    Port,
    PostPhone,
    in_a_thread,
    pass_elsewhere,
    state_of,
)
from tests.permits.checkpoint.papers import make_lists

pytestmark = pytest.mark.slow


def pass_honestly(phone: PostPhone, port: Port) -> PostPhone:
    assert phone.read(port.honest.text) == "valid"
    phone.look(port.honest.plate.lower().replace(" ", ""), males=6).scan_drawn(port.honest.tags)
    assert phone.findings() == []
    assert phone.may_pass()
    return phone.decide("pass")


def test_an_honest_pass_departs_when_the_phone_finds_the_network(
    site: Site, phone: PostPhone, port: Port
):
    pass_honestly(phone, port)
    with site.app.app_context():
        assert state_of(port.honest) is PermitState.ISSUED
    phone.context.set_offline(False)
    assert phone.flush() == ""
    phone.until_sent(1)
    with site.app.app_context():
        assert state_of(port.honest) is PermitState.DEPARTED
    assert phone.records()[0]["facts"]["outcome"] == "departed"


def test_a_copied_paper_is_used_already(site: Site, phone: PostPhone, port: Port):
    pass_honestly(phone, port)
    assert phone.read(port.honest.text) == "used"
    expect(phone.page.locator("main [data-slot=use]")).to_contain_text("Gerbang Badas")
    phone.look(port.honest.plate, males=6).scan_drawn(port.honest.tags)
    assert phone.findings() == ["used"]
    assert not phone.may_pass()
    phone.decide("refuse", "Fotokopi")
    phone.context.set_offline(False)
    assert phone.flush() == ""
    phone.until_sent(2)
    assert [r["facts"]["outcome"] for r in phone.records()] == ["departed", "stopped"]


def test_a_second_use_at_another_post_is_known_from_the_list(
    site: Site, phone: PostPhone, port: Port
):
    """The first post sent its pass; this phone took its supply after that, and went offline."""
    with site.app.app_context():
        pass_elsewhere(port.other, "Poto Tano")
    in_a_thread(make_lists, site)
    phone.context.set_offline(False)
    phone.take_supply()
    phone.go_out_of_reach()
    assert phone.read(port.other.text) == "used"
    phone.look(port.other.plate, males=6).scan_drawn(port.other.tags)
    assert phone.findings() == ["used"]
    assert not phone.may_pass()


def test_an_edited_paper_is_altered(phone: PostPhone, port: Port):
    assert phone.read(port.edited) == "altered"
    assert phone.findings() == ["altered"]
    assert not phone.may_pass()


def test_an_expired_and_a_revoked_permit_are_called_so(phone: PostPhone, port: Port):
    assert phone.read(port.expired) == "expired"
    assert "expired" in phone.findings()
    assert not phone.may_pass()
    assert phone.read(port.revoked.text) == "revoked"
    expect(phone.page.locator("main [data-slot=list]")).to_be_visible()
    assert "revoked" in phone.findings()
    assert not phone.may_pass()


def test_a_strange_address_is_never_opened(phone: PostPhone, port: Port):
    strange = port.honest.text.replace("127.0.0.1", "S1JINAK.EXAMPLE")
    assert phone.read(strange) == "wrong-host"
    assert phone.findings() == ["wrong-host"]
    assert not phone.may_pass()


def test_a_swapped_animal_stops_the_truck(phone: PostPhone, port: Port):
    assert phone.read(port.honest.text) == "valid"
    phone.look(port.honest.plate, males=6).scan_drawn(port.honest.tags, swapped=2)
    assert phone.findings() == ["not-on-permit"]
    assert not phone.may_pass()
    phone.decide("hold", "Satu ekor bukan dari izin")


def test_another_plate_and_more_heads_are_seen(phone: PostPhone, port: Port):
    phone.read(port.honest.text)
    phone.look("DR 1234 XX", males=7).scan_drawn(port.honest.tags)
    assert phone.findings() == ["more-heads", "plate-differs"]
    assert not phone.may_pass()
    phone.look("DR 1234 XX", males=6)
    assert phone.findings() == ["plate-differs"]
    assert phone.may_pass()
    phone.tap("pass")
    expect(phone.page.locator("main [data-slot=trouble]")).to_be_visible()
    phone.decide("pass", "Truk mogok, ganti truk")


def test_what_another_post_let_pass_is_a_double_use_at_the_office(
    site: Site, phone: PostPhone, port: Port
):
    """Both posts are without a network: only the office can know."""
    pass_honestly(phone, port)
    with site.app.app_context():
        pass_elsewhere(port.honest, "Poto Tano")
    phone.context.set_offline(False)
    assert phone.flush() == ""
    phone.until_sent(1)
    assert phone.records()[0]["facts"]["outcome"] == "double-use"
    notice = phone.page.locator('[data-notice^="double-"]')
    expect(notice).to_contain_text("Poto Tano")
