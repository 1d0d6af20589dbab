"""Arrears, letters about interest and write-offs on pages."""

from typing import Any

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.ids import uuid7
from sijinak.retribution.checks import public_code
from sijinak.retribution.models import Skrd, SkrdState
from tests.browsing import Browser
from tests.factories import make_user, signed_in
from tests.retribution.claims.test_claims import claim, letters
from tests.retribution.factories import fresh, later, make_keeper, make_skrd

pytestmark = pytest.mark.usefixtures("context")


def browser(app: Flask, role: Role, **fields: Any) -> Browser:
    return Browser(app, signed_in(app, make_user(role, **fields)))


def read(client: Browser, path: str) -> str:
    return client.get(path).text.replace("\xa0", " ")


def test_the_desk_issues_a_letter_by_one_button(context: Flask):
    skrd = make_skrd(1_000_000)
    with later(days=75):
        client = browser(context, Role.PERMIT_DESK)
        path = f"/retribusi/{skrd.id}/strd"
        assert path in read(client, f"/retribusi/{skrd.id}")
        assert client.send(path, id=uuid7()).status_code == 302
        assert letters(skrd) == [(20_000, SkrdState.OPEN)]
        assert client.send(path, id=uuid7()).status_code == 302
        assert letters(skrd) == [(20_000, SkrdState.OPEN)]


def test_before_it_is_late_there_is_no_button(context: Flask):
    skrd = make_skrd(1_000_000)
    client = browser(context, Role.PERMIT_DESK)
    assert f"/retribusi/{skrd.id}/strd" not in read(client, f"/retribusi/{skrd.id}")


def test_the_letter_is_a_page_a_paper_and_a_check_page(context: Flask):
    keeper = make_keeper()
    skrd = make_skrd(1_000_000, keeper=keeper)
    with later(days=75):
        strd = claim(skrd)
        trader = browser(context, Role.TRADER, keeper_id=keeper.id)
        shown = read(trader, f"/retribusi/{strd.id}")
        assert "Rp 20.000" in shown
        assert f"/retribusi/{skrd.id}" in shown
        assert f"/retribusi/{strd.id}" in read(trader, f"/retribusi/{skrd.id}")
        paper = trader.get(f"/retribusi/{strd.id}.pdf")
        assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
        checked = Browser(context, context.test_client()).get(f"/S/{public_code(strd)}")
        assert strd.number in checked.text
        assert strd.payer_name not in checked.text


def test_the_treasury_sees_arrears_by_age(context: Flask):
    skrd = make_skrd(1_000_000)
    with later(days=75):
        client = browser(context, Role.TREASURER)
        told = read(client, "/retribusi/tunggakan")
        assert skrd.number in told
        assert "Rp 20.000" in told
        assert skrd.number in read(client, "/retribusi/tunggakan?umur=quarter")
        assert skrd.number not in read(client, "/retribusi/tunggakan?umur=year")
        assert client.get("/retribusi/tunggakan?umur=nonsense").status_code == 200
        for role in (Role.TRADER, Role.PERMIT_DESK):
            assert browser(context, role).get("/retribusi/tunggakan").status_code == 403


def give_up(client: Browser, skrd: Skrd, **fields: str):
    said = {"decree": "SK 1/2030", "decree_on": "2030-01-02", "reason": "usaha bubar", **fields}
    return client.send(f"/retribusi/{skrd.id}/hapus", id=uuid7(), **said)


def test_a_write_off_takes_two_people(context: Flask):
    skrd = make_skrd(1_000_000)
    with later(days=75):
        one, two = browser(context, Role.TREASURER), browser(context, Role.KABID)
        assert give_up(one, skrd, decree="").status_code == 422
        assert give_up(one, skrd).status_code == 302
        assert give_up(two, skrd).status_code == 422
        page = two.get(f"/retribusi/{skrd.id}/hapus").text
        asked = page.split('name="write_off_id" value="')[1].split('"')[0]
        path = f"/retribusi/{skrd.id}/hapus/setujui"
        assert path not in one.get(f"/retribusi/{skrd.id}/hapus").text
        assert one.send(path, id=uuid7(), write_off_id=asked).status_code == 403
        assert two.send(path, id=uuid7(), write_off_id=asked).status_code == 302
        assert fresh(skrd).state is SkrdState.WRITTEN_OFF


def test_a_refused_write_off_leaves_the_bill(context: Flask):
    skrd = make_skrd(1_000_000)
    with later(days=75):
        one, two = browser(context, Role.TREASURER), browser(context, Role.KABID)
        give_up(one, skrd)
        page = two.get(f"/retribusi/{skrd.id}/hapus").text
        asked = page.split('name="write_off_id" value="')[1].split('"')[0]
        path = f"/retribusi/{skrd.id}/hapus/tolak"
        assert two.send(path, id=uuid7(), write_off_id=asked, reason="").status_code == 422
        sent = {"write_off_id": asked, "reason": "masih ada"}
        assert two.send(path, id=uuid7(), **sent).status_code == 302
        assert fresh(skrd).state is SkrdState.OPEN
