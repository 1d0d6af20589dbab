"""The queue of what does not match, and the page of a case."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.core.ids import uuid7
from sijinak.payments.labels import channel_name
from sijinak.payments.models import DiscrepancyKind, DiscrepancyState, Resolution
from sijinak.retribution.models import SkrdState
from tests.browsing import Browser
from tests.factories import make_user, signed_in
from tests.payments.discrepancies.cases import DECREE, WHY, case_of, come, fresh_case, propose
from tests.retribution.factories import fresh, later, make_keeper, make_skrd

pytestmark = pytest.mark.usefixtures("context")
QUEUE = "/retribusi/selisih/"
EMPANG = "52.04.06"
LATE = "tone-danger"


@pytest.fixture
def treasurer(context: Flask) -> Browser:
    return browser(context, Role.TREASURER)


@pytest.fixture
def head(context: Flask) -> Browser:
    return browser(context, Role.KABID)


def browser(app: Flask, role: Role, region: str = "52.04", **columns: Any) -> Browser:
    return Browser(app, signed_in(app, make_user(role, region, **columns)))


def text_of(answer: TestResponse) -> str:
    return answer.text.replace("\xa0", " ")


def send(client: Browser, case: Any, rest: str, **told: Any) -> TestResponse:
    return client.send(f"{QUEUE}{case.id}/{rest}", id=uuid7(), **told)


def test_a_case_is_ended_from_page_to_page(treasurer: Browser, head: Browser):
    keeper = make_keeper("CV Ujung Jari")
    skrd, case = make_skrd(10_000, keeper=keeper), come(10_000)
    assert f'href="{QUEUE}{case.id}"' in treasurer.get(QUEUE).text
    page = text_of(treasurer.get(f"{QUEUE}{case.id}"))
    for word in ("Rp 10.000", skrd.number, "CV Ujung Jari"):
        assert word in page, "the bill of the same amount is suggested"
    sent = {"resolution": "allocate", "reason": WHY, "bills": str(skrd.id)}
    assert send(treasurer, case, "usul", **sent).status_code == 302
    assert skrd.number in text_of(head.get(f"{QUEUE}{case.id}"))
    assert send(treasurer, case, "putus", action="approve").status_code == 403
    assert send(head, case, "putus").status_code == 422
    assert send(head, case, "putus", action="approve").status_code == 302
    assert fresh(skrd).state is SkrdState.PAID
    ended = text_of(head.get(f"{QUEUE}?tampil=ended"))
    assert f"{QUEUE}{case.id}" in ended
    assert f"{QUEUE}{case.id}" not in head.get(QUEUE).text


def test_what_was_typed_stays_when_the_sum_is_not_exact(treasurer: Browser):
    skrd, case = make_skrd(9_000), come(10_000, make_skrd(9_500))
    page = treasurer.get(f"{QUEUE}{case.id}?nomor={skrd.number.lower()}").text
    assert str(skrd.id) in page, "a bill is found by its number"
    sent = {"resolution": "allocate", "reason": WHY, "bills": str(skrd.id)}
    answer = send(treasurer, case, "usul", **sent)
    assert answer.status_code == 422
    assert WHY in answer.text
    assert fresh_case(case).state is DiscrepancyState.OPEN


def test_a_decree_is_asked_for(treasurer: Browser):
    case = come(10_000)
    assert send(treasurer, case, "usul", resolution="refund", reason=WHY).status_code == 422
    sent = {"resolution": "refund", "reason": WHY, "decree": DECREE}
    assert send(treasurer, case, "usul", **sent).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [{"resolution": "guess"}, {"resolution": "made-good"}, {"bills": "x"}, {"amount": "1,5"},
     {"reason": "x"}],
)  # fmt: skip
def test_bad_input_is_said_beside_its_field(treasurer: Browser, wrong: dict[str, str]):
    case = come(10_000)
    sent = {"resolution": "allocate", "reason": WHY, **wrong}
    assert send(treasurer, case, "usul", **sent).status_code == 422
    assert fresh_case(case).state is DiscrepancyState.OPEN


def test_what_is_old_is_late(context: Flask, treasurer: Browser):
    case_of(DiscrepancyKind.DEPOSIT_LATE)
    assert LATE not in treasurer.get(QUEUE).text
    with later(days=3):
        assert LATE in browser(context, Role.TREASURER).get(QUEUE).text


def test_filters_and_the_file(treasurer: Browser):
    money, other = come(10_000), case_of(DiscrepancyKind.TICKETS)
    page = treasurer.get(f"{QUEUE}?jenis=tickets").text
    assert f"{QUEUE}{other.id}" in page
    assert f"{QUEUE}{money.id}" not in page
    assert treasurer.get(f"{QUEUE}?jenis=x&tampil=y").status_code == 200
    file = treasurer.get(f"{QUEUE}selisih.csv").text
    assert len(file.strip().splitlines()) == 3
    assert "10000" in file


def test_a_case_says_whose_money_it_is(treasurer: Browser):
    """In the list, in the file and on its page: payer, bill, channel, days and owner."""
    keeper = make_keeper("CV Ujung Jari")
    skrd = make_skrd(10_000, keeper=keeper)
    case, colleague = come(9_000, skrd), make_user(Role.TREASURER)
    send(treasurer, case, "ambil", owner=colleague.id)
    words = keeper.name, skrd.number, channel_name("sandbox"), colleague.name
    page, file = treasurer.get(QUEUE).text, treasurer.get(f"{QUEUE}selisih.csv").text
    for text in (page, file, treasurer.get(f"{QUEUE}{case.id}").text):
        assert all(word in text for word in words), words
    assert "0 hari" in text_of(treasurer.get(QUEUE))


def test_somebody_looks_after_a_case(treasurer: Browser, context: Flask):
    case, colleague = come(10_000), make_user(Role.TREASURER)
    stranger = make_user(Role.TREASURER, EMPANG)
    assert send(treasurer, case, "ambil", owner=colleague.id).status_code == 302
    assert fresh_case(case).owner_id == colleague.id
    assert send(treasurer, case, "ambil", owner=stranger.id).status_code == 422
    mine = Browser(context, signed_in(context, colleague)).get(f"{QUEUE}?tampil=mine").text
    assert f"{QUEUE}{case.id}" in mine
    assert f"{QUEUE}{case.id}" not in treasurer.get(f"{QUEUE}?tampil=mine").text


def test_who_reads_and_who_decides(context: Flask):
    case = come(10_000)
    sent = {"resolution": "refund", "reason": WHY, "decree": DECREE}
    for role in Role:
        client = browser(context, role)
        reads = role in {Role.TREASURER, Role.KABID, Role.KADIS, Role.AUDITOR}
        assert (client.get(f"{QUEUE}{case.id}").status_code == 200) is reads, role
        if role not in {Role.TREASURER, Role.KABID}:
            assert send(client, case, "usul", **sent).status_code == 403, role
    assert browser(context, Role.TREASURER, EMPANG).get(f"{QUEUE}{case.id}").status_code == 404


def test_the_home_page_tells_what_waits(treasurer: Browser, head: Browser):
    case = come(10_000)
    propose(case, Resolution.REFUND)
    assert QUEUE in treasurer.get("/").text
    assert f"{QUEUE}?tampil=to-approve" in head.get("/").text


@pytest.mark.parametrize("kind", DiscrepancyKind)
def test_every_kind_has_a_page(treasurer: Browser, kind: DiscrepancyKind):
    case = case_of(kind)
    assert treasurer.get(f"{QUEUE}{case.id}").status_code == 200


def test_the_old_address_leads_to_the_queue(treasurer: Browser):
    answer = treasurer.get("/retribusi/uang-tanpa-tagihan")
    assert answer.location == QUEUE


def test_a_payer_is_told_that_money_came_which_does_not_fit(context: Flask):
    keeper = make_keeper()
    skrd = make_skrd(10_000, keeper=keeper)
    come(9_000, skrd)
    trader = browser(context, Role.TRADER, keeper_id=keeper.id)
    assert "Rp 9.000" in text_of(trader.get(f"/retribusi/{skrd.id}"))


def test_what_joins_another_case_is_approved_with_it_and_not_twice(head: Browser):
    skrd = make_skrd(10_000)
    first, rest = come(6_000, skrd), come(4_000)
    propose(first, Resolution.ALLOCATE, bill_ids=(skrd.id,), case_ids=(rest.id,))
    waiting = head.get(f"{QUEUE}?tampil=to-approve").text
    assert str(first.id) in waiting
    assert str(rest.id) not in waiting
    assert "Bersama" in text_of(head.get(f"{QUEUE}{first.id}"))
