"""The signature of a PDF, as two programs see it that are not ours."""

import json
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from shutil import which
from threading import Thread
from typing import Any

import pytest
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from sijinak.core.documents import render_pdf
from sijinak.permits.signing.adapters.base import SignerSilent, Wish
from sijinak.permits.signing.adapters.bsre import PATH, BsreAccount, BsreSigner
from sijinak.permits.signing.adapters.file import FileSigner
from sijinak.permits.signing.keyfiles import new_key, self_signed
from tests.core.papers import facts_of_file, receipt

WISH = Wish(
    reason="Contoh", signer="drh. Contoh", place="Sumbawa", at=datetime(2026, 11, 22, tzinfo=UTC)
)
KEY = new_key()
CERTIFICATE = self_signed(KEY, office="Dinas", place="Kabupaten", is_demo=True)
SIGNER = FileSigner(KEY, CERTIFICATE, "abc")


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return render_pdf("receipt", receipt())


@pytest.fixture(scope="module")
def signed(unsigned: bytes) -> bytes:
    return SIGNER.sign(unsigned, WISH)


def _status(pdf: bytes) -> Any:
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    trusted = ValidationContext(trust_roots=[Certificate.load(CERTIFICATE)])
    return validate_pdf_signature(signature, trusted)


def test_pyhanko_finds_it_intact_trusted_and_over_the_whole_file(signed: bytes):
    status = _status(signed)
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.modification_level == ModificationLevel.NONE
    assert status.md_algorithm == "sha256"
    assert (signature_of(signed).sig_object.raw_get("/SubFilter")) == "/ETSI.CAdES.detached"


def signature_of(pdf: bytes) -> Any:
    return PdfFileReader(BytesIO(pdf)).embedded_signatures[0]


def test_poppler_finds_it_valid(signed: bytes, tmp_path: Path):
    program = which("pdfsig")
    assert program, "pdfsig is missing: install poppler-utils"
    source = tmp_path / "signed.pdf"
    source.write_bytes(signed)
    said = subprocess.run([program, "-nocert", source], capture_output=True, text=True, check=True)
    assert "Signature is Valid." in said.stdout
    assert "Total document signed" in said.stdout
    assert "ETSI.CAdES.detached" in said.stdout


def test_it_stays_an_archive_file_for_everybody(unsigned: bytes, signed: bytes):
    assert signed.startswith(unsigned)
    for pdf in (unsigned, signed):
        assert facts_of_file(pdf)["Tagged"] == "yes"
    assert b"pdfaid:part" in signed


def test_one_flipped_byte_breaks_it(signed: bytes):
    place = signed.index(b"/Contents")  # of the page: before the signature
    for at in (200, place, len(signed) // 3):
        broken = bytearray(signed)
        broken[at] ^= 1
        try:
            is_intact = _status(bytes(broken)).bottom_line
        except Exception:  # noqa: BLE001 - it cannot even be read any more
            is_intact = False
        assert not is_intact


class FakeService(BaseHTTPRequestHandler):
    """Speaks as the e-sign client service does."""

    seen: list[dict[str, Any]] = []
    answer: Any = None

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append({"path": self.path, "auth": self.headers["Authorization"], **body})
        status, said = type(self).answer(body)
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[type[FakeService]]:
    server = HTTPServer(("127.0.0.1", 0), FakeService)
    FakeService.seen, FakeService.address = [], f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield FakeService
    server.shutdown()
    thread.join()
    server.server_close()


def _bsre(service: Any) -> BsreSigner:
    return BsreSigner(
        BsreAccount(
            url=service.address, user="dinas", password="rahasia", nik="5204", passphrase="frasa"
        )
    )


def _signs(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    pdf = b64decode(body["file"][0])
    return 200, {"time": 12, "file": [b64encode(SIGNER.sign(pdf, WISH)).decode()]}


def test_the_national_service_signs(service: Any, unsigned: bytes):
    service.answer = staticmethod(_signs)
    assert _status(_bsre(service).sign(unsigned, WISH)).bottom_line
    (asked,) = service.seen
    assert asked["path"] == PATH
    assert b64decode(asked["auth"].removeprefix("Basic ")) == b"dinas:rahasia"
    assert (asked["nik"], asked["passphrase"]) == ("5204", "frasa")


ANSWERS: dict[str, Any] = {
    "wrong passphrase": (400, {"error": "Passphrase anda salah", "status_code": 2031}),
    "unsigned": lambda body: (200, {"file": body["file"]}),
    "another file": (200, {"file": [b64encode(b"%PDF-1.7 other /ByteRange").decode()]}),
    "no file": (200, {"time": 5}),
    "no base64": (200, {"file": ["%%%"]}),
    "no object": (200, ["x"]),
    "busy": (503, {}),
    "a detour": (302, {}),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_no_signature_of_our_file_is_not_taken(service: Any, unsigned: bytes, name: str):
    said = ANSWERS[name]
    service.answer = staticmethod(said if callable(said) else lambda _: said)
    with pytest.raises(SignerSilent) as raised:
        _bsre(service).sign(unsigned, WISH)
    assert "frasa" not in repr(raised.value)
    assert len(service.seen) == 1


def test_a_service_that_is_not_there_is_told(unsigned: bytes):
    account = BsreAccount(url="http://127.0.0.1:9", user="", password="", nik="", passphrase="x")
    with pytest.raises(SignerSilent):
        BsreSigner(account).sign(unsigned, WISH)
    assert "passphrase" not in repr(account)
