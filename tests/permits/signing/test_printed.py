"""The papers of a permit as others see them: decoders, and programs that prove signatures."""

import subprocess
from base64 import b32encode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto.x509 import Certificate
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from sijinak.core.storage import storage
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.queries import public_code as permit_code
from sijinak.permits.signing.keys import known_keys, signing_key
from sijinak.permits.signing.models import KeyUse, PaperType
from sijinak.permits.signing.proving import key_of
from sijinak.permits.signing.qr import LONGEST_HOLDER, MOST_LISTED, text_of
from sijinak.permits.signing.queries import paper_of, papers_of
from sijinak.retribution.checks import public_code
from sijinak.retribution.papers import skrd_pdf
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.papers import receipt_pdf
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.web.settings import settings
from tests.animals.factories import firm, make_keeper
from tests.papers import codes_in
from tests.permits.factories import deliver, make_draft, make_herd, make_office, make_permit, walk

HOME = "HTTP://127.0.0.1:8000"
PRINTED = [(110, False), (200, False), (150, True)]  # dots per inch, photographed


@pytest.fixture
def permit(context: Flask) -> Permit:
    permit = make_permit(make_office(), PermitState.ISSUED)
    deliver()
    return permit


def _content(permit: Permit, kind: PaperType) -> bytes:
    return storage.store.get(key_of(paper_of(permit.id, kind)))


@pytest.mark.slow
def test_every_code_on_every_paper_is_read_from_good_prints_and_bad_photographs(
    context: Flask, tmp_path: Path
):
    """With as many animals and as long a name as a code ever holds: its smallest modules."""
    name = "PT Samawa Ternak Nusantara " + "Sejahtera " * 4
    office = make_office(keeper=make_keeper(firm(name=name[:LONGEST_HOLDER])))
    permit = make_draft(office, make_herd(office.firm, MOST_LISTED))
    walk(permit, office, PermitState.ISSUED)
    deliver()
    for name, (pdf, expected) in _papers(permit).items():
        for dpi, photographed in PRINTED:
            found = codes_in(pdf, tmp_path, dpi=dpi, photographed=photographed)
            assert found == expected, (name, dpi, photographed)


def _papers(permit: Permit) -> dict[str, tuple[bytes, list[str]]]:
    """Each paper, and what its codes say from the first page to the last."""
    skrd = skrd_of_permit(permit.id)
    receipt = receipt_of(skrd.id) if skrd else None
    assert skrd
    assert receipt
    made = {
        "skrd": (
            skrd_pdf(skrd, settings(), is_example=True),
            [f"{HOME}/S/{public_code(skrd)}"],
        ),
        "receipt": (
            receipt_pdf(receipt, settings()),
            [f"{HOME}/R/{public_code(receipt)}"],
        ),
    }
    for paper in papers_of(permit.id):
        last = {
            PaperType.RECOMMENDATION: f"{HOME}/I/{permit_code(permit)}",
            PaperType.HEALTH_LETTER: f"{HOME}/H/{public_code(paper)}",
        }[paper.kind]
        made[paper.kind] = storage.store.get(key_of(paper)), [text_of(paper.qr, HOME), last]
    return made


def test_the_address_of_a_health_letter_leads_to_what_was_signed(context: Flask, permit: Permit):
    anybody, paper = context.test_client(), paper_of(permit.id, PaperType.HEALTH_LETTER)
    for path in (f"/H/{public_code(paper)}", f"/h/{public_code(paper).lower()}"):
        answer = anybody.get(path)
        assert answer.status_code == 302
        assert answer.location.endswith("/" + b32encode(paper.qr).decode().rstrip("="))
        assert paper.number in anybody.get(answer.location).text
    for path in (f"/H/{permit_code(permit)}", f"/H/{public_code(permit)}", "/H/1"):
        assert anybody.get(path).status_code == 404


def _signature(pdf: bytes) -> Any:
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return signature


@pytest.mark.parametrize("kind", PaperType)
def test_two_programs_that_are_not_ours_find_each_signature_good(
    permit: Permit, kind: PaperType, tmp_path: Path
):
    pdf, key = _content(permit, kind), signing_key(KeyUse.PDF)
    assert key.certificate
    trusted = ValidationContext(trust_roots=[Certificate.load(key.certificate)])
    status = validate_pdf_signature(_signature(pdf), trusted)
    assert status.bottom_line
    assert status.modification_level == ModificationLevel.NONE
    source = tmp_path / "signed.pdf"
    source.write_bytes(pdf)
    said = subprocess.run(["pdfsig", "-nocert", source], capture_output=True, text=True, check=True)
    assert "Signature is Valid." in said.stdout
    assert "Total document signed" in said.stdout


@pytest.mark.parametrize("kind", PaperType)
def test_each_letter_says_that_it_is_an_archive_file(permit: Permit, kind: PaperType):
    """PDF/A-3b and PDF/UA-1, and what is inside is named with its relation to the letter."""
    pdf = _content(permit, kind)
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    root = PdfFileReader(BytesIO(pdf)).root
    assert str(root["/OutputIntents"][0]["/S"]) == "/GTS_PDFA1"
    inside = [found.get_object() for found in root.get("/AF", ())]
    names = [(str(found["/UF"]), str(found["/AFRelationship"])) for found in inside]
    wanted = [("SKRD.pdf", "/Supplement")] if kind is PaperType.RECOMMENDATION else []
    assert names == wanted


def test_the_key_of_the_code_is_not_that_of_the_file(permit: Permit):
    paper = paper_of(permit.id, PaperType.RECOMMENDATION)
    assert {kid.hex() for kid in known_keys(KeyUse.QR)} == {paper.kid}
    assert paper.signed_with == f"file:{signing_key(KeyUse.PDF).kid}" != f"file:{paper.kid}"
