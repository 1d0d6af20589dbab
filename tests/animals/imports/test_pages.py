import csv
import io
import os
import re
import stat
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.animals.imports.jobs import sweep_uploads, take_waiting
from sijinak.animals.imports.rehearsal import rehearse
from sijinak.config import Settings
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import make_animal
from tests.animals.imports.lists import (
    CLEAN,
    CLEAN_XLSX,
    WRONG,
    as_csv,
    everything,
    many,
    row,
    sheet,
)  # fmt: skip
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, make_user, signed_in

URL = "/ternak/impor/"


@pytest.fixture
def clerk(app: Flask) -> FlaskClient:
    return browser_of(app)


def browser_of(app: Flask, role: Role = Role.CLERK) -> FlaskClient:
    with app.app_context():
        user = make_user(role, LUNYUK)
    return signed_in(app, user)


def bring(client: FlaskClient, path: Path, name: str = ""):
    sent = (io.BytesIO(path.read_bytes()), name or path.name)
    answer = form_post(client, URL, page=URL, list=sent)
    answer.request.environ["wsgi.input"].close()  # the test client's own copy
    return answer


def confirm(client: FlaskClient, address: str) -> TestResponse:
    """And the worker does its part."""
    answer = form_post(client, address, page=URL)
    with client.application.app_context():
        take_waiting()
    return answer


def repair(client: FlaskClient, address: str, form: str, /, **fields: object) -> str:
    """Send one of the forms of the rehearsal; the answer is the page that it leads to."""
    answer = form_post(client, f"{address}/{form}", page=URL, **fields)
    assert answer.status_code in {302, 422}, answer.status
    return client.get(address).text


def kept(settings: Settings) -> list[Path]:
    return sorted((Path(settings.data_dir) / "uploads").glob("*"))


def test_a_list_is_brought_checked_and_taken_in(app: Flask, clerk: FlaskClient, settings: Settings):
    checked = bring(clerk, CLEAN).headers["Location"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept(settings)} == {0o600}
    page = clerk.get(checked).text
    assert "Abdul Wahab Idris" in page
    assert "5204021203689901" not in page
    done = confirm(clerk, checked)
    result = clerk.get(done.headers["Location"]).text
    assert re.search(r'href="/label\?batch=[0-9a-f-]{36}"', result)
    assert "desa=52.04.02.2001" in result
    assert kept(settings) == []
    for again in (confirm(clerk, checked), clerk.get(checked)):
        assert again.headers["Location"] == done.headers["Location"], "a list is taken in once"
    assert browser_of(app).get(checked).status_code == 404
    with app.app_context():
        assert everything()["animals"] == 40


def test_the_same_list_again_shows_the_first(app: Flask, clerk: FlaskClient):
    first = confirm(clerk, bring(clerk, CLEAN).headers["Location"]).headers["Location"]
    with app.app_context():
        before = everything()["animals"]
    checked = bring(clerk, CLEAN_XLSX).headers["Location"]
    assert f'href="{first}"' in clerk.get(checked).text
    assert confirm(clerk, checked).headers["Location"] == first
    with app.app_context():
        assert everything()["animals"] == before


def test_a_list_with_mistakes_has_no_button_and_confirming_it_writes_nothing(
    app: Flask, clerk: FlaskClient
):
    checked = bring(clerk, WRONG).headers["Location"]
    assert '<form method="post">' not in clerk.get(checked).text
    with app.app_context():
        before = everything()
    answer = confirm(clerk, checked)
    assert answer.status_code == 422
    with app.app_context():
        assert everything() == before


def test_while_it_is_taken_in_the_page_says_how_far_and_looks_again(clerk: FlaskClient):
    checked = bring(clerk, CLEAN).headers["Location"]
    begun = form_post(clerk, checked, page=URL).headers["Location"]
    page = clerk.get(begun)
    assert page.headers["Refresh"] == "3"
    assert '<progress max="40" value="0"' in page.text
    with clerk.application.app_context():
        take_waiting()
    assert "Refresh" not in clerk.get(begun).headers


