"""Videos that Chromium takes for the picture of its camera."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from qrcode.main import QRCode

from sijinak.core.qr import LEVELS, MASK

WIDTH, HEIGHT, RATE = 640, 480, 30
SYMBOL = 260  # pixels of the QR code in the picture
PAPER, TABLE = 235, 120


def picture(text: str) -> Image.Image:
    """A tag as the project prints it, held before the camera; no text is an empty table."""
    image = Image.new("L", (WIDTH, HEIGHT), TABLE)
    if not text:
        return image
    modules = _modules(text)
    scale = SYMBOL // len(modules)
    symbol = Image.new("L", (len(modules), len(modules)))
    symbol.putdata([20 if dark else PAPER for row in modules for dark in row])
    symbol = symbol.resize((len(modules) * scale,) * 2, Image.Resampling.NEAREST)
    paper = Image.new("L", (symbol.width + 8 * scale,) * 2, PAPER)
    paper.paste(symbol, (4 * scale, 4 * scale))
    image.paste(paper, ((WIDTH - paper.width) // 2, (HEIGHT - paper.height) // 2))
    return image


def write_video(path: Path, shots: Iterable[tuple[str, float]]) -> Path:
    """Texts with the seconds that each is shown. The video begins anew when it is over."""
    assert path.suffix == ".mjpeg"
    with path.open("wb") as file:
        for text, seconds in shots:
            frame = BytesIO()
            picture(text).convert("RGB").save(frame, "JPEG", quality=80, subsampling=2)
            for _ in range(max(1, round(seconds * RATE))):
                file.write(frame.getvalue())
    return path


def of_tags(codes: Sequence[str], host: str, seconds: float) -> list[tuple[str, float]]:
    return [(f"{host}/T/{code}".upper(), seconds) for code in codes]


def _modules(text: str) -> Sequence[Sequence[bool | None]]:
    code: QRCode[object] = QRCode(error_correction=LEVELS["Q"], mask_pattern=MASK)
    code.add_data(text)
    code.make()
    modules: Sequence[Sequence[bool | None]] = code.modules
    return modules
