"""Bills as the office looks for them: by number, payer, or the number of the permit.

Permits stand above; the app hands in who finds them.
"""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_

from sijinak.retribution.models import Skrd

# The permits whose number has this in it, written small.
Permits = Callable[[str], Select[UUID]]


class Searching:
    def __init__(self) -> None:
        self._permits: Permits | None = None

    def wire(self, permits: Permits) -> None:
        self._permits = permits

    def bills(self, text: str) -> ColumnElement[bool]:
        part = " ".join(text.lower().split())
        found = [
            func.lower(Skrd.number).contains(part, autoescape=True),
            func.lower(Skrd.payer_name).contains(part, autoescape=True),
        ]
        if self._permits:
            found.append(Skrd.permit_id.in_(self._permits(part)))
        return or_(*found)


searching = Searching()
