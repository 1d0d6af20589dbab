"""The month in figures, from the books, and the desk."""

import io
from datetime import date, datetime, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, today
from sijinak.core.db import transaction
from sijinak.core.errors import Forbidden
from sijinak.core.money import Rupiah
from sijinak.ledger import chart
from sijinak.ledger.services import Entry, Line, post
from sijinak.payments.wallet.policy import Mode
from sijinak.payments.wallet.policy import policy as wallet_policy
from sijinak.retribution.receipts.services import receive_cash
from sijinak.treasury.desk.queries import queues, taken_on, targets_of
from sijinak.treasury.desk.report import month_report
from sijinak.treasury.desk.services import (
    EnterRegionalFigure,
    SetTarget,
    TargetSplit,
    enter_regional_figure,
    set_target,
)
from sijinak.treasury.matching.jobs import match_lines, reconcile
from tests.browsing import form_post, id_on
from tests.factories import actor_for, make_user, signed_in
from tests.retribution.factories import cash_for, do, make_skrd
from tests.treasury.matching.factories import register_account, take_lines, treasurer

CODE = "4.1.02.02.01"
YEAR = Rupiah(1_994_820_500)  # of 2025, as the press has it


@pytest.fixture
def keeper(context: Flask) -> SignedIn:
    register_account()
    return treasurer()


def this_month() -> date:
    return today().replace(day=1)


def report(by: SignedIn):
    with transaction():
        return month_report(this_month(), by=by)


def test_set_received_banked_and_owed_are_what_happened(keeper: SignedIn):
    for _ in range(3):
        make_skrd(100_000)
    paid, cash = make_skrd(200_000), make_skrd(50_000)
    do(receive_cash, cash_for(cash), by=keeper)
    take_lines([(200_000, paid.number)], by=keeper, day=today())
    match_lines()
    found = report(keeper)
    (row,) = found.rows
    assert (row.law_code, row.issued, row.received) == (CODE, 550_000, 250_000)
    assert (row.banked, row.arrears) == (200_000, 300_000)
    assert found.channels == {"cash": 50_000, "statement": 200_000}
    assert found.cashless_percent == 80.0
    assert (found.into_bank, found.fees, found.difference) == (200_000, 0, 0)
    assert row.issued == row.received + row.arrears


def test_books_that_say_otherwise_than_the_receipts_are_shown_in_red(
    keeper: SignedIn, client: FlaskClient
):
    skrd = make_skrd(50_000)
    lines = [Line(chart.SURPLUS, 50_000), Line(chart.RECEIVABLE, -50_000, skrd.id)]
    with transaction():  # no receipt says so
        entry = Entry(idem="paid:x", kind="paid", on=today(), region="", lines=lines)
        post(entry, by=keeper)
    assert report(keeper).difference == 50_000
    page = client.get("/bendahara/laporan").text
    assert "tone-danger" in page
    assert "Rp\xa050.000" in page


def test_the_target_is_split_and_a_later_one_counts(keeper: SignedIn):
    first = SetTarget(year=today().year, law_code=CODE, amount=YEAR, decree="DPA 2026")
    do(set_target, first, by=keeper)
    do(set_target, first, by=keeper)
    with transaction():
        split = {month: row.amount for (_, month), row in targets_of(today().year).items()}
    assert sum(split.values()) == YEAR
    assert split[12] - split[1] == YEAR % 12
    months = tuple(Rupiah(n * 1_000) for n in range(1, 13))
    changed = SetTarget(
        year=today().year, law_code=CODE, amount=Rupiah(78_000), months=months, decree="DPPA"
    )
    do(set_target, changed, by=keeper)
    with transaction():
        found = targets_of(today().year)
    assert sum(row.amount for row in found.values()) == 78_000
    (row,) = report(keeper).rows
    assert (row.target, row.year_target) == (today().month * 1_000, 78_000)


