"""The treasurer's desk says what must be in the bank before days off."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.clock import clock
from sijinak.retribution.receipts.services import receive_cash
from tests.factories import actor_for, make_user, signed_in
from tests.retribution.factories import cash_for, do, make_skrd
from tests.treasury.cash.factories import FRIDAY, MONDAY, noon

WARNING = "Bring the cash to the bank by 12.00"
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def friday() -> Iterator[None]:
    with clock.reading(noon(FRIDAY)):
        yield


def desk(app: Flask, day: date) -> str:
    with clock.reading(noon(day)):
        client = signed_in(app, make_user(Role.TREASURER))
        client.get("/bahasa/en")
        page = client.get("/bendahara/")
    assert page.status_code == 200
    return page.text


@pytest.mark.usefixtures("friday")
def test_on_a_friday_with_cash_in_a_hand_the_desk_warns(app: Flask):
    do(receive_cash, cash_for(make_skrd()), by=actor_for(Role.COLLECTOR))
    shown = desk(app, FRIDAY)
    assert WARNING in shown
    assert "9 Nov 2026" in shown
    assert WARNING not in desk(app, MONDAY)


def test_when_nobody_holds_cash_there_is_nothing_to_bring(app: Flask):
    assert WARNING not in desk(app, FRIDAY)
