"""The facts of an animal as people read them: what each is called, and what its values mean."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sijinak.animals import labels as _labels  # noqa: F401 - names our enumerations
from sijinak.animals.changing import alive
from sijinak.animals.models import Observation
from sijinak.animals.queries import live_tags
from sijinak.areas.queries import full_name
from sijinak.core.codes import spaced
from sijinak.core.permissions import Permission, may
from sijinak.keepers.queries import keeper_facts
from sijinak.web.access import actor
from sijinak.web.formats import day
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

# What is not here (who saw it, which list it came in) is said by the observation itself.
COLUMNS = {
    "keeper_id": N_("Keeper"),
    "raiser_id": N_("Raised by"),
    "village": N_("Village"),
    "hamlet": N_("Hamlet"),
    "species": N_("Species"),
    "breed": N_("Breed"),
    "sex": N_("Sex"),
    "birth_date": N_("Born"),
    "birth_precision": N_("How well the birth is known"),
    "teeth": N_("Poel (pairs)"),
    "colour": N_("Colour"),
    "horns": N_("Horns"),
    "ears": N_("Ears"),
    "whorls": N_("Whorls"),
    "brand": N_("Brand"),
    "special_marks": N_("Special marks"),
    "calvings": N_("Calvings"),
    "is_pregnant": N_("Pregnant"),
    "origin": N_("Origin"),
    "use": N_("Use"),
    "dam_id": N_("Dam"),
    "sire_id": N_("Sire"),
    "verification": N_("Evidence"),
    "state": N_("State"),
}
KEEPERS = ("keeper_id", "raiser_id")
PARENTS = ("dam_id", "sire_id")
NONE = "–"


class Wording:
    """Knows the names that some values stand for, all looked up at once."""

    def __init__(self, values: Iterable[Mapping[str, Any]]) -> None:
        known = list(values)
        self._keepers = keeper_names(_ids(known, KEEPERS))
        self._tags = {
            animal_id: spaced(tag.value)
            for animal_id, tag in live_tags(_ids(known, PARENTS)).items()
        }

    def value(self, column: str, value: Any) -> str:  # noqa: PLR0911 - one answer a kind
        """A column's value, of the animal itself or out of an observation."""
        match alive({column: value})[column] if isinstance(value, str) else value:
            case None | "":
                return NONE
            case bool() as yes:
                return _("Yes") if yes else _("No")
            case StrEnum() as member:
                return label(member)
            case date() as when:
                return day(when)
            case UUID() as thing:
                return {**self._keepers, **self._tags}.get(thing, _("not in your working area"))
            case text:
                return full_name(text) if column == "village" else str(text)

    def changes(self, observation: Observation) -> tuple[str, ...]:
        """One line for each fact that it set: what was, and what is."""
        return tuple(self._line(name, observation) for name in COLUMNS if name in observation.after)

    def _line(self, name: str, observation: Observation) -> str:
        now = self.value(name, observation.after[name])
        if name not in observation.before:
            return f"{_(COLUMNS[name])}: {now}"
        return f"{_(COLUMNS[name])}: {self.value(name, observation.before[name])} → {now}"


def keeper_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Of those keepers whom the person may see, or who is the person."""
    own = {reach.keeper_id for reach in actor().reaches(Permission.ANIMAL_READ)}
    return {
        keeper.id: keeper.name
        for keeper in keeper_facts(ids).values()
        if keeper.id in own or may(actor(), Permission.KEEPER_READ, region=keeper.village)
    }


def _ids(values: Iterable[Mapping[str, Any]], columns: Collection[str]) -> set[UUID]:
    found = (each.get(column) for each in values for column in columns)
    return {one if isinstance(one, UUID) else UUID(one) for one in found if one}
