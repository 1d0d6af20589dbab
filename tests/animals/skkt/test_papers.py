"""The paper of a sheet, read back as its users do, and the page behind its QR code."""

import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from sijinak.animals.skkt.models import Sheet
from sijinak.animals.skkt.papers import sheet_pdf
from sijinak.animals.skkt.services import VoidSheet, void_sheet
from sijinak.animals.skkt.striking import strike_lines
from sijinak.config import Settings
from sijinak.core.codes import spaced
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import make_keeper, person
from tests.animals.skkt.factories import Upt, make_draft, make_herd, make_signed, make_upt, sign
from tests.papers import codes_in

pytestmark = pytest.mark.usefixtures("context")
HOUSE = Settings(public_url="https://sijinak.sumbawakab.go.id")


@pytest.fixture
def upt(context: Flask) -> Upt:
    return make_upt()


def fresh(sheet: Sheet) -> Sheet:
    db.session.expire_all()
    return db.session.get_one(Sheet, sheet.id)


def words(pdf: bytes, folder: Path, page: int | None = None) -> str:
    """The text without blanks: where a line breaks is no matter of the test."""
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    only = [] if page is None else ["-f", str(page), "-l", str(page)]
    read = subprocess.run(
        ["pdftotext", "-raw", *only, path, "-"], check=True, capture_output=True, text=True
    )
    return re.sub(r"\s+", "", read.stdout)


def pages(pdf: bytes, folder: Path) -> int:
    path = folder / "count.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"Pages:\s+(\d+)", told)[0])


def strike(sheet: Sheet, because: str = "sale") -> None:
    animal_id = sheet.lines[0].animal_id
    with transaction():
        strike_lines([animal_id], because=because, cause_id=uuid7(), by=OPERATOR)


def check_page(app: Flask, code: str) -> tuple[int, str]:
    db.session.remove()  # the page would share the session of the test
    answer = app.test_client().get(f"/K/{code}")
    return answer.status_code, unescape(answer.text)


def test_the_paper_says_what_was_signed(upt: Upt, tmp_path: Path):
    owner = make_keeper(person(nik="5204021503809999", name="Siti Aminah"))
    (sheet,) = make_signed(upt, owner, horns="tanduk pendek", brand="AH paha kiri", teeth=2)
    said = words(sheet_pdf(sheet, HOUSE), tmp_path)
    for wanted in (
        sheet.number, "SitiAminah", "9999", "LunyukRea,KecamatanLunyuk", upt.head.name,
        "KepalaUPTProkeswanLunyuk", "SK1/2026", "Lembar1dari1", spaced(sheet.lines[0].tag),
        "SapiBali,jantan", "poel2", "tandukpendek", "AHpahakiri",
    ):  # fmt: skip
        assert re.sub(r"\s", "", str(wanted)) in said, wanted
    assert "520402150380" not in said
    assert "Dinyatakan" not in said


def test_its_qr_code_leads_to_its_check_page(app: Flask, upt: Upt, tmp_path: Path):
    (sheet,) = make_signed(upt)
    (url,) = codes_in(sheet_pdf(sheet, HOUSE), tmp_path)
    assert url == f"HTTPS://SIJINAK.SUMBAWAKAB.GO.ID/K/{sheet.public_code}"
    status, page = check_page(app, url.rpartition("/")[2])
    assert (status, str(sheet.number) in page) == (200, True)


def test_thirty_lines_fit_on_one_page_and_all_are_there(upt: Upt, tmp_path: Path):
    marks: dict[str, Any] = {
        "colour": "merah bata, kaki putih", "horns": "tanduk melengkung ke atas",
        "ears": "telinga kiri sobek", "whorls": "pusar di dahi", "brand": "cap AH paha kiri",
    }  # fmt: skip
    first, second = make_signed(upt, seen=31, declared=2, **marks)
    pdf = sheet_pdf(first, HOUSE)
    assert pages(pdf, tmp_path) == 1
    said = words(pdf, tmp_path)
    assert all(spaced(line.tag) in said for line in first.lines)
    assert "Lembar1dari2" in said
    last = words(sheet_pdf(second, HOUSE), tmp_path)
    owned, _, declared = last.partition("Dinyatakan,belumterlihat")
    assert [spaced(line.tag) in owned for line in second.lines].count(True) == 1
    assert [spaced(line.tag) in declared for line in second.lines].count(True) == 2


