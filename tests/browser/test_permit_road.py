"""A trader's road from the dry run to the closing, each step by the hand that takes it: with an
animal refused, a document returned, a rejection appealed against, and a signature delegated."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Playwright, expect

from sijinak.config import Settings
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.permits.models import Permit
from sijinak.permits.signing.verifying import Verdict
from sijinak.web.i18n import gettext
from sijinak.web.labels import label
from tests.browser.cast import GOING, Cast, Staff, hire
from tests.browser.people import Person
from tests.browser.standing import DECREE, PRICE, S, see_the_truth, sees
from tests.factories import LUNYUK_REA, REGENCY
from tests.field.browser.handsets import PATIENCE, Handset
from tests.field.browser.inspecting import begin, finish, go_out, leave_out, see
from tests.papers import codes_in
from tests.permits.checkpoint.browser.posts import PostPhone
from tests.permits.factories import BEKASI, PDF, file_papers

PLATE = "EA 8123 AB"
UNREADABLE = "Tanda tangan tidak terbaca, foto ulang"


@pytest.fixture
def staff(site: Flask) -> Staff:
    """Hired in a thread of its own: signing wants a loop, and the browser's runs in this one."""

    def hired() -> Staff:
        with site.app_context():
            return hire()

    with ThreadPoolExecutor(1) as one:
        return one.submit(hired).result()


@pytest.mark.slow
@pytest.mark.journey
def test_a_trader_goes_from_the_dry_run_to_the_closing(
    cast: Cast, staff: Staff, playwright: Playwright, settings: Settings, tmp_path: Path
):
    _try_in_public(cast, staff)
    trader = cast.on_phone(staff.trader)
    permit = _apply(trader, staff, tmp_path)
    _return_one_document(cast, trader, staff, permit)
    _repair(trader, permit, tmp_path)
    _reject_and_hear(cast, trader, staff, permit)
    _accept(cast, trader, staff, permit)
    _inspect(cast.turn_on(Handset, playwright, staff.inspector), staff, tmp_path)
    _bill_and_pay(cast, trader, staff, permit)
    _delegate(cast, staff)
    _sign(cast, trader, staff, permit)
    code = _issue(cast, trader, staff, permit, tmp_path)
    _read_in_public(cast, code, settings.public_url)
    _depart(cast.turn_on(PostPhone, playwright, staff.post), staff, code)
    _arrive(cast, trader, permit)
    _close(cast, trader, staff, permit)
    cast.find_in_the_trail(
        staff.auditor, "payment.started", "money.received", "receipt.issued", "skrd.paid",
        "delegation.given", "paper.signed", "checkpoint.pass", "arrival.said", "permit.close",
    )  # fmt: skip
    with cast.site.app_context():
        see_the_truth(staff, UUID(permit.rpartition("/")[2]))


def _try_in_public(cast: Cast, staff: Staff) -> None:
    """Who has no account is told which animal stays, by which rule, and what to do about it."""
    anybody = cast.on_phone().go("/uji-izin")
    anybody.fill(destination=BEKASI, tags="\n".join([*staff.herd, staff.unvaccinated]))
    anybody.send("form.form button.button-primary")
    refused = anybody.page.locator("section:has(> #refused)")
    expect(refused).to_contain_text("DOSE_MISSING")
    expect(refused).to_contain_text("UPT")
    expect(anybody.page.locator("main")).to_contain_text("POTONG-SAPI-LUAR")
    anybody.page.locator("details.fold:has(form) > summary").click()
    anybody.fill(tags="\n".join(staff.herd)).send("details.fold form button.button-primary")
    expect(refused).to_have_count(0)
    expect(anybody.page.locator("main .total")).to_contain_text(_rupiah(GOING * PRICE))
    anybody.send('a[href="/izin/baru"]')
    expect(anybody.page.locator("main [name=username]")).to_be_visible()


def _apply(trader: Person, staff: Staff, folder: Path) -> str:
    trader.go("/izin/baru").fill(
        destination=BEKASI,
        destination_note="RPH Bekasi",
        region=LUNYUK_REA,
        port="badas",
        planned_on=(today() + timedelta(days=3)).isoformat(),
        vehicle_plate=PLATE,
        tags="\n".join(staff.herd),
    )
    trader.send("form.form button.button-primary")
    permit = trader.page.url.split("?")[0]
    sees(trader, permit, S.DRAFT)
    assert trader.page.locator('main form[action$="/kirim"]').count() == 0, "documents are missing"
    assert _enclose(trader, permit, folder) > 1
    trader.go(permit).send_form("/kirim")
    sees(trader, permit, S.SUBMITTED)
    return permit


