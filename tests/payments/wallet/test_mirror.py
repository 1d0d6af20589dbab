"""Wallets whose money lies in a bank: read, and debited over a real socket."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from sijinak.app import create_app
from sijinak.config import Misconfigured, Settings
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import (
    HttpAnswer,
    Kind,
    Order,
    PaymentAdapter,
    Rejected,
    Unknown,
)
from sijinak.payments.adapters.wallet import WalletAdapter
from sijinak.payments.conformance import AdapterConformance, run
from sijinak.payments.jobs import sweep
from sijinak.payments.models import Attempt, AttemptState
from sijinak.payments.wallet.jobs import read_balances
from sijinak.payments.wallet.services import (
    AccountNeeded,
    NoWallets,
    StartTopUp,
    start_top_up,
)
from sijinak.retribution.models import SkrdState
from tests.conftest import close
from tests.databases import Databases
from tests.payments.adapters.kit import order, real_tools, tools
from tests.payments.wallet.factories import fresh_wallet, make_wallet, pay
from tests.retribution.factories import fresh, later, make_skrd, receipts, work
from tests.sandboxbank import conftest as sandbox
from tests.sandboxbank.partners import Running

bank, keys, sijinak = sandbox.bank, sandbox.keys, sandbox.sijinak  # fixtures of the bank
ACCOUNT, POOR = "8100000001", "8100000003"


def adapter_at(bank: Running) -> WalletAdapter:
    url = f"http://127.0.0.1:{bank.port}"
    token = bank.house.names.wallet_token
    return WalletAdapter(real_tools("wallet", url=url, token=token))


@pytest.fixture
def context(
    bank: Running,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    told = {
        "wallet_url": f"http://127.0.0.1:{bank.port}",
        "wallet_token": bank.house.names.wallet_token,
    }
    with databases.copy() as url:
        app = create_app(Settings(
            database_url=url, data_dir=str(tmp_path_factory.mktemp("instance")),
            wallet_mode="bank_mirror", payment_adapters="cash,sandbox,wallet",
            outbound_internal="127.0.0.1", adapter_settings=told,
        ))  # fmt: skip
        with app.app_context():
            yield app
            close()


def state_of(attempt: Attempt) -> AttemptState:
    with transaction():
        return db.session.get_one(Attempt, attempt.id, populate_existing=True).state


def test_the_bank_is_asked_to_debit_and_then_what_became_of_it(context: Flask):
    wallet, bill = make_wallet(account=ACCOUNT), make_skrd()
    attempt = pay(wallet, [bill])
    assert attempt.state is AttemptState.CREATED
    work()
    with later(minutes=1):
        sweep()
        work()
    assert state_of(attempt) is AttemptState.SUCCEEDED
    assert fresh(bill).state is SkrdState.PAID
    assert len(receipts()) == 1
    assert balance(chart.clearing("wallet")) == bill.total
    assert balance(chart.WALLET) == 0  # the bank owes it, we do not
    read_balances()
    assert fresh_wallet(wallet).bank_balance == 5_000_000 - bill.total


def test_who_has_too_little_is_refused_and_owes(context: Flask):
    wallet, bill = make_wallet(account=POOR), make_skrd()
    attempt = pay(wallet, [bill])
    work()
    assert state_of(attempt) is AttemptState.REJECTED
    assert fresh(bill).state is SkrdState.OPEN


@pytest.mark.parametrize(("knob", "paid"), [("answer_lost", True), ("request_lost", False)])
def test_an_answer_that_is_lost_is_a_state_and_ends_by_asking(
    context: Flask,
    bank: Running,
    knob: str,
    *,
    paid: bool,
):
    wallet, bill = make_wallet(account=ACCOUNT), make_skrd()
    attempt = pay(wallet, [bill])
    bank.turn(**{knob: True})
    work()
    assert state_of(attempt) is AttemptState.UNKNOWN
    bank.turn(**{knob: False})
    for minutes in (1, 4, 8, 20):  # what it does not know must be said again after a while
        with later(minutes=minutes):
            sweep()
            work()
    ended = state_of(attempt)
    held = bank.books.purses[ACCOUNT].balance
    assert held in {5_000_000, 5_000_000 - bill.total}
    assert (ended is AttemptState.SUCCEEDED) is (held < 5_000_000)
    assert len(receipts()) == (held < 5_000_000)
    if paid:
        assert ended is AttemptState.SUCCEEDED


def test_only_a_wallet_with_an_account_and_without_our_money(context: Flask):
    with pytest.raises(AccountNeeded):
        make_wallet()
    wallet = make_wallet(account=ACCOUNT)
    with pytest.raises(NoWallets), transaction():
        start_top_up(
            StartTopUp(wallet_id=wallet.id, amount=Rupiah(1000), adapter="sandbox"), by=OPERATOR
        )


def test_a_debit_is_refunded_once(bank: Running):
    adapter, wanted = adapter_at(bank), replace(order(50_000), account=ACCOUNT)
    adapter.start(wanted)
    (paid,) = adapter.query(wanted.ref, wanted.amount)
    for _ in range(2):
        adapter.refund(wanted.ref, paid.money_id, paid.amount, "SJ-R-1")
    assert adapter.balance(ACCOUNT) == 5_000_000
    seen = adapter.query(wanted.ref, wanted.amount)
    assert [(one.kind, one.refund_ref) for one in seen] == [
        (Kind.PAID, ""), (Kind.REFUNDED, "SJ-R-1")
    ]  # fmt: skip


def test_a_bank_that_is_down_leaves_the_balance_as_it_was(context: Flask, bank: Running):
    wallet = make_wallet(account=ACCOUNT)
    read_balances()
    before = fresh_wallet(wallet).bank_balance_at
    bank.turn(down=True)
    with clock.reading(now()):
        read_balances()
    assert fresh_wallet(wallet).bank_balance_at == before


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"ref":"x"}', b'{"ref":"%s","money_id":"1","amount":1.5,"at":"x"}']
)
def test_an_answer_that_cannot_be_read_is_unknown(body: bytes):
    class Odd:
        def send(self, *_: object) -> HttpAnswer:
            return HttpAnswer(status=200, headers={}, body=body)

    adapter = WalletAdapter(tools(Odd(), url="https://bank.example", token="t"))
    with pytest.raises(Unknown):
        adapter.query("x", Rupiah(1))


def test_without_an_account_nothing_is_asked_of_the_bank(bank: Running):
    with pytest.raises(Rejected):
        adapter_at(bank).start(order())


class TestOurBooks(AdapterConformance):
    def adapter(self) -> PaymentAdapter:
        return WalletAdapter(tools())


def test_the_bank_s_adapter_conforms(bank: Running):
    class Suite(AdapterConformance):
        def adapter(self) -> PaymentAdapter:
            return adapter_at(bank)

        def order(self) -> Order:
            return replace(super().order(), account=ACCOUNT)

    run(Suite())


@pytest.mark.parametrize(
    "changes",
    [
        {"wallet_mode": "open"},
        {"wallet_mode": "closed_loop"},
        {"payment_adapters": "cash,wallet"},
        {"wallet_mode": "bank_mirror", "payment_adapters": "cash,wallet"},
        {"wallet_most": 1},
        {"wallet_float_ceiling": 100},
    ],
)
def test_settings_that_do_not_fit_are_refused(changes: dict[str, object]):
    env = {f"SIJINAK_{name.upper()}": str(value) for name, value in changes.items()}
    with pytest.raises(Misconfigured, match="WALLET"):
        Settings.from_env(env)
