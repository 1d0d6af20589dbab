"""How one bank speaks SNAP: what differs between banks is data, not code.

Profiles are TOML files in ``payments/adapters/profiles``; ``generic.toml`` explains each line. An
office may bring its own as the text of the setting ``profile``.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Literal

import msgspec

from sijinak.config import Misconfigured
from sijinak.payments.adapters.base import Kind

Signing = Literal["symmetric", "asymmetric"]
Codes = tuple[str, ...]
QRIS, VA = "qris", "va"  # the two rails, which are also the ways to pay


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of their services as we call it."""

    path: str
    codes: Codes  # the service's number in their answers; some banks use two
    sign: Signing = "symmetric"
    method: str = "POST"


class Door(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of our services as they call it. ``sign`` lists what is accepted."""

    path: str
    code: str
    sign: tuple[Signing, ...]


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where money stands in a message. ``list`` names a list of payments, if the bank gives one."""

    id: str
    amount: str
    paid_at: str
    list: str = ""
    payer: str = ""
    channel: str = ""
    state: str = ""  # of one payment in the list
    reversed_at: str = ""
    refunds: str = ""  # a list, with the next four in each
    refund_ref: str = ""
    refund_amount: str = ""
    refunded_at: str = ""


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the lines of a settlement stand, and on which rail their money came."""

    list: str
    money_id: str
    gross: str
    fee: str
    settled_on: str
    batch: str
    rail: str = QRIS  # money on accounts goes straight to ours


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    about: str
    token: Part | None = None
    qr_create: Part | None = None
    qr_query: Part | None = None
    qr_cancel: Part | None = None
    qr_refund: Part | None = None
    va_create: Part | None = None
    va_query: Part | None = None
    va_cancel: Part | None = None
    settlements: Part | None = None
    door_token: Door | None = None
    door_qr: Door | None = None
    door_inquiry: Door | None = None
    door_payment: Door | None = None
    milliseconds: bool = False  # X-TIMESTAMP as …T10:37:16.196Z instead of …T17:37:16+07:00
    va_digits: int = 16  # of the customer's number, behind the prefix
    qr_content: str = "qrContent"
    qr_again: str = ""  # where the QR stands in the answer to a query, if the bank repeats it
    query_service: str = "47"  # serviceCode in a question about a QR
    refund_of: str = "originalReferenceNo"  # where a refund names the money
    words: dict[str, str] = {}  # our word for a field: theirs, where a bank spells it otherwise
    qr_states: dict[str, Kind]
    va_states: dict[str, Kind] = {}
    qr_money: Money
    va_money: Money | None = None
    notice_money: Money
    payment_money: Money | None = None
    lines: Lines | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        has_va = self.va_create or (self.door_inquiry and self.door_payment)
        return (QRIS,) * bool(self.qr_create) + (VA,) * bool(has_va)

    def theirs(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The same with the bank's spelling of names."""
        found: dict[str, Any] = _renamed(fields, self.words)
        return found

    def ours(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        words = {theirs: ours for ours, theirs in self.words.items()}
        found: dict[str, Any] = _renamed(fields, words)
        return found


def profile_of(text: str) -> Profile:
    """One that comes with us, by its name, or one's own text. Raises Misconfigured."""
    try:
        source = text if "\n" in text else _shipped(text)
        return msgspec.convert(tomllib.loads(source), Profile)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Misconfigured(f"SIJINAK_SNAP_PROFILE: {error}") from error


def _renamed(thing: Any, words: Mapping[str, str]) -> Any:
    if isinstance(thing, Mapping):
        return {words.get(key, key): _renamed(value, words) for key, value in thing.items()}
    return [_renamed(one, words) for one in thing] if isinstance(thing, list) else thing


def _shipped(name: str) -> str:
    if not name.isidentifier():
        raise OSError(f"there is no profile {name}")
    place = files("sijinak.payments.adapters") / "profiles" / f"{name}.toml"
    return place.read_text()
