"""What a printer puts on paper: read back by a decoder that is not ours, and measured."""

import subprocess
from math import hypot
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from sijinak.accounts.models import Role
from sijinak.core.codes import new_tag_code, spaced
from sijinak.core.db import transaction
from sijinak.core.errors import Forbidden
from sijinak.tagstock.layouts import LAYOUTS
from sijinak.tagstock.printers.models import CORNER_MM, TRUE, Fit, Printer
from sijinak.tagstock.printers.services import MeasurePrinter, measure_printer
from sijinak.tagstock.sheets import Face, Paper, calibration_pdf, labels_pdf, trial_pdf
from tests.browsing import form_post, id_on
from tests.factories import LUNYUK, actor_for, make_user, signed_in
from tests.papers import codes_in
from tests.tagstock.factories import make_run

HOST = "https://sijinak.sumbawakab.go.id"
MM = 25.4
# A printer that lies 2 mm to the right, 1.5 mm too high, and prints 1.5 % too small.
CROOKED = Printer(left_mm=22, top_mm=18.5, across_mm=98.5, down_mm=99)
NARROWEST_MM = {"24": 25, "15": 30, "35": 20, "88": 15}


def sheet(layout: str, count: int, fit: Fit = TRUE) -> tuple[list[str], bytes]:
    codes: list[str] = [new_tag_code() for _ in range(count)]
    lines = () if LAYOUTS[layout].is_bare else ("No. 7", "Lunyuk")
    paper = Paper(layout=LAYOUTS[layout], public_url=HOST, fit=fit)
    return codes, labels_pdf("Coba", [Face(code, *lines) for code in codes], paper)


def picture(pdf: bytes, folder: Path, dpi: int) -> Image.Image:
    source = folder / "one.pdf"
    source.write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-png", "-f", "1", "-l", "1", "-singlefile"]
    subprocess.run([*command, source, folder / "one"], check=True)
    return Image.open(folder / "one.png").convert("L")


