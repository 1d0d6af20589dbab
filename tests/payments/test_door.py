"""The door: who knocks, what is taken once, and what is answered."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.payments import api, inbox
from sijinak.payments.adapters.base import Kind
from sijinak.payments.api import LARGEST, forget_forgeries
from sijinak.payments.inbox import body_of
from sijinak.payments.models import Attempt, AttemptState, Collection, Message
from sijinak.retribution.models import Skrd
from tests.payments.desk import cases, deliver, in_suspense, state_of
from tests.payments.fakebank import DOOR, FakeBank, Signed
from tests.retribution.factories import begin_payment, fresh_attempt, later, make_skrd, work


@pytest.fixture(autouse=True)
def _no_forgeries_yet() -> None:
    forget_forgeries()


def begun(bank: FakeBank, way: str = "qris") -> tuple[Skrd, Attempt]:
    skrd = make_skrd(75_000)
    attempt = begin_payment(skrd, bank.name, way)
    work()
    return skrd, fresh_attempt(attempt)


def messages() -> list[Message]:
    with transaction():
        return list(db.session.scalars(select(Message)))


def collections() -> int:
    with transaction():
        return len(db.session.scalars(select(Collection)).all())


def forgeries() -> list[Event]:
    with transaction():
        asked = select(Event).where(Event.name == "payment.message-forged")
        return list(db.session.scalars(asked))


def test_the_same_message_gets_the_same_answer(
    bank: FakeBank, door: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    skrd, attempt = begun(bank)
    message = bank.told(bank.pay(attempt.ref))
    first = deliver(door, message)
    monkeypatch.setattr(inbox, "take_notice", None)  # nobody acts on it a second time
    monkeypatch.setattr(bank, "answer", None)  # nor thinks of another answer
    again = deliver(door, message)
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert first.headers["Content-Type"] == again.headers["Content-Type"] == "application/json"
    assert len(messages()) == collections() == 1
    assert state_of(skrd.id) == "paid"


def test_a_name_that_was_used_before_costs_nobody_his_money(bank: FakeBank, door: FlaskClient):
    """No signature covers the name: whoever copies it must not make a message unheard."""
    skrd, attempt = begun(bank)
    deliver(door, bank.said_of(attempt.ref, Kind.PENDING))
    paid = bank.told(bank.pay(attempt.ref))
    name = messages()[0].key.partition(" ")[2]
    answers = [deliver(door, paid, **{"X-Message": name}) for _ in range(2)]
    assert [(a.status_code, a.get_json()["outcome"]) for a in answers] == [
        (409, "said-otherwise")
    ] * 2
    assert (len(messages()), collections()) == (2, 1)
    assert state_of(skrd.id) == "paid"


def test_one_number_for_two_orders_is_a_case(bank: FakeBank, door: FlaskClient):
    """Of the same amount: a person finds out whether it is one money or two."""
    first, second = begun(bank), begun(bank)
    for _, attempt in (first, second):
        paid = bank.pay(attempt.ref, money_id="T1")
        for _ in range(2):
            assert deliver(door, bank.told(paid)).status_code == 200
    assert [state_of(skrd.id) for skrd, _ in (first, second)] == ["paid", "open"]
    (case,) = cases("conflicting")
    assert (case.amount, case.bill_id) == (75_000, second[0].id)


@pytest.mark.parametrize("is_first", [True, False])
def test_money_is_not_taken_back_by_the_word_of_another_order(
    bank: FakeBank, door: FlaskClient, *, is_first: bool
):
    skrd, attempt = begun(bank)
    paid = bank.told(bank.pay(attempt.ref, money_id="T1"))
    bank.take_back("T1")
    other = bank.told(bank.truth.money["T1"], Kind.REVERSED, ref="SJ-other")
    for message in (other, paid) if is_first else (paid, other):
        assert deliver(door, message).status_code == 200
    assert state_of(skrd.id) == "paid"
    assert [case.kind.value for case in cases()] == ["conflicting"]


def test_a_name_is_good_for_a_day(bank: FakeBank, door: FlaskClient):
    _, attempt = begun(bank)
    paid = bank.pay(attempt.ref)
    deliver(door, bank.told(paid))
    with later(days=1):
        other = bank.said_of(attempt.ref, Kind.PENDING)
        other.headers["X-Message"] = messages()[0].key.partition(" ")[2]
        assert deliver(door, other).status_code == 200
    assert len(messages()) == 2
    assert collections() == 1


def test_messages_without_a_name_are_known_by_what_they_say(bank: FakeBank, door: FlaskClient):
    _, attempt = begun(bank)
    said = json.loads(bank.told(bank.pay(attempt.ref)).body)
    for _ in range(3):
        assert deliver(door, bank.signed(said, message_id="")).status_code == 200
    assert len(messages()) == collections() == 1


def test_the_body_is_kept_sealed_and_opens_to_the_very_bytes(bank: FakeBank, door: FlaskClient):
    _, attempt = begun(bank)
    message = bank.told(bank.pay(attempt.ref), payer="Siti \u00e9")
    deliver(door, message)
    (kept,) = messages()
    assert body_of(kept) == message.body
    assert b"Siti" not in kept.body
    assert kept.path == DOOR


@pytest.mark.parametrize("change", ["body", "path", "signature", "timestamp"])
def test_a_flipped_byte_is_refused(bank: FakeBank, door: FlaskClient, change: str):
    skrd, attempt = begun(bank)
    right = bank.told(bank.pay(attempt.ref))
    stamp = {"X-Timestamp": (now() - timedelta(seconds=1)).isoformat()}
    wrong = {
        "body": Signed(right.headers, right.body.replace(b"75000", b"75001")),
        "path": Signed(right.headers, right.body, right.path + "?x=1"),
        "signature": Signed({**right.headers, "X-Signature": "0" * 64}, right.body),
        "timestamp": Signed(right.headers | stamp, right.body),
    }[change]
    answer = deliver(door, wrong)
    assert (answer.status_code, answer.get_json()["outcome"]) == (401, "not-authentic")
    assert messages() == []
    assert collections() == 0
    assert state_of(skrd.id) == "open"


def test_a_flood_of_forgeries_does_not_fill_the_trail(bank: FakeBank, door: FlaskClient):
    forged = Signed({"X-Signature": "0"}, b"{}")
    for _ in range(50):
        assert deliver(door, forged).status_code == 401
    assert len(forgeries()) == 20
    assert forgeries()[0].facts["adapter"] == bank.name
    _, attempt = begun(bank)
    assert deliver(door, bank.told(bank.pay(attempt.ref))).status_code == 200


@pytest.mark.parametrize("stamp", [240, -240])
def test_a_clock_that_is_four_minutes_off_is_believed(
    bank: FakeBank, door: FlaskClient, stamp: int
):
    skrd, attempt = begun(bank)
    said = json.loads(bank.told(bank.pay(attempt.ref)).body)
    deliver(door, bank.signed(said, at=now() + timedelta(seconds=stamp)))
    assert state_of(skrd.id) == "paid"


@pytest.mark.parametrize("hours", [2, -2])
def test_an_old_message_is_a_hint_and_the_bank_is_asked(
    bank: FakeBank, door: FlaskClient, hours: int
):
    skrd, attempt = begun(bank)
    said = json.loads(bank.told(bank.pay(attempt.ref)).body)
    deliver(door, bank.signed(said, at=now() + timedelta(hours=hours)))
    assert (state_of(skrd.id), collections()) == ("open", 0)
    asked_at = fresh_attempt(attempt).ask_again_at
    assert asked_at is not None
    assert asked_at <= now()


def test_what_is_too_long_is_not_read(bank: FakeBank, door: FlaskClient):
    long = b"x" * (LARGEST + 1)
    sent = {"Content-Type": "application/json"}
    assert door.post(DOOR, data=long, headers=sent).status_code == 413
    unsaid = door.post(
        DOOR, input_stream=BytesIO(long), headers=sent,
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )  # fmt: skip
    assert unsaid.status_code == 413
    assert bank.calls == []


def test_who_sends_no_messages_has_no_door(bank: FakeBank, door: FlaskClient):
    for name in ("cash", "sandbox", "nobody"):
        path = f"/api/v1/payments/{name}/notify"
        assert door.post(path, json={}).status_code == 404


def test_every_method_and_path_of_a_bank_leads_in(bank: FakeBank, door: FlaskClient):
    _, attempt = begun(bank)
    bank.pay(attempt.ref)
    for path in (
        "/api/v1/payments/bank/v1.0/a/b",
        "/api/v1/payments/notices/bank",
        "/api/v1/payments/notices/bank/v1.0/a",
    ):
        message = bank.signed({"asks_for": "1"}, path=path)
        assert deliver(door, message).status_code == 200, path


def test_behind_a_proxy_the_path_of_the_bank_is_signed(settings: Settings):
    """What it used is told by a setting, never guessed."""
    app = create_app(replace(settings, payment_doors="snap=/x,bank=/pay/bank/"))
    with app.test_request_context("/api/v1/payments/bank/v1.0/notify?a=1"):
        assert api._path("bank", "v1.0/notify") == "/pay/bank/v1.0/notify?a=1"  # noqa: SLF001
    with app.test_request_context("/api/v1/payments/notices/bank"):
        assert api._path("bank", "") == "/pay/bank"  # noqa: SLF001
    with app.test_request_context("/api/v1/payments/other/a"):
        assert api._path("other", "a") == "/api/v1/payments/other/a"  # noqa: SLF001


def test_a_token_is_given_by_the_adapter_and_nothing_is_kept(bank: FakeBank, door: FlaskClient):
    assert deliver(door, bank.signed({"token": True})).get_json()["outcome"] == "taken"
    assert messages() == []


def asked(bank: FakeBank, door: FlaskClient, pay_code: str, message_id: str = "") -> object:
    answer = deliver(door, bank.asks_for(pay_code, message_id))
    assert answer.status_code == 200
    return answer.get_json()["outcome"], answer.get_json()["amount"]


def test_a_bank_asks_what_is_owed(bank: FakeBank, door: FlaskClient):
    skrd, attempt = begun(bank, "va")
    assert attempt.pay_code.startswith("88100")
    assert asked(bank, door, attempt.pay_code) == ("taken", 75_000)
    assert asked(bank, door, "88100000") == ("unknown-bill", 0)
    with later(days=2):
        assert asked(bank, door, attempt.pay_code) == ("expired-bill", 0)
    deliver(door, bank.told(bank.pay(attempt.ref)))
    assert asked(bank, door, attempt.pay_code) == ("paid-bill", 0)
    assert state_of(skrd.id) == "paid"
    assert len(messages()) == 1, "questions without a name are not kept"


def test_a_question_with_a_name_gets_the_answer_it_got(bank: FakeBank, door: FlaskClient):
    _, attempt = begun(bank, "va")
    assert asked(bank, door, attempt.pay_code, "Q1") == ("taken", 75_000)
    deliver(door, bank.told(bank.pay(attempt.ref)))
    assert asked(bank, door, attempt.pay_code, "Q1") == ("taken", 75_000)
    assert asked(bank, door, attempt.pay_code, "Q2") == ("paid-bill", 0)


def test_money_that_names_only_a_number_finds_its_attempt(bank: FakeBank, door: FlaskClient):
    skrd, attempt = begun(bank, "va")
    paid = bank.pay(attempt.ref)
    deliver(door, bank.told(paid, ref="", pay_code=attempt.pay_code))
    assert state_of(skrd.id) == "paid"
    assert fresh_attempt(attempt).state is AttemptState.SUCCEEDED


def test_our_own_fault_is_the_only_one_that_makes_them_try_again(
    bank: FakeBank, door: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    skrd, attempt = begun(bank)
    message = bank.told(bank.pay(attempt.ref))

    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", None, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "take_notice", full)
        answer = deliver(door, message)
    assert (answer.status_code, answer.get_json()["outcome"]) == (500, "failed")
    assert messages() == []
    assert deliver(door, message).status_code == 200
    assert state_of(skrd.id) == "paid"


def test_the_same_message_from_many_at_once_is_one(bank: FakeBank, app: Flask, door: FlaskClient):
    skrd, attempt = begun(bank)
    paid = bank.pay(attempt.ref)
    same = bank.told(paid)
    answers = at_once(app, [same] * 8)
    assert set(answers) == {200}
    assert len(messages()) == collections() == 1
    assert state_of(skrd.id) == "paid"


def test_many_words_of_one_money_at_once_are_one_money(
    bank: FakeBank, app: Flask, door: FlaskClient
):
    """Each with a name of its own: also of money whose order nobody knows."""
    skrd, attempt = begun(bank)
    paid, strange = bank.pay(attempt.ref), bank.pay("nobody", 5_000)
    told = [bank.told(paid) for _ in range(4)] + [bank.told(strange) for _ in range(4)]
    assert set(at_once(app, told)) == {200}
    assert (len(messages()), collections()) == (8, 2)
    assert (state_of(skrd.id), in_suspense()) == ("paid", 5_000)


def test_two_moneys_for_one_bill_at_once_are_one_receipt_and_one_case(
    bank: FakeBank, app: Flask, door: FlaskClient
):
    skrd, attempt = begun(bank)
    told = [bank.told(bank.pay(attempt.ref)) for _ in range(4)]
    assert set(at_once(app, told)) == {200}
    assert (state_of(skrd.id), in_suspense()) == ("paid", 3 * 75_000)


def at_once(app: Flask, told: Iterable[Signed]) -> list[int]:
    told = list(told)
    db.session.remove()
    with ThreadPoolExecutor(len(told)) as senders:
        return list(senders.map(lambda one: deliver(app.test_client(), one).status_code, told))
