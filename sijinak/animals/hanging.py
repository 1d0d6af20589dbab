"""What hangs on an animal since a moment: while something does, that moment cannot be undone.

Features above this one keep such things, too; the app hands in who is asked.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sijinak.core.errors import Conflict

# Which of the animals have something since then, that does not belong to the cause itself.
Asked = Callable[[Collection[UUID], datetime, UUID | None], set[UUID]]


class Tie(StrEnum):
    CHANGE = "change"
    CALF = "calf"
    NUMBER = "number"
    PHOTO = "photo"
    VACCINATION = "vaccination"
    PERMIT = "permit"
    MUTATION = "mutation"
    SHEET = "sheet"
    LABEL = "label"


class ThingsHangOnIt(Conflict):
    """Facts: ``kinds`` of what hangs on it; ``animals``, their ids; ``count``."""

    code = "things-hang-on-it"


class Hanging:
    def __init__(self) -> None:
        self._asked: dict[Tie, Asked] = {}

    def wire(self, asked: Mapping[Tie, Asked]) -> None:
        """Replace the table: building an app twice must not ask twice."""
        self._asked = dict(asked)

    def refuse(
        self, animal_ids: Collection[UUID], since: datetime, *, cause_id: UUID | None
    ) -> None:
        """Raises ThingsHangOnIt when anything came after, whatever feature keeps it."""
        found = {
            kind: held
            for kind, ask in self._asked.items()
            if (held := ask(animal_ids, since, cause_id))
        }
        if found:
            animals = set().union(*found.values())
            raise ThingsHangOnIt(
                kinds=sorted(found), count=len(animals), animals=[str(one) for one in animals]
            )


hanging = Hanging()
