"""Tariffs on pages: proposed, approved by another, brought in as a list, asked by anybody."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.retribution.tariffs.models import Tariff
from tests.browsing import Browser
from tests.factories import make_user, signed_in
from tests.retribution.factories import add_tariff, later

pytestmark = pytest.mark.usefixtures("context")
HEAD = (
    "kode;layanan;komponen;jenis;kelamin;satuan;berlaku;tarif;perda;pasal;kode_rekening;sumber;"
    "contoh;mulai;sampai\n"
)
GOOD = (
    "rph-{};rph;Pemotongan sapi;sapi;{};ekor;selalu;30.000;Perda 1/2026;lampiran III;"
    "4.1.02.02.09;lampiran;tidak;2027-01-01;\n"
)
FIELDS = {
    "code": "keluar-kerbau", "service": "shipping", "component": "Pengeluaran kerbau",
    "species": "buffalo", "sex": "", "unit": "head", "applies": "always", "amount": "85.000",
    "perda": "Perda 1/2026", "article": "lampiran III", "law_code": "4.1.02.02.01",
    "source": "halaman 12", "valid_from": "", "valid_until": "",
}  # fmt: skip


@pytest.fixture
def one(context: Flask) -> Browser:
    return Browser(context, signed_in(context, make_user(Role.KABID)))


@pytest.fixture
def other(context: Flask) -> Browser:
    return Browser(context, signed_in(context, make_user(Role.KADIS)))


@pytest.fixture
def client(context: Flask) -> Browser:
    """Nobody we know."""
    return Browser(context, context.test_client())


def propose(client: Browser, **fields: str):
    sent = {**FIELDS, "valid_from": today().isoformat(), **fields, "id": str(uuid7())}
    return client.send("/retribusi/tarif/baru", **sent)


def known(code: str = "keluar-kerbau") -> list[Tariff]:
    with transaction():
        return list(db.session.scalars(select(Tariff).where(Tariff.code == code)))


def test_a_tariff_is_proposed_by_one_and_approved_by_another(one: Browser, other: Browser):
    assert propose(one).status_code == 302
    (tariff,) = known()
    approve = {"id": str(uuid7()), "tariff_ids": str(tariff.id)}
    assert "tariff_ids" not in one.get("/retribusi/tarif/").text
    assert one.send("/retribusi/tarif/setujui", **approve).status_code == 403
    assert "tariff_ids" in other.get("/retribusi/tarif/").text
    assert other.send("/retribusi/tarif/setujui", **approve).status_code == 302
    shown = other.get(f"/retribusi/tarif/{tariff.id}").text.replace("\xa0", " ")
    assert "Rp 85.000" in shown
    assert "Perda 1/2026, lampiran III" in shown


@pytest.mark.parametrize(
    ("field", "text"),
    [("code", "Ada Spasi"), ("amount", "0"), ("amount", "80,5"), ("law_code", "kas"),
     ("valid_from", "besok"), ("species", "unta"), ("perda", "")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_kept(one: Browser, field: str, text: str):
    answer = propose(one, **{field: text})
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert known() == []


def test_a_new_version_begins_with_what_the_last_one_says(one: Browser):
    propose(one)
    (tariff,) = known()
    filled = one.get(f"/retribusi/tarif/baru?dari={tariff.id}").text
    assert 'value="85000"' in filled
    assert one.get("/retribusi/tarif/baru?dari=nonsense").status_code == 200
    assert propose(one).status_code == 422


def test_a_proposal_is_refused_with_a_reason(one: Browser, other: Browser):
    propose(one)
    (tariff,) = known()
    path, sent = f"/retribusi/tarif/{tariff.id}/tolak", {"tariff_id": str(tariff.id)}
    assert other.send(path, id=uuid7(), reason="", **sent).status_code == 422
    assert other.send(path, id=uuid7(), reason="salah halaman", **sent).status_code == 302
    assert "salah halaman" in other.get(f"/retribusi/tarif/{tariff.id}").text


def bring(client: Browser, text: str | bytes):
    raw = text.encode() if isinstance(text, str) else text
    page = client.get("/retribusi/tarif/daftar").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    sent = {"csrf_token": token, "file": (BytesIO(raw), "a.csv")}
    return client.post("/retribusi/tarif/daftar", data=sent)


def test_a_list_is_looked_at_first_and_then_proposed(one: Browser):
    text = HEAD + GOOD.format("jantan", "jantan") + GOOD.format("betina", "betina")
    looked = bring(one, text)
    assert looked.status_code == 200
    assert known("rph-betina") == []
    sent = {"id": str(uuid7()), "text": text}
    assert one.send("/retribusi/tarif/daftar/usul", **sent).status_code == 302
    (tariff,) = known("rph-betina")
    assert (tariff.amount, tariff.sex, tariff.approved_by) == (30_000, "female", None)
    assert one.send("/retribusi/tarif/daftar/usul", **sent).status_code == 302
    assert len(known("rph-betina")) == 1


def test_every_fault_has_its_row_and_nothing_is_taken_by_halves(one: Browser):
    bad = GOOD.format("x", "").replace(";sapi;", ";unta;").replace("30.000", "nol")
    looked = bring(one, HEAD + GOOD.format("a", "") + bad)
    assert looked.status_code == 422
    assert "jenis: " in looked.text
    assert "tarif: " in looked.text
    assert "/retribusi/tarif/daftar/usul" not in looked.text
    sent = {"id": str(uuid7()), "text": HEAD + GOOD.format("a", "") + bad}
    assert one.send("/retribusi/tarif/daftar/usul", **sent).status_code == 422
    assert known("rph-a") == []


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"a;b\n1;2\n", HEAD.encode(), b"x" * 300_000, b'"' + HEAD.encode()],
)
def test_what_is_no_list_is_refused(one: Browser, raw: bytes):
    assert bring(one, raw).status_code == 422


def test_the_list_that_is_taken_away_can_be_brought_back(one: Browser):
    text = one.get("/retribusi/tarif/tarif.csv").data.decode("utf-8-sig")
    assert "keluar-sapi;pengeluaran;Pengeluaran sapi;sapi;;ekor;selalu;79.500" in text
    assert bring(one, text).status_code == 200


@pytest.mark.parametrize("role", [Role.TRADER, Role.PERMIT_DESK])
def test_others_have_no_such_pages(context: Flask, role: Role):
    client = Browser(context, signed_in(context, make_user(role)))
    for path in ("", "baru", "daftar", "tarif.csv"):
        assert client.get(f"/retribusi/tarif/{path}").status_code == 403


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDITOR])
def test_who_checks_the_treasury_reads_them_and_changes_nothing(
    context: Flask, one: Browser, role: Role
):
    propose(one)
    (tariff,) = known()
    client = Browser(context, signed_in(context, make_user(role)))
    for path in ("", str(tariff.id), "tarif.csv"):
        page = client.get(f"/retribusi/tarif/{path}")
        assert page.status_code == 200
        assert "tariff_ids" not in page.text
        assert "/baru" not in page.text.partition("<main")[2]
    for path in ("baru", "daftar"):
        assert client.get(f"/retribusi/tarif/{path}").status_code == 403
    assert propose(client).status_code == 403
    answer = {"id": uuid7(), "tariff_ids": tariff.id}
    assert client.send("/retribusi/tarif/setujui", **answer).status_code == 403


def test_the_second_person_is_told_and_sees_the_old_amount_beside_the_new(
    one: Browser, other: Browser
):
    propose(one)
    (first,) = known()
    other.send("/retribusi/tarif/setujui", id=uuid7(), tariff_ids=first.id)
    soon = (today() + timedelta(days=3)).isoformat()
    propose(one, amount="90.000", valid_from=soon)
    assert "Tarif yang perlu" not in one.get("/").text
    assert 'href="/retribusi/tarif/#proposed"' in other.get("/").text
    shown = other.get("/retribusi/tarif/").text.replace("\xa0", " ").partition('id="proposed"')[2]
    assert "Rp 85.000" in shown.partition("Rp 90.000")[0]


def test_one_that_begins_in_the_past_asks_why_and_keeps_what_was_typed(
    one: Browser, other: Browser
):
    past = (today() - timedelta(days=9)).isoformat()
    asked = propose(one, valid_from=past)
    assert asked.status_code == 422
    assert 'id="field-past_why"' in asked.text
    assert "Pengeluaran kerbau" in asked.text
    assert propose(one, valid_from=past, past_why="Diundangkan 1 Juli").status_code == 302
    assert "Diundangkan 1 Juli" in other.get("/retribusi/tarif/").text


def ask(client: Browser, **asked: object):
    return client.get("/tarif", query_string=asked)


def test_anybody_works_out_what_it_costs(client: Browser):
    empty = client.get("/tarif")
    assert empty.status_code == 200
    assert "infoaktualnews.com" in empty.text
    told = ask(client, jenis="cattle", ekor=35, rbt="true").text.replace("\xa0", " ")
    for amount in ("Rp 2.782.500", "Rp 350.000", "Rp 3.132.500"):
        assert amount in told
    assert "Rp 350.000" not in ask(client, jenis="cattle", ekor=35).text.replace("\xa0", " ")


def test_the_sex_is_asked_where_it_matters(client: Browser):
    assert 'name="betina"' not in client.get("/tarif").text
    since = today() - timedelta(days=1)
    add_tariff(30_000, code="kb", species="buffalo", sex="female", valid_from=since)
    add_tariff(20_000, code="kj", species="buffalo", sex="male", valid_from=since)
    assert 'name="betina"' in client.get("/tarif").text
    told = ask(client, jenis="buffalo", ekor=5, betina=2).text.replace("\xa0", " ")
    assert "Rp 120.000" in told


@pytest.mark.parametrize(
    "asked",
    [
        {"ekor": 0},
        {"ekor": "banyak"},
        {"ekor": 10**9},
        {"ekor": 2, "betina": 3},
        {"jenis": "unta", "ekor": 1},
    ],
)
def test_an_odd_question_is_answered_with_what_is_wrong(client: Browser, asked: dict[str, object]):
    answer = ask(client, **{"jenis": "cattle", **asked})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_species_without_a_tariff_cost_nothing_that_anybody_may_ask(client: Browser):
    told = ask(client, jenis="horse", ekor=2)
    assert told.status_code == 200
    assert 'class="total"' not in told.text


def test_an_old_tariff_warns_who_keeps_it(context: Flask, one: Browser):
    before = one.get("/retribusi/tarif/").text.count("banner")
    with later(days=3 * 366):
        then = Browser(context, signed_in(context, make_user(Role.KABID)))
        assert then.get("/retribusi/tarif/").text.count("banner") > before
