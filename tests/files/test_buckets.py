"""Pictures in a bucket: a tiny S3 of our own on loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from flask import Flask

from sijinak.core.db import transaction
from sijinak.core.errors import NotFound, Unavailable
from sijinak.core.permissions import OPERATOR
from sijinak.core.storage import storage
from sijinak.files.reading import picture_bytes
from sijinak.files.services import keep_picture
from tests.files.pictures import photo

pytest.importorskip("boto3", reason="an extra: sijinak[s3]")
MISSING = b"<Error><Code>NoSuchKey</Code></Error>"


class Shelf(BaseHTTPRequestHandler):
    """Keeps what is put under its path. ``signed``: who asked without a signature is refused."""

    kept: dict[str, bytes] = {}
    is_down = False

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._refused():
            self.kept[self.path] = content
            self._answer(200)

    def do_GET(self) -> None:
        if not self._refused():
            found = self.kept.get(self.path)
            self._answer(404, MISSING) if found is None else self._answer(200, found)

    do_HEAD = do_GET  # noqa: N815 - so http.server wants it

    def do_DELETE(self) -> None:
        self.kept.pop(self.path, None)
        self._answer(204)

    def _refused(self) -> bool:
        signed = self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256")
        if refused := self.is_down or not signed:
            self._answer(503 if self.is_down else 403)
        return refused

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Shelf]]:
    server = HTTPServer(("127.0.0.1", 0), Shelf)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "anything")
    Shelf.kept, Shelf.is_down = {}, False
    before = storage.store
    storage.load("s3://pictures/sijinak", "")
    yield Shelf
    storage.store = before
    server.shutdown()
    server.server_close()


def test_a_bucket_keeps_pictures(context: Flask, shelf: type[Shelf]):
    with transaction():
        kept = keep_picture(photo(), by=OPERATOR)
    assert len(shelf.kept) == 2
    assert all(path.startswith("/pictures/sijinak/") for path in shelf.kept)
    assert picture_bytes(kept.id, small=False) in shelf.kept.values()


def test_what_is_not_in_the_bucket_is_not_found(shelf: type[Shelf]):
    store = storage.store
    store.put("ab/cd/one.jpg", b"content")
    assert store.exists("ab/cd/one.jpg")
    store.delete("ab/cd/one.jpg")
    assert not store.exists("ab/cd/one.jpg")
    with pytest.raises(NotFound):
        store.get("ab/cd/one.jpg")


def test_a_bucket_that_is_down_is_unavailable(shelf: type[Shelf]):
    shelf.is_down = True
    with pytest.raises(Unavailable):
        storage.store.put("ab/cd/one.jpg", b"content")
    with pytest.raises(Unavailable):
        storage.store.get("ab/cd/one.jpg")
