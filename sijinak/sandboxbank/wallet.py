"""The wallet that SiJINAK mirrors: accounts of traders, debited and given back by the merchant."""

from datetime import datetime
from typing import Any

from sijinak.core.clock import now
from sijinak.core.money import Rupiah
from sijinak.sandboxbank.books import Books, new_number
from sijinak.sandboxbank.model import Debit, Purse, Return, in_wib


class WalletError(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def purse_of(books: Books, account: str) -> Purse:
    if account not in books.purses:
        raise WalletError(404, "unknown-account")
    return books.purses[account]


def debit_of(books: Books, ref: str) -> Debit:
    if ref not in books.debits:
        raise WalletError(404, "unknown-debit")
    return books.debits[ref]


def debit(books: Books, wanted: dict[str, Any]) -> tuple[Debit, bool]:
    """The debit, and whether it is new. The same ref and content is done once."""
    ref, account = _text(wanted, "ref"), _text(wanted, "account")
    amount, title = _amount(wanted), _text(wanted, "description")
    with books.lock:
        if known := books.debits.get(ref):
            if (known.account, known.amount) != (account, amount):
                raise WalletError(409, "ref-used")
            return known, False
        purse = purse_of(books, account)
        if purse.balance < amount:
            raise WalletError(422, "insufficient")
        done = Debit(
            ref=ref,
            account=account,
            amount=amount,
            money_id=new_number(),
            title=title,
            balance=purse.balance - amount,
            at=now(),
        )
        books.debits[ref] = done
        books.keep(done, ref)
        move(books, purse, -amount, ref, title)
    return done, True


def give_back(books: Books, ref: str, wanted: dict[str, Any]) -> tuple[Return, bool]:
    key, amount = _text(wanted, "ref"), _amount(wanted)
    with books.lock:
        paid = debit_of(books, ref)
        known = next((one for one in paid.returns if one.key == key), None)
        if known is not None:
            if known.amount != amount:
                raise WalletError(409, "ref-used")
            return known, False
        if amount > paid.amount - sum(one.amount for one in paid.returns):
            raise WalletError(422, "too-much")
        back = Return(key=key, own_key=new_number(16), amount=amount, reason="", at=now())
        paid.returns.append(back)
        books.keep(paid, ref)
        move(books, purse_of(books, paid.account), amount, key, paid.title)
    return back, True


def move(books: Books, purse: Purse, amount: int, ref: str, text: str) -> None:
    """The caller holds the lock."""
    purse.balance += amount
    line = {
        "id": new_number(),
        "at": in_wib(now()),
        "amount": amount,
        "ref": ref,
        "text": text,
        "balance": purse.balance,
    }
    purse.lines.append(line)
    books.keep(purse, purse.account)


def lines_between(purse: Purse, first: str, last: str) -> list[dict[str, Any]]:
    """Of days as YYYY-MM-DD, both included; empty ends are open."""
    days = [(datetime.fromisoformat(line["at"]).date().isoformat(), line) for line in purse.lines]
    return [line for day, line in days if (not first or day >= first) and (not last or day <= last)]


def facts_of(paid: Debit) -> dict[str, Any]:
    return {
        "money_id": paid.money_id,
        "ref": paid.ref,
        "account": paid.account,
        "amount": paid.amount,
        "balance": paid.balance,
        "at": in_wib(paid.at),
        "refunds": [return_facts(one) for one in paid.returns],
    }


def return_facts(one: Return) -> dict[str, Any]:
    return {"ref": one.key, "refund_id": one.own_key, "amount": one.amount, "at": in_wib(one.at)}


def _text(wanted: dict[str, Any], name: str) -> str:
    value = wanted.get(name)
    if not isinstance(value, str) or not value:
        raise WalletError(422, f"no-{name}")
    return value


def _amount(wanted: dict[str, Any]) -> Rupiah:
    value = wanted.get("amount")
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise WalletError(422, "wrong-amount")
    return Rupiah(value)
