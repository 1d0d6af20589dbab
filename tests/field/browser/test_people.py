"""Whose records these are: signed out, shared, revoked, dismissed, and with a wrong clock."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from sijinak.accounts.models import Appointment, Role
from sijinak.accounts.services import end_appointment
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.field.devices import RevokeDevice, RevokeReason, revoke_device
from sijinak.field.models import Device, FieldRecord, Verdict
from sijinak.vaccinations.findings.models import Finding, FindingKind
from sijinak.vaccinations.models import Vaccination
from tests.browser.sites import Site
from tests.factories import LUNYUK, make_user
from tests.field.browser.conftest import NewPhone, SignIn
from tests.field.browser.handsets import Handset
from tests.field.browser.village import LOT, Village

LEFT = """async () => [
    ...Object.keys(localStorage).filter((key) => key.startsWith("sijinak.field.")),
    ...(await indexedDB.databases()).map(({ name }) => name),
]"""
SHIFTED = """(() => {
    const real = Date;
    globalThis.Date = class extends real {
        constructor(...given) { given.length ? super(...given) : super(real.now() + SHIFT); }
        static now() { return real.now() + SHIFT; }
    };
})()"""
DAY = 24 * 3600 * 1000
OTHER_PIN = "602917"


def bodies(site: Site) -> list[FieldRecord]:
    with site.app.app_context():
        return list(db.session.scalars(select(FieldRecord).order_by(FieldRecord.seq)))


def type_offline(phone: Handset, codes: list[str]) -> None:
    phone.context.set_offline(True)
    assert {phone.type_code(code) for code in codes} == {"go"}


def expect_nothing_left(phone: Handset, village: Village) -> None:
    """Also not by the Back button, nor without a network."""
    phone.at("start")
    assert phone.page.evaluate(LEFT) == []
    phone.context.set_offline(True)
    phone.page.go_back()
    phone.at("start")
    phone.page.reload()
    phone.at("start")
    shown = phone.page.locator("body").inner_text()
    assert not [name for name in village.names if name.split()[0] in shown]


@pytest.mark.slow
def test_the_sign_in_of_the_phone_is_over(
    site: Site, phone: Handset, village: Village, signed_in: SignIn
):
    """The work goes on; what waits goes out when its own officer signed in, under no other name."""
    with site.app.app_context():
        other = make_user(Role.VET, LUNYUK).username
        with transaction():
            db.session.execute(update(Device).values(expires_at=now() - timedelta(days=1)))
    phone.context.clear_cookies()
    assert [phone.type_code(code) for code in village.codes[:2]] == ["go"] * 2
    assert phone.flush() == "sign-in"
    phone.sign_in(signed_in(other))
    phone.go("setelan", "settings").tap("renew")
    expect(phone.page.locator("main [data-slot=trouble]")).to_be_visible()
    assert phone.flush() == "sign-in"
    assert (phone.counts()["saved"], bodies(site)) == (2, [])
    phone.sign_in(signed_in(village.vet))
    phone.go("setelan", "settings").tap("renew")
    expect(phone.page.locator("main [data-slot=said]")).to_be_visible()
    assert phone.flush() == ""
    phone.until_sent(2)
    assert {record.author_id for record in bodies(site)} == {village.vet_id}


@pytest.mark.slow
def test_nobody_signs_out_while_a_record_is_unsent(phone: Handset, village: Village):
    phone.page.on("dialog", lambda dialog: dialog.accept())
    type_offline(phone, village.codes[:2])
    phone.go("setelan", "settings").tap("sign-out")
    expect(phone.page.locator("main [data-slot=trouble]")).to_contain_text("2")
    assert phone.codes() == village.codes[:2]
    phone.context.set_offline(False)
    phone.tap("sign-out")
    expect_nothing_left(phone, village)


@pytest.mark.slow
def test_two_officers_share_a_phone(
    site: Site, phone: Handset, village: Village, signed_in: SignIn
):
    """The second sees that two records wait, not what they say, and never sends them as hers."""
    with site.app.app_context():
        second = make_user(Role.VET, LUNYUK)
        name, second_id = second.username, second.id
    type_offline(phone, village.codes[:2])
    phone.go("setelan", "settings").tap("lock").at("lock")
    phone.context.set_offline(False)
    phone.sign_in(signed_in(name))
    _work_as_second(phone, village)
    assert [record.author_id for record in bodies(site)] == [second_id]
    _back_to_the_first(phone)
    assert {record.author_id for record in bodies(site)} == {village.vet_id, second_id}


def _work_as_second(phone: Handset, village: Village) -> None:
    phone.page.evaluate("() => location.hash = '#/mulai'")
    phone.at("start").fill(name="Ponsel kedua", pin=OTHER_PIN, again=OTHER_PIN).send("enrol")
    phone.at("home")
    assert (phone.records(), phone.counts()["saved"]) == ([], 0)
    phone.take_pack(village.code).choose_work(village.product, LOT)
    assert phone.type_code(village.codes[5]) == "go"
    assert phone.flush() == ""


def _back_to_the_first(phone: Handset) -> None:
    """The PIN of the second opens nothing of his."""
    phone.go("setelan", "settings").tap("lock").at("lock")
    first = phone.page.locator("main [data-slot=others] [data-slot=open]")
    expect(first).to_contain_text("2")
    first.click()
    expect(first).to_contain_text("0")
    phone.page.locator("#unlock [name=pin]").fill(OTHER_PIN)
    phone.send("unlock")
    expect(phone.page.locator("#unlock [data-error=pin]")).to_be_visible()
    expect(phone.page.locator("main [data-slot=waiting]")).to_be_hidden()
    phone.unlock().until_sent(2)


@pytest.mark.slow
@pytest.mark.parametrize("days", [-365, 400])
def test_a_clock_that_is_a_year_off(
    site: Site, new_phone: NewPhone, signed_in: SignIn, village: Village, days: int
):
    """Nothing is refused: the server's day counts, the phone's own is kept, the office is told."""
    phone = new_phone()
    phone.context.add_init_script(SHIFTED.replace("SHIFT", str(days * DAY)))
    phone.enrol(signed_in(village.vet)).take_pack(village.code)
    phone.choose_work(village.product, LOT)
    tones = {phone.type_code(code) for code in village.codes[:3]}
    assert tones <= {"go", "look"}
    assert phone.flush() == ""
    phone.until_sent(3)
    with site.app.app_context():
        given = set(db.session.scalars(select(Vaccination.given_on)))
        assert given == {today()}
        found = set(db.session.scalars(select(Finding.kind)))
        assert found & {FindingKind.CLOCK, FindingKind.LATE}
    hours = [(record.device_at, record.received_at) for record in bodies(site)]
    assert all(own and abs((own - ours).days) > 300 for own, ours in hours)


def revoke(site: Site, phone: Handset) -> None:
    device = UUID(phone.ask("drawers", "m.current()"))
    lost = RevokeDevice(id=uuid7(), device_id=device, reason=RevokeReason.LOST)
    with site.app.app_context(), transaction():
        revoke_device(lost, by=OPERATOR)


@pytest.mark.slow
@pytest.mark.parametrize(("where", "view"), [("pindai", "scan"), ("beranda", "home")])
def test_a_revoked_phone_hands_everything_in_and_forgets_it(
    site: Site, phone: Handset, village: Village, where: str, view: str
):
    """Home reads its counts at each change, also while everything is being erased."""
    type_offline(phone, village.codes[:3])
    phone.go(where, view)
    revoke(site, phone)
    phone.context.set_offline(False)
    assert phone.notice("wiped")
    expect_nothing_left(phone, village)
    assert {record.verdict for record in bodies(site)} == {Verdict.REVIEW}
    assert len(bodies(site)) == 3
    with site.app.app_context():
        assert db.session.scalars(select(Device.wiped_at)).one() is not None


@pytest.mark.slow
def test_who_lost_the_office_gets_nothing_more_and_loses_no_record(
    site: Site, phone: Handset, village: Village
):
    type_offline(phone, village.codes[:2])
    with site.app.app_context(), transaction():
        mine = select(Appointment.id).where(Appointment.user_id == village.vet_id)
        end_appointment(db.session.scalars(mine).one(), by=OPERATOR)
    refused = """async (village) => {
        const app = document.querySelector('script[src*="/field/"]').src;
        const { fetchPack } = await import(new URL("pack.js", app).href);
        return fetchPack([village]).then(() => "given", ({ status }) => status);
    }"""
    phone.page.route("**/api/v1/field/sync", lambda route: route.abort())
    phone.context.set_offline(False)
    assert phone.page.evaluate(refused, village.code) == 401
    phone.page.unroute("**/api/v1/field/sync")
    phone.page.evaluate("() => dispatchEvent(new Event('online'))")
    assert phone.notice("wiped")
    expect_nothing_left(phone, village)
    assert {record.verdict for record in bodies(site)} == {Verdict.REVIEW}
    assert len(bodies(site)) == 2
