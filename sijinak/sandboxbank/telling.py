"""How SiJINAK is told: notices of QRIS and gateway, tried again until they are taken."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha512
from typing import Any

from sijinak.sandboxbank.books import new_number
from sijinak.sandboxbank.calling import Caller, Later, Letter, Reply
from sijinak.sandboxbank.midtrans_fields import facts_of
from sijinak.sandboxbank.model import Money, Order, in_wib
from sijinak.sandboxbank.qris import MERCHANT, NMID
from sijinak.sandboxbank.snap_fields import FAILED, MEANING, PAID, WAITING, written

PAUSES = (5.0, 15.0, 60.0, 300.0)
NOTIFY = "/v1.0/qr/qr-mpm-notify"
COPIES = 5


class Teller:
    def __init__(self, caller: Caller, later: Later) -> None:
        self.caller, self.later = caller, later

    def tell(self, order: Order, money: Money) -> None:
        """Soon, and not in the thread of the payer."""
        fates = self._fates(order)
        if "silent" in fates:
            return
        for pause, call in enumerate(self._calls(order, money, fates)):
            self.later.after(pause / 20, lambda call=call: self._insist(call))  # type: ignore[misc]

    def tell_reversal(self, order: Order, money: Money) -> None:
        fates = self._fates(order)
        if "silent" in fates:
            return
        if order.rail.by_gateway:
            call = self._gateway(order, fates)
        else:
            call = self._notice(order, money, FAILED, fates)
        self.later.after(0, lambda: self._insist(call))

    def _fates(self, order: Order) -> frozenset[str]:
        return self.caller.house.books.knobs.fates(order.amount)

    def _calls(
        self, order: Order, money: Money, fates: frozenset[str]
    ) -> list[Callable[[], Reply]]:
        if order.rail.by_gateway:
            told = self._gateway(order, fates)
            pending = self._gateway(order, fates, pending=True)
        else:
            told = self._notice(order, money, PAID, fates)
            pending = self._notice(order, None, WAITING, fates)
        if "reordered" in fates:
            return [told, pending, told]
        return [told] * (COPIES if "five_times" in fates else 1)

    def _notice(
        self, order: Order, money: Money | None, status: str, fates: frozenset[str]
    ) -> Callable[[], Reply]:
        letter = Letter(
            path=NOTIFY,
            body=notice_of(order, money, status),
            symmetric="symmetric_notices" in fates,
            external_id=new_number(30) if "five_times" in fates else "",
            fates=fates,
        )
        return lambda: self.caller.snap(letter)

    def _gateway(
        self, order: Order, fates: frozenset[str], *, pending: bool = False
    ) -> Callable[[], Reply]:
        house = self.caller.house
        body = facts_of(order, house.names.server_key, pending=pending)
        if "bad_signature" in fates:
            body["signature_key"] = sha512(b"somebody else").hexdigest()
        return lambda: self.caller.plain(f"{house.door}/midtrans", body)

    def _insist(self, call: Callable[[], Reply], tries: int = 0) -> None:
        if call().is_good or tries == len(PAUSES):
            return
        self.later.after(PAUSES[tries], lambda: self._insist(call, tries + 1))


def notice_of(order: Order, money: Money | None, status: str) -> dict[str, Any]:
    """Without money it says only how the order stands."""
    more: dict[str, str] = {"merchantId": "SBX000001", "nmid": NMID}
    amount = written(order.amount)
    if money is not None:
        amount = written(money.amount, money.currency)
        more |= {
            "rrn": money.rrn,
            "paidTime": in_wib(money.paid_at),
            "payerName": money.payer,
            "issuerName": money.issuer,
        }
        more |= _reversed(money.reversed_at)
    return {
        "originalReferenceNo": order.own_ref,
        "originalPartnerReferenceNo": order.ref,
        "latestTransactionStatus": status,
        "transactionStatusDesc": "Reversed" if status == FAILED else MEANING[status],
        "customerNumber": "6281******00",
        "destinationAccountName": MERCHANT,
        "amount": amount,
        "bankCode": "999",
        "externalStoreId": "SBW-01",
        "additionalInfo": more,
    }


def _reversed(at: datetime | None) -> dict[str, str]:
    return {"reversedTime": in_wib(at)} if at else {}