def test_a_list_is_undone_with_a_reason_and_may_come_again(app: Flask, clerk: FlaskClient):
    result = confirm(clerk, bring(clerk, CLEAN).headers["Location"]).headers["Location"]
    fields = {"id": id_on(clerk.get(result).text), "batch_id": result.rpartition("/")[2]}
    assert form_post(clerk, f"{result}/batal", page=URL, **fields).status_code == 422
    assert browser_of(app, Role.VET).post(f"{result}/batal").status_code == 400
    done = form_post(clerk, f"{result}/batal", page=URL, reason="daftar desa lain", **fields)
    assert "daftar desa lain" in clerk.get(done.headers["Location"]).text
    again = confirm(clerk, bring(clerk, CLEAN).headers["Location"]).headers["Location"]
    assert again != result


def test_what_hangs_on_a_list_is_named_with_its_tags(clerk: FlaskClient, tmp_path: Path):
    path = as_csv(tmp_path / "list.csv", row(kode_tag="F4N6-YY0D-WZ"))
    result = confirm(clerk, bring(clerk, path).headers["Location"]).headers["Location"]
    later = as_csv(tmp_path / "later.csv", {"kode_tag": "F4N6-YY0D-WZ", "warna": "putih"})
    confirm(clerk, bring(clerk, later).headers["Location"])
    fields = {"id": id_on(clerk.get(result).text), "batch_id": result.rpartition("/")[2]}
    answer = form_post(clerk, f"{result}/batal", page=URL, reason="salah", **fields)
    assert answer.status_code == 409
    assert "/F4N6YY0DWZ" in answer.text.upper()


def test_a_misspelt_village_is_put_right_once_for_all_its_rows(clerk: FlaskClient, tmp_path: Path):
    rows = [row(desa="Lunyuk Re", nomor_eartag=f"ID{n}") for n in range(3)]
    checked = bring(clerk, as_csv(tmp_path / "l.csv", *rows, row(jenis="spi"))).headers["Location"]
    page = clerk.get(checked).text
    assert page.count("Lunyuk Re”") == 1
    assert '<option value="52.04.02.2001" selected>' in page
    assert '<option value="sapi" selected>' in page
    words = re.findall(r'name="(key-\d)" value="([^"]+)"', page)
    chosen = {"word-0": "52.04.02.2001", "word-1": "sapi"}
    assert '<form method="post">' in repair(clerk, checked, "kata", **dict(words), **chosen)
    made_up = {"word-0": "31.71.01.1001"}
    checked = bring(clerk, as_csv(tmp_path / "l.csv", rows[0])).headers["Location"]
    assert '<form method="post">' not in repair(clerk, checked, "kata", **dict(words), **made_up)


def test_the_order_of_dates_is_chosen_for_the_column(clerk: FlaskClient, tmp_path: Path):
    rows = [row(tanggal_lahir=text) for text in ("12/31/2023", "05/06/2023")]
    checked = bring(clerk, as_csv(tmp_path / "l.csv", *rows)).headers["Location"]
    page = repair(clerk, checked, "tanggal", order="mm/dd")
    assert "2023-05-06" in page
    assert '<form method="post">' in page
    assert "2023-06-05" in repair(clerk, checked, "tanggal", order="dd/mm")
    assert "2023-06-05" in repair(clerk, checked, "tanggal", order="yy")


def test_the_cells_of_a_row_are_corrected(clerk: FlaskClient, tmp_path: Path):
    checked = bring(clerk, as_csv(tmp_path / "l.csv", row(nik="520402", gigi="9"))).headers[
        "Location"
    ]
    form = clerk.get(f"{checked}/baris/2").text
    assert 'value="520402"' in form
    assert 'id="error-nik"' in form
    first = form_post(clerk, f"{checked}/baris/2", page=URL, nik="5204021203689901")
    assert first.status_code == 422, "one mistake is left, and what was typed is kept"
    assert 'value="5204021203689901"' in first.text
    page = repair(clerk, checked, "baris/2", gigi="2")
    assert '<form method="post">' in page
    assert clerk.get(f"{checked}/baris/99").status_code == 404


