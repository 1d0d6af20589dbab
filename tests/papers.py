"""Reading papers back as their users do: with eyes and with a decoder that is not ours."""

import subprocess
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image, ImageFilter

TABLE = (110, 110, 110)  # the grey on which a sheet lies when it is photographed


def codes_in(pdf: bytes, folder: Path, *, dpi: int = 150, photographed: bool = False) -> list[str]:
    """The texts of all QR codes on the pages, as a printer at so many dots per inch shows them."""
    source = folder / "paper.pdf"
    source.write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-gray", "-r", str(dpi), "-png", source, folder / "page"], check=True
    )
    found = []
    for picture in sorted(folder.glob("page*.png")):
        with Image.open(picture) as image:
            seen = _photographed(image) if photographed else image
            found += [code.text for code in zxingcpp.read_barcodes(seen)]
        picture.unlink()
    return found


def _photographed(page: Image.Image) -> Image.Image:
    """Askew, not from right above, out of focus, and squeezed into a small file."""
    turned = page.convert("RGB").rotate(
        3, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE
    )
    width, height = turned.size
    corners = (-20, -35, 10, height + 20, width + 15, height + 50, width + 40, -10)
    leaning = turned.transform(
        turned.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=TABLE
    )
    small = BytesIO()
    leaning.filter(ImageFilter.GaussianBlur(1)).save(small, "JPEG", quality=40)
    return Image.open(small)
