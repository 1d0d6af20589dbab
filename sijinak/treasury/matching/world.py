"""Facts that the rules are given: lines, and all our money that no line has yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sijinak.core.money import Rupiah
from sijinak.treasury.matching.models import PartKind
from sijinak.treasury.naming import speaks_of_bill


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``tokens`` and ``codes`` are what its text names, as ``naming`` spells it.

    ``orders`` are the codes of transfers in it, ``deposits`` the numbers of STS.
    """

    id: UUID
    account: str
    on: date
    at: datetime | None
    amount: Rupiah
    tokens: frozenset[str]
    codes: frozenset[str]
    text: str
    orders: frozenset[str] = frozenset()
    deposits: frozenset[str] = frozenset()

    @property
    def names_bill(self) -> bool:
        """A payer says what it is for, if only in part: then it is no money of ours."""
        return bool(self.codes or self.orders) or speaks_of_bill(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A collection that no line has yet."""

    id: UUID
    adapter: str
    ids: frozenset[str]  # the other side's id, and our ref
    pay_code: str
    codes: frozenset[str]  # of the bills it was meant for
    amount: Rupiah
    on: date
    at: datetime
    region: str = ""

    kind = PartKind.COLLECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a channel says it paid in one sum; ``whole`` when all its money is known and free."""

    id: tuple[str, str, date]
    name: str
    on: date
    gross: Rupiah
    fee: Rupiah
    money: tuple[UUID, ...]
    whole: bool
    outflows: tuple[UUID, ...] = ()

    @property
    def amount(self) -> Rupiah:
        return Rupiah(self.gross - self.fee)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A deposit that no line has yet.

    ``reference`` is what the bank called it by the depositor's word: empty when that is too short
    to tell one line from another. It counts ``within`` so much time of the day on the slip.
    """

    id: UUID
    account: str
    number: str
    reference: str
    amount: Rupiah
    on: date
    within: timedelta
    region: str = ""

    kind = PartKind.DEPOSIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill that is open, exactly this much, and that nobody is paying just now."""

    id: UUID
    code: str
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A transfer that somebody began: they were told to write its code into the remark."""

    id: UUID
    code: str
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """The fee of a batch, which the bank may take by a line of its own."""

    id: tuple[str, str, date]
    name: str
    amount: Rupiah  # below zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Outflow:
    """Money that went back: ``amount`` is below zero, ``account`` what it came out of.

    ``id`` is that of its journal. ``own`` are names of the refund alone, ``names`` those of the
    money that it was.
    """

    id: UUID
    money_id: UUID
    account: str
    amount: Rupiah
    on: date
    title: str
    own: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    region: str = ""

    kind = PartKind.OUTFLOW


@dataclass(frozen=True, slots=True)
class World:
    money: Sequence[Money] = ()
    batches: Sequence[Batch] = ()
    slips: Sequence[Slip] = ()
    bills: Sequence[Bill] = ()
    orders: Sequence[Order] = ()
    outflows: Sequence[Outflow] = ()
    charges: Sequence[Charge] = ()
