"""The bank at work: who pays, what is told, and what happens by itself afterwards."""

from dataclasses import replace

from sijinak.core.clock import now
from sijinak.sandboxbank.books import new_number
from sijinak.sandboxbank.calling import Caller, Later, Letter, Reply
from sijinak.sandboxbank.house import House
from sijinak.sandboxbank.model import Money, Order, Rail, in_wib
from sijinak.sandboxbank.paying import NotPayable, Wish, is_late, late_by, take, take_back
from sijinak.sandboxbank.snap_door import Guard, Refused
from sijinak.sandboxbank.snap_fields import Body, written
from sijinak.sandboxbank.snap_va import asked_about, numbers_of
from sijinak.sandboxbank.telling import Teller

INQUIRY, PAYMENT = "/v1.0/transfer-va/inquiry", "/v1.0/transfer-va/payment"
ADVISE_AFTER = 5.0
WHY = {"12": "unknown", "14": "paid", "19": "expired", "13": "amount"}


class Bank:
    def __init__(self, house: House) -> None:
        self.house, self.books = house, house.books
        self.guard, self.later = Guard(), Later()
        self.caller = Caller(house)
        self.teller = Teller(self.caller, self.later)

    def close(self) -> None:
        self.later.close()
        self.books.close()

    def find(self, code: str) -> Order | None:
        """What a payer scanned or typed. Of a virtual account SiJINAK is asked first.

        Raises NotPayable when SiJINAK refuses.
        """
        code = code.strip().replace(" ", "")
        number = code.isascii() and code.isdigit()
        if number and code.startswith(self.house.names.va_prefix):
            return self._inquired(code)
        return next((one for one in self.books.newest() if one.code.replace(" ", "") == code), None)

    def pay(self, order: Order, wish: Wish) -> list[Money]:
        """Raises NotPayable. A late payment goes through later; then nothing has come yet."""
        if is_late(self.books, order) and not wish.late and order.is_open:
            self.let_expire(order)
            late = replace(wish, late=True)
            self.later.after(late_by(self.books), lambda: self._settle_quietly(order, late))
            return []
        return self._settle(order, wish)

    def let_expire(self, order: Order) -> None:
        with self.books.lock:
            order.expire()
            self.books.keep(order, order.ref)

    def take_back(self, order: Order, money: Money) -> None:
        if take_back(self.books, order, money):
            self.teller.tell_reversal(order, money)

    def opened(self, ref: str) -> None:
        """An order was made; perhaps it pays itself."""
        pause = self.books.knobs.number("autopay")
        order = self.books.orders.get(ref)
        if pause and order is not None:
            self.later.after(pause, lambda: self._pay_quietly(order))

    def _settle(self, order: Order, wish: Wish) -> list[Money]:
        taken = take(self.books, order, wish)
        for money in taken:
            if order.rail is Rail.VA:
                self.later.after(0, lambda money=money: self._flag(order, money))  # type: ignore[misc]
            else:
                self.teller.tell(order, money)
            if "reversed" in self.books.knobs.fates(order.amount):
                pause = self.books.knobs.number("reversed_seconds")
                self.later.after(pause, lambda money=money: self.take_back(order, money))  # type: ignore[misc]
        return taken

    def _settle_quietly(self, order: Order, wish: Wish) -> None:
        try:
            self._settle(order, wish)
        except NotPayable:
            return

    def _pay_quietly(self, order: Order) -> None:
        try:
            self.pay(order, Wish())
        except NotPayable:
            return

    def _inquired(self, number: str) -> Order | None:
        known = self.books.by_number(number)
        reply = self.caller.snap(Letter(path=INQUIRY, body=self._inquiry(number), symmetric=True))
        if reply.is_good:
            try:
                return asked_about(self.house, number, Body(reply.body))
            except Refused:
                return known
        if known is None and reply.status:
            raise NotPayable(WHY.get(reply.case, "unknown"))
        return known

    def _inquiry(self, number: str) -> dict[str, object]:
        customer = number.removeprefix(self.house.names.va_prefix)
        return {
            "partnerServiceId": self.house.service_id,
            "customerNo": customer,
            "virtualAccountNo": self.house.service_id + customer,
            "inquiryRequestId": new_number(25),
            "trxDateInit": in_wib(now()),
            "channelCode": 6011,
        }

    def _flag(self, order: Order, money: Money, advise: str = "N") -> None:
        """Tell of money for a virtual account. No answer: ask again. Refused: give it back."""
        fates = self.books.knobs.fates(order.amount)
        if "silent" in fates:
            return
        copies = 5 if "five_times" in fates else 1
        letter = Letter(
            path=PAYMENT,
            body=self._payment(order, money, advise),
            symmetric=True,
            external_id=new_number(30) if copies > 1 else "",
            fates=fates,
        )
        replies = [self.caller.snap(letter) for _ in range(copies)]
        self._note(order, money, replies[-1])

    def _note(self, order: Order, money: Money, reply: Reply) -> None:
        if reply.status == 0 or reply.status >= 500:  # noqa: PLR2004
            self.later.after(ADVISE_AFTER, lambda: self._flag(order, money, "Y"))
        elif reply.case in WHY:
            take_back(self.books, order, money)

    def _payment(self, order: Order, money: Money, advise: str) -> dict[str, object]:
        numbers = numbers_of(self.house, order)
        kept = ("partnerServiceId", "customerNo", "virtualAccountNo", "virtualAccountName", "trxId")
        return {name: numbers[name] for name in kept} | {
            "paymentRequestId": money.rrn,
            "channelCode": 6011,
            "paidAmount": written(money.amount, money.currency),
            "totalAmount": written(order.amount),
            "trxDateTime": in_wib(money.paid_at),
            "referenceNo": money.rrn,
            "flagAdvise": advise,
            "additionalInfo": {"payerName": money.payer, "issuerName": money.issuer},
        }
