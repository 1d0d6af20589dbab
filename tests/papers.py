"""Reading papers back as their users do: with eyes and with a decoder that is not ours."""

import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image


def codes_in(pdf: bytes, folder: Path, *, dpi: int = 150) -> list[str]:
    """The texts of all QR codes on the pages, as a printer at so many dots per inch shows them."""
    source = folder / "paper.pdf"
    source.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", source, folder / "page"], check=True)
    found = []
    for picture in sorted(folder.glob("page*.png")):
        with Image.open(picture) as image:
            found += [code.text for code in zxingcpp.read_barcodes(image)]
        picture.unlink()
    return found
