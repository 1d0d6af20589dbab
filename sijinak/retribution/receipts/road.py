"""Where money of a receipt has got to. Features above know the road; the app hands in who tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sijinak.core.permissions import Actor
from sijinak.payments.models import Collection


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """In the words of this answer. ``is_there``: the money has got so far."""

    title: str
    text: str
    url: str = ""
    journal_url: str = ""
    is_there: bool = True


Tell = Callable[[Collection, Actor], Sequence[Stage]]


class Road:
    def __init__(self) -> None:
        self._tell: Tell | None = None

    def wire(self, tell: Tell) -> None:
        self._tell = tell

    def of(self, money: Collection, who: Actor) -> Sequence[Stage]:
        """From the bill to the bank's line; nothing for whoever may not look at the treasury."""
        return self._tell(money, who) if self._tell else ()


road = Road()
