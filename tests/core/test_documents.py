"""Papers: read back from the page, the same bytes each time, and no name breaks them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sijinak.core.documents import printable, render_pdf
from tests.core.papers import (
    CHECK,
    HOST,
    SHEET_OF_24,
    SHEET_OF_35,
    SIGNED,
    codes,
    facts_of_file,
    qr_texts,
    receipt,
    recommendation,
    skrd,
    tags,
    words,
)

HOSTILE = [
    r"#panic() *tebal* _miring_ @acuan $x^2$ \#let ~ `kode` <label> // komentar /* */ ```",
    """PT "Kutip" 'Tunggal' “Miring” = - + / [] {} %d {{x}} </svg>&amp;""",
    "Lalu" * 60,
    "L. Muhammad Ängström-Ñuñez, S.Pt. ½ – 100 %",
]
A6 = "297.638 x 419.528 pts"


@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize(("count", "sheet"), [(24, SHEET_OF_24), (35, SHEET_OF_35)])
def test_every_label_of_a_full_sheet_is_read(
    count: int, sheet: dict[str, float], dpi: int, tmp_path: Path
):
    names = codes(count)
    pdf = render_pdf("tags", tags(names, sheet))
    assert facts_of_file(pdf)["Pages"] == "1"
    assert qr_texts(pdf, tmp_path, dpi=dpi) == sorted(f"{HOST}/T/{name}" for name in names)


def test_the_twenty_fifth_label_opens_a_second_sheet(tmp_path: Path):
    names = codes(25)
    pdf = render_pdf("tags", tags(names, SHEET_OF_24))
    assert facts_of_file(pdf)["Pages"] == "2"
    assert len(qr_texts(pdf, tmp_path)) == 25
    assert "Ukurgarisini:100mm" in words(pdf)


def test_the_code_stands_below_the_label_for_people():
    name = codes(1)[0]
    assert f"{name[:4]}-{name[4:8]}-{name[8:]}" in words(
        render_pdf("tags", tags([name], SHEET_OF_24))
    )


@pytest.mark.parametrize(("template", "facts"), [("skrd", skrd()), ("receipt", receipt())])
def test_each_paper_leads_to_the_page_that_checks_it(
    template: str, facts: dict[str, object], tmp_path: Path
):
    pdf = render_pdf(template, facts)
    assert qr_texts(pdf, tmp_path) == [f"{HOST}/PERIKSA/9F3K7Q2M"]
    assert CHECK["url"] in words(pdf)


def test_a_recommendation_carries_both_codes(tmp_path: Path):
    pdf = render_pdf("recommendation", recommendation(["A"]))
    assert qr_texts(pdf, tmp_path) == [f"{HOST}/PERIKSA/9F3K7Q2M", SIGNED]
    assert CHECK["url"] in words(pdf)
    assert "Tidakadapungutanlain" in words(pdf)


@pytest.mark.parametrize(
    ("template", "facts"),
    [
        ("tags", tags(codes(3), SHEET_OF_24)),
        ("skrd", skrd()),
        ("receipt", receipt()),
        ("recommendation", recommendation(codes(30))),
    ],
)
def test_the_same_facts_are_the_same_bytes_in_every_thread(template: str, facts: dict[str, object]):
    with ThreadPoolExecutor(4) as threads:
        papers = set(threads.map(lambda _: render_pdf(template, facts), range(8)))
    assert len(papers) == 1


def test_other_facts_are_other_bytes():
    assert render_pdf("receipt", receipt()) != render_pdf("receipt", receipt(amount="Rp 1"))


def test_the_file_says_when_it_was_issued():
    pdf = render_pdf("skrd", skrd(), at=datetime(2026, 11, 21, 6, 5, tzinfo=UTC))
    assert b"<xmp:CreateDate>2026-11-21T06:05:00" in pdf
    assert b"pdfaid:part>3" in pdf


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    ("template", "facts"),
    [
        ("receipt", lambda name: receipt(payer=name)),
        ("skrd", lambda name: skrd(about=name)),
        ("recommendation", lambda name: recommendation(["A"], village=name)),
    ],
)
def test_a_hostile_name_is_printed_as_it_is(
    template: str, facts: Callable[[str], dict[str, object]], name: str
):
    assert "".join(name.split()) in words(render_pdf(template, facts(name)))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_stays_in_its_label(name: str, tmp_path: Path):
    codes_of_sheet = codes(24)
    facts = tags(codes_of_sheet, SHEET_OF_24, line=name, title=name)
    pdf = render_pdf("tags", facts)
    assert qr_texts(pdf, tmp_path) == sorted(f"{HOST}/T/{code}" for code in codes_of_sheet)
    assert "".join(name.split())[:20] in words(pdf)


def test_what_no_font_draws_is_shown_as_missing():
    pdf = render_pdf("receipt", receipt(payer="Sapi \u202e😀\x00\u200b漢\nTotal"))
    assert "\ufffdTotal" in words(pdf)


def test_a_text_stays_on_one_line():
    assert printable({"name": ["a\n\tb", 1, None]}) == {"name": ["a b", 1, None]}


def test_a_receipt_is_one_a6_page():
    file = facts_of_file(render_pdf("receipt", receipt()))
    assert (file["Page size"].removesuffix(" (A6)"), file["Pages"]) == (A6, "1")


def test_a_receipt_says_by_what_it_was_voided():
    pdf = render_pdf("receipt", receipt(verdict="DIBATALKAN.", void="Dibatalkan dengan TBP/2"))
    assert "DibatalkandenganTBP/2" in words(pdf)
    assert "Tidakadapungutanlain" in words(render_pdf("receipt", receipt()))


def test_a_skrd_fits_one_page_and_names_every_line():
    pdf = render_pdf("skrd", skrd())
    assert facts_of_file(pdf)["Pages"] == "1"
    assert "Rp79.500Rp2.782.500" in words(pdf)


def test_a_long_list_of_animals_runs_over_and_keeps_its_head():
    names = codes(120)
    text = words(render_pdf("recommendation", recommendation(names)))
    assert all(name in text for name in names)
    assert text.count("Nomorlabel") >= 3


def test_a_stamp_stands_across_every_page_of_a_long_list():
    pdf = render_pdf("recommendation", recommendation(codes(60), stamp="CONTOH"))
    assert int(facts_of_file(pdf)["Pages"]) >= 3


def test_a_stamp_stands_across_the_page():
    assert set("CONTOH") < set(words(render_pdf("skrd", skrd(stamp="CONTOH"))))
