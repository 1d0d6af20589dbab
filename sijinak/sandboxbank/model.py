"""What the bank keeps: its merchant's account, orders, their money, what went back, its knobs."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from sijinak.core.clock import now
from sijinak.core.money import Rupiah

WIB = timezone(timedelta(hours=7), "WIB")  # banks stamp in Jakarta's time


class Rail(StrEnum):
    QRIS = "qris"
    VA = "va"
    GATEWAY_QRIS = "gateway-qris"
    GATEWAY_VA = "gateway-va"

    @property
    def by_gateway(self) -> bool:
        return self in {Rail.GATEWAY_QRIS, Rail.GATEWAY_VA}


@dataclass(kw_only=True)
class Return:
    """Money that went back because the merchant asked for it."""

    key: str
    own_key: str  # the bank's number of it
    amount: Rupiah
    reason: str
    at: datetime


@dataclass(kw_only=True)
class Money:
    """One payment. ``rrn`` is the number that names it everywhere."""

    rrn: str
    amount: Rupiah
    currency: str
    paid_at: datetime
    payer: str
    issuer: str
    reversed_at: datetime | None = None
    returns: list[Return] = field(default_factory=list)

    @property
    def left(self) -> int:
        return 0 if self.reversed_at else self.amount - sum(one.amount for one in self.returns)


@dataclass(kw_only=True)
class Order:
    """``ref`` is the merchant's, ``own_ref`` the bank's, ``code`` what the payer scans or types."""

    ref: str
    own_ref: str
    rail: Rail
    amount: Rupiah
    code: str
    title: str
    made_at: datetime
    expires_at: datetime
    cancelled_at: datetime | None = None
    money: list[Money] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.cancelled_at is not None or now() >= self.expires_at

    @property
    def is_open(self) -> bool:
        return not self.money and not self.is_over

    def expire(self) -> None:
        self.expires_at = min(self.expires_at, now())


@dataclass(kw_only=True)
class Purse:
    """An account of a trader at the bank, which the wallet mirrors."""

    account: str
    name: str
    balance: int
    lines: list[dict[str, Any]] = field(default_factory=list)


@dataclass(kw_only=True)
class Debit:
    ref: str
    account: str
    amount: Rupiah
    money_id: str
    title: str
    balance: int
    at: datetime
    returns: list[Return] = field(default_factory=list)


@dataclass(kw_only=True)
class Deposit:
    """Cash over the bank's own counter, with the number of the slip."""

    amount: Rupiah
    slip: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The balance of the merchant's account at the end of a day: what is before is not told."""

    account: str
    balance: int
    day: date


def in_wib(moment: datetime) -> str:
    """As SNAP writes a moment: 25 characters."""
    return moment.astimezone(WIB).isoformat(timespec="seconds")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)
