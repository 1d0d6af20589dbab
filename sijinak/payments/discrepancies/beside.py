"""What features above know of a case: the bills it may pay, and facts to show beside it.

They stand above the payments; the app hands in who is asked. Nothing is matched by guess: what is
suggested here, a person chooses.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sijinak.core.money import Rupiah
from sijinak.core.permissions import Actor
from sijinak.payments.models import Discrepancy


class Because(StrEnum):
    """Why a bill is suggested; the strongest first."""

    MEANT = "meant"  # the money was sent for it
    IN_REMARK = "in-remark"  # its number stands in what the payer wrote
    SAME_PAYER = "same-payer"
    SAME_AMOUNT = "same-amount"
    TYPED = "typed"  # somebody typed its number


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An open bill that the money of a case may pay."""

    bill_id: UUID
    number: str
    payer: str
    amount: Rupiah
    due_on: date
    because: Because


@dataclass(frozen=True, slots=True)
class Named:
    """What a bill is called, and who owes it."""

    number: str
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One line about a case: ``name`` is a message id of whoever tells it."""

    name: str
    text: str
    url: str = ""


Tell = Callable[[Discrepancy, Actor], Iterable[Known]]


class Bills(Protocol):
    def suggest(self, case: Discrepancy, typed: str, *, by: Actor) -> Sequence[Choice]:
        """Open bills, the likeliest first; ``typed`` is the number of one."""

    def named(self, bill_ids: Collection[UUID]) -> dict[UUID, Named]:
        """By their ids, in the order of their numbers."""


class _Nobody:
    def suggest(self, case: Discrepancy, typed: str, *, by: Actor) -> Sequence[Choice]:  # noqa: ARG002
        return ()

    def named(self, bill_ids: Collection[UUID]) -> dict[UUID, Named]:  # noqa: ARG002
        return {}


class BesideCases:
    def __init__(self) -> None:
        self.bills: Bills = _Nobody()
        self._tellers: Sequence[Tell] = ()

    def wire(self, bills: Bills, tellers: Sequence[Tell]) -> None:
        """Replace both: building an app twice must not tell twice."""
        self.bills, self._tellers = bills, tuple(tellers)

    def known(self, case: Discrepancy, *, by: Actor) -> list[Known]:
        return [line for tell in self._tellers for line in tell(case, by)]


beside_cases = BesideCases()
