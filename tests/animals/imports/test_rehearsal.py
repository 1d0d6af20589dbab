from collections.abc import Callable
from pathlib import Path

import pytest

from sijinak.accounts.models import Role
from sijinak.animals.imports import labels as _labels  # noqa: F401
from sijinak.animals.imports.rehearsal import rehearse
from sijinak.animals.imports.report import NOTES, Report
from sijinak.animals.imports.uploads import Upload
from sijinak.core.codes import spaced, tag_code_of
from sijinak.core.errors import Forbidden
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.web.messages import MESSAGES, message_for
from tests.animals.factories import make_animal, make_keeper, person
from tests.animals.imports import lists
from tests.animals.imports.lists import (
    CLEAN,
    CLEAN_XLSX,
    GOOD,
    TITLES,
    WRONG,
    as_csv,
    everything,
    facts,
    mistakes,
    notes,
    owner,
    planned,
    rehearsed,
    row,
    sheet,
)  # fmt: skip
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for

TAG = tag_code_of(77)
Told = Callable[..., tuple[Upload, Report]]
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Rehearses rows that stand below the header."""

    def tell(*rows: dict[str, str], by: Actor = OPERATOR) -> tuple[Upload, Report]:
        upload = lists.told(tmp_path, *rows)
        return upload, rehearse(upload, by=by)

    return tell


def test_the_clean_list_has_nothing_wrong():
    upload, report = rehearsed(CLEAN)
    assert (mistakes(upload), notes(upload)) == ([], [])
    assert (report.new, report.changed, report.same, report.new_keepers) == (40, 0, 0, 9)
    assert report.can_be_taken


def test_the_list_with_mistakes_gives_what_its_readme_says():
    before = everything()
    upload, report = rehearsed(WRONG)
    assert mistakes(upload) == [
        (3, "nik", "not-a-nik-length"),
        (7, "nomor_eartag", "list-eartag-twice"),
        (9, "jenis", "list-species"),
        (10, "kelamin", "list-sex"),
        (11, "desa", "list-village-perhaps"),
        (15, "tanggal_lahir", "born-in-the-future"),
        (16, "nik", "list-nik-as-number"),
        (19, "kode_tag", "list-tag-twice"),
        (20, "kode_tag", "not-a-tag-code"),
    ]
    assert planned(upload) == [2, 4, 5, 6, 13, 14, 17, 18, 21]
    assert (report.blank_rows, report.total_rows) == ([8, 12, 22, 23], [24])
    assert facts(upload, 1) == {"first": 4}
    assert facts(upload, 4)["name"] == "Lunyuk Rea"
    assert not report.can_be_taken
    assert everything() == before


def test_a_workbook_says_the_same_as_its_csv_twin():
    twin, report = rehearsed(CLEAN_XLSX)
    upload, other = rehearsed(CLEAN)
    assert twin.beside("plan").read_text() == upload.beside("plan").read_text()
    assert report.digest == other.digest


def test_the_digest_is_of_the_animals_not_of_the_file(told: Told):
    one, other = row(nomor_eartag="A1"), row(nomor_eartag="A2", warna="hitam")
    digest = told(one, other)[1].digest
    assert told(other, one)[1].digest == digest
    assert told(row(nomor_eartag=" A1", jenis="SAPI"), other)[1].digest == digest
    assert told(one, row(nomor_eartag="A2", warna="putih"))[1].digest != digest
    assert told(one)[1].digest != digest


def test_every_field_is_read(told: Told):
    _upload, report = told(
        row(telepon="+62 812-0000-0101", dusun="Brang Rea", ras="Sapi Bali", gigi="poel 2",
            warna="merah bata", kode_tag=spaced(TAG).lower(), nomor_eartag="id1", desa=LUNYUK_REA,
            rfid="360 000000000012")
    )  # fmt: skip
    assert report.first[0] == {
        "row": 2, "nik": GOOD["nik"], "owner": GOOD["nama_pemilik"], "phone": "081200000101",
        "hamlet": "Brang Rea", "breed": "Sapi Bali", "teeth": 2, "species": "cattle",
        "sex": "female", "birth_date": "2019-04-10", "colour": "merah bata", "tag": TAG,
        "eartag": "ID1", "rfid": "360000000000012", "village": LUNYUK_REA, "verification": "seen",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("nik", "", "list-missing"),
        ("nik", "520402120368990", "not-a-nik-length"),
        ("nik", "5,20402E+15", "list-nik-as-number"),
        ("nik", "520402120368990X", "not-a-nik-digits"),
        ("nik", "5204023902689901", "not-a-nik-day"),
        ("nama_pemilik", "", "list-missing"),
        ("nama_pemilik", "A" * 121, "list-text-too-long"),
        ("nama_pemilik", "Abdul\u200bWahab", "list-unprintable"),
        ("telepon", "12345", "list-phone"),
        ("desa", "", "list-missing"),
        ("desa", "Lunyuk Re", "list-village-perhaps"),
        ("desa", "Paris van Java", "list-village-unknown"),
        ("jenis", "jaran", "list-species"),
        ("kelamin", "perempuan", "list-sex"),
        ("status", "", "list-status"),
        ("tanggal_lahir", "kemarin", "list-not-a-date"),
        ("tanggal_lahir", "31/02/2024", "list-no-such-day"),
        ("tanggal_lahir", "10/04/24", "list-not-a-date"),
        ("rfid", "3.6E+14", "list-rfid-as-number"),
        ("rfid", "12345", "not-an-rfid"),
        ("tanggal_lahir", "10/04/2099", "born-in-the-future"),
        ("tanggal_lahir", "10/04/1901", "list-too-old"),
        ("gigi", "5", "list-teeth"),
        ("gigi", "banyak", "list-teeth"),
        ("nomor_eartag", "ID;1", "list-eartag"),
        ("kode_tag", "F4N7-YY0E-WW", "not-a-tag-code"),
    ],
)
def test_a_bad_cell_is_named(told: Told, column: str, text: str, code: str):
    upload, _report = told(row(**{column: text}))
    assert mistakes(upload) == [(2, column, code)]
    assert message_for(code, facts(upload, 0)) != message_for("never-heard-of")


def test_one_row_may_have_two_mistakes(told: Told):
    upload, report = told(row(jenis="jaran", kelamin=""))
    assert mistakes(upload) == [(2, "jenis", "list-species"), (2, "kelamin", "list-sex")]
    assert (report.refused, report.mistakes) == (1, 2)


def test_each_date_that_can_be_read_in_one_way_only_is_read_so(told: Told):
    texts = ("2023-12-31", "31/12/2023", "31.12.2023", "2023-12-31T00:00:00", "12-31-2023")
    _upload, report = told(*(row(tanggal_lahir=text) for text in texts))
    assert {entry["birth_date"] for entry in report.first} == {"2023-12-31"}
    assert (report.new, report.dates) == (5, "")


def test_a_column_with_the_month_first_is_never_guessed_at(told: Told):
    month_first, either, same = (
        row(tanggal_lahir=t) for t in ("12/31/2023", "05/06/2023", "07/07/2023")
    )
    assert told(either)[1].first[0]["birth_date"] == "2023-06-05"
    upload, report = told(month_first, either, same)
    assert mistakes(upload) == [(3, "tanggal_lahir", "list-date-ambiguous")]
    assert report.dates == "ask"


def test_an_unknown_column_is_not_taken_and_that_is_said(tmp_path: Path):
    cells = [*GOOD.values(), "Rp 1.500.000", "85 kg"]
    upload = sheet(tmp_path, [*GOOD, "harga"], cells)
    assert rehearse(upload, by=OPERATOR).can_be_taken
    assert notes(upload) == [(1, "harga", "list-column-ignored"), (2, "", "list-column-untitled")]
    assert facts(upload, 1, NOTES) == {"place": len(cells)}


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path):
    upload = sheet(tmp_path, [*GOOD, "No. KTP"], [*GOOD.values(), "1"])
    rehearse(upload, by=OPERATOR)
    assert mistakes(upload) == [(1, "No. KTP", "list-column-twice")]


@pytest.mark.parametrize("numbered", [True, False])
def test_a_missing_column_is_named_once_when_there_are_new_animals(tmp_path: Path, numbered: bool):  # noqa: FBT001
    titles = [t for t in (TITLES if numbered else GOOD) if t != "status"]
    cells = [GOOD.get(title, "") for title in titles]
    upload = sheet(tmp_path, titles, cells, cells)
    report = rehearse(upload, by=OPERATOR)
    assert mistakes(upload) == [(1, "status", "list-column-missing")]
    assert not report.can_be_taken


def test_titles_have_other_names(tmp_path: Path):
    names = {"nik": "No. KTP", "nama_pemilik": "NAMA PEMILIK", "jenis": "Jenis Ternak"}
    titles = [names.get(title, title) for title in GOOD]
    upload = sheet(tmp_path, ["No", *titles], ["1", *GOOD.values()])
    assert (rehearse(upload, by=OPERATOR).new, mistakes(upload)) == (1, [])


def test_a_total_at_the_end_is_skipped_and_one_in_between_is_not(told: Told):
    total = {"nik": "Jumlah ternak", "jenis": "2 ekor"}
    assert told(row(), total, total)[1].total_rows == [3, 4]
    upload, _report = told(row(), total, row())
    assert {problem[0] for problem in mistakes(upload)} == {3}


def test_a_list_of_totals_has_no_animals(told: Told):
    _upload, report = told({"nik": "TOTAL"})
    assert (report.new, report.can_be_taken) == (0, False)


def test_a_nik_has_one_name_in_a_list(told: Told):
    upload, _report = told(
        row(), row(nama_pemilik="abdul wahab  idris"), row(nama_pemilik="Orang Lain")
    )
    assert mistakes(upload) == [(4, "nama_pemilik", "list-two-names")]
    assert facts(upload, 0)["first"] == 2


def test_a_known_owner_under_another_name_is_a_note(told: Told):
    make_keeper(person(nik=GOOD["nik"], name="Wahab Abdullah"))
    upload, report = told(row(), row())
    assert notes(upload) == [(2, "nama_pemilik", "list-other-name")]
    assert facts(upload, 0, NOTES) == {"initials": "W… A…"}
    assert report.new_keepers == 0


def test_an_owner_from_elsewhere_is_refused_before_anything_is_written(told: Told):
    make_keeper(person(nik=GOOD["nik"], name=GOOD["nama_pemilik"], village="52.04.05.2001"))
    upload, _report = told(row(), by=actor_for(Role.CLERK, LUNYUK))
    assert mistakes(upload) == [(2, "nik", "list-owner-elsewhere")]


def test_an_unknown_area_in_a_nik_is_a_note(told: Told):
    upload, report = told(row(nik="5204991203689901"), row(nik="9999991203689901"))
    assert [(row, code) for row, _, code in notes(upload)] == [
        (2, "list-nik-area"),
        (3, "list-nik-area"),
    ]
    assert report.can_be_taken


def test_an_animal_without_a_number_that_looks_known_is_a_note(told: Told):
    keeper = make_keeper(person(nik=GOOD["nik"], name=GOOD["nama_pemilik"]))
    make_animal(keeper, sex="female", colour="hitam")
    same = row(tanggal_lahir="", warna="hitam")
    upload, _report = told(same, {**same, "nomor_eartag": "ID9"}, {**same, "warna": "putih"})
    assert [(row, code) for row, _, code in notes(upload)] == [(2, "list-looks-known")]


def test_a_village_out_of_reach_is_refused(told: Told):
    clerk = actor_for(Role.CLERK, LUNYUK_ODE)
    assert mistakes(told(row(), by=clerk)[0]) == [(2, "desa", "list-village-out-of-reach")]
    assert not told(row(desa="lunyuk ode"), by=clerk)[1].mistakes


def test_villages_of_one_name_are_told_apart_by_their_kecamatan(told: Told):
    assert mistakes(told(row(desa="Jorok"))[0]) == [(2, "desa", "list-village-several")]
    _upload, there = told(row(desa="Jorok", kecamatan="Utan"))
    assert [village[:8] for village in there.villages] == ["52.04.06"]
    assert mistakes(told(row(desa="Jorok", kecamatan="Lunyuk"))[0]) == [
        (2, "desa", "list-village-not-there")
    ]


def test_only_holders_of_the_permission_rehearse(told: Told):
    with pytest.raises(Forbidden):
        told(row(), by=actor_for(Role.VET))


def test_questions_do_not_grow_with_the_list(told: Told):
    from sqlalchemy import event

    from sijinak.core.db import db

    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    def count(rows: int) -> int:
        asked.clear()
        told(
            *(
                row(nik=owner(n), nama_pemilik=f"Orang {n}", nomor_eartag=f"E{n}")
                for n in range(rows)
            )
        )
        return len(asked)

    count(1)
    assert count(400) == count(2)


def test_every_code_has_a_sentence():
    import re

    import sijinak.animals.imports as package
    from sijinak.animals.models import AnimalState

    folder = Path(package.__path__[0])
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "labels.py")
    codes = set(re.findall(r'"(list-[a-z0-9-]+)"', code))
    codes |= {f"list-{field}-twice" for field in ("tag", "eartag", "rfid")}
    codes |= {f"{field}-taken" for field in ("tag", "eartag", "rfid")}
    gone = set(AnimalState) - {"present", "withdrawn", "merged"}
    assert codes | {f"list-animal-{state}" for state in gone} <= MESSAGES.keys()


def test_what_was_seen_has_a_mark(tmp_path: Path):
    bare = row(warna="")
    path = as_csv(
        tmp_path / "list.csv",
        bare,
        {**bare, "status": "dinyatakan"},
        {**bare, "ciri_khusus": "ekor pendek"},
    )
    assert mistakes(rehearsed(path)[0]) == [(2, "warna", "seen-without-marks")]
