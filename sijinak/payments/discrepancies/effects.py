"""What a resolution does. Features below and above hand in theirs; the table is in wiring.py.

An effect runs inside the transaction in which the second person approves: ``case.proposed_by``
asked for it, ``by`` approves. What it raises undoes the approval.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sijinak.core.permissions import Actor
from sijinak.payments.discrepancies.legal import LEGAL
from sijinak.payments.models import Discrepancy, DiscrepancyKind, Resolution

Do = Callable[..., None]  # (case: Discrepancy, *, by: Actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is proposed beside the resolution itself."""

    bill_ids: tuple[UUID, ...] = ()
    case_ids: tuple[UUID, ...] = ()  # other cases whose money joins this one's
    amount: int = 0  # to give back

    def spelt(self) -> dict[str, str]:
        return {
            "bills": ",".join(map(str, self.bill_ids)),
            "cases": ",".join(map(str, self.case_ids)),
            "amount": str(self.amount),
        }


def plan_of(case: Discrepancy) -> Plan:
    told = case.plan
    return Plan(
        bill_ids=_ids(told.get("bills", "")),
        case_ids=_ids(told.get("cases", "")),
        amount=int(told.get("amount", "0")),
    )


def _ids(text: str) -> tuple[UUID, ...]:
    return tuple(UUID(one) for one in text.split(",") if one)


def nothing(case: Discrepancy, *, by: Actor) -> None:
    """Nothing moves: the explanation is the resolution."""


@dataclass(frozen=True, slots=True)
class Effect:
    """``check`` is asked when it is proposed, and again before ``do``: both raise what is wrong."""

    do: Do
    check: Do = nothing


Table = Mapping[Resolution | tuple[DiscrepancyKind, Resolution], Effect]


class Effects:
    def __init__(self) -> None:
        self._table: Table = {}

    def wire(self, table: Table) -> None:
        """Replace the table: building an app twice must not do things twice."""
        self._table = dict(table)

    def of(self, kind: DiscrepancyKind, resolution: Resolution) -> Effect | None:
        """That of the kind, or of the resolution whatever the kind; None when it is not legal."""
        if resolution not in LEGAL[kind]:
            return None
        return self._table.get((kind, resolution)) or self._table.get(resolution)

    def legal(self, kind: DiscrepancyKind) -> tuple[Resolution, ...]:
        return tuple(one for one in LEGAL[kind] if self.of(kind, one))


effects = Effects()
