"""Pictures for tests."""

import struct
import zlib
from io import BytesIO

from PIL import Image

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
CANARY = "CANARY-8.5S-117.4E"
SIDEWAYS = 6  # the camera was held upright: turn the pixels clockwise


def photo(size: tuple[int, int] = (1600, 1200), kind: str = "JPEG", **exif: object) -> bytes:
    """Red on the left half, blue on the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    hidden = Image.Exif()
    hidden[MAKER] = CANARY
    hidden[ORIENTATION] = exif.get("orientation", 1)
    hidden[GPS] = {1: "S", 2: (8.0, 30.0, 0.0), 29: CANARY}
    into = BytesIO()
    picture.save(into, kind, exif=hidden, comment=CANARY)
    return into.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a hundred kilobytes that asks for gigabytes."""
    rows = zlib.compressobj(9)
    line = b"\0" + bytes(side // 8)
    packed = b"".join(rows.compress(line) for _ in range(side)) + rows.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
