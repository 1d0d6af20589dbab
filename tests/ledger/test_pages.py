"""The pages of the books, and what is taken away from them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.services import Entry, Line, post, reverse
from sijinak.web.tables import FORMULA
from tests.factories import make_user, signed_in
from tests.retribution.factories import make_skrd

BILL = uuid4()


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    with app.app_context():
        return signed_in(app, make_user(Role.AUDITOR))


@pytest.fixture
def books(context: Flask) -> None:
    lines = [Line("receivable", 79_500, BILL), Line("revenue:4.1.02.01", -79_500)]
    entry = Entry(idem="=cmd|1", kind="skrd.issued", on=today(), region="52.04", lines=lines)
    with transaction():
        post(entry, by=OPERATOR)
        reverse(entry.idem, reason="salah ternak", by=OPERATOR)


def test_the_trial_balance_names_each_account(books: None, auditor: FlaskClient):
    shown = auditor.get("/buku/").text
    assert "4.1.02.01" in shown
    assert "79.500" in shown
    before = auditor.get(f"/buku/?hari={today() - timedelta(days=1)}").text
    assert "4.1.02.01" not in before


def test_a_bill_is_followed_from_account_to_entry_to_bill(context: Flask, auditor: FlaskClient):
    skrd = make_skrd()
    shown = auditor.get("/buku/akun/receivable").text
    assert f"/retribusi/{skrd.id}" in shown
    assert auditor.get("/buku/akun/receivable?tentang=" + str(uuid4())).status_code == 200
    assert auditor.get("/buku/akun/pocket").status_code == 404


def test_a_journal_and_its_reversal_lead_to_each_other(books: None, auditor: FlaskClient):
    shown = auditor.get("/buku/akun/receivable").text
    addresses = {part.split('"')[0] for part in shown.split('href="/buku/jurnal/')[1:]}
    assert len(addresses) == 2
    for one, other in (tuple(addresses), tuple(addresses)[::-1]):
        page = auditor.get(f"/buku/jurnal/{one}").text
        assert f"/buku/jurnal/{other}" in page
    assert auditor.get(f"/buku/jurnal/{uuid4()}").status_code == 404


@pytest.mark.parametrize("address", ["/buku/neraca.csv", "/buku/akun/receivable/csv"])
def test_files_hold_no_formula(books: None, auditor: FlaskClient, address: str):
    answer = auditor.get(address)
    assert answer.mimetype == "text/csv"
    cells = [cell.strip('"') for row in answer.text.splitlines() for cell in row.split(";")]
    assert not [c for c in cells if c.startswith(FORMULA) and not c.lstrip("-").isdigit()]
    assert "79500" in cells


def test_a_file_of_no_account_is_not_begun(books: None, auditor: FlaskClient):
    assert auditor.get("/buku/akun/x/csv").status_code == 404


@pytest.mark.parametrize("kind", ["beancount", "hledger", "other"])
def test_the_books_are_taken_away_for_another_program(books: None, auditor: FlaskClient, kind: str):
    answer = auditor.get(f"/buku/unduh?bentuk={kind}")
    assert answer.mimetype == "text/plain"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Assets:Receivable" in answer.text


@pytest.mark.parametrize("role", [Role.TRADER, Role.PARAMEDIC])
def test_nobody_else_reads_them(app: Flask, role: Role):
    with app.app_context():
        client = signed_in(app, make_user(role))
    for address in ("/buku/", "/buku/neraca.csv", "/buku/unduh", "/buku/akun/cash"):
        assert client.get(address).status_code == 403
