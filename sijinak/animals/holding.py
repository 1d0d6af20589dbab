"""What holds an animal where it is: while something does, it is not sold, lent or moved.

Features above this one hold animals, too; the app hands in who is asked.
"""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from sijinak.core.errors import Conflict

Holder = Callable[[Collection[UUID]], set[UUID]]


class AnimalHeld(Conflict):
    """Facts: ``kinds``, codes of what holds them; ``count``."""

    code = "animal-held"


class Holding:
    def __init__(self) -> None:
        self._holders: dict[str, Holder] = {}

    def wire(self, holders: Mapping[str, Holder]) -> None:
        """Replace the table: building an app twice must not ask twice."""
        self._holders = dict(holders)

    def refuse(self, animal_ids: Collection[UUID]) -> None:
        """Raises AnimalHeld."""
        found = {kind: held for kind, ask in self._holders.items() if (held := ask(animal_ids))}
        if found:
            raise AnimalHeld(kinds=sorted(found), count=len(set().union(*found.values())))


holding = Holding()
