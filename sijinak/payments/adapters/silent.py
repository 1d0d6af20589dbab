"""What an adapter answers whose other side says nothing by itself and can be told nothing."""

from collections.abc import Iterable
from datetime import date

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    Answer,
    Due,
    NotAuthentic,
    Notice,
    Observation,
    Outcome,
    RawRequest,
    Rejected,
    SettlementLine,
)


class Silent:
    """No limit, no news, no notice, nothing called back, given back or settled."""

    name = ""

    def most(self, way: str) -> Rupiah | None:  # noqa: ARG002
        return None

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        return ()

    def read_notice(self, request: RawRequest) -> Notice:  # noqa: ARG002
        raise NotAuthentic(f"{self.name} sends no notices")

    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:  # noqa: ARG002
        return Answer(status=401, body=b"")

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        raise Rejected(f"{self.name} cannot be called back")

    def refund(
        self,
        ref: str,  # noqa: ARG002
        money_id: str,  # noqa: ARG002
        amount: Rupiah,  # noqa: ARG002
        refund_ref: str,  # noqa: ARG002
    ) -> tuple[Observation, ...]:
        raise Rejected(f"{self.name} is given back by hand, with a decision")

    def settlements(self, day: date) -> Iterable[SettlementLine]:  # noqa: ARG002
        return ()
