import io
import os
import re
import stat
import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.animals.imports.rehearsal import rehearse
from sijinak.animals.imports.table import Line, Table
from sijinak.config import Settings
from sijinak.core.permissions import OPERATOR
from tests.animals.imports.lists import CLEAN, CLEAN_XLSX, WRONG, as_csv, everything, row
from tests.browsing import form_post
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
    return form_post(client, URL, page=URL, list=sent)


def confirm(client: FlaskClient, address: str):
    return form_post(client, address, page=URL)


def kept(settings: Settings) -> list[Path]:
    return sorted((Path(settings.data_dir) / "uploads").glob("*"))


def test_a_list_is_brought_checked_and_taken_in(app: Flask, clerk: FlaskClient, settings: Settings):
    checked = bring(clerk, CLEAN).headers["Location"]
    assert stat.S_IMODE(kept(settings)[0].stat().st_mode) == 0o600
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
    answer.request.environ["wsgi.input"].close()  # the test client's own copy
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
    os.utime(kept(settings)[0], (yesterday, yesterday))
    assert clerk.get(checked).status_code == 404
    bring(clerk, CLEAN)
    assert len(kept(settings)) == 1


def test_what_was_taken_between_rehearsal_and_confirming_is_seen(
    app: Flask, clerk: FlaskClient, tmp_path: Path
):
    checked = bring(clerk, as_csv(tmp_path / "one.csv", row(nomor_eartag="ID1"))).headers[
        "Location"
    ]
    other = bring(clerk, as_csv(tmp_path / "two.csv", row(nomor_eartag="ID1", warna="hitam")))
    confirm(clerk, other.headers["Location"])
    assert confirm(clerk, checked).status_code == 422
    with app.app_context():
        assert everything()["animals"] == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLERK])
def test_other_roles_are_not_let_in(app: Flask, role: Role):
    client = browser_of(app, role)
    assert client.get(URL).status_code == 403
    assert form_post(client, URL, list=(io.BytesIO(CLEAN.read_bytes()), "x.csv")).status_code == 403
    assert client.get(f"{URL}contoh-daftar-ternak.csv").status_code == 403


def test_the_template_is_a_list_that_can_be_taken_in(app: Flask, clerk: FlaskClient):
    lines = clerk.get(f"{URL}contoh-daftar-ternak.csv").text.removeprefix("\ufeff").splitlines()
    header, example = (tuple(line.split(";")) for line in lines)
    with app.app_context():
        report = rehearse(Table(Line(1, header), (Line(2, example),)), by=OPERATOR)
    assert report.can_be_taken


def test_a_name_with_markup_is_shown_as_text(clerk: FlaskClient, tmp_path: Path):
    path = as_csv(tmp_path / "list.csv", row(nama_pemilik="<b>Wahab</b>"))
    page = clerk.get(bring(clerk, path, "<i>x</i>.csv").headers["Location"]).text
    assert "&lt;b&gt;Wahab" in page
    assert "<b>Wahab" not in page
    assert "<i>x" not in page


def test_the_names_of_columns_are_not_broken(clerk: FlaskClient):
    page = clerk.get(bring(clerk, WRONG).headers["Location"]).text
    assert '<span class="nowrap">nomor_eartag</span>' in page
