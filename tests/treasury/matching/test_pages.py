"""The road of a statement through the pages: bring, look, take, match, decide, take away."""

import io
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.treasury.statements.models import BankLine, BankStatement
from tests.browsing import form_post, id_on
from tests.factories import make_user, signed_in
from tests.retribution.factories import make_skrd, work
from tests.treasury.matching.factories import came, decide, register_account
from tests.treasury.statements.files import DAY, csv_of


@pytest.fixture
def treasurer(context: Flask) -> FlaskClient:
    register_account()
    return signed_in(context, make_user(Role.TREASURER))


@pytest.fixture
def head(context: Flask) -> FlaskClient:
    return signed_in(context, make_user(Role.KABID))


def bring(client: FlaskClient, content: bytes, profile: str = "csv-umum"):
    sent = (io.BytesIO(content), "mutasi.csv")
    url = "/rekonsiliasi/koran/baru"
    return form_post(client, url, account="rkud", profile=profile, file=sent)


def taken(client: FlaskClient, content: bytes) -> str:
    """The address of the page of the statement that was taken in."""
    review = bring(client, content).location
    page = client.get(review).text
    fields = {"id": id_on(page), "account": "rkud", "profile": "csv-umum", "file_name": "m.csv"}
    answer = form_post(client, review.partition("?")[0], **fields)
    assert answer.status_code == 302, answer.text
    work()
    with transaction():
        newest = db.session.scalars(select(BankStatement).order_by(BankStatement.place)).all()[-1]
    decide(newest)
    work()
    return answer.location


def lines() -> list[BankLine]:
    with transaction():
        return list(db.session.scalars(select(BankLine).order_by(BankLine.position)))


def test_a_statement_is_looked_at_taken_in_and_matched(treasurer: FlaskClient):
    skrd = make_skrd(79_500)
    shown = taken(treasurer, csv_of([(79_500, f"TRF {skrd.number}"), (5_000, "=HYPERLINK()")]))
    page = unescape(treasurer.get(shown).text)
    assert "=HYPERLINK()" in page
    assert page.count("tone-success") >= 1
    index = treasurer.get("/rekonsiliasi/").text
    assert "Rp\xa05.000" in index
    assert "Rp\xa079.500" not in index
    assert treasurer.get("/rekonsiliasi/koran").status_code == 200


def test_faults_are_shown_by_row_and_nothing_is_taken(treasurer: FlaskClient):
    wrong = csv_of([(79_500, "a"), (5_000, "b")]).replace(b"5000;", b"5,000;")
    answer = bring(treasurer, wrong)
    assert answer.status_code == 422
    assert "5,000" in answer.text
    assert lines() == []


def test_the_same_file_is_a_message_and_no_second_statement(treasurer: FlaskClient):
    content = csv_of([(79_500, "a")])
    taken(treasurer, content)
    answer = bring(treasurer, content)
    assert answer.status_code == 422
    assert "m.csv" in answer.text  # as what it was taken in
    assert "rkud" in answer.text
    assert len(lines()) == 1


def test_a_gap_is_shown_before_anything_is_taken(treasurer: FlaskClient):
    taken(treasurer, csv_of([(79_500, "a")]))
    later = csv_of([(1, "b")], 5, DAY.replace(day=28))
    page = treasurer.get(bring(treasurer, later).location).text
    assert "79.500" in page
    assert 'name="account"' not in page  # no button to take it in


def test_the_raw_file_comes_back_as_it_was_and_is_never_shown(treasurer: FlaskClient):
    content = csv_of([(79_500, "<script>")])
    taken(treasurer, content)
    with transaction():
        statement = db.session.scalars(select(BankStatement)).one()
    answer = treasurer.get(f"/rekonsiliasi/koran/{statement.id}/berkas")
    assert answer.data == content
    assert "attachment" in answer.headers["Content-Disposition"]


def test_two_people_match_a_line_by_hand(context: Flask, treasurer: FlaskClient, head: FlaskClient):
    money = came(79_500)
    taken(treasurer, csv_of([(79_500, "TRANSFER")]))
    (line,) = lines()
    url = f"/rekonsiliasi/baris/{line.id}"
    page = treasurer.get(url).text
    assert str(money.id) in page
    fields = {"id": id_on(page), "reason": "Bukti transfer", "fee": "0"}
    assert form_post(treasurer, f"{url}/cocokkan", **fields).status_code == 422  # nothing ticked
    ticked = {**fields, "parts": f"collection:{money.id}"}
    assert form_post(treasurer, f"{url}/cocokkan", **ticked).status_code == 302
    with context.app_context():  # another person: nothing of the first is remembered
        where = f"/rekonsiliasi/usulan/{_proposal_on(head.get('/rekonsiliasi/').text)}"
        decided = {"id": id_on(head.get(where).text), "action": "approve"}
    assert 'value="approve"' not in treasurer.get(where).text
    assert form_post(treasurer, where, **decided).status_code == 422
    with context.app_context():
        assert form_post(head, where, **decided).status_code == 302
        assert f"{url}/lepas" in head.get(url).text


def _proposal_on(page: str) -> str:
    return page.partition("/rekonsiliasi/usulan/")[2][:36]


def test_the_days_agree_and_can_be_taken_away(treasurer: FlaskClient):
    skrd = make_skrd(79_500)
    taken(treasurer, csv_of([(79_500, skrd.number)]))
    assert "79.500" in treasurer.get("/rekonsiliasi/harian").text
    csv = treasurer.get("/rekonsiliasi/harian.csv").text
    assert csv.splitlines()[1].endswith(";79500;79500;0;0;0;79500;79500;0;Cocok")
    book = load_workbook(io.BytesIO(treasurer.get("/rekonsiliasi/harian.xlsx").data))
    row = [cell.value for cell in book.worksheets[0][2]]
    assert row[1:-1] == [79_500, 79_500, 0, 0, 0, 79_500, 79_500, 0]
    assert treasurer.get("/rekonsiliasi/harian?dari=x&sampai=0001-01-01").status_code == 200


@pytest.mark.parametrize("role", [Role.TRADER, Role.COLLECTOR, Role.VET])
def test_it_is_not_for_others(context: Flask, role: Role):
    stranger = signed_in(context, make_user(role))
    assert stranger.get("/rekonsiliasi/").status_code == 403
    assert stranger.get("/bendahara/").status_code == 403