def test_a_number_that_stands_twice_stays_where_the_person_says(clerk: FlaskClient, tmp_path: Path):
    rows = [row(nomor_eartag="ID1", warna=colour) for colour in ("merah", "hitam", "putih")]
    checked = bring(clerk, as_csv(tmp_path / "l.csv", *rows)).headers["Location"]
    page = repair(clerk, checked, "rangkap", column="nomor_eartag", first="2", row="3")
    assert '<form method="post">' in page
    assert page.count(">ID1<") == 1
    stranger = form_post(
        clerk, f"{checked}/rangkap", page=URL, column="nomor_eartag", first="2", row="9"
    )
    assert stranger.status_code == 404


def test_rows_are_left_out_and_taken_back(clerk: FlaskClient, tmp_path: Path):
    total = {"nik": "Jumlah", "jenis": "2 ekor"}
    path = as_csv(tmp_path / "l.csv", row(), total, row(kelamin="?"), row())
    checked = bring(clerk, path).headers["Location"]
    assert '<form method="post">' not in repair(clerk, checked, "lewati", what="row", row="3")
    assert '<form method="post">' in repair(clerk, checked, "lewati", what="wrong")
    assert '<form method="post">' not in repair(clerk, checked, "lewati", what="none")
    assert form_post(clerk, f"{checked}/lewati", page=URL, what="row", row="x").status_code == 404


def test_the_rows_with_mistakes_are_a_list_that_no_spreadsheet_computes(
    clerk: FlaskClient, tmp_path: Path
):
    evil = row(
        kelamin="?",
        nama_pemilik="\N{FULLWIDTH EQUALS SIGN}Abdul",
        warna='=HYPERLINK("http://x")',
        telepon="+6281200000101",
    )
    checked = bring(clerk, as_csv(tmp_path / "l.csv", row(), evil)).headers["Location"]
    text = clerk.get(f"{checked}/baris-salah.csv").text.removeprefix("\ufeff")
    (header, wrong) = csv.reader(io.StringIO(text), delimiter=";")
    cells = dict(zip(header, wrong, strict=True))
    assert cells["warna"] == '\'=HYPERLINK("http://x")'
    assert cells["telepon"] == "'+6281200000101"
    assert cells["nama_pemilik"] == "'\N{FULLWIDTH EQUALS SIGN}Abdul"
    assert not [cell for cell in wrong if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    again = tmp_path / "again.csv"
    again.write_text(text.replace("?", "betina", 1), encoding="utf-8")
    assert '<form method="post">' in clerk.get(bring(clerk, again).headers["Location"]).text


@pytest.mark.slow
def test_twenty_thousand_mistakes_answer_page_by_page_in_time(clerk: FlaskClient, tmp_path: Path):
    rows = [{**cells, "desa": f"Lunyuk R{n % 40}"} for n, cells in enumerate(many(20_000))]
    checked = bring(clerk, as_csv(tmp_path / "l.csv", *rows)).headers["Location"]
    began = time.process_time()
    page = clerk.get(f"{checked}?bagian=kesalahan&hal=400").text
    assert time.process_time() - began < 2
    assert "Row 20001" in page or "Baris 20001" in page
    assert clerk.get(f"{checked}?hal=99999&bagian=x").status_code == 200


def test_what_would_change_is_shown(app: Flask, clerk: FlaskClient, tmp_path: Path):
    with app.app_context():
        make_animal(tag="F4N6YY0DWZ", colour="merah")
    path = as_csv(tmp_path / "l.csv", {"kode_tag": "F4N6YY0DWZ", "warna": "hitam"})
    checked = bring(clerk, path).headers["Location"]
    assert "merah → <b>hitam</b>" in clerk.get(f"{checked}?bagian=perubahan").text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", b""),
        ("list.csv", b"nik;nama\n1;Caf\xe9\n"),
        ("list.xlsx", b"no workbook"),
        ("list.exe", b"MZ"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_form(
    clerk: FlaskClient, settings: Settings, tmp_path: Path, name: str, content: bytes
):
    app = clerk.application
    with app.app_context():
        before = everything()
    (tmp_path / name).write_bytes(content)
    answer = bring(clerk, tmp_path / name)
    assert answer.status_code == 422
    assert 'id="error-list"' in answer.text
    assert kept(settings) == []
    with app.app_context():
        assert everything() == before


def test_no_file_is_a_sentence(clerk: FlaskClient):
    assert form_post(clerk, URL, page=URL).status_code == 422


def test_50_megabytes_are_too_large(clerk: FlaskClient, settings: Settings, tmp_path: Path):
    (tmp_path / "list.csv").write_bytes(b"x" * (50 * 1024 * 1024))
    answer = bring(clerk, tmp_path / "list.csv")
    assert answer.status_code == 413
    assert kept(settings) == []


def test_nobody_else_opens_a_list(app: Flask, clerk: FlaskClient):
    checked = bring(clerk, CLEAN).headers["Location"]
    other = browser_of(app)
    assert other.get(checked).status_code == 404
    assert confirm(other, checked).status_code == 404
    with app.app_context():
        assert everything()["animals"] == 0


@pytest.mark.parametrize("key", ["x", "AAAA", "../../etc/passwd", "A" * 200])
def test_a_made_up_key_opens_nothing(clerk: FlaskClient, key: str):
    assert clerk.get(f"{URL}periksa/{key}").status_code == 404


def test_a_changed_key_opens_nothing(clerk: FlaskClient):
    checked = bring(clerk, CLEAN).headers["Location"]
    middle = len(checked) - 40
    other = "A" if checked[middle] != "A" else "B"
    changed = checked[:middle] + other + checked[middle + 1 :]
    assert clerk.get(changed).status_code == 404


def test_after_a_day_a_list_is_gone(clerk: FlaskClient, settings: Settings):
    checked = bring(clerk, CLEAN).headers["Location"]
    yesterday = time.time() - 25 * 3600
    for path in kept(settings):
        os.utime(path, (yesterday, yesterday))
    assert clerk.get(checked).status_code == 404
    with clerk.application.app_context():
        sweep_uploads()
    assert kept(settings) == []


def test_what_was_taken_between_rehearsal_and_confirming_is_seen(
    app: Flask, clerk: FlaskClient, tmp_path: Path
):
    checked = bring(clerk, as_csv(tmp_path / "one.csv", row(nomor_eartag="ID1"))).headers[
        "Location"
    ]
    other = bring(clerk, as_csv(tmp_path / "two.csv", row(nomor_eartag="ID1", warna="hitam")))
    confirm(clerk, other.headers["Location"])
    result = confirm(clerk, checked).headers["Location"]
    assert "nomor_eartag" in clerk.get(result).text, "the row was put aside, and it is said why"
    with app.app_context():
        assert everything()["animals"] == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLERK])
