from pathlib import Path

import pytest

from sijinak.accounts.models import Role
from sijinak.animals.imports import labels as _labels  # noqa: F401
from sijinak.animals.imports.rehearsal import Report, rehearse
from sijinak.animals.imports.table import Line, Table
from sijinak.animals.models import Sex, Species, Verification
from sijinak.core.codes import spaced, tag_code_of
from sijinak.core.errors import Forbidden
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.web.messages import MESSAGES, message_for
from tests.animals.factories import make_animal, make_keeper, person
from tests.animals.imports.lists import (
    CLEAN,
    CLEAN_XLSX,
    GOOD,
    TITLES,
    WRONG,
    as_csv,
    everything,
    mistakes,
    owner,
    rehearsed,
    row,
)  # fmt: skip
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for

TAG = tag_code_of(77)
pytestmark = pytest.mark.usefixtures("context")


def told(*rows: dict[str, str], by: Actor = OPERATOR) -> Report:
    """What is said about rows that stand below the header."""
    titles = TITLES + sorted({name for cells in rows for name in cells} - set(TITLES))
    lines = [
        Line(number, tuple(cells.get(title, "") for title in titles))
        for number, cells in enumerate(rows, 2)
    ]
    return rehearse(Table(Line(1, tuple(titles)), tuple(lines)), by=by)


def test_the_clean_list_has_nothing_wrong():
    report = rehearsed(CLEAN)
    assert (mistakes(report), report.warnings) == ([], [])
    assert (len(report.entries), report.new_keepers) == (40, 9)
    assert report.can_be_taken


def test_the_list_with_mistakes_gives_what_its_readme_says():
    before = everything()
    report = rehearsed(WRONG)
    assert mistakes(report) == [
        (3, "nik", "not-a-nik-length"),
        (5, "tanggal_lahir", "list-date-style"),
        (6, "tanggal_lahir", "list-date-style"),
        (7, "nomor_eartag", "list-eartag-twice"),
        (9, "jenis", "list-species"),
        (10, "kelamin", "list-sex"),
        (11, "desa", "list-village-perhaps"),
        (15, "tanggal_lahir", "born-in-the-future"),
        (16, "nik", "list-nik-as-number"),
        (19, "kode_tag", "list-tag-twice"),
        (20, "kode_tag", "not-a-tag-code"),
    ]
    assert [entry.row for entry in report.entries] == [2, 4, 13, 14, 17, 18, 21]
    assert (report.blank_rows, report.total_rows) == ((8, 12, 22, 23), (24,))
    assert report.errors[3].values == {"first": 4}
    assert report.errors[6].values == {"name": "Lunyuk Rea"}
    assert not report.can_be_taken
    assert everything() == before


def test_a_workbook_says_the_same_as_its_csv_twin():
    twin = rehearsed(CLEAN_XLSX)
    assert twin.entries == rehearsed(CLEAN).entries
    assert twin.digest == rehearsed(CLEAN).digest


def test_the_digest_is_of_the_animals_not_of_the_file():
    one, other = row(nomor_eartag="A1"), row(nomor_eartag="A2", warna="hitam")
    digest = told(one, other).digest
    assert told(other, one).digest == digest
    assert told(row(nomor_eartag=" A1", jenis="SAPI"), other).digest == digest
    assert told(one, row(nomor_eartag="A2", warna="putih")).digest != digest
    assert told(one).digest != digest


