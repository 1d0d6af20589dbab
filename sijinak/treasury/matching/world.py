"""Facts that the rules are given: lines, and all our money that no line has yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sijinak.core.money import Rupiah
from sijinak.treasury.matching.models import PartKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``tokens`` and ``codes`` are what its text names, as ``naming`` spells it.

    ``orders`` are the codes of transfers in it.
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
    """A deposit that no line has yet."""

    id: UUID
    account: str
    names: frozenset[str]
    amount: Rupiah
    on: date

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
