"""Wallets of traders, in our own books or in a bank.

Our own books move the money by themselves (``payments.wallet``), so there is nobody to ask. A bank
is read and told to debit, by a small JSON interface: ``GET accounts/<account>``, ``POST debits``,
``GET debits/<ref>``, ``POST debits/<ref>/refunds``, each idempotent in our ref.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Answer,
    Can,
    Due,
    Instructions,
    Kind,
    NoAnswer,
    NotAuthentic,
    Notice,
    NotSent,
    Observation,
    Order,
    Outcome,
    RawRequest,
    Rejected,
    SettlementLine,
    Tools,
    Trust,
    Unknown,
)
from sijinak.payments.adapters.tools import settings_as

REFUSED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY})
DONE = frozenset({HTTPStatus.OK, HTTPStatus.CREATED})


@dataclass(frozen=True, slots=True)
class WalletSettings:
    """Empty: the wallets are in our own books."""

    url: str = ""
    token: str = ""


class WalletAdapter:
    name = "wallet"
    api_version = API_VERSION
    ways: tuple[str, ...] = ("balance",)

    def __init__(self, tools: Tools) -> None:
        self._settings = settings_as(WalletSettings, self.name, tools.settings)
        self._http, self._now = tools.http, tools.now
        sends_back = Can.REFUND | Can.PARTIAL_REFUND
        self.can = sends_back | Can.QUERY if self._settings.url else sends_back

    def most(self, way: str) -> Rupiah | None:  # noqa: ARG002
        return None

    def start(self, order: Order) -> Instructions:
        """Ask the bank to debit. Our own books have done it by now, or somebody forgot to."""
        if not self._settings.url or not order.account:
            raise Rejected("no wallet was named")
        sent = {
            "ref": order.ref,
            "account": order.account,
            "amount": order.amount,
            "description": order.description,
        }
        self._send("POST", "debits", sent)
        return Instructions(code="wallet", facts={"account": order.account})

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        if not self._settings.url:
            return ()
        try:
            told = self._send("GET", f"debits/{quote(ref, safe='')}")
        except Rejected:
            return (self._seen(ref, Kind.NOT_FOUND, amount),)
        return (self._paid(ref, told), *self._refunds(ref, told))

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        raise Rejected("a debit is done or not done: it is refunded, not called back")

    def refund(
        self, ref: str, money_id: str, amount: Rupiah, refund_ref: str
    ) -> tuple[Observation, ...]:
        at = None
        if self._settings.url:
            where = f"debits/{quote(ref, safe='')}/refunds"
            told = self._send("POST", where, {"ref": refund_ref, "amount": amount})
            at = _moment(told.get("at"))
        return (self._seen(ref, Kind.REFUNDED, amount, money_id, at=at, refund_ref=refund_ref),)

    def balance(self, account: str) -> Rupiah:
        """What the bank says is in an account. Raises Rejected or Unknown."""
        told = self._send("GET", f"accounts/{quote(account, safe='')}")
        return Rupiah(_whole(told, "balance"))

    def read_notice(self, request: RawRequest) -> Notice:  # noqa: ARG002
        raise NotAuthentic("wallets send no notices")

    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:  # noqa: ARG002
        return Answer(status=401, body=b"")

    def settlements(self, day: date) -> Iterable[SettlementLine]:  # noqa: ARG002
        return ()

    def _send(
        self, method: str, path: str, sent: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """Raises Rejected when it certainly refuses, Unknown for everything else."""
        url = f"{self._settings.url.rstrip('/')}/wallet/v1/{path}"
        headers = {
            "Authorization": f"Bearer {self._settings.token}",
            "Content-Type": "application/json",
        }
        body = b"" if sent is None else json.dumps(sent).encode()
        try:
            answer = self._http.send(method, url, headers, body)
        except NotSent as error:
            raise Unknown("the bank was not reached") from error
        except NoAnswer as error:
            raise Unknown("the bank gave no answer") from error
        if answer.status in REFUSED:
            raise Rejected(f"the bank refused with {answer.status}")
        if answer.status not in DONE:
            raise Unknown(f"the bank answered {answer.status}")
        return _object(answer.body)

    def _paid(self, ref: str, told: Mapping[str, Any]) -> Observation:
        money_id, at = told.get("money_id"), told.get("at")
        if told.get("ref") != ref or not isinstance(money_id, str) or not money_id:
            raise Unknown("the bank speaks of something else")
        amount = Rupiah(_whole(told, "amount"))
        return self._seen(ref, Kind.PAID, amount, money_id, at=_moment(at))

    def _refunds(self, ref: str, told: Mapping[str, Any]) -> Iterable[Observation]:
        for one in told.get("refunds") or ():
            if not isinstance(one, Mapping) or not isinstance(one.get("ref"), str):
                raise Unknown("the bank's refunds cannot be read")
            yield self._seen(
                ref, Kind.REFUNDED, Rupiah(_whole(one, "amount")), str(told["money_id"]),
                at=_moment(one.get("at")), refund_ref=one["ref"],
            )  # fmt: skip

    def _seen(  # noqa: PLR0913 - what an observation has
        self, ref: str, kind: Kind, amount: Rupiah, money_id: str = "",
        *, at: datetime | None = None, refund_ref: str = "",
    ) -> Observation:  # fmt: skip
        return Observation(
            ref=ref,
            kind=kind,
            money_id=money_id,
            amount=amount,
            happened_at=at or self._now(),
            trust=Trust.AUTHENTICATED_QUERY,
            channel="bank" if self._settings.url else "",
            refund_ref=refund_ref,
        )


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unknown("the bank's answer is no JSON") from error
    if not isinstance(told, dict):
        raise Unknown("the bank's answer is no object")
    return told


def _whole(told: Mapping[str, Any], name: str) -> int:
    """Whole rupiah. Raises Unknown for anything else, also for true."""
    value = told.get(name)
    if type(value) is not int:
        raise Unknown(f"the bank's {name} is no whole number")
    return value


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Unknown("the bank's time cannot be read")
    return moment