def test_every_field_is_read():
    entry = told(
        row(telepon="+62 812-0000-0101", dusun="Brang Rea", ras="Sapi Bali", gigi="poel 2",
            warna="merah bata", kode_tag=spaced(TAG).lower(), nomor_eartag="ID1", desa=LUNYUK_REA)
    ).entries[0]  # fmt: skip
    assert (entry.phone, entry.hamlet, entry.teeth) == ("081200000101", "Brang Rea", 2)
    assert (entry.species, entry.sex) == (Species.CATTLE, Sex.FEMALE)
    assert (entry.tag, entry.eartag, entry.village) == (TAG, "ID1", LUNYUK_REA)
    assert entry.verification is Verification.SEEN


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
        ("tanggal_lahir", "10/04/2099", "born-in-the-future"),
        ("tanggal_lahir", "10/04/1901", "list-too-old"),
        ("gigi", "5", "list-teeth"),
        ("gigi", "banyak", "list-teeth"),
        ("nomor_eartag", "ID;1", "list-eartag"),
        ("kode_tag", "F4N7-YY0E-WW", "not-a-tag-code"),
    ],
)
def test_a_bad_cell_is_named(column: str, text: str, code: str):
    report = told(row(**{column: text}))
    assert mistakes(report) == [(2, column, code)]
    assert message_for(code, report.errors[0].values) != message_for("never-heard-of")


def test_one_row_may_have_two_mistakes():
    report = told(row(jenis="jaran", kelamin=""))
    assert mistakes(report) == [(2, "jenis", "list-species"), (2, "kelamin", "list-sex")]
    assert report.refused_rows == 1


def test_dates_are_written_in_one_way():
    iso, ours = row(tanggal_lahir="2023-12-31"), row()
    assert not told(iso, iso).errors
    assert mistakes(told(ours, ours, iso)) == [(4, "tanggal_lahir", "list-date-style")]
    assert mistakes(told(iso, ours, iso)) == [(3, "tanggal_lahir", "list-date-style")]
    assert mistakes(told(iso, ours)) == [(2, "tanggal_lahir", "list-date-style")]


def test_a_column_with_the_month_first_is_never_guessed_at():
    month_first, either, same = (
        row(tanggal_lahir=t) for t in ("12/31/2023", "05/06/2023", "07/07/2023")
    )
    assert not told(either).errors
    assert mistakes(told(month_first, either, same)) == [
        (2, "tanggal_lahir", "list-no-such-day"),
        (3, "tanggal_lahir", "list-date-ambiguous"),
    ]


@pytest.mark.parametrize(
    ("titles", "code", "column"),
    [
        ([*TITLES, "berat"], "list-column-unknown", "berat"),
        ([*TITLES, "NIK"], "list-column-twice", "NIK"),
        ([t for t in TITLES if t != "status"], "list-column-missing", "status"),
    ],
)
def test_a_wrong_header_is_named(titles: list[str], code: str, column: str):
    cells = tuple(GOOD.get(title, "") for title in titles)
    report = rehearse(Table(Line(1, tuple(titles)), (Line(2, cells),)), by=OPERATOR)
    assert mistakes(report) == [(1, column, code)]
    assert message_for(code, report.errors[0].values)


def test_a_place_without_a_title_is_a_mistake_when_something_stands_there():
    cells = (*(GOOD.get(title, "") for title in TITLES), "85 kg")
    report = rehearse(Table(Line(1, tuple(TITLES)), (Line(2, cells),)), by=OPERATOR)
    assert mistakes(report) == [(1, "", "list-column-untitled")]


def test_titles_have_other_names():
    names = {"nik": "No. KTP", "nama_pemilik": "NAMA PEMILIK", "jenis": "Jenis Ternak", "no": "No"}
    titles = tuple(names.get(title, title) for title in (*GOOD, "no"))
    report = rehearse(Table(Line(1, titles), (Line(2, (*GOOD.values(), "1")),)), by=OPERATOR)
    assert (mistakes(report), len(report.entries)) == ([], 1)


def test_a_total_at_the_end_is_skipped_and_one_in_between_is_not():
    total = {"nik": "Jumlah ternak", "jenis": "2 ekor"}
    assert told(row(), total, total).total_rows == (3, 4)
    assert {problem.row for problem in told(row(), total, row()).errors} == {3}


def test_a_list_of_totals_has_no_animals():
    report = told({"nik": "TOTAL"})
    assert (report.entries, report.can_be_taken) == ((), False)


