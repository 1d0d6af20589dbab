"""QR codes: read back, small, and quiet around."""

import re
import xml.etree.ElementTree as ET

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from sijinak.core.qr import QrDrawing, qr_path, qr_svg
from tests.core.papers import HOST, codes

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1H(\d+)")


def drawn(drawing: QrDrawing, scale: int = 4, quiet: int = 4) -> Image.Image:
    side = (drawing.size + 2 * quiet) * scale
    image = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(image)
    for x, y, width, back in (map(int, run) for run in RUN.findall(drawing.path)):
        assert back == x
        left, top = (x + quiet) * scale, (y + quiet) * scale
        pen.rectangle((left, top, left + width * scale - 1, top + scale - 1), fill=0)
    return image


def read(text: str, level: str = "Q") -> str:
    return zxingcpp.read_barcodes(drawn(qr_path(text, level=level)))[0].text


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
@pytest.mark.parametrize(
    "text", [f"{HOST}/T/7K3M9QX45J", "7K3M9QX45J", "360012345678901", f"{HOST}/V/{'K7' * 240}"]
)
def test_what_is_written_is_read(text: str, level: str):
    assert read(text, level) == text


def test_every_tag_address_is_read_with_the_one_mask():
    addresses = [f"{HOST}/T/{code}" for code in codes(300)]
    assert [read(address) for address in addresses] == addresses


def test_letters_of_the_islands_are_read():
    assert read("Desa Empang – sapi é 漢") == "Desa Empang – sapi é 漢"


@pytest.mark.parametrize(("level", "size"), [("L", 25), ("M", 29), ("Q", 29), ("H", 33)])
def test_an_upper_case_address_stays_small(level: str, size: int):
    assert qr_path(f"{HOST}/T/7K3M9QX45J", level=level).size == size


def test_lower_case_costs_a_version():
    assert qr_path(f"{HOST}/T/7K3M9QX45J".lower()).size == 33


def test_a_bare_code_is_the_smallest_there_is():
    assert qr_path("7K3M9QX45J", level="H").size == 21


def test_the_svg_has_four_white_modules_around_and_one_path():
    svg = ET.fromstring(qr_svg(f"{HOST}/T/7K3M9QX45J"))  # noqa: S314 - our own text
    assert svg.get("viewBox") == "-4 -4 37 37"
    ground, modules = svg
    assert (ground.get("x"), ground.get("width"), ground.get("fill")) == ("-4", "37", "#fff")
    assert modules.get("d") == qr_path(f"{HOST}/T/7K3M9QX45J").path


def test_the_same_text_is_the_same_drawing():
    assert qr_svg("7K3M9QX45J") == qr_svg("7K3M9QX45J")


def test_an_unknown_level_is_refused():
    with pytest.raises(KeyError):
        qr_path("7K3M9QX45J", level="X")