@pytest.mark.parametrize(
    ("dpi", "fit"),
    [(150, TRUE), (300, TRUE), (150, CROOKED.fit)],
    ids=["150", "300", "150-crooked"],
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_code_is_read_back(layout: str, dpi: int, fit: Fit, tmp_path: Path):
    codes, pdf = sheet(layout, LAYOUTS[layout].per_page + 2, fit)
    bare = LAYOUTS[layout].is_bare
    wanted = [code if bare else f"{HOST.upper()}/T/{code}" for code in codes]
    assert sorted(codes_in(pdf, tmp_path, dpi=dpi)) == sorted(wanted)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_symbols_are_as_large_and_as_sturdy_as_they_must_be(layout: str, tmp_path: Path):
    _codes, pdf = sheet(layout, LAYOUTS[layout].per_page)
    for found in zxingcpp.read_barcodes(picture(pdf, tmp_path, 300)):
        corners = found.position
        across = corners.top_right.x - corners.top_left.x
        down = corners.top_right.y - corners.top_left.y  # some are read lying on their side
        width = hypot(across, down) / 300 * MM
        assert width >= NARROWEST_MM[layout]
        assert found.ec_level == LAYOUTS[layout].level


def test_the_code_stands_below_in_letters_that_can_be_read(tmp_path: Path):
    for layout in LAYOUTS:
        codes, pdf = sheet(layout, 3)
        (tmp_path / "one.pdf").write_bytes(pdf)
        text = subprocess.run(
            ["pdftotext", tmp_path / "one.pdf", "-"], capture_output=True, check=True
        ).stdout.decode()
        assert all(spaced(code) in text for code in codes)
        assert LAYOUTS[layout].code_pt >= 7


def test_labels_lie_inside_the_page_and_not_on_each_other():
    for layout in LAYOUTS.values():
        across = layout.columns * (layout.label_width_mm + layout.gap_x_mm)
        down = layout.rows * (layout.label_height_mm + layout.gap_y_mm)
        assert layout.margin_left_mm + across <= 205
        assert layout.margin_top_mm + down <= 289
        assert layout.qr_mm <= min(layout.label_width_mm, layout.label_height_mm - 2)


def edges(image: Image.Image, dpi: int) -> tuple[float, float]:
    """How far the calibration corner lies from the left and the upper edge of the paper, in mm."""
    dark = image.point(lambda grey: 255 if grey < 128 else 0)
    near, far, deep = (int(mm * dpi / MM) for mm in (30, 40, 50))
    left, top = dark.crop((0, near, far, deep)).getbbox(), dark.crop((near, 0, deep, far)).getbbox()
    assert left
    assert top
    return left[0] * MM / dpi, top[1] * MM / dpi


@pytest.mark.parametrize("fit", [TRUE, CROOKED.fit], ids=["true", "crooked"])
def test_the_calibration_page_has_its_corner_where_it_says(fit: Fit, tmp_path: Path):
    image = picture(calibration_pdf("Kalibrasi", ["Ukur A"], fit), tmp_path, 300)
    wanted = (
        CORNER_MM * fit.stretch_x + fit.shift_x_mm,
        CORNER_MM * fit.stretch_y + fit.shift_y_mm,
    )
    assert edges(image, 300) == pytest.approx(wanted, abs=0.15)


def test_what_was_measured_is_put_right():
    """The printer's own fault, applied to what we draw for it, gives what was meant."""
    fit = CROOKED.fit
    for meant in (0.0, CORNER_MM, 100.0, 297.0):
        drawn = meant * fit.stretch_x + fit.shift_x_mm
        lands = CROOKED.left_mm + (drawn - CORNER_MM) * CROOKED.across_mm / 100
        assert lands == pytest.approx(meant)
        drawn = meant * fit.stretch_y + fit.shift_y_mm
        assert CROOKED.top_mm + (drawn - CORNER_MM) * CROOKED.down_mm / 100 == pytest.approx(meant)


def test_a_trial_page_makes_no_tag(tmp_path: Path):
    for layout in LAYOUTS.values():
        assert codes_in(trial_pdf("Uji", Paper(layout=layout, public_url=HOST)), tmp_path) == []


def test_a_printer_is_measured_again_under_its_name(context: Flask):
    clerk = actor_for(Role.CLERK, LUNYUK)
    lengths: dict[str, Any] = {"left_mm": 21.0, "top_mm": 20.0, "across_mm": 99.0, "down_mm": 100.0}
    command = MeasurePrinter(region=LUNYUK, name="Epson", **lengths)
    ids = set()
    for one in (command, command, MeasurePrinter(region=LUNYUK, name="Epson", **lengths)):
        with transaction():
            ids.add(measure_printer(one, by=clerk).id)
    assert ids == {command.id}
    for role, region in ((Role.CLERK, "52.04.05"), (Role.AUDITOR, LUNYUK)):
        stranger = actor_for(role, region)
        with pytest.raises(Forbidden), transaction():
            measure_printer(MeasurePrinter(region=LUNYUK, name="B", **lengths), by=stranger)


def test_a_printer_is_set_up_in_the_browser_and_used(app: Flask, tmp_path: Path):
    with app.app_context():
        client = signed_in(app, make_user(Role.UPT_HEAD, LUNYUK))
        elsewhere = signed_in(app, make_user(Role.UPT_HEAD, "52.04.05"))
        run = make_run(3)
    client.set_cookie("bahasa", "en")
    url = "/label/printer/"
    sent = {"id": id_on(client.get(url).text), "region": LUNYUK, "name": "Epson L3210"}
    shrunk = {"left_mm": "20", "top_mm": "20", "across_mm": "96", "down_mm": "nan"}
    refused = form_post(client, url, page=url, **sent, **shrunk)
    assert refused.status_code == 422
    assert "actual size" in refused.text
    assert "Write a length in millimetres" in refused.text
    assert 'value="96"' in refused.text
    good = {"left_mm": "21,5", "top_mm": "19.5 mm", "across_mm": "100", "down_mm": "100"}
    assert form_post(client, url, page=url, **sent, **good).status_code == 302
    assert "21,5 / 19,5 / 100,0 / 100,0 mm" in client.get(url).text
    printer = client.get(url).text.split("kalibrasi.pdf?printer=")[1].split('"')[0]
    at = f"/stok-tag/cetakan/{run.id}/tag.pdf"
    plain, moved = client.get(at).data, client.get(f"{at}?printer={printer}").data
    assert sorted(codes_in(plain, tmp_path)) == sorted(codes_in(moved, tmp_path))
    assert plain != moved
    for wrong in ("x", run.id):
        assert client.get(f"{at}?printer={wrong}").status_code == 404
    assert elsewhere.get(f"{url}kalibrasi.pdf?printer={printer}").status_code == 404
    assert client.get(f"{url}uji.pdf?lembar=88").data.startswith(b"%PDF")
    assert client.get(f"{url}uji.pdf?lembar=7").status_code == 404
