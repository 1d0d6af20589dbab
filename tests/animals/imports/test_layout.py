"""A workbook as a village keeps it, and where in it the list stands."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from sijinak.animals.imports.rehearsal import rehearse
from sijinak.animals.imports.report import NOTES
from sijinak.core.permissions import OPERATOR
from tests.animals.imports.lists import (
    GOOD,
    as_csv,
    facts,
    mistakes,
    notes,
    planned,
    rehearsed,
    row,
    sheet,
)  # fmt: skip
from tests.animals.imports.messy import write_messy

pytestmark = pytest.mark.usefixtures("context")


def test_a_messy_workbook_is_understood_and_its_mistakes_are_named(tmp_path: Path):
    upload, report = rehearsed(write_messy(tmp_path / "list.xlsx"))
    assert mistakes(upload) == [
        (7, "desa", "list-village-perhaps"),
        (8, "desa", "list-village-perhaps"),
        (9, "desa", "list-village-perhaps"),
        (9, "jenis", "list-species"),
        (10, "desa", "list-village-perhaps"),
        (12, "nomor_eartag", "list-eartag-twice"),
        (12, "desa", "list-village-perhaps"),
        (13, "nik", "list-nik-as-number"),
        (14, "", "list-total-between"),
        (16, "desa", "list-village-perhaps"),
    ]
    assert (report.skipped_rows, report.total_rows) == ([6], [18])
    assert report.tail_rows == [20, 21, 22, 25, 26]
    ignored = [(column, code) for _, column, code in notes(upload) if code == "list-column-ignored"]
    assert ignored == [("Beli", "list-column-ignored"), ("Harga", "list-column-ignored")]
    assert [at for at, _, code in notes(upload) if code == "list-owner-from-above"] == [8, 9, 12]
    assert {word["text"]: word["count"] for word in report.unknown} == {"Lunyuk Re": 6, "spi": 1}
    assert planned(upload) == [15, 17]


def test_the_header_is_found_below_titles(tmp_path: Path):
    upload = sheet(tmp_path, ["DAFTAR TERNAK"], [], ["", "Tahun 2026"], [*GOOD], [*GOOD.values()])
    report = rehearse(upload, by=OPERATOR)
    assert (report.new, report.first[0]["row"], report.mistakes) == (1, 5, 0)


def test_the_header_of_a_printed_page_and_numbers_below_it_are_no_animals(tmp_path: Path):
    numbering = [str(n) for n in range(1, len(GOOD) + 1)]
    animal = [*GOOD.values()]
    upload = sheet(tmp_path, [*GOOD], numbering, animal, [*GOOD], animal)
    report = rehearse(upload, by=OPERATOR)
    assert (report.new, report.skipped_rows) == (2, [2, 4])


@pytest.mark.parametrize(
    "end",
    [
        [["", "Mengetahui,"], ["", "Kepala Desa"], ["", "( Abdul Gani )"]],
        [["JUMLAH", "1 ekor"], [], ["Lunyuk Rea, 1 Mei 2026"], ["Camat Lunyuk"], ["NIP. 1"]],
        [["Lunyuk Rea, ....... 2026"], ["", "", "Petugas"]],
    ],
)
def test_signatures_at_the_end_are_skipped(tmp_path: Path, end: Sequence[Sequence[str]]):
    upload = sheet(tmp_path, [*GOOD], [*GOOD.values()], *end)
    report = rehearse(upload, by=OPERATOR)
    assert (report.new, mistakes(upload)) == (1, [])
    assert len(report.total_rows) + len(report.tail_rows) == len([line for line in end if line])


def test_an_animal_is_never_taken_for_a_signature(tmp_path: Path):
    upload, report = rehearsed(
        as_csv(tmp_path / "list.csv", row(), row(nama_pemilik="Petugas"), row(desa="Kepala Desa"))
    )
    assert (report.tail_rows, report.new) == ([], 1)
    assert {problem[0] for problem in mistakes(upload)} == {3, 4}


def test_an_owner_is_taken_from_above_for_new_animals_only(tmp_path: Path):
    bare = {"nik": "", "nama_pemilik": "", "desa": ""}
    upload, report = rehearsed(
        as_csv(
            tmp_path / "list.csv", row(telepon="081200000101"), row(**bare), row(nik="", desa="")
        )
    )
    assert [entry["phone"] for entry in report.first] == ["081200000101"] * 2
    assert facts(upload, 0, NOTES) == {"first": 2}
    assert mistakes(upload) == [(4, "nik", "list-missing"), (4, "desa", "list-missing")]
