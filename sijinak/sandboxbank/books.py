"""The bank's own books, in a SQLite file of its own: what was ordered, paid and given back."""

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from sijinak.core.clock import now
from sijinak.core.money import Rupiah
from sijinak.sandboxbank.knobs import Knobs
from sijinak.sandboxbank.model import Debit, Deposit, Opening, Order, Purse, Rail

T = TypeVar("T")
OPENING = "opening.json"
NUMBER, FIRST_BALANCE = "0012345678901", 1_000_000  # without one
START = (
    ("8100000001", "Pedagang Uji Satu", 5_000_000),
    ("8100000002", "Pedagang Uji Dua", 100_000),
    ("8100000003", "Pedagang Uji Tiga", 0),
)


class Books:
    """Whoever changes something holds ``lock``, and keeps what was changed."""

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._opening = path.with_name(OPENING) if path else None
        self._file = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None
        )
        self._file.execute("CREATE TABLE IF NOT EXISTS kept (kind, name, text, UNIQUE(kind, name))")
        self.orders = {one.ref: one for one in self._read(Order)}
        self.debits = {one.ref: one for one in self._read(Debit)}
        self.deposits = list(self._read(Deposit))
        self.purses = {one.account: one for one in self._read(Purse)} or self._first_purses()
        self.knobs = next(self._read(Knobs), Knobs())

    def keep(self, thing: Any, name: str = "") -> None:
        text = msgspec.json.encode(thing).decode()
        row = (type(thing).__name__, name, text)
        self._file.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", row)

    def add(self, order: Order) -> None:
        self.orders[order.ref] = order
        self.keep(order, order.ref)

    def deposit(self, amount: Rupiah, slip: str, at: datetime) -> None:
        one = Deposit(amount=amount, slip=slip, at=at)
        self.deposits.append(one)
        self.keep(one, f"{len(self.deposits):08}")

    def opening(self) -> Opening:
        """As the folder says now: who loads demo data leaves there how their statements end."""
        if self._opening is None or not self._opening.exists():
            return Opening(account=NUMBER, balance=FIRST_BALANCE, day=date.min)
        return msgspec.json.decode(self._opening.read_bytes(), type=Opening)

    def close(self) -> None:
        with self.lock:
            self._file.close()

    def newest(self) -> list[Order]:
        return sorted(self.orders.values(), key=lambda order: order.made_at, reverse=True)

    def order_of(self, code: str) -> Order | None:
        """By what a payer scans or types: the newest that can still be paid, else the newest."""
        found = [order for order in self.newest() if code in {order.code, order.ref}]
        return next((order for order in found if order.is_open), next(iter(found), None))

    def by_own_ref(self, own_ref: str) -> Order | None:
        return next((one for one in self.orders.values() if one.own_ref == own_ref), None)

    def by_number(self, number: str, ref: str = "") -> Order | None:
        """The order of a virtual account; with a ref only that one."""
        if ref:
            order = self.orders.get(ref)
            return order if order is not None and order.code == number else None
        found = (one for one in self.newest() if one.rail is Rail.VA and one.code == number)
        return next(found, None)

    def _read(self, kind: type[T]) -> Iterator[T]:
        asked = "SELECT text FROM kept WHERE kind = ? ORDER BY name"
        rows = self._file.execute(asked, (kind.__name__,)).fetchall()
        return (msgspec.json.decode(text, type=kind) for (text,) in rows)

    def _first_purses(self) -> dict[str, Purse]:
        purses = [Purse(account=one, name=name, balance=much) for one, name, much in START]
        for purse in purses:
            self.keep(purse, purse.account)
        return {purse.account: purse for purse in purses}


def new_number(digits: int = 12) -> str:
    """A number nobody had before: the moment, and chance."""
    moment = f"{now():%y%m%d%H%M%S}"
    chance = "".join(secrets.choice("0123456789") for _ in range(digits))
    return (moment + chance)[-digits:] if digits <= len(moment) else (moment + chance)[:digits]
