"""Who matches by hand sees what the ticked ones come to before anybody is asked."""

from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.core.db import transaction
from sijinak.treasury.matching.queries import open_proposal_of
from tests.browsing import form_post, id_on
from tests.factories import make_user, signed_in
from tests.treasury.matching import factories
from tests.treasury.matching.factories import came, register_account, take_lines


@pytest.fixture
def treasurer(context: Flask) -> FlaskClient:
    register_account()
    return signed_in(context, make_user(Role.TREASURER))


def test_the_ticked_ones_are_added_up_and_what_was_typed_stays(treasurer: FlaskClient):
    moneys = [came(50_000), came(20_000), came(9_000)]
    (line,) = take_lines([(69_300, "QRIS")], by=factories.treasurer())
    url = f"/rekonsiliasi/baris/{line.id}"
    ticks = [f"collection:{money.id}" for money in moneys]
    typed = {
        "id": id_on(treasurer.get(url).text), "count": "1", "fee": "700", "reason": "Kata petugas",
    }  # fmt: skip

    def shown(**sent: Any) -> str:
        answer = form_post(treasurer, f"{url}/cocokkan", **sent)
        assert answer.status_code == 200
        page = unescape(answer.text)
        assert "Kata petugas" in page
        assert typed["id"] in page
        return page

    equal = shown(**typed, parts=ticks[:2])
    assert equal.count(" checked") == 2
    assert "status tone-success" in equal
    assert "status tone-danger" in shown(**typed, parts=ticks[:1])
    less = shown(**typed, parts=ticks)
    assert less.count(" checked") == 3
    assert "Rp\xa078.300" in less
    assert "Rp\xa09.000" in less.partition('id="tally"')[2]
    assert 'id="error-fee"' in shown(**{**typed, "fee": "tujuh"}, parts=ticks)
    with transaction():
        assert open_proposal_of(line.id) is None


def test_a_proposal_that_is_wrong_keeps_all_that_was_ticked(treasurer: FlaskClient):
    moneys = [came(50_000), came(20_000)]
    (line,) = take_lines([(69_300, "QRIS")], by=factories.treasurer())
    url = f"/rekonsiliasi/baris/{line.id}"
    sent = {"id": id_on(treasurer.get(url).text), "fee": "0", "reason": "Kata petugas"}
    ticks = [f"collection:{money.id}" for money in moneys]
    answer = form_post(treasurer, f"{url}/cocokkan", **sent, parts=ticks)
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 2
    assert "status tone-danger" in answer.text
