"""What people send as a picture, and what is kept of it."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from sijinak.core.db import db, transaction
from sijinak.core.errors import NotFound, Unavailable
from sijinak.core.permissions import OPERATOR
from sijinak.core.storage import Folder, storage
from sijinak.files.models import StoredFile
from sijinak.files.pictures import UnfitPicture, fit_picture, limits
from sijinak.files.reading import picture_bytes
from sijinak.files.services import keep_picture
from tests.files.pictures import CANARY, SIDEWAYS, bomb, photo


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def colour_at(picture: Image.Image, x: float, y: float) -> str:
    red, _, blue = picture.convert("RGB").getpixel(  # type: ignore[misc]
        (int(x * picture.width), int(y * picture.height))
    )
    return "red" if red > blue else "blue"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_small_and_tells_nothing_beside_its_pixels(kind: str):
    sent = photo(kind=kind)
    made = fit_picture(sent)
    assert b"CANARY" in sent
    assert (made.width, made.height) == opened(made.content).size == (1280, 960)
    assert opened(made.small).size == (320, 240)
    for kept in (made.content, made.small):
        picture = opened(kept)
        assert picture.format == "JPEG"
        assert not picture.getexif()
        assert CANARY.encode() not in kept
        assert {"comment", "exif", "xmp", "icc_profile"}.isdisjoint(picture.info)
        assert [colour_at(picture, x, 0.5) for x in (0.2, 0.8)] == ["red", "blue"]


def test_a_photo_taken_upright_stands_upright():
    made = fit_picture(photo((1600, 1200), orientation=SIDEWAYS))
    picture = opened(made.content)
    assert picture.size == (made.width, made.height) == (960, 1280)
    assert [colour_at(picture, 0.5, y) for y in (0.2, 0.8)] == ["red", "blue"]


def test_a_see_through_picture_lies_on_white():
    for mode, hidden in (("RGBA", {}), ("LA", {}), ("P", {"transparency": 0})):
        into = BytesIO()
        Image.new(mode, (50, 40)).save(into, "PNG", **hidden)
        kept = opened(fit_picture(into.getvalue()).content)
        assert kept.size == (50, 40)
        assert min(kept.convert("L").tobytes()) > 250, mode


def test_other_colours_than_a_phones_are_read_too():
    for mode, kind in (("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("I;16", "PNG")):
        into = BytesIO()
        Image.new(mode, (40, 30)).save(into, kind)
        assert opened(fit_picture(into.getvalue()).content).size == (40, 30), mode


def test_what_is_no_picture_is_refused_by_its_content():
    ftyp = b"\0\0\0\x18ftyp"
    whole = photo()
    for content, code in (
        (b"", "not-a-picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not-a-picture"),
        (b"<!doctype html><script>alert(1)</script>" + whole, "not-a-picture"),
        (b"GIF89a" + whole, "not-a-picture"),
        (b"\xff\xd8\xff<svg onload=alert(1)>", "not-a-picture"),
        (b"RIFF\x10\0\0\0WEBP<html>", "not-a-picture"),
        (ftyp + b"heic\0\0\0\0mif1heic", "picture-heic"),
        (whole[: len(whole) // 2], "picture-damaged"),
        (photo(kind="PNG")[:900], "picture-damaged"),
        (bytes(limits.megabytes * 1024 * 1024 + 1), "picture-too-large"),
    ):
        with pytest.raises(UnfitPicture) as refused:
            fit_picture(content)
        assert refused.value.code == code, content[:20]


def test_a_page_hidden_behind_a_photo_is_gone():
    made = fit_picture(photo() + b"<script>alert(1)</script>")
    assert b"<script" not in made.content + made.small


def test_a_bomb_is_refused_at_once_and_leaves_the_server_small():
    for side in (30_000, 7_200):  # 900 million pixels; 52 million, a little more than allowed
        sent = bomb(side)
        assert len(sent) < 150_000
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.thread_time()
        with pytest.raises(UnfitPicture) as refused:
            fit_picture(sent)
        assert refused.value.code == "picture-too-many-pixels"
        assert time.thread_time() - began < 1  # second of work: nothing was unpacked
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes


def test_a_picture_as_large_as_allowed_is_taken():
    made = fit_picture(bomb(7_000))
    assert (made.width, made.height) == (1280, 1280)


def test_what_is_kept_is_found_again_and_only_the_owner_of_the_folder_reads_it(
    context: Flask, tmp_path: Path
):
    storage.load("", str(tmp_path))
    with transaction():
        kept = keep_picture(photo(), by=OPERATOR)
    content, small = (picture_bytes(kept.id, small=small) for small in (False, True))
    assert (kept.size, kept.width, kept.height) == (len(content), 1280, 960)
    assert opened(small).size == (320, 240)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert {len(path.relative_to(tmp_path / "files").parts) for path in files} == {3}


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """The disk says no after so many bytes of a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_and_leaves_nothing_half_written(context: Flask, tmp_path: Path):
    storage.load("", str(tmp_path))
    made = fit_picture(photo())
    with pytest.raises(Unavailable), transaction(), files_no_larger_than(len(made.small) + 100):
        keep_picture(made, by=OPERATOR)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert db.session.query(StoredFile).count() == 0


def test_the_same_key_is_replaced_whole(tmp_path: Path):
    folder = Folder(tmp_path)
    for content in (b"long content", b"short"):
        folder.put("a/b", content)
        assert folder.get("a/b") == content
    folder.delete("a/b")
    folder.delete("a/b")
    assert not folder.exists("a/b")
    with pytest.raises(NotFound):
        folder.get("a/b")
