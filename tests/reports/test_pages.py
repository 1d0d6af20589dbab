"""The pages and files of reports, as people and programs get them."""

import csv
import io
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from sijinak.accounts.models import Role
from sijinak.core.clock import clock
from sijinak.core.money import Rupiah
from sijinak.reports.layout import BadLayout, layout_at
from sijinak.treasury.desk.services import SetTarget, set_target
from tests.factories import REGENCY, make_user, signed_in
from tests.reports.test_figures import PLACES, Office
from tests.retribution.factories import do
from tests.treasury.cash.factories import noon

MONTH = "/laporan/2026/11"
FIRST = date(2026, 11, 3)


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """Three receipts of 100.000 rupiah, of which one was voided, and tickets; money in the bank."""
    with clock.reading(noon(FIRST)):
        with app.app_context():
            office = Office()
            target = SetTarget(
                year=2026, law_code="4.1.02.02.01", amount=Rupiah(1_200_000), decree="DPA"
            )
            do(set_target, target, by=office.keeper)
            receipts = [office.pay(office.bill(100_000, place)) for place in PLACES[:3]]
            office.tickets(5)
            office.to_bank(FIRST)
            office.void(receipts[0])
            office.bill(70_000, PLACES[0])
        yield office


@pytest.fixture
def client(app: Flask, office: Office) -> FlaskClient:
    with app.app_context():
        user = make_user(Role.KADIS)
    return signed_in(app, user)


def records(answer_text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer_text.removeprefix("\ufeff")), delimiter=";"))