def _enclose(trader: Person, permit: str, folder: Path) -> int:
    """What is missing is chosen already, one after the other; how many it were."""
    scan = folder / "scan.pdf"
    scan.write_bytes(PDF)
    trader.go(f"{permit}/dokumen")
    missing = trader.page.locator("main .banner li").count()
    for _ in range(missing):
        trader.attach("file", scan).send_form("/dokumen")
    assert not trader.page.locator("main .banner li").count()
    return missing


def _return_one_document(cast: Cast, trader: Person, staff: Staff, permit: str) -> None:
    """Each document leads to the next, and the last one back to the application."""
    desk = cast.at_desk(staff.desk).go(permit).send('a[href*="/dokumen/"].button')
    desk.fill(decision="no", note=UNREADABLE).send('form:has([name="decision"]) button')
    while "/dokumen/" in desk.page.url:
        desk.fill(decision="yes").send('form:has([name="decision"]) button')
    desk.fill(decision="no", note=UNREADABLE).send_form("/berkas")
    sees(trader, permit, S.RETURNED, UNREADABLE, PLATE)


def _repair(trader: Person, permit: str, folder: Path) -> None:
    """Nothing is lost: only the one document is asked for again."""
    shown = trader.go(f"{permit}/ubah").page.locator("main")
    expect(shown.locator("[name=vehicle_plate]")).to_have_value(PLATE)
    expect(shown.locator("[name=destination_note]")).to_have_value("RPH Bekasi")
    assert len(shown.locator("[name=tags]").input_value().split()) == GOING
    assert _enclose(trader, permit, folder) == 1
    trader.go(permit).send_form("/kirim")
    sees(trader, permit, S.SUBMITTED)


def _reject_and_hear(cast: Cast, trader: Person, staff: Staff, permit: str) -> None:
    kadis = cast.at_desk(staff.kadis).go(permit)
    kadis.fill(decision="no", note="Kuota dihemat", proof_digits=cast.digits(staff.kadis))
    kadis.send_form("/putusan")
    sees(trader, permit, S.REJECTED, "Kuota dihemat")
    trader.send('a[href$="/keberatan"]').fill(note="Kuota masih ada, lihat papan kuota.")
    trader.send_form("/keberatan")
    sees(trader, permit, S.APPEALED)
    kabid = cast.at_desk(staff.kabid).go(permit).send('a[href$="/keberatan"]')
    expect(kabid.page.locator("main")).to_contain_text("papan kuota")
    kabid.fill(decision="yes", note="Kuota memang masih ada.").send_form("/keberatan/jawaban")
    sees(trader, permit, S.RETURNED, "Kuota memang masih ada.")
    trader.send_form("/kirim")
    sees(trader, permit, S.SUBMITTED)


def _accept(cast: Cast, trader: Person, staff: Staff, permit: str) -> None:
    desk = cast.at_desk(staff.desk).go(permit).send('a[href*="/dokumen/"].button')
    desk.fill(decision="yes").send('form:has([name="decision"]) button')
    desk.fill(decision="yes").send_form("/berkas")
    sees(trader, permit, S.ACCEPTED)


def _inspect(phone: Handset, staff: Staff, folder: Path) -> None:
    """Without a network. The lame one is taken off, the application goes on."""
    picture = folder / "sapi.jpg"
    Image.new("RGB", (64, 48), "brown").save(picture)
    begin(go_out(phone.take_pack(LUNYUK_REA)))
    for tag in staff.herd[1:]:
        see(phone, tag, picture)
    leave_out(phone, staff.herd[0], "refused", "Pincang")
    finish(phone, PLATE, picture)
    phone.context.set_offline(offline=False)
    assert phone.flush() == ""
    assert phone.counts()["needsYou"] == 0
    phone.turn_off()


def _bill_and_pay(cast: Cast, trader: Person, staff: Staff, permit: str) -> None:
    sees(trader, permit, S.INSPECTED, "Pincang")
    cast.at_desk(staff.desk).go(permit).send_form("/tagih")
    sees(trader, permit, S.BILLED, _rupiah((GOING - 1) * PRICE))
    skrd = trader.send('a.button[href^="/retribusi/"]').page.url.split("?")[0]
    trader.go(f"{skrd}/bayar").fill(adapter="sandbox:play").send("form.form button")
    # The page looks again by itself until the receipt is there.
    receipt = trader.page.locator('main a[href*="/tbp/"]').first
    expect(receipt).to_be_visible(timeout=PATIENCE)


