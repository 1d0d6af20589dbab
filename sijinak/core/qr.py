"""QR codes as one SVG path: no image library, no anti-aliased seams between modules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qrcode import constants
from qrcode.main import QRCode

LEVELS = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}
# Every mask can be read. Trying all eight takes six times as long; on tag addresses this one
# has the lowest mean penalty, 6 % above the best of the eight.
MASK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class QrDrawing:
    """The dark modules as an SVG path; `size` counts modules a side, without the quiet zone."""

    size: int
    path: str


def qr_path(text: str, *, level: str = "Q") -> QrDrawing:
    """Upper-case text is encoded in the alphanumeric mode, which saves a version."""
    code: QRCode[object] = QRCode(error_correction=LEVELS[level], mask_pattern=MASK)
    code.add_data(text)
    code.make()
    path = "".join(run for y, row in enumerate(code.modules) for run in _dark_runs(row, y))
    return QrDrawing(size=code.modules_count, path=path)


def qr_svg(text: str, *, level: str = "Q", quiet: int = 4) -> str:
    """A whole SVG file, one unit a module, with the quiet zone in white."""
    drawing = qr_path(text, level=level)
    side = drawing.size + 2 * quiet
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-quiet} {-quiet} {side} {side}">'
        f'<rect x="{-quiet}" y="{-quiet}" width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{drawing.path}" fill="#000"/></svg>'
    )


def _dark_runs(row: Sequence[bool | None], y: int) -> Iterator[str]:
    x = 0
    for dark, run in groupby(row, key=bool):
        width = len(list(run))
        if dark:
            yield f"M{x} {y}h{width}v1H{x}z"
        x += width