def test_other_roles_are_not_let_in(app: Flask, role: Role):
    client = browser_of(app, role)
    assert client.get(URL).status_code == 403
    assert form_post(client, URL, list=(io.BytesIO(CLEAN.read_bytes()), "x.csv")).status_code == 403
    assert client.get(f"{URL}contoh-daftar-ternak.csv").status_code == 403


def test_the_template_is_a_list_that_can_be_taken_in(
    app: Flask, clerk: FlaskClient, tmp_path: Path
):
    lines = clerk.get(f"{URL}contoh-daftar-ternak.csv").text.removeprefix("\ufeff").splitlines()
    with app.app_context():
        upload = sheet(tmp_path, *(line.split(";") for line in lines))
        assert rehearse(upload, by=OPERATOR).can_be_taken


def test_a_name_with_markup_is_shown_as_text(clerk: FlaskClient, tmp_path: Path):
    path = as_csv(tmp_path / "list.csv", row(nama_pemilik="<b>Wahab</b>"))
    page = clerk.get(bring(clerk, path, "<i>x</i>.csv").headers["Location"]).text
    assert "&lt;b&gt;Wahab" in page
    assert "<b>Wahab" not in page
    assert "<i>x" not in page


def test_the_names_of_columns_are_not_broken(clerk: FlaskClient):
    page = clerk.get(bring(clerk, WRONG).headers["Location"]).text
    assert '<span class="nowrap">nomor_eartag</span>' in page
