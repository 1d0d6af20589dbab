"""Our adapters and the sandbox bank, written apart from each other, over real sockets."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sijinak.config import Settings
from sijinak.core.clock import now
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    Due,
    Kind,
    NotAuthentic,
    Order,
    Outcome,
    PaymentAdapter,
    RawRequest,
    Rejected,
    Trust,
    Unknown,
    Untrue,
)
from sijinak.payments.adapters.midtrans.adapter import MidtransAdapter
from sijinak.payments.adapters.snap.adapter import SnapAdapter
from sijinak.payments.adapters.tools import tools_for
from sijinak.payments.conformance import AdapterConformance
from sijinak.sandboxbank.house import House, settings_of
from tests.payments.adapters.kit import order
from tests.sandboxbank.partners import Heard, Listener, Running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keys")
    House.opened(made, "http://127.0.0.1:9").books.close()
    (made / "bank.sqlite").unlink()
    return made


@dataclass
class Trial:
    bank: Running
    listener: Listener
    settings: Settings

    def snap(self) -> SnapAdapter:
        return SnapAdapter(tools_for(self.settings)("snap"))

    def midtrans(self) -> MidtransAdapter:
        return MidtransAdapter(tools_for(self.settings)("midtrans"))


@contextmanager
def opened(keys: Path, home: Path) -> Iterator[Trial]:
    shutil.copytree(keys, home)
    listener = Listener()
    bank = Running(home, listener.url)
    named = {"SIJINAK_PAYMENT_ADAPTERS": "snap,midtrans"}
    url = f"http://127.0.0.1:{bank.port}"
    settings = Settings.from_env(settings_of(bank.house, home, url) | named)
    try:
        yield Trial(bank, listener, settings)
    finally:
        bank.stop()
        listener.stop()


@pytest.fixture
def trial(folder: Path, tmp_path: Path) -> Iterator[Trial]:
    with opened(folder, tmp_path / "bank") as made:
        yield made


@pytest.fixture(scope="class")
def shared(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """One bank for a whole suite, as a third party would use theirs."""
    with opened(folder, tmp_path_factory.mktemp("shared") / "bank") as made:
        yield made


class Door:
    """Our door, with the adapter behind it and no engine: it keeps what was told."""

    def __init__(self, trial: Trial, due: Due | None = None) -> None:
        self.adapters: dict[str, PaymentAdapter] = {
            "snap": trial.snap(),
            "midtrans": trial.midtrans(),
        }
        self.due, self.told, self.refused = due, [], 0  # type: ignore[var-annotated]
        trial.listener.answers[""] = self.hear

    def hear(self, one: Heard) -> tuple[int, object]:
        adapter = self.adapters["snap" if "/snap" in one.path else "midtrans"]
        request = raw(one)
        outcome, due = Outcome.TAKEN, None
        try:
            read = adapter.read_notice(request)
            self.told += read.seen
            due = self.due if read.asks_for else None
            if read.asks_for and (due is None or due.pay_code != read.asks_for):
                outcome = Outcome.UNKNOWN_BILL
        except NotAuthentic:
            self.refused += 1
            outcome = Outcome.NOT_AUTHENTIC
        answer = adapter.answer(request, outcome, due)
        return answer.status, json.loads(answer.body)

    def wait(self, kind: Kind) -> Any:
        return patiently(lambda: [one for one in list(self.told) if one.kind is kind])[-1]


def patiently(look: Callable[[], list[Any]]) -> list[Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError("nothing came")


def raw(one: Heard) -> RawRequest:
    return RawRequest(method="POST", path=one.path, headers=one.headers, body=one.raw)


class _Suite(AdapterConformance):
    """Messages come from the bank itself: paid at its phone page, heard by a listener."""

    trial: Trial

    @pytest.fixture(autouse=True)
    def _trial(self, shared: Trial) -> None:
        type(self).trial = shared

    def signed_notice(self, order: Order, at: datetime) -> RawRequest:
        bank, old = self.trial.bank, abs(now() - at) > timedelta(hours=1)
        self.adapter().start(order)
        bank.turn(stale=old)
        assert bank.phone(ref=order.ref).status == 200
        found: list[RawRequest] = patiently(lambda: self._heard(order))
        bank.turn(stale=False)
        return found[0]

    def _heard(self, order: Order) -> list[RawRequest]:
        return [raw(one) for one in self.trial.listener.heard if order.ref.encode() in one.raw]


class TestSnap(_Suite):
    def adapter(self) -> PaymentAdapter:
        return self.trial.snap()


class TestMidtrans(_Suite):
    def adapter(self) -> PaymentAdapter:
        return self.trial.midtrans()


def ways() -> list[tuple[str, str]]:
    return [("snap", "qris"), ("snap", "va"), ("midtrans", "qris"), ("midtrans", "va")]


@pytest.mark.parametrize(("name", "way"), ways())
def test_money_comes_and_is_told_and_known(trial: Trial, name: str, way: str):
    door, one = Door(trial), order(75_000, way=way)
    adapter: Any = door.adapters[name]
    made = adapter.start(one)
    assert adapter.start(one) == made
    assert [o.kind for o in adapter.query(one.ref, one.amount)] == [Kind.PENDING]
    door.due = due_of(one, made.pay_code) if way == "va" and name == "snap" else None
    assert trial.bank.phone(payload=made.qr or made.pay_code).status == 200
    told = door.wait(Kind.PAID)
    (known,) = adapter.query(one.ref, one.amount)
    assert (known.kind, known.money_id, known.amount) == (Kind.PAID, told.money_id, 75_000)
    assert known.trust is Trust.AUTHENTICATED_QUERY
    assert told.trust is (Trust.HINT if name == "midtrans" else Trust.SIGNED_PUSH)
    assert (told.ref, told.amount, door.refused) == (one.ref, 75_000, 0)
    assert [o.kind for o in adapter.cancel(one.ref, one.amount)] == [Kind.PAID]


def due_of(one: Order, pay_code: str) -> Due:
    return Due(
        ref=one.ref,
        pay_code=pay_code,
        amount=one.amount,
        description=one.description,
        payer="CV Ternak Maju",
        expires_at=one.expires_at,
    )


@pytest.mark.parametrize(("name", "way"), ways())
def test_an_order_is_called_back(trial: Trial, name: str, way: str):
    adapter: Any = {"snap": trial.snap, "midtrans": trial.midtrans}[name]()
    one = order(75_000, way=way)
    adapter.start(one)
    assert [o.kind for o in adapter.cancel(one.ref, one.amount)] == [Kind.CANCELLED]
    assert [o.kind for o in adapter.query(one.ref, one.amount)] == [Kind.CANCELLED]
    assert [o.kind for o in adapter.query("SJ-none", Rupiah(1))] == [Kind.NOT_FOUND]


@pytest.mark.parametrize("name", ["snap", "midtrans"])
def test_money_goes_back_once(trial: Trial, name: str):
    adapter: Any = {"snap": trial.snap, "midtrans": trial.midtrans}[name]()
    one = order(75_000, way="qris")
    made = adapter.start(one)
    trial.bank.phone(payload=made.qr)
    (came,) = adapter.query(one.ref, one.amount)
    for _ in range(2):
        (back,) = adapter.refund(one.ref, came.money_id, Rupiah(25_000), "RF-1")
        assert (back.kind, back.refund_ref, back.amount) == (Kind.REFUNDED, "RF-1", 25_000)
    seen = adapter.query(one.ref, one.amount)
    assert [(o.kind, o.amount) for o in seen] == [(Kind.PAID, 75_000), (Kind.REFUNDED, 25_000)]
    with pytest.raises(Rejected):
        adapter.refund(one.ref, came.money_id, Rupiah(50_001), "RF-2")


FATES = {1: Rejected, 2: Unknown, 3: Unknown, 13: Untrue, 14: Untrue, 17: Unknown}


@pytest.mark.parametrize("name", ["snap", "midtrans"])
@pytest.mark.parametrize("digits", FATES)
def test_a_start_that_goes_wrong(trial: Trial, name: str, digits: int):
    adapter: Any = {"snap": trial.snap, "midtrans": trial.midtrans}[name]()
    with pytest.raises(FATES[digits]) as error:
        adapter.start(order(75_000 + digits, way="qris"))
    assert error.type is FATES[digits]


@pytest.mark.slow
def test_an_answer_that_drips_ends_in_time(trial: Trial):
    began = time.monotonic()
    with pytest.raises(Unknown):
        trial.snap().start(order(75_016, way="qris"))
    assert time.monotonic() - began < 12


def test_a_code_that_exists_already_is_shown(trial: Trial):
    assert trial.snap().start(order(75_018, way="qris")).qr


PAID = {
    5: [(Kind.PAID, 75_004)],
    8: [(Kind.PAID, 75_009)],
    6: [(Kind.PAID, 75_006), (Kind.PAID, 75_006)],
}


@pytest.mark.parametrize("digits", PAID)
def test_what_came_is_what_is_seen(trial: Trial, digits: int):
    one, snap = order(75_000 + digits, way="qris"), trial.snap()
    trial.bank.phone(payload=snap.start(one).qr)
    seen = snap.query(one.ref, one.amount)
    assert [(o.kind, o.amount) for o in seen] == PAID[digits]
    assert len({o.money_id for o in seen}) == len(seen)


def test_another_currency_says_so(trial: Trial):
    one, snap = order(75_009, way="qris"), trial.snap()
    trial.bank.phone(payload=snap.start(one).qr)
    assert [o.currency for o in snap.query(one.ref, one.amount)] == ["MYR"]


def test_a_wrong_signature_is_refused_and_the_question_answered(trial: Trial):
    door, one = Door(trial), order(75_011, way="qris")
    snap = trial.snap()
    trial.bank.phone(payload=snap.start(one).qr)
    trial.listener.wait("notify")
    assert [o.kind for o in snap.query(one.ref, one.amount)] == [Kind.PAID]
    assert door.told == []
    assert door.refused >= 1


def test_a_stale_notice_is_a_hint(trial: Trial):
    door, one = Door(trial), order(75_012, way="qris")
    trial.bank.phone(payload=trial.snap().start(one).qr)
    assert door.wait(Kind.PAID).trust is Trust.HINT


@pytest.mark.parametrize("name", ["snap", "midtrans"])
def test_money_that_is_taken_back_is_told_and_known(trial: Trial, name: str):
    trial.bank.turn(reversed_seconds=0)
    door, one = Door(trial), order(75_015, way="qris")
    adapter: Any = door.adapters[name]
    trial.bank.phone(payload=adapter.start(one).qr)
    reversed_ = door.wait(Kind.REVERSED)
    seen = adapter.query(one.ref, one.amount)
    assert [o.kind for o in seen] == [Kind.PAID, Kind.REVERSED]
    assert {o.money_id for o in seen} == {reversed_.money_id}


def test_a_bank_that_signs_notices_with_a_token_is_believed(trial: Trial):
    trial.bank.turn(symmetric_notices=True)
    door, one = Door(trial), order(75_000, way="qris")
    trial.bank.phone(payload=trial.snap().start(one).qr)
    assert door.wait(Kind.PAID).trust is Trust.SIGNED_PUSH
