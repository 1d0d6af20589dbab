"""Papers that say what else is owed, and which letter takes the place of which."""

import re

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.retribution.papers import skrd_pdf
from sijinak.retribution.receipts.papers import receipt_pdf, roll_pdf
from sijinak.web.settings import settings
from tests.retribution.claims.test_claims import claim, pay
from tests.retribution.claims.test_pages import browser, read
from tests.retribution.claims.test_squaring import deaf, letters_of
from tests.retribution.factories import later, make_skrd, receipts
from tests.retribution.receipts.test_papers import size_of, text_in

pytestmark = pytest.mark.usefixtures("context")


def said(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", text_in(pdf).replace("\xa0", " "))


def test_the_receipt_of_a_late_bill_says_what_is_owed_besides(context: Flask):
    skrd = make_skrd(1_000_000)
    with later(days=65):
        pay(skrd)
        (strd,) = letters_of(skrd)
        (receipt,) = receipts()
        for paper in (receipt_pdf(receipt, settings()), roll_pdf(receipt, settings())):
            assert f"LUNAS untuk {skrd.number}." in said(paper)
            assert f"{strd.number} Rp 20.000" in said(paper)
            assert "LUNAS. Tidak ada pungutan lain" not in said(paper)
            assert size_of(paper)[0] == 1
        page = read(browser(context, Role.TREASURER), f"/retribusi/tbp/{receipt.id}")
        assert strd.number in page
        pay(strd)
        for one in receipts():
            assert "LUNAS. Tidak ada pungutan lain" in said(receipt_pdf(one, settings()))


def test_before_the_letter_is_there_the_receipt_says_that_it_comes(monkeypatch: pytest.MonkeyPatch):
    skrd = make_skrd(1_000_000)
    with later(days=65):
        deaf(monkeypatch)
        pay(skrd)
        (receipt,) = receipts()
        assert "Rp 20.000, akan ditagih dengan STRD" in said(receipt_pdf(receipt, settings()))


def test_letters_name_each_other(context: Flask):
    skrd = make_skrd(1_000_000)
    with later(days=31):
        older = claim(skrd)
    with later(days=65):
        newer = claim(skrd)
        client = browser(context, Role.PERMIT_DESK)
        client.get("/bahasa/en")
        assert f"Replaced by {newer.number}" in read(client, f"/retribusi/{older.id}")
        assert f"Replaces {older.number}" in read(client, f"/retribusi/{newer.id}")
    assert f"Menggantikan {older.number}" in said(skrd_pdf(newer, settings(), is_example=False))
    old = said(skrd_pdf(letters_of(skrd)[0], settings(), is_example=False))
    assert f"Diganti oleh {newer.number}" in old


def test_a_letter_of_the_system_is_signed_by_no_name_of_a_program():
    skrd = make_skrd(1_000_000)
    with later(days=65):
        pay(skrd)
    (strd,) = letters_of(skrd)
    paper = said(skrd_pdf(strd, settings(), is_example=False))
    assert "Sistem (otomatis)" in paper
    assert "sijinak worker" not in paper
