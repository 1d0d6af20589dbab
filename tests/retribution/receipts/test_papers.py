"""Receipts and voids on A6 and on a roll of 58 mm: each code is read back, no name is cut."""

import re
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from sijinak.accounts.models import Role
from sijinak.core.permissions import OPERATOR
from sijinak.retribution.checks import public_code
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.papers import receipt_pdf, roll_pdf
from sijinak.retribution.receipts.queries import receipt_of, void_of
from sijinak.retribution.receipts.services import receive_cash
from sijinak.web.settings import settings
from tests.factories import actor_for
from tests.papers import codes_in
from tests.retribution.factories import cash_for, do, make_keeper, make_skrd
from tests.retribution.receipts.ways import WHY, bills, paid_in_cash, pay_together, void

pytestmark = pytest.mark.usefixtures("context")
LONG = "PT Samawa Ternak Nusantara Sejahtera Abadi Makmur Sentosa " * 2
POINTS_PER_MM = 72 / 25.4
HOME = "HTTP://127.0.0.1:8000"


def check_url(receipt: Receipt) -> str:
    return f"{HOME}/R/{public_code(receipt)}"


def size_of(pdf: bytes) -> tuple[int, int, int]:
    """Pages, width and height in whole millimetres."""
    reader = PdfFileReader(BytesIO(pdf))
    pages = reader.root["/Pages"]
    box = pages["/Kids"][0]["/MediaBox"]
    width, height = (round(float(side) / POINTS_PER_MM) for side in list(box)[2:])
    return int(pages["/Count"]), width, height


def made(receipt: Receipt) -> dict[str, bytes]:
    return {"a6": receipt_pdf(receipt, settings()), "roll": roll_pdf(receipt, settings())}


def test_the_code_of_every_paper_leads_to_its_check_page(tmp_path: Path):
    receipt = paid_in_cash(make_skrd())
    void(receipt)
    found = void_of(receipt.id)
    assert found is not None
    for paper in (receipt, found):
        for pdf in made(paper).values():
            for dpi in (203, 300):  # a thermal head has 203
                assert codes_in(pdf, tmp_path, dpi=dpi) == [check_url(paper)]
            assert check_url(paper).lower().partition("://")[2] in text_in(pdf).replace("\n", "")


def test_the_roll_is_58_mm_wide_and_as_long_as_it_needs(tmp_path: Path):
    short = paid_in_cash(make_skrd())
    skrds = bills(3)
    pay_together(skrds, 60_000)
    long = receipt_of(skrds[0].id)
    assert long is not None
    sizes = [size_of(roll_pdf(one, settings())) for one in (short, long)]
    assert [(pages, width) for pages, width, _ in sizes] == [(1, 58), (1, 58)]
    assert 100 < sizes[0][2] < sizes[1][2] < 260


@pytest.mark.parametrize("amount", [79_500, 1_987_654_321_000])
def test_a_long_name_and_a_large_amount_stay_on_one_page(amount: int):
    keeper = make_keeper(name=LONG[:100])
    receipt = paid_in_cash(make_skrd(amount, keeper=keeper))
    assert size_of(receipt_pdf(receipt, settings())) == (1, 105, 148)
    assert size_of(roll_pdf(receipt, settings()))[:2] == (1, 58)
    void(receipt)
    assert size_of(receipt_pdf(receipt, settings())) == (1, 105, 148)


def test_a_voided_receipt_says_so_and_its_void_says_why():
    receipt = paid_in_cash(make_skrd())
    void(receipt)
    made_void = void_of(receipt.id)
    assert made_void is not None
    for pdf in made(receipt).values():
        assert "DIBATALKAN" in text_in(pdf)
        assert made_void.number in _flat(pdf)
        assert "LUNAS" not in text_in(pdf)
    for pdf in made(made_void).values():
        text = _flat(pdf)
        assert receipt.number in text
        assert WHY in text
        assert "Pembatalan" in text or "PEMBATALAN" in text


def test_bills_that_were_paid_together_name_each_other():
    skrds = bills(3)
    pay_together(skrds, 60_000)
    first, *others = (receipt_of(skrd.id) for skrd in skrds)
    assert first is not None
    for pdf in made(first).values():
        text = _flat(pdf)
        assert all(other is not None and other.number in text for other in others)
        assert "seluruhnya Rp 60.000" in text


def test_a_receipt_of_the_counter_names_who_took_the_money():
    skrd, cashier = make_skrd(), actor_for(Role.COLLECTOR)
    receipt = do(receive_cash, cash_for(skrd), by=cashier)
    assert cashier.name in _flat(receipt_pdf(receipt, settings()))
    assert OPERATOR.name not in _flat(receipt_pdf(receipt, settings()))


def text_in(pdf: bytes) -> str:
    """As a person copies it out of the file."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def _flat(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", text_in(pdf))
