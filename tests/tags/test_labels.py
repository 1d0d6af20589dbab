"""Labels: each printed once, whole, and found on its sheet by those who hang it on."""

import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.db import transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.permissions import OPERATOR
from sijinak.tags.queries import sheet_by_id
from sijinak.tags.services import NothingToPrint, PrintLabels, print_labels
from sijinak.tags.sheets import sheet_pdf
from sijinak.tagstock.layouts import LAYOUTS
from tests.animals.factories import make_animal, make_keeper, person
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for, make_user, signed_in

POINTS = 72 / 25.4  # of a millimetre
HOST = "https://sijinak.example.go.id"


def printed(command: PrintLabels, role: Role = Role.CLERK, region: str = LUNYUK):
    by = actor_for(role, region)
    with transaction():
        return print_labels(command, by=by)


def test_a_label_is_printed_once(context: Flask):
    tags = {make_animal()[1] for _ in range(3)}
    _, rows = printed(PrintLabels(village=LUNYUK_REA))
    assert {identifier.value for identifier, _ in rows} == tags
    with pytest.raises(NothingToPrint):
        printed(PrintLabels(village=LUNYUK_REA))


def test_a_double_click_makes_one_sheet(context: Flask):
    make_animal()
    clerk = actor_for(Role.CLERK, LUNYUK)
    command = PrintLabels(village=LUNYUK_REA)
    sheets = []
    for _ in range(2):
        with transaction():
            sheets.append(print_labels(command, by=clerk)[0].id)
    assert sheets == [command.id, command.id]


def test_only_the_wanted_keeper(context: Flask):
    mine = make_keeper()
    _, my_tag = make_animal(mine)
    make_animal()
    _, rows = printed(PrintLabels(keeper_id=mine.id))
    assert [identifier.value for identifier, _ in rows] == [my_tag]


def test_labels_elsewhere_are_not_there(context: Flask):
    make_animal()
    sheet, _ = printed(PrintLabels(village=LUNYUK_REA))
    with pytest.raises(NothingToPrint):
        printed(PrintLabels(village=LUNYUK_REA, again=True, reason="Hilang"), region=LUNYUK_ODE)
    with pytest.raises(NotFound):
        sheet_by_id(sheet.id, by=actor_for(Role.CLERK, LUNYUK_ODE))
    with pytest.raises(Forbidden):
        printed(PrintLabels(), role=Role.TREASURER)


def test_the_officer_reads_whose_label_lies_where(app: Flask):
    with app.app_context():
        keeper = make_keeper(person(name="Siti Aminah"))
        for _ in range(25):
            make_animal(keeper, hamlet="Brang Rea")
        make_animal(keeper, colour="merah bata", eartag="ID5204")
        sheet, _rows = printed(PrintLabels(keeper_id=keeper.id))
        clerk = signed_in(app, make_user(Role.CLERK, LUNYUK))
    clerk.set_cookie("bahasa", "en")
    page = clerk.get(f"/label/{sheet.id}").text
    for shown in (
        "Page 1, row 1, column 1", "Page 1, row 6, column 4", "Page 2, row 1, column 2",
        "Siti Aminah", "Brang Rea", "ID5204", "merah bata",
    ):  # fmt: skip
        assert shown in page
    assert "26 labels, sheet of 24" in clerk.get("/label/").text


@pytest.mark.parametrize("layout", [n for n, layout in LAYOUTS.items() if not layout.is_bare])
def test_a_long_breed_is_printed_whole(context: Flask, layout: str, tmp_path: Path):
    breed = "Sapi Persilangan Peranakan Ongole Simmental Limousin Brahman Angus dari Sumbawa"
    keeper = make_keeper()
    make_animal(keeper, breed=breed)
    with transaction():
        sheet, rows = print_labels(PrintLabels(keeper_id=keeper.id, layout=layout), by=OPERATOR)
    (tmp_path / "label.pdf").write_bytes(sheet_pdf(sheet, rows, HOST))
    edge = LAYOUTS[layout]
    right = (edge.margin_left_mm + edge.label_width_mm) * POINTS
    lower = (edge.margin_top_mm + edge.label_height_mm) * POINTS
    shown = {*breed.split(), "Rea"}
    words = [
        word for word in words_in(tmp_path / "label.pdf") if word[0] in shown and word[1] < right
    ]
    place = next(word for word in words if word[0] == "Rea")
    assert {word for word, *_box in words} == shown
    for word, _left, top, to_the_right, bottom in words:
        assert to_the_right < right
        assert (top + bottom) / 2 < lower
        assert word == "Rea" or (top + bottom) / 2 < place[2], "below the village nothing is seen"


def words_in(pdf: Path) -> list[tuple[str, float, float, float, float]]:
    """Each word with its left, upper, right and lower edge, in points."""
    done = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True)
    found = re.findall(
        r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?),?</word>', done.stdout.decode()
    )
    return [(w, float(a), float(b), float(c), float(d)) for a, b, c, d, w in found]
