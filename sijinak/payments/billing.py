"""Whom the payments ask about bills. The bills stand above; the app hands in who answers."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sijinak.core.permissions import Actor
from sijinak.payments.models import Collection, DiscrepancyKind


class Bills(Protocol):
    """All are called inside the transaction that writes the money down."""

    def settle(
        self, money: Collection, bill_ids: Sequence[UUID], *, by: Actor
    ) -> DiscrepancyKind | None:
        """Pay the bills, if the money is exactly theirs and all are open; None then.

        Also None when a setting says that the money must be on the bank's statement first.
        """

    def reopen(self, money: Collection, *, by: Actor) -> None:
        """The money was taken back: void what it paid, and owe it again."""

    def are_open(self, bill_ids: Sequence[UUID]) -> bool: ...

    def keeper_of(self, bill_ids: Sequence[UUID]) -> UUID | None:
        """Who owes them; None when nobody is known, or several are."""


class _Nobody:
    def settle(
        self,
        money: Collection,  # noqa: ARG002
        bill_ids: Sequence[UUID],  # noqa: ARG002
        *,
        by: Actor,  # noqa: ARG002
    ) -> DiscrepancyKind | None:
        return DiscrepancyKind.UNKNOWN_BILL

    def reopen(self, money: Collection, *, by: Actor) -> None:
        pass

    def are_open(self, bill_ids: Sequence[UUID]) -> bool:  # noqa: ARG002
        return False

    def keeper_of(self, bill_ids: Sequence[UUID]) -> UUID | None:  # noqa: ARG002
        return None


class Billing:
    """``region`` is where money counts that nobody knows the bill of: the whole office."""

    def __init__(self) -> None:
        self.bills: Bills = _Nobody()
        self.region = ""

    def wire(self, bills: Bills) -> None:
        """Replace who answers: building an app twice must not pay twice."""
        self.bills = bills

    def set(self, region: str) -> None:
        self.region = region


billing = Billing()
