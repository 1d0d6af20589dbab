"""What people may ask to be matched, and why it may be refused."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.errors import Conflict
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah


class ProposalWaits(Conflict):
    """Somebody has proposed something for a line or thing of it, and nobody has decided yet."""

    code = "proposal-waits"


class SamePerson(Conflict):
    """Who proposed it may not decide it."""

    code = "same-person"


class NotMatched(Conflict):
    code = "not-matched"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMatch:
    """``lines``: others that belong to it, as when money goes on to another account."""

    id: UUID = field(default_factory=uuid7)
    line_id: UUID
    lines: tuple[UUID, ...] = ()
    collections: tuple[UUID, ...] = ()
    deposits: tuple[UUID, ...] = ()
    outflows: tuple[UUID, ...] = ()
    fee: Rupiah
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMoney:
    """The line is money that nothing else told us of; without a bill it waits in suspense."""

    id: UUID = field(default_factory=uuid7)
    line_id: UUID
    bill_id: UUID | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeUnmatch:
    id: UUID = field(default_factory=uuid7)
    line_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideProposal:
    """``action`` is a step of PROPOSAL_FLOW."""

    id: UUID = field(default_factory=uuid7)
    proposal_id: UUID
    action: str
    answer: str = ""
