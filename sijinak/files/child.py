"""Makes one picture small in a process of its own, with little memory and time: it may be hostile.

Stands alone, so that it holds no key. Reads the picture from its input; writes a line of JSON, then
the bytes of the picture and of its small copy; or ``{"problem": …}`` alone.
"""

import json
import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

MEGABYTE = 1024 * 1024
MEMORY = 700 * MEGABYTE
CPU_SECONDS = 10
KINDS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE = 1280
SMALL_SIDE = 320
QUALITY = 80


def main(most_pixels: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = None  # ours is asked below, before anything is decoded
    try:
        _answer(Image.open(BytesIO(sys.stdin.buffer.read()), formats=KINDS), most_pixels)
    except UnidentifiedImageError:
        _say(problem="not-a-picture")
    except MemoryError:
        _say(problem="picture-too-many-pixels")
    except (OSError, SyntaxError, ValueError, EOFError):
        _say(problem="picture-damaged")


def _answer(picture: Image.Image, most_pixels: int) -> None:
    if picture.width * picture.height > most_pixels:
        _say(problem="picture-too-many-pixels")
        return
    clean = _clean(picture)
    small = clean.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    parts = [_jpeg(clean), _jpeg(small)]
    _say(width=clean.width, height=clean.height, size=len(parts[0]))
    for part in parts:
        sys.stdout.buffer.write(part)


def _clean(picture: Image.Image) -> Image.Image:
    """Small and upright on white, and nothing of what the camera wrote beside the pixels."""
    if picture.mode not in {"RGB", "L", "RGBA"}:
        picture = ImageOps.exif_transpose(picture).convert(
            "RGBA" if _sees_through(picture) else "RGB"
        )
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    return clean


def _sees_through(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _jpeg(picture: Image.Image) -> bytes:
    into = BytesIO()
    picture.save(into, "JPEG", quality=QUALITY, optimize=True)
    return into.getvalue()


def _say(**facts: object) -> None:
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