@pytest.mark.parametrize("path", ["/laporan/", "/laporan/2026", MONTH])
def test_a_page_has_its_charts_beside_their_tables(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "Rp\xa0205.000" in page.text
    pictures = re.findall(r"<svg[^>]*class=\"chart\"[^>]*>", page.text)
    assert len(pictures) == 6
    assert all('role="img"' in one and "aria-labelledby" in one for one in pictures)
    ids = re.findall(r'\bid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    assert "style=" not in page.text.partition("<main")[2]


def test_each_figure_leads_to_the_entries_that_make_it(client: FlaskClient) -> None:
    page = client.get(MONTH).text.replace("&amp;", "&")
    found = re.findall(r'<a href="(/laporan/2026/11/rincian[^"]*)">(-?[\d.]+)</a>', page)
    assert (
        len(found) == 2 + 2 + 1 + 3 + 4
    )  # lines of components, channels, officers, places; totals
    for url, said in found:
        entries = records(client.get(url.replace("/rincian", "/rincian.csv")).text)[1:]
        assert sum(int(row[-1]) for row in entries) == int(said.replace(".", "")), url
        assert client.get(url).status_code == 200


def test_an_entry_leads_to_its_paper(client: FlaskClient) -> None:
    page = client.get(f"{MONTH}/rincian").text
    papers = re.findall(r'href="(/retribusi/tbp/[0-9a-f-]{36}|/karcis/penjualan/[^"]*)"', page)
    assert len(papers) == 5
    answers = {client.get(url, follow_redirects=True).status_code for url in papers}
    assert answers == {200}


def test_the_files_say_the_same_as_the_page(client: FlaskClient, tmp_path: Path) -> None:
    told = json.loads(client.get(f"{MONTH}/laporan.json").text)
    assert told["buku_ditutup"] is False
    assert told["jumlah"] == {
        "ketetapan": 375_000, "diterima": 205_000, "dibatalkan": 100_000, "dikembalikan": 0,
        "masuk_bank": 305_000, "tunggakan": 170_000,
    }  # fmt: skip
    for cut in ("komponen", "kanal", "kecamatan"):
        assert sum(one["jumlah"] for one in told[cut]) == 205_000
    assert sum(one["realisasi_bulan_ini"] for one in told["kode_rekening"]) == 205_000
    assert "Nama " not in json.dumps(told), "no person is named"
    rows = records(client.get(f"{MONTH}/laporan.csv").text)[1:]
    assert sum(int(row[3]) for row in rows) == 4 * 205_000
    sheet = load_workbook(io.BytesIO(client.get(f"{MONTH}/laporan.xlsx").data)).worksheets[0]
    assert sum(int(str(row[3])) for row in sheet.iter_rows(min_row=2, values_only=True)) == 820_000
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(client.get(f"{MONTH}/laporan.pdf").data)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    assert re.search(r"Penerimaan bersih\s+205\.000", text.stdout.decode())


def test_realisation_for_sipd_by_kode_rekening(client: FlaskClient) -> None:
    head, *rows = records(client.get(f"{MONTH}/sipd.csv").text)
    assert head[:3] == ["Kode Rekening", "Uraian", "Anggaran"]
    shipping = dict(zip(head, next(r for r in rows if r[0] == "4.1.02.02.01"), strict=True))
    assert shipping["Realisasi Bulan Ini"] == shipping["Realisasi s.d. Bulan Ini"] == "200000"
    assert (shipping["Sisa Anggaran"], shipping["Persentase"]) == ("1000000", "16.67")
    assert rows[-1][1] == "Jumlah"
    before = records(client.get("/laporan/2026/12/sipd.csv").text)
    later = dict(zip(head, next(r for r in before if r[0] == "4.1.02.02.01"), strict=True))
    assert (later["Realisasi s.d. Bulan Lalu"], later["Realisasi Bulan Ini"]) == ("200000", "0")


def test_what_is_typed_into_sipd_day_by_day(
    app: Flask, client: FlaskClient, office: Office
) -> None:
    with clock.reading(noon(date(2026, 11, 4))), app.app_context():
        bill = office.bill(40_000, PLACES[0])
        office.statement(date(2026, 11, 4), (40_000, bill.number))
    head, *rows = records(client.get(f"{MONTH}/harian.csv").text)
    assert head[0] == "Tanggal"
    cash = [row for row in rows if row[1]]
    assert {row[0] for row in cash} == {"2026-11-03"}
    assert sum(int(row[4]) for row in cash) == 305_000
    assert all(row[1].startswith("STS/") and row[5] for row in cash)
    (paid,) = [row for row in rows if not row[1]]
    assert (paid[0], paid[2], paid[4], paid[6]) == (
        "2026-11-04", "4.1.02.02.01", "40000", "nontunai",
    )  # fmt: skip


def test_a_regency_names_its_own_columns(tmp_path: Path) -> None:
    ours = json.loads(Path("sijinak/reports/data/sipd.json").read_text())
    theirs = tmp_path / "kolom.json"
    changed = {**ours, "realisasi": [{"isi": "persentase", "judul": "Capaian"}]}
    theirs.write_text(json.dumps(changed))
    (column,) = layout_at(str(theirs)).codes
    assert (column.holds, column.title) == ("persentase", "Capaian")
    theirs.write_text(json.dumps({**ours, "harian": [{"isi": "nik", "judul": "NIK"}]}))
    with pytest.raises(BadLayout):
        layout_at(str(theirs))
    with pytest.raises(BadLayout):
        layout_at(str(tmp_path / "nowhere.json"))


def test_a_file_of_columns_that_is_gone_is_said_so(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    known = app.extensions["sijinak.settings"]
    app.extensions["sijinak.settings"] = replace(known, report_layout=str(tmp_path / "x.json"))
    assert client.get(f"{MONTH}/sipd.csv").status_code == 503
    assert client.get(MONTH).status_code == 200


@pytest.mark.parametrize(
    "path", ["/laporan/1999", "/laporan/2026/0", "/laporan/2026/13", "/laporan/2026?wilayah=99.99"]
)
def test_what_is_no_time_or_place_of_ours_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nothing_yet_is_said_so(client: FlaskClient) -> None:
    page = client.get("/laporan/2025/3")
    assert page.status_code == 200
    assert 'class="chart"' not in page.text
    assert client.get("/laporan/2025/3/laporan.pdf").data.startswith(b"%PDF")
    assert client.get("/laporan/?tahun=2025&bulan=3").location == "/laporan/2025/3"


def test_only_those_who_read_reports_do(app: Flask, office: Office) -> None:
    def answer(role: Role, region: str = REGENCY) -> Callable[[str], int]:
        with app.app_context():
            user = make_user(role, region)
        client = signed_in(app, user)
        return lambda path: client.get(path).status_code

    for role in (Role.AUDITOR, Role.KABID, Role.KADIS, Role.TREASURER):
        assert answer(role)(MONTH) == 200
    for role in (Role.COLLECTOR, Role.TRADER, Role.VET):
        assert answer(role)(MONTH) == 403
    elsewhere = answer(Role.KABID, "52.04.05")
    assert elsewhere(f"{MONTH}?wilayah=52.04.02") == 403
    assert elsewhere(f"{MONTH}/rincian?wilayah=52.04.02") == 403
    assert elsewhere(f"{MONTH}/laporan.json?wilayah=52.04") == 403
