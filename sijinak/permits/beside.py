"""What other registers say of a journey as a whole: its quota, permits that are not closed.

They stand above the checks; the app hands in who is asked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sijinak.animals.models import Species
from sijinak.permits.findings import Finding, Report
from sijinak.permits.rules.models import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A journey that may be made. No keeper: anybody asks, and ownership is not looked at."""

    keeper_id: UUID | None
    species: Species
    purpose: Purpose
    origin: str  # the village of the gathering, or any region of it
    destination: str
    planned_on: date
    tags: Sequence[str]
    sale_letter: str = ""
    port: str = ""
    permit_id: UUID | None = None
    is_new: bool = True  # it has no place in any queue yet
    is_public: bool = False  # only what is public of the animals is looked at


Teller = Callable[[Asked, Report], Iterable[Finding]]


class Beside:
    def __init__(self) -> None:
        self._tellers: Sequence[Teller] = ()

    def wire(self, tellers: Sequence[Teller]) -> None:
        """Replace the list: building an app twice must not ask twice."""
        self._tellers = tuple(tellers)

    def findings(self, asked: Asked, report: Report) -> list[Finding]:
        return [finding for tell in self._tellers for finding in tell(asked, report)]


beside = Beside()
