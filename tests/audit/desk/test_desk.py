"""The desk: anything is found, each figure leads to its receipts, and what was altered shows."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.audit.desk import pages
from sijinak.audit.desk.hits import HitKind
from sijinak.audit.desk.queries import cuts_of, months_until, receipts_wanted
from sijinak.audit.desk.receipt_view import look_at
from sijinak.audit.desk.searching import search
from sijinak.audit.desk.wanted import Standing, Wanted, wanted_of
from sijinak.core import paging
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.money import thousands
from sijinak.core.paging import Place
from sijinak.keepers.looking import LISTED, VIEWED
from sijinak.retribution.models import Skrd
from tests.animals.factories import make_keeper, person
from tests.audit.desk.altering import alter
from tests.factories import LUNYUK_ODE, actor_for, make_user, signed_in
from tests.retribution.factories import make_skrd
from tests.retribution.receipts.ways import paid_in_cash, void
from tests.treasury.cash.factories import collector, treasurer
from tests.treasury.deposits.factories import bring, prepare
from tests.treasury.tickets.factories import in_hand, sell

pytestmark = pytest.mark.usefixtures("context")


def first_hit(typed: str, kind: HitKind) -> str:
    found = search(typed, by=actor_for(Role.AUDITOR))
    assert next(iter(found)) is kind, (typed, found)
    return found[kind][0].title


def test_a_number_is_found_in_any_spelling():
    receipt = paid_in_cash(make_skrd())
    skrd = db.session.get_one(Skrd, receipt.skrd_id)
    series, year = receipt.series, receipt.year
    for typed in (
        receipt.number, receipt.number.lower().replace("/", " "), f"tbp {year} {receipt.no}",
        f"TBP-{receipt.no}", f"tbp/{series}/{year}/{receipt.no:04}", str(receipt.id),
    ):  # fmt: skip
        assert first_hit(typed, HitKind.RECEIPT) == receipt.number
    assert first_hit(f"skrd{year}/{skrd.no}", HitKind.BILL) == skrd.number
    assert first_hit(thousands(receipt.amount), HitKind.RECEIPT) == receipt.number


def test_people_are_found_by_name_and_by_what_is_shown_of_a_nik():
    till = actor_for(Role.TREASURER, name="Siti Kasir")
    keeper = make_keeper(person(name="Abdul Hamid"))
    assert first_hit("abdul hamid", HitKind.KEEPER) == keeper.name
    assert first_hit("siti kas", HitKind.OFFICER) == till.name
    found = search(keeper.nik_tail, by=actor_for(Role.AUDITOR))
    assert [hit.title for hit in found[HitKind.KEEPER]] == [keeper.name]


def test_nothing_is_found_outside_the_region_or_by_others():
    receipt = paid_in_cash(make_skrd())
    assert not search(receipt.number, by=actor_for(Role.AUDITOR, LUNYUK_ODE))
    with pytest.raises(NotFound):
        look_at(receipt.id, by=actor_for(Role.AUDITOR, LUNYUK_ODE))
    for role in (Role.TREASURER, Role.KADIS, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            search(receipt.number, by=actor_for(role))


def test_the_month_is_the_sum_of_its_receipts_and_says_what_is_not_in_the_bank():
    one, two = paid_in_cash(make_skrd(10_000)), paid_in_cash(make_skrd(20_000))
    void(two)
    auditor = actor_for(Role.AUDITOR)
    (month,) = months_until(today().replace(day=1), 1, by=auditor)
    assert (month.received, month.voided, month.count) == (10_000, 20_000, 1)
    assert (month.levied, month.deposited, month.in_bank, month.difference) == (
        30_000, 0, 0, 10_000,
    )  # fmt: skip
    assert not month.differing
    cuts = cuts_of(month.first, month.last, by=auditor)
    (day,), (way,) = cuts.days, cuts.channels
    assert (day.first, day.received, day.voided, day.levied) == (today(), 10_000, 20_000, 30_000)
    officers = {one.name: one.received for one in cuts.officers}
    assert (way.name, way.received, officers[one.issued_by_name]) == ("cash", 10_000, 10_000)
    wanted = Wanted(first=month.first, last=month.last)
    for standing, expected in (
        (Standing.VALID, [one.id]), (Standing.NOT_IN_BANK, [one.id]), (Standing.IN_BANK, []),
        (Standing.DIFFERS, []), (Standing.NOT_DEPOSITED, [one.id]), (Standing.DEPOSITED, []),
    ):  # fmt: skip
        page = receipts_wanted(replace(wanted, standing=standing), by=auditor)
        assert [found.id for found in page.items] == expected, standing


def test_tickets_make_the_total_whole_and_a_day_of_tickets_alone_is_not_empty(app: Flask):
    seller = collector()
    sell(in_hand(seller, treasurer()), seller, last=12)
    page = signed_in(app, make_user(Role.AUDITOR)).get(f"/audit/hari/{today()}").text
    assert "Rp\xa012.000 (12 karcis)" in page
    assert "tidak ada TBP" in page
    receipt = paid_in_cash(make_skrd(10_000))
    auditor = actor_for(Role.AUDITOR)
    cuts = cuts_of(today(), today(), by=auditor)
    assert (cuts.sold.count, cuts.sold.received, cuts.total.received) == (12, 12_000, 22_000)
    assert (cuts.total.count, cuts.total.levied, cuts.total.difference) == (13, 10_000, 22_000)
    officers = {one.officer_id: (one.received, one.tickets) for one in cuts.officers}
    assert officers == {receipt.issued_by: (10_000, 0), seller.id: (0, 12_000)}
    (month,) = months_until(today().replace(day=1), 1, by=auditor)
    assert (month.received, month.tickets, month.altogether) == (10_000, 12_000, 22_000)
    far = cuts_of(today(), today(), by=actor_for(Role.AUDITOR, LUNYUK_ODE))
    assert (far.sold.count, far.total.received) == (0, 0)


def test_of_tickets_too_it_is_told_what_was_deposited():
    seller = collector()
    sell(in_hand(seller, treasurer()), seller, last=12)
    deposit = prepare(seller)
    auditor = actor_for(Role.AUDITOR)
    assert cuts_of(today(), today(), by=auditor).sold.deposited == 0
    bring(deposit, seller)
    sold = cuts_of(today(), today(), by=auditor).sold
    assert (sold.received, sold.deposited, sold.in_bank, sold.difference) == (
        12_000, 12_000, 0, 12_000,
    )  # fmt: skip


def test_an_altered_receipt_shows_on_every_floor():
    """Somebody with the keys of the database turns 50.000 into 30.000."""
    receipt, fine = paid_in_cash(make_skrd(50_000)), paid_in_cash(make_skrd(20_000))
    alter("receipts", receipt.id, "amount = 30000")
    auditor = actor_for(Role.AUDITOR)
    (month,) = months_until(today().replace(day=1), 1, by=auditor)
    assert (month.received, month.differing) == (50_000, 1)
    page = receipts_wanted(Wanted(standing=Standing.DIFFERS), by=auditor)
    assert [one.id for one in page.items] == [receipt.id]
    seen = look_at(receipt.id, by=auditor)
    assert seen.differs
    assert (seen.receipt.amount, seen.skrd.total, seen.paid, seen.booked) == (
        30_000, 50_000, 50_000, 50_000,
    )  # fmt: skip
    assert not look_at(fine.id, by=auditor).differs


def test_what_is_dear_is_asked_of_some_receipts_for_each_page(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(paging, "LOOKED_AT", 2)
    receipts = [paid_in_cash(make_skrd(1_000 * n)) for n in range(1, 4)]
    alter("receipts", receipts[0].id, "amount = 500")
    wanted, auditor = Wanted(standing=Standing.DIFFERS), actor_for(Role.AUDITOR)
    page = receipts_wanted(wanted, by=auditor)
    on = Place(after=receipts[1].id)
    assert (page.items, page.older) == ([], on)
    rest = receipts_wanted(wanted, by=auditor, place=on)
    assert [one.id for one in rest.items] == [receipts[0].id]
    assert rest.older is None


def test_filters_narrow_and_the_list_goes_on_by_key():
    mine = actor_for(Role.TREASURER)
    receipts = [paid_in_cash(make_skrd(1_000 * n), by=mine) for n in range(1, 31)]
    other = paid_in_cash(make_skrd(5_000))
    auditor = actor_for(Role.AUDITOR)
    page = receipts_wanted(Wanted(officer_id=mine.id), by=auditor)
    assert [one.amount for one in page.items] == [1_000 * n for n in range(30, 5, -1)]
    assert page.older
    rest = receipts_wanted(Wanted(officer_id=mine.id), by=auditor, place=page.older)
    assert [one.amount for one in rest.items] == [5_000, 4_000, 3_000, 2_000, 1_000]
    five = receipts_wanted(Wanted(least=5_000, most=5_000), by=auditor)
    assert {one.id for one in five.items} == {receipts[4].id, other.id}
    few = receipts_wanted(Wanted(least=29_000), by=auditor)
    assert [one.amount for one in few.items] == [30_000, 29_000]
    assert not receipts_wanted(Wanted(region=LUNYUK_ODE), by=auditor).items
    component = db.session.get_one(Skrd, other.skrd_id).lines[0].component
    assert receipts_wanted(Wanted(component=component), by=auditor, place=Place()).items


def test_what_is_written_down_of_the_filters_is_read_again():
    wanted = Wanted(
        first=today(), channel="cash", officer_id=uuid7(), standing=Standing.VALID, least=79_500
    )
    assert wanted_of(wanted.spelt()) == wanted
    assert wanted_of({"first": "yesterday", "least": "many", "evil": "1"}) == Wanted()


def test_the_home_page_of_an_auditor_leads_to_the_desk(app: Flask):
    home = signed_in(app, make_user(Role.AUDITOR)).get("/").text
    assert 'href="/audit/"' in home.split("<main")[1].split("</main")[0]
    assert not pages.tiles(actor_for(Role.TREASURER))


def test_pages_open_and_a_look_at_a_person_is_in_the_trail(app: Flask):
    receipt = paid_in_cash(make_skrd(), by=(till := actor_for(Role.TREASURER)))
    void(receipt)
    auditor = make_user(Role.AUDITOR)
    client = signed_in(app, auditor)
    month = f"{today():%Y-%m}"
    for path in (
        "/audit/", f"/audit/?cari={receipt.number}", "/audit/?cari=52", f"/audit/bulan/{month}",
        f"/audit/hari/{today()}", "/audit/tbp?keadaan=valid&minim=79.500&petugas=x",
        f"/audit/tbp/{receipt.id}", f"/audit/orang/{receipt.keeper_id}",
        f"/audit/petugas/{till.id}", "/audit/sampel/", "/audit/sampel/baru", "/audit/catatan/",
        f"/audit/catatan/receipts/{receipt.id}", "/audit/berkas/", "/audit/berkas/baru",
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path
    looks = select(Event).where(Event.name == VIEWED, Event.actor_id == auditor.id)
    seen = {(one.subject_id, one.facts["page"]) for one in db.session.scalars(looks)}
    assert seen == {(receipt.keeper_id, "receipt"), (receipt.keeper_id, "keeper")}


@pytest.mark.parametrize("path", ["/audit/?cari={name}", "/audit/?cari={tail}", "/audit/tbp",
                                  "/audit/?cari={number}"])  # fmt: skip
def test_lists_of_names_are_in_the_trail(app: Flask, path: str):
    keeper = make_keeper(person(name="Abdul Hamid"))
    receipt = paid_in_cash(make_skrd(keeper=keeper))
    auditor = make_user(Role.AUDITOR)
    facts = {"name": keeper.name, "tail": keeper.nik_tail, "number": receipt.number}
    assert keeper.name in signed_in(app, auditor).get(path.format(**facts)).text
    listed = select(Event).where(Event.name == LISTED, Event.actor_id == auditor.id)
    assert [one.facts["ids"] for one in db.session.scalars(listed)] == [[str(keeper.id)]]


def test_a_note_about_a_person_shows_them(app: Flask):
    keeper = make_keeper(person(name="Abdul Hamid"))
    auditor = make_user(Role.AUDITOR)
    assert keeper.name in signed_in(app, auditor).get(f"/audit/catatan/keepers/{keeper.id}").text
    looks = select(Event).where(Event.name == VIEWED, Event.actor_id == auditor.id)
    assert [one.subject_id for one in db.session.scalars(looks)] == [keeper.id]