def test_long_marks_and_names_go_on_a_second_page_and_lose_nothing(upt: Upt, tmp_path: Path):
    owner = make_keeper(person(name="Abdul " + "Hamiduddin" * 11))
    long: dict[str, Any] = {"special_marks": "belang " * 30 + "ujung", "ears": "X" * 80}
    (sheet,) = make_signed(upt, owner, seen=30, **long)
    pdf = sheet_pdf(sheet, HOUSE)
    assert pages(pdf, tmp_path) > 1
    said = words(pdf, tmp_path)
    assert said.count("ujung") == 30
    assert all(spaced(line.tag) in said for line in sheet.lines)
    assert "Kodetag" in words(pdf, tmp_path, page=2)


def test_a_reprint_shows_a_struck_line_with_its_reason(upt: Upt, tmp_path: Path):
    (sheet,) = make_signed(upt, seen=2)
    before = sheet_pdf(sheet, HOUSE)
    assert before == sheet_pdf(fresh(sheet), HOUSE)
    strike(sheet, "death")
    said = words(sheet_pdf(fresh(sheet), HOUSE), tmp_path)
    assert said.count("Dicoret") == 1
    assert spaced(sheet.lines[0].tag) in said


def test_a_paper_that_is_over_says_so_across_the_page(upt: Upt, tmp_path: Path):
    owner = make_keeper()
    (old,) = make_signed(upt, owner)
    assert "DIGANTI" not in words(sheet_pdf(old, HOUSE), tmp_path)
    make_herd(owner)
    (new,) = sign(make_draft(upt, owner)[0], upt.head)
    said = words(sheet_pdf(fresh(old), HOUSE), tmp_path)
    assert "DIGANTI" in said
    assert re.sub(r"\s", "", str(new.number)) in said
    with transaction():
        void_sheet(VoidSheet(sheet_id=new.id, reason="Salah pemilik"), by=upt.head)
    said = words(sheet_pdf(fresh(new), HOUSE), tmp_path)
    assert "BATAL" in said
    assert "Salahpemilik" in said


def test_the_check_page_names_tags_and_no_people(app: Flask, upt: Upt):
    owner = make_keeper(person(nik="5204021503809999", name="Siti Aminah"))
    (sheet,) = make_signed(upt, owner, seen=2, declared=1)
    strike(sheet)
    status, page = check_page(app, sheet.public_code)
    assert status == 200
    assert all(spaced(line.tag) in page for line in sheet.lines)
    for private in ("Siti", "Aminah", "9999", upt.head.name, upt.clerk.name, "hitam"):
        assert private not in page, private
    assert page.count("<del") == 0
    assert page.count("tone-danger") == 1  # the struck line
    small = app.test_client().get(f"/k/{sheet.public_code.lower()}")
    assert small.status_code == 200


def test_what_was_not_signed_is_not_public(app: Flask, upt: Upt):
    owner = make_keeper()
    make_herd(owner)
    (draft,) = make_draft(upt, owner)
    assert check_page(app, draft.public_code)[0] == 404
    assert check_page(app, "NOTHING")[0] == 404


def test_the_check_page_says_when_a_sheet_is_over(app: Flask, upt: Upt):
    owner = make_keeper()
    (old,) = make_signed(upt, owner)
    make_herd(owner)
    (new,) = sign(make_draft(upt, owner)[0], upt.head)
    assert str(new.number) in check_page(app, old.public_code)[1]
    assert "tone-success" in check_page(app, new.public_code)[1]
    assert "tone-success" not in check_page(app, old.public_code)[1]


def test_the_check_page_says_when_rows_were_altered(app: Flask, upt: Upt):
    (sheet,) = make_signed(upt)
    assert 'class="banner tone-danger"' not in check_page(app, sheet.public_code)[1]
    with db.engine.begin() as connection:
        connection.execute(text("""UPDATE sheet_lines SET tag = '7K3M9QX45J'"""))
    status, page = check_page(app, sheet.public_code)
    assert status == 200
    assert 'class="banner tone-danger"' in page
    assert "tone-success" not in page
