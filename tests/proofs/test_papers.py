"""The log on paper: who holds an STS or a receipt holds a witness."""

from pathlib import Path

import pytest

from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.core.signednote import open_note, read_checkpoint, words_of
from sijinak.proofs.logkey import logkey
from sijinak.proofs.papers import BROKEN, WAITS
from sijinak.proofs.queries import all_checkpoints, latest_checkpoint
from sijinak.proofs.services import make_checkpoint
from sijinak.retribution.receipts.papers import receipt_pdf, roll_pdf
from sijinak.treasury.deposits.models import Deposit
from sijinak.treasury.deposits.papers import deposit_pdf
from sijinak.web.settings import settings
from tests.core.papers import words
from tests.papers import codes_in
from tests.proofs.test_checkpoints import a_receipt, alarms, break_root, deliver, with_harm
from tests.treasury.cash.factories import took, treasurer
from tests.treasury.deposits.factories import prepare

pytestmark = pytest.mark.usefixtures("context")


def an_sts() -> Deposit:
    person = treasurer()
    took(person, 1_250_000)
    return prepare(person)


@pytest.mark.parametrize("photographed", [False, True])
def test_an_sts_bears_the_whole_signed_note(tmp_path: Path, photographed: bool):  # noqa: FBT001
    deposit = an_sts()
    assert "Belumdicakup" in words(deposit_pdf(deposit, settings()))
    deliver()
    (made,) = all_checkpoints()
    pdf = deposit_pdf(deposit, settings())
    (code,) = codes_in(pdf, tmp_path, dpi=300 if photographed else 150, photographed=photographed)
    assert code == made.note
    signed = read_checkpoint(open_note(code, [logkey.signer.vkey]))
    assert (signed.size, signed.root) == (made.size, made.root)
    text = words(pdf)
    for group in words_of(made.root).split("-"):
        assert group in text
    for said in ("Catatantak-terubah", f"{made.size}baris", "Bendaharapenerimaan", "Penyetor"):
        assert said in text
    took(treasurer(), 5)
    with transaction():
        make_checkpoint("later", by=OPERATOR)
    assert deposit_pdf(deposit, settings()) == pdf, "the same paper whenever it is printed"


def test_a_receipt_bears_the_beginning_of_the_newest_checkpoint():
    first = a_receipt()
    assert "Catatantak" not in words(receipt_pdf(first, settings()))
    with transaction():
        make_checkpoint("x", by=OPERATOR)
    made = latest_checkpoint()
    assert made is not None
    later = a_receipt()
    short = f"{made.size}:{words_of(made.root)[:9]}"
    assert short in words(receipt_pdf(later, settings()))
    assert short in words(roll_pdf(later, settings()))
    assert "Catatantak" not in words(receipt_pdf(first, settings())), "not what came after it"


def test_a_broken_log_does_not_keep_money_from_the_bank():
    receipt, deposit = a_receipt(), an_sts()
    deliver()
    with_harm(break_root, receipt)
    assert BROKEN.replace(" ", "")[:40] in words(deposit_pdf(deposit, settings()))
    assert WAITS[:10] not in words(deposit_pdf(deposit, settings()))
    assert alarms() == 1
