"""Which adapters there are: those that are installed and that the settings name.

A package offers one as an entry point of the group ``sijinak.payment_adapters``. What is wrong
with one is said when the app starts, not when the first person pays.
"""

import inspect
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from sijinak.config import Misconfigured
from sijinak.core.errors import Invalid
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Can,
    Instructions,
    Observation,
    Order,
    PaymentAdapter,
    Unknown,
)
from sijinak.payments.adapters.silent import Silent
from sijinak.payments.adapters.tools import ToolsFor

GROUP = "sijinak.payment_adapters"
METHODS = [m for m, _ in inspect.getmembers(PaymentAdapter, inspect.isfunction) if m[0] != "_"]


class NotOffered(Invalid):
    """Nobody can pay in this way here."""

    code = "channel-not-offered"


class HistoricalAdapter(Silent):
    """Stands for an adapter that was taken away, so that its old rows stay readable."""

    api_version = API_VERSION
    can = Can(0)
    ways: tuple[str, ...] = ()

    def __init__(self, name: str) -> None:
        self.name = name

    def start(self, order: Order) -> Instructions:  # noqa: ARG002
        raise Unknown(f"{self.name} is no longer in use")

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        raise Unknown(f"{self.name} is no longer in use")


class Registry:
    def __init__(self) -> None:
        self._adapters: dict[str, PaymentAdapter] = {}

    def load(
        self, names: str, tools_for: ToolsFor, points: Iterable[EntryPoint] | None = None
    ) -> None:
        """Replace the table by the named adapters. Raises Misconfigured, and says what to do."""
        wanted = [name.strip() for name in names.split(",") if name.strip()]
        found = list(entry_points(group=GROUP) if points is None else points)
        if len(set(wanted)) < len(wanted):
            raise Misconfigured(f"the payment adapters name one twice: {names}")
        self._adapters = {name: _loaded(name, tools_for, found) for name in wanted}

    def offered(self, name: str) -> PaymentAdapter:
        """The adapter, for new payments. Raises NotOffered."""
        if name not in self._adapters:
            raise NotOffered(channel=name)
        return self._adapters[name]

    def known(self, name: str) -> PaymentAdapter:
        """The adapter, or what stands for one that was taken away, for payments there are."""
        return self._adapters.get(name) or HistoricalAdapter(name)

    def names(self) -> list[str]:
        return list(self._adapters)

    def online(self) -> list[str]:
        """The names of those that need no person at the counter."""
        return [name for name, adapter in self._adapters.items() if Can.OFFLINE not in adapter.can]

    def ways(self, amount: Rupiah) -> list[tuple[str, str]]:
        """Adapter and way, for all in which a payer alone can pay an amount."""
        return [
            (name, way)
            for name, adapter in self._adapters.items()
            for way in adapter.ways
            if Can.OFFLINE not in adapter.can
            and ((most := adapter.most(way)) is None or amount <= most)
        ]

    def offers(self, name: str) -> bool:
        return name in self._adapters


def _loaded(name: str, tools_for: ToolsFor, found: list[EntryPoint]) -> PaymentAdapter:
    points = [point for point in found if point.name == name]
    if not points:
        raise Misconfigured(f"no installed package has a payment adapter called {name}")
    if len(points) > 1:
        raise Misconfigured(f"{len(points)} payment adapters are called {name}: remove all but one")
    kind = points[0].load()
    if fault := _fault(name, kind):
        raise Misconfigured(f"the payment adapter {name} {fault}")
    adapter: PaymentAdapter = kind(tools_for(name))
    if fault := _fault_of_made(adapter):
        raise Misconfigured(f"the payment adapter {name} {fault}")
    return adapter


def _fault(name: str, kind: object) -> str:
    """Looked at before it is made: an adapter of another version may be made otherwise."""
    if getattr(kind, "name", None) != name:
        return "calls itself otherwise"
    if getattr(kind, "api_version", None) != API_VERSION:
        return f"is not made for version {API_VERSION} of the interface"
    missing = [method for method in METHODS if not callable(getattr(kind, method, None))]
    return f"has no {', '.join(missing)}" if missing else ""


def _fault_of_made(adapter: PaymentAdapter) -> str:
    if not isinstance(getattr(adapter, "can", None), Can):
        return "does not say what it can do"
    ways = getattr(adapter, "ways", None)
    if not (isinstance(ways, tuple) and ways and all(type(way) is str for way in ways)):
        return "does not say in which ways one can pay"
    return ""


registry = Registry()
