"""What everybody who moves money for us must answer, in our words.

An adapter reports facts, never states. It knows no session, no model and no template. A call has
three ends: accepted, certainly rejected (Rejected), and everything else (Unknown: ask again).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Flag, StrEnum, auto
from typing import Protocol

from sijinak.core.money import Rupiah

API_VERSION = 1
LIFETIME = timedelta(minutes=15)  # how long an order can be paid


class Can(Flag):
    QUERY = auto()
    CANCEL = auto()
    REFUND = auto()
    NOTIFIES = auto()
    SETTLEMENTS = auto()
    OFFLINE = auto()  # a person takes the money


class Kind(StrEnum):
    PAID = "paid"
    PENDING = "pending"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"
    NOT_FOUND = "not-found"


class Trust(StrEnum):
    """How we know."""

    AUTHENTICATED_QUERY = "authenticated-query"
    SIGNED_PUSH = "signed-push"
    STATEMENT = "statement"
    HUMAN = "human"


class Rejected(Exception):
    """The other side certainly did not accept."""


class Unknown(Exception):
    """Nobody knows whether the other side accepted."""


class NotAuthentic(Exception):
    """A notice that is not from whom it says, or was altered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be paid. ``ref`` is ours and unique for ever; starting it twice starts it once."""

    ref: str
    amount: Rupiah
    description: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """What the payer does: a plain sentence's code and the facts it needs."""

    code: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing the other side says about one ref. ``money_id`` is theirs, unique per adapter."""

    ref: str
    kind: Kind
    money_id: str
    amount: Rupiah
    happened_at: datetime
    trust: Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRequest:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLine:
    money_id: str
    gross: Rupiah
    fee: Rupiah
    settled_on: date


class PaymentAdapter(Protocol):
    name: str
    api_version: int
    can: Can

    def start(self, order: Order) -> Instructions:
        """Raises Rejected or Unknown."""

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        """All that is known of a ref, not only the last word. Raises Unknown."""

    def read_notice(self, request: RawRequest) -> tuple[Observation, ...]:
        """Verify and translate, nothing else. Raises NotAuthentic."""

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        """Raises Rejected or Unknown."""

    def refund(self, money_id: str, amount: Rupiah, refund_ref: str) -> tuple[Observation, ...]:
        """Raises Rejected or Unknown."""

    def settlements(self, day: date) -> Iterable[SettlementLine]: ...