def _delegate(cast: Cast, staff: Staff) -> None:
    """For a week the deputy signs in the place of the head."""
    kadis = cast.at_desk(staff.kadis).go("/akun/pelimpahan/baru")
    deputy = kadis.page.locator("main [name=taker_id] option", has_text="Nurul Hidayah")
    kadis.fill(
        taker_id=deputy.get_attribute("value") or "",
        manner="plh",
        permissions="permit:decide",
        region=REGENCY,
        decree=DECREE,
        decree_on=today().isoformat(),
        valid_from=today().isoformat(),
        valid_until=(today() + timedelta(days=7)).isoformat(),
    )
    kadis.send("form.form button.button-primary")
    expect(kadis.page.locator("main")).to_contain_text(DECREE)


def _sign(cast: Cast, trader: Person, staff: Staff, permit: str) -> None:
    """The health letter, then the decision; digits that are wrong sign nothing."""
    sees(trader, permit, S.PAID)
    doctor = cast.on_phone(staff.doctor).go(permit)
    doctor.fill(proof_digits=cast.digits(staff.doctor)).send_form("/skkh")
    deputy = cast.at_desk(staff.deputy)
    deputy.go(permit)
    wrong = "".join(str((int(digit) + 5) % 10) for digit in cast.digits(staff.deputy))
    deputy.fill(decision="yes", proof_digits=wrong).send_form("/putusan")
    waiting = trader.go(permit).page.locator("main .banner").first
    expect(waiting).to_contain_text(gettext("The Kadis"))
    deputy.fill(decision="yes", proof_digits=cast.digits(staff.deputy)).send_form("/putusan")
    sees(trader, permit, S.APPROVED)


def _issue(cast: Cast, trader: Person, staff: Staff, permit: str, folder: Path) -> str:
    """What the code on the letter says; the papers of other offices lie with it."""
    cast.at_desk(staff.desk).go(permit).send_form("/terbitkan")
    with cast.site.app_context(), transaction():
        file_papers(db.session.get_one(Permit, UUID(permit.rpartition("/")[2])))
    sees(trader, permit, S.ISSUED, "Plh. Kepala Dinas", DECREE)
    codes = codes_in(trader.download(f"{permit}/surat.pdf"), folder)
    (signed,) = [code for code in codes if "/V/" in code]
    return signed


def _read_in_public(cast: Cast, code: str, url: str) -> None:
    assert code.startswith(f"{url}/V/".upper())
    anybody = cast.on_phone().go(code)
    verdict = anybody.page.locator("main .banner strong").first
    expect(verdict).to_have_text(label(Verdict.VALID))
    expect(anybody.page.locator("main")).to_contain_text(PLATE)


def _depart(phone: PostPhone, staff: Staff, code: str) -> None:
    """At a post without a network; the departure counts when the phone finds one."""
    phone.take_supply().go_out_of_reach()
    assert phone.read(code) == "valid"
    phone.look(PLATE, males=GOING - 1).scan_drawn(staff.herd[1:])
    assert phone.findings() == []
    phone.decide("pass")
    phone.context.set_offline(offline=False)
    assert phone.flush() == ""
    phone.until_sent(1)
    assert phone.records()[0]["facts"]["outcome"] == "departed"
    phone.turn_off()


def _arrive(cast: Cast, trader: Person, permit: str) -> None:
    """The receiver has no account: the link that the trader sends is enough."""
    sees(trader, permit, S.DEPARTED)
    trader.send('a[href$="/kedatangan"]').send_form("/tautan-penerima")
    link = trader.page.locator("section:has(> #handed) p.code").inner_text()
    receiver = cast.on_phone().go(link)
    heads = receiver.page.locator('main input[name^="outcome-"][value="received"]')
    places = heads.evaluate_all("all => all.map(one => one.name)")
    assert len(places) == GOING - 1
    said = {name.replace("-", "__"): "received" for name in places[1:]}
    first = places[0].replace("-", "__")
    why = first.replace("outcome", "words")
    receiver.fill(**{first: "dead", why: "Mati di kapal"}, **said)
    receiver.send('form:has([name^="outcome-"]) button')
    expect(receiver.page.locator("main .banner").first).to_have_class("banner tone-success")
    sees(trader, permit, S.ARRIVED, gettext("The receiver"))


def _close(cast: Cast, trader: Person, staff: Staff, permit: str) -> None:
    cast.at_desk(staff.desk).go(permit).send_form("/tutup")
    sees(trader, permit, S.CLOSED)


def _rupiah(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
