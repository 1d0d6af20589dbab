"""Which adapters there are: those that are installed and that the settings name.

A package offers one as an entry point of the group ``sijinak.payment_adapters``. What is wrong
with one is said when the app starts, not when the first person pays.
"""

import inspect
from collections.abc import Iterable
from datetime import date
from importlib.metadata import EntryPoint, entry_points

from sijinak.config import Misconfigured
from sijinak.core.errors import Invalid
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Can,
    Instructions,
    NotAuthentic,
    Observation,
    Order,
    PaymentAdapter,
    RawRequest,
    Rejected,
    SettlementLine,
    Unknown,
)

GROUP = "sijinak.payment_adapters"
METHODS = [m for m, _ in inspect.getmembers(PaymentAdapter, inspect.isfunction) if m[0] != "_"]


class NotOffered(Invalid):
    """Nobody can pay in this way here."""

    code = "channel-not-offered"


class HistoricalAdapter:
    """Stands for an adapter that was taken away, so that its old rows stay readable."""

    api_version = API_VERSION
    can = Can(0)

    def __init__(self, name: str) -> None:
        self.name = name

    def start(self, order: Order) -> Instructions:  # noqa: ARG002
        raise Unknown(f"{self.name} is no longer in use")

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        raise Unknown(f"{self.name} is no longer in use")

    def read_notice(self, request: RawRequest) -> tuple[Observation, ...]:  # noqa: ARG002
        raise NotAuthentic(f"{self.name} is no longer in use")

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        raise Rejected(f"{self.name} is no longer in use")

    def refund(self, money_id: str, amount: Rupiah, refund_ref: str) -> tuple[Observation, ...]:  # noqa: ARG002
        raise Rejected(f"{self.name} is no longer in use")

    def settlements(self, day: date) -> Iterable[SettlementLine]:  # noqa: ARG002
        return ()


class Registry:
    def __init__(self) -> None:
        self._adapters: dict[str, PaymentAdapter] = {}

    def load(self, names: str, points: Iterable[EntryPoint] | None = None) -> None:
        """Replace the table by the named adapters. Raises Misconfigured, and says what to do."""
        wanted = [name.strip() for name in names.split(",") if name.strip()]
        found = list(entry_points(group=GROUP) if points is None else points)
        if len(set(wanted)) < len(wanted):
            raise Misconfigured(f"the payment adapters name one twice: {names}")
        self._adapters = {name: _loaded(name, found) for name in wanted}

    def offered(self, name: str) -> PaymentAdapter:
        """The adapter, for new payments. Raises NotOffered."""
        if name not in self._adapters:
            raise NotOffered(channel=name)
        return self._adapters[name]

    def known(self, name: str) -> PaymentAdapter:
        """The adapter, or what stands for one that was taken away, for payments there are."""
        return self._adapters.get(name) or HistoricalAdapter(name)

    def online(self) -> list[str]:
        """The names of those that need no person at the counter."""
        return [name for name, adapter in self._adapters.items() if Can.OFFLINE not in adapter.can]

    def offers(self, name: str) -> bool:
        return name in self._adapters


def _loaded(name: str, found: list[EntryPoint]) -> PaymentAdapter:
    points = [point for point in found if point.name == name]
    if not points:
        raise Misconfigured(f"no installed package has a payment adapter called {name}")
    if len(points) > 1:
        raise Misconfigured(f"{len(points)} payment adapters are called {name}: remove all but one")
    adapter: PaymentAdapter = points[0].load()()
    if fault := _fault(name, adapter):
        raise Misconfigured(f"the payment adapter {name} {fault}")
    return adapter


def _fault(name: str, adapter: PaymentAdapter) -> str:
    if getattr(adapter, "name", None) != name:
        return "calls itself otherwise"
    if getattr(adapter, "api_version", None) != API_VERSION:
        return f"is not made for version {API_VERSION} of the interface"
    if not isinstance(getattr(adapter, "can", None), Can):
        return "does not say what it can do"
    missing = [method for method in METHODS if not callable(getattr(adapter, method, None))]
    return f"has no {', '.join(missing)}" if missing else ""


registry = Registry()