def test_a_nik_has_one_name_in_a_list():
    report = told(row(), row(nama_pemilik="abdul wahab  idris"), row(nama_pemilik="Orang Lain"))
    assert mistakes(report) == [(4, "nama_pemilik", "list-two-names")]
    assert report.errors[0].values["first"] == 2


def test_what_the_register_knows_is_refused_or_told():
    keeper = make_keeper(person(nik=GOOD["nik"], name="Wahab Abdullah"))
    make_animal(keeper, tag=TAG, eartag="ID1")
    report = told(row(kode_tag=TAG), row(nomor_eartag="ID1"), row(nomor_eartag="ID2"))
    assert mistakes(report) == [(2, "kode_tag", "tag-taken"), (3, "nomor_eartag", "eartag-taken")]
    warning = report.warnings[0]
    assert (warning.row, warning.code, warning.values) == (
        2,
        "list-other-name",
        {"initials": "W… A…"},
    )
    assert report.new_keepers == 0


def test_an_owner_from_elsewhere_is_refused_before_anything_is_written():
    make_keeper(person(nik=GOOD["nik"], name=GOOD["nama_pemilik"], village="52.04.05.2001"))
    report = told(row(), by=actor_for(Role.CLERK, LUNYUK))
    assert mistakes(report) == [(2, "nik", "list-owner-elsewhere")]


def test_an_unknown_area_in_a_nik_is_a_note():
    report = told(row(nik="5204991203689901"), row(nik="9999991203689901", nama_pemilik="Lain"))
    assert [(w.row, w.code) for w in report.warnings] == [
        (2, "list-nik-area"),
        (3, "list-nik-area"),
    ]
    assert report.can_be_taken


def test_an_animal_without_a_number_that_looks_known_is_a_note():
    keeper = make_keeper(person(nik=GOOD["nik"], name=GOOD["nama_pemilik"]))
    make_animal(keeper, sex=Sex.FEMALE, colour="hitam")
    same = row(tanggal_lahir="", warna="hitam")
    report = told(same, {**same, "nomor_eartag": "ID9"}, {**same, "warna": "putih"})
    assert [(w.row, w.code) for w in report.warnings] == [(2, "list-looks-known")]


def test_a_village_out_of_reach_is_refused():
    clerk = actor_for(Role.CLERK, LUNYUK_ODE)
    assert mistakes(told(row(), by=clerk)) == [(2, "desa", "list-village-out-of-reach")]
    assert not told(row(desa="lunyuk ode"), by=clerk).errors


def test_villages_of_one_name_are_told_apart_by_their_kecamatan():
    assert mistakes(told(row(desa="Jorok"))) == [(2, "desa", "list-village-several")]
    there = told(row(desa="Jorok", kecamatan="Utan"))
    assert [entry.village[:8] for entry in there.entries] == ["52.04.06"]
    assert mistakes(told(row(desa="Jorok", kecamatan="Lunyuk"))) == [
        (2, "desa", "list-village-not-there")
    ]


def test_only_holders_of_the_permission_rehearse():
    with pytest.raises(Forbidden):
        told(row(), by=actor_for(Role.VET))


def test_questions_do_not_grow_with_the_list():
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
    from pathlib import Path

    import sijinak.animals.imports as package

    folder = Path(package.__path__[0])
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "labels.py")
    codes = set(re.findall(r'"(list-[a-z0-9-]+)"', code)) | {"list-tag-twice", "list-eartag-twice"}
    assert codes <= MESSAGES.keys()


def test_what_was_seen_has_a_mark(tmp_path: Path):
    bare = row(warna="")
    path = as_csv(
        tmp_path / "list.csv",
        bare,
        {**bare, "status": "dinyatakan"},
        {**bare, "ciri_khusus": "ekor pendek"},
    )
    assert mistakes(rehearsed(path)) == [(2, "warna", "seen-without-marks")]
