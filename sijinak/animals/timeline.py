"""What happened to an animal, told by every feature that keeps a part of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """In people's words already. ``kind`` names its icon: see ICONS of the page."""

    at: datetime
    kind: str
    title: str
    by_name: str = ""
    place: str = ""
    basis: str = ""
    lines: tuple[str, ...] = ()
    url: str = ""


MomentMaker = Callable[[Collection[UUID]], Sequence[Moment]]


class Timeline:
    def __init__(self) -> None:
        self._makers: dict[str, MomentMaker] = {}

    def wire(self, makers: Mapping[str, MomentMaker]) -> None:
        """Replace the table: building an app twice must not tell twice."""
        self._makers = dict(makers)

    def moments(self, animal_ids: Collection[UUID]) -> list[Moment]:
        """Newest first."""
        told = [moment for maker in self._makers.values() for moment in maker(animal_ids)]
        return sorted(told, key=lambda moment: moment.at, reverse=True)


timeline = Timeline()


def page_before(
    moments: Sequence[Moment], before: datetime | None
) -> tuple[list[Moment], datetime | None]:
    """Fifty moments or a few more, and where to go on; what was at one moment stays together."""
    left = [moment for moment in moments if before is None or moment.at < before]
    if len(left) <= PAGE:
        return left, None
    last = left[PAGE - 1].at
    shown = [moment for moment in left if moment.at >= last]
    return shown, last if len(shown) < len(left) else None
