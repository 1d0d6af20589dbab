"""What is asked for about tickets, and what can be wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah

MOST_BLOCKS = 500
MOST_SERIAL = 10**9


class WrongSerials(Invalid):
    """Facts: ``first``, ``last``: what is possible."""

    code = "ticket-wrong-serials"


class SerialTwice(Conflict):
    """Facts: ``first``, ``last`` of the block that has them."""

    code = "ticket-serial-twice"


class NotATicketTariff(Invalid):
    code = "ticket-no-tariff"


class TariffChanged(Conflict):
    """The law asks another amount now than these tickets say. Facts: ``nominal``."""

    code = "ticket-tariff-changed"


class NotASeller(Invalid):
    code = "ticket-not-a-seller"


class NotYourTickets(Conflict):
    code = "ticket-not-yours"


class WrongMoney(Invalid):
    """Facts: ``due``, ``count``."""

    code = "ticket-wrong-money"


class TicketWhyMissing(Invalid):
    code = "ticket-why-missing"


class SamePersonDestroys(Conflict):
    """Who wrote the block down, or proposes it, does not approve that it is destroyed."""

    code = "ticket-same-person-destroys"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterBlocks:
    """A delivery of the printer, bound in blocks of ``size``."""

    id: UUID = field(default_factory=uuid7)
    series: str
    first: int
    last: int
    size: int
    tariff_id: UUID
    decree: str
    printer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferBlocks:
    """Whole blocks to one seller."""

    id: UUID = field(default_factory=uuid7)
    block_ids: tuple[UUID, ...]
    taker_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBlock:
    """``action``: withdraw, accept, give-back or keep."""

    id: UUID = field(default_factory=uuid7)
    block_id: UUID
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SellTickets:
    """Up to the serial ``last``, for an ``amount`` as counted. ``void``: spoilt ones, and why.

    ``first``: the first that was torn off, when tickets before it are gone; ``why_gone`` then.
    """

    id: UUID = field(default_factory=uuid7)
    block_id: UUID
    first: int
    last: int
    amount: Rupiah
    void: Mapping[str, str] = field(default_factory=dict)
    why_gone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBlockBack:
    """``first``: the first ticket that the taker sees in the block; last + 1 when it is empty."""

    id: UUID = field(default_factory=uuid7)
    block_id: UUID
    first: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSpoilt:
    """``use_ids``: spoilt tickets whose paper lies before the keeper; the others are not there."""

    id: UUID = field(default_factory=uuid7)
    block_id: UUID
    use_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CondemnBlock:
    """``why``: decree and minutes."""

    id: UUID = field(default_factory=uuid7)
    block_id: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCondemned:
    """``action``: destroy or spare."""

    id: UUID = field(default_factory=uuid7)
    block_id: UUID
    action: str
