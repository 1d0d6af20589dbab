"""What everybody who moves money for us must answer, in our words.

An adapter reports facts, never states. It knows no session, no model and no template. A call has
three ends: accepted, certainly rejected (Rejected), and everything else (Unknown: ask again).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Flag, StrEnum, auto
from logging import Logger
from typing import Protocol

from sijinak.core.money import Rupiah
from sijinak.core.outbound import HttpAnswer as HttpAnswer  # noqa: PLC0414
from sijinak.core.outbound import NoAnswer as NoAnswer  # noqa: PLC0414
from sijinak.core.outbound import NotSent as NotSent  # noqa: PLC0414 - adapters import them here

API_VERSION = 2
LIFETIME = timedelta(minutes=15)  # how long an order can be paid
IDR = "IDR"


_RAIL = "~"  # stands in no number of a bank


def on_rail(rail: str, number: str) -> str:
    """The id of money at a bank that counts its rails apart: one number on two is two moneys."""
    return f"{rail}{_RAIL}{number}"


def number_of(money_id: str) -> str:
    """As the bank writes it: on its statement, and where it is told which money is meant."""
    return money_id.split(_RAIL, 1)[-1]


def rail_of(money_id: str) -> str:
    """Empty where the bank counts all its money together."""
    rail, found, _number = money_id.partition(_RAIL)
    return rail if found else ""


class Can(Flag):
    QUERY = auto()
    CANCEL = auto()
    REFUND = auto()
    PARTIAL_REFUND = auto()
    NOTIFIES = auto()
    SETTLEMENTS = auto()
    REUSABLE_CODE = auto()  # one code takes money more than once
    BANK_CALLS_US = auto()  # the bank asks for a bill before it takes the money
    OFFLINE = auto()  # a person of the office takes the money, or our own books move it


class Kind(StrEnum):
    PAID = "paid"
    PENDING = "pending"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"
    NOT_FOUND = "not-found"
    REFUNDED = "refunded"  # money went back, as we asked: see refund_ref
    REVERSED = "reversed"  # money was taken back, whether we like it or not


class Trust(StrEnum):
    """How we know."""

    AUTHENTICATED_QUERY = "authenticated-query"
    SIGNED_PUSH = "signed-push"  # the signature covers amount and status, and is fresh
    STATEMENT = "statement"
    HUMAN = "human"
    HINT = "hint"  # authentic, but old, or its status is not signed: a reason to ask


CERTAIN = frozenset({Trust.AUTHENTICATED_QUERY, Trust.SIGNED_PUSH, Trust.STATEMENT})


class Rejected(Exception):
    """The other side certainly did not accept."""


class Unknown(Exception):
    """Nobody knows whether the other side accepted."""


class Untrue(Unknown):
    """It accepted, but what it gave the payer is not what we asked: other amount, other merchant.

    The code is not shown, the order is called back, and the office is told.
    """


class NotAuthentic(Exception):
    """A message that is not from whom it says, or was altered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be paid. ``ref`` is ours and unique for ever; starting it twice starts it once.

    ``way`` is one of the adapter's ``ways``; ``account`` is the payer's, for ways that take the
    money out of one.
    """

    ref: str
    amount: Rupiah
    description: str
    expires_at: datetime
    way: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """What the payer does: a plain sentence's code and the facts it needs.

    ``qr`` is a payload that was verified and may be drawn; ``pay_code`` a number to type, by which
    the bank will ask for the bill (a virtual account).
    """

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    qr: str = ""
    pay_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing the other side says about one ref. ``money_id`` is theirs, unique per adapter.

    See ``on_rail`` where it is not.
    Without a ref, ``pay_code`` says which order is meant. ``payer`` and ``channel`` are as the
    other side calls them (a name is masked). ``refund_ref`` is ours, of a refund.
    """

    ref: str
    kind: Kind
    money_id: str
    amount: Rupiah
    happened_at: datetime
    trust: Trust
    currency: str = IDR
    pay_code: str = ""
    payer: str = ""
    channel: str = ""
    refund_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRequest:
    """``path`` is as the other side used it, with its query: signatures cover it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a message says, once it is known to be authentic.

    ``message_id`` is theirs and unique in its day; ``asks_for`` a pay_code whose bill they want to
    know; ``wants_token`` that they sign in.
    """

    seen: tuple[Observation, ...] = ()
    asks_for: str = ""
    wants_token: bool = False
    message_id: str = ""


class Outcome(StrEnum):
    """What became of a message, for the adapter to say in its own words."""

    TAKEN = "taken"  # also when it is wrong for us: it is stored, and a person looks at it
    SAID_OTHERWISE = "said-otherwise"  # its id came with other words; what it says counts
    NOT_AUTHENTIC = "not-authentic"
    UNKNOWN_BILL = "unknown-bill"
    PAID_BILL = "paid-bill"
    EXPIRED_BILL = "expired-bill"
    WRONG_AMOUNT = "wrong-amount"
    FAILED = "failed"  # ours: they should try again


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A bill that a bank asked for. ``payer`` is a name of a firm or a person, as on the bill."""

    ref: str
    pay_code: str
    amount: Rupiah
    description: str
    payer: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLine:
    """``batch`` names the payment into the bank of which this money was a part."""

    money_id: str
    gross: Rupiah
    fee: Rupiah
    settled_on: date
    batch: str = ""


class Http(Protocol):
    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> HttpAnswer:
        """Any status is an answer. Connects within 3 s, ends within 10 s, follows no redirect.

        Raises NotSent or NoAnswer.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What an adapter is given: it makes no connection, reads no clock and no environment itself.

    ``settings`` are the variables ``SIJINAK_<NAME>_…`` of the adapter, by the rest of their name in
    small letters.
    """

    http: Http
    now: Callable[[], datetime]
    settings: Mapping[str, str]
    log: Logger


class PaymentAdapter(Protocol):
    """Made by calling the entry point with its Tools. Raises Misconfigured when settings lack."""

    name: str
    api_version: int
    can: Can

    @property
    def ways(self) -> tuple[str, ...]:
        """For the payer to choose from, e.g. ("qris", "va")."""

    def most(self, way: str) -> Rupiah | None:
        """The largest amount that can be paid in this way; None without a limit."""

    def start(self, order: Order) -> Instructions:
        """Raises Rejected, Unknown or Untrue."""

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        """All that is known of a ref, not only the last word. Raises Unknown."""

    def read_notice(self, request: RawRequest) -> Notice:
        """Verify and translate, nothing else. Raises NotAuthentic."""

    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:
        """What to say to a message. Pure, as read_notice."""

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        """Raises Rejected or Unknown."""

    def refund(
        self, ref: str, money_id: str, amount: Rupiah, refund_ref: str
    ) -> tuple[Observation, ...]:
        """Idempotent in refund_ref: asking again tells how it stands.

        Raises Rejected or Unknown.
        """

    def settlements(self, day: date) -> Iterable[SettlementLine]:
        """What was paid into the bank on a day. Raises Unknown."""
