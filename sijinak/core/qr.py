"""QR codes as one SVG path: no image library, no anti-aliased seams between modules."""

import struct
import zlib
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
    code = _code(text, level)
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


def qr_png(text: str, *, level: str = "M", quiet: int = 4, scale: int = 8) -> bytes:
    """A picture in black and white, for apps that read a QR code from the gallery."""
    code = _code(text, level)
    side = (code.modules_count + 2 * quiet) * scale
    blank = [False] * side
    lines = [blank] * (quiet * scale)
    for row in code.modules:
        dots = [bool(dark) for dark in row for _ in range(scale)]
        edge = [False] * (quiet * scale)
        lines += [edge + dots + edge] * scale
    lines += [blank] * (quiet * scale)
    raw = b"".join(b"\0" + _packed(line) for line in lines)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)  # one bit a dot, grey
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _code(text: str, level: str) -> "QRCode[object]":
    code: QRCode[object] = QRCode(error_correction=LEVELS[level], mask_pattern=MASK)
    code.add_data(text)
    code.make()
    return code


def _packed(line: Sequence[bool]) -> bytes:
    """Eight dots a byte, a light one is 1."""
    bits = "".join("0" if dark else "1" for dark in line)
    return int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8), "big")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def _dark_runs(row: Sequence[bool | None], y: int) -> Iterator[str]:
    x = 0
    for dark, run in groupby(row, key=bool):
        width = len(list(run))
        if dark:
            yield f"M{x} {y}h{width}v1H{x}"  # what is filled closes itself
        x += width