@pytest.mark.parametrize("months", [(1,) * 12, (1,) * 11, (78_012 - 11,) + (-1,) * 11])
def test_months_that_do_not_make_the_year_are_refused(keeper: SignedIn, months: tuple[int, ...]):
    wrong = SetTarget(
        year=2026, law_code=CODE, amount=Rupiah(78_000), decree="x",
        months=tuple(Rupiah(one) for one in months),
    )  # fmt: skip
    with pytest.raises(TargetSplit):
        do(set_target, wrong, by=keeper)


def test_who_only_looks_enters_nothing(keeper: SignedIn):
    command = SetTarget(year=2026, law_code=CODE, amount=YEAR, decree="x")
    with pytest.raises(Forbidden):
        do(set_target, command, by=actor_for(Role.KABID))


def test_what_bpkad_says_stands_beside(keeper: SignedIn):
    for amount in (1_000, 2_000):
        figure = EnterRegionalFigure(month=today(), amount=Rupiah(amount), source="SIPD")
        do(enter_regional_figure, figure, by=keeper)
    regional = report(keeper).regional
    assert regional is not None
    assert regional.amount == 2_000


def test_the_desk_counts_the_day_by_channel_and_what_does_not_match(keeper: SignedIn):
    do(receive_cash, cash_for(make_skrd(50_000)), by=keeper)
    take_lines([(7_000, "?"), (-3_000, "?")], by=keeper, opening=10_000)
    reconcile()
    with transaction():
        assert [(t.channel, t.count, t.amount) for t in taken_on(today(), by=keeper)] == [
            ("cash", 1, 50_000)
        ]
        (queue,) = queues(by=keeper)
    assert (queue.count, queue.late, queue.amount) == (2, 0, 10_000)
    with clock.reading(datetime.combine(today(), time(1), clock.zone).replace(year=2027)):
        (late,) = queues(by=keeper)
    assert late.late == 2


@pytest.fixture
def client(context: Flask, keeper: SignedIn) -> FlaskClient:
    return signed_in(context, make_user(Role.TREASURER))


def test_the_pages_and_files_open(client: FlaskClient, keeper: SignedIn):
    do(receive_cash, cash_for(make_skrd(50_000)), by=keeper)
    assert "Rp\xa050.000" in client.get("/bendahara/").text
    assert "tone-danger" not in client.get("/bendahara/laporan").text
    assert client.get("/bendahara/laporan?bulan=1999-13").status_code == 200
    assert client.get("/bendahara/laporan.pdf").data.startswith(b"%PDF")
    rows = client.get("/bendahara/laporan.csv").text.splitlines()
    assert rows[1].startswith(f"{CODE};0;50000;50000;0;0")
    sheet = load_workbook(io.BytesIO(client.get("/bendahara/laporan.xlsx").data)).worksheets[0]
    assert sheet["D2"].value == 50_000


def test_a_target_is_entered_by_form(client: FlaskClient):
    page = client.get("/bendahara/target").text
    fields = {"id": id_on(page), "year": "2026", "law_code": CODE, "decree": "DPA 2026"}
    wrong = form_post(client, "/bendahara/target", **fields, amount="banyak")
    assert wrong.status_code == 422
    right = form_post(client, "/bendahara/target", **fields, amount="1.994.820.500")
    assert right.status_code == 302
    assert "Rp\xa01.994.820.500" in client.get("/bendahara/target?tahun=2026").text


def test_what_bpkad_says_is_entered_by_form(client: FlaskClient):
    page = client.get("/bendahara/laporan?bulan=2026-10").text
    fields = {"id": id_on(page), "month": "2026-10", "amount": "2.000", "source": "SIPD"}
    answer = form_post(client, "/bendahara/laporan", **fields)
    assert answer.location.endswith("bulan=2026-10")
    assert "SIPD" in client.get(answer.location).text


def test_the_desk_leads_to_the_wallets_when_there_are_any(
    app: Flask, keeper: SignedIn, monkeypatch: pytest.MonkeyPatch
):
    with app.app_context():
        client = signed_in(app, make_user(Role.TREASURER))
    assert 'href="/dompet/"' not in client.get("/bendahara/").text
    monkeypatch.setattr(wallet_policy, "mode", Mode.CLOSED_LOOP)
    assert 'href="/dompet/"' in client.get("/bendahara/").text
