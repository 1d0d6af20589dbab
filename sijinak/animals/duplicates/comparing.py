"""Two records beside each other, for people who decide about them."""

from collections.abc import Callable, Sequence
from typing import Any

from sijinak.animals.duplicates.models import PairState
from sijinak.animals.duplicates.queries import pair_of
from sijinak.animals.models import Animal, Identifier, IdentifierKind
from sijinak.animals.mutations.queries import mutations_of
from sijinak.animals.photos.queries import photos_of
from sijinak.animals.queries import live_tags
from sijinak.animals.record import numbers_of, weighings_of
from sijinak.animals.skkt.queries import listings_of
from sijinak.animals.timeline import timeline
from sijinak.animals.words import COLUMNS, NONE, Wording
from sijinak.core.codes import spaced
from sijinak.web.access import actor
from sijinak.web.formats import day, moment
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

LAST = 8  # moments of each record
Row = tuple[str, str, str, bool | None]  # None: nothing to compare


def comparison(animals: Sequence[Animal]) -> dict[str, Any]:
    """What the page of a pair shows."""
    one, other = animals
    moments = {animal.id: timeline.moments([animal.id]) for animal in animals}
    return {
        "animals": animals,
        "pair": pair_of(one.id, other.id),
        "open": PairState.OPEN,
        "names": {animal.id: name_of(animal) for animal in animals},
        "better": _better_known(animals),
        "rows": [*_facts(one, other), *_papers(one, other)],
        "photos": {animal.id: photos_of([animal.id], by=actor()) for animal in animals},
        "moments": {
            animal_id: [
                {"title": told.title, "when": moment(told.at), "text": told.by_name}
                for told in found[:LAST]
            ]
            for animal_id, found in moments.items()
        },
    }


def name_of(animal: Animal) -> str:
    """The code it is known by; after a merge the last one that it had."""
    tag = live_tags([animal.id]).get(animal.id)
    if tag is None:
        tags = [n for n in numbers_of([animal.id]) if n.kind is IdentifierKind.TAG]
        tag = tags[0] if tags else None
    return spaced(tag.value) if tag else NONE


def _facts(one: Animal, other: Animal) -> list[Row]:
    values = [{name: getattr(animal, name) for name in COLUMNS} for animal in (one, other)]
    wording = Wording(values)
    rows = []
    for name, title in COLUMNS.items():
        first, second = (wording.value(name, known[name]) for known in values)
        if (first, second) != (NONE, NONE):
            rows.append((_(title), first, second, values[0][name] != values[1][name]))
    return rows


def _papers(one: Animal, other: Animal) -> list[Row]:
    """What hangs on each; whether it differs is no sign of anything."""
    return [(_(title), told(one), told(other), None) for title, told in PAPERS.items()]


def _numbers(animal: Animal) -> str:
    return ", ".join(_number(number) for number in numbers_of([animal.id])) or NONE


def _number(number: Identifier) -> str:
    shown = spaced(number.value) if number.kind is IdentifierKind.TAG else number.value
    told = f"{label(number.kind)} {shown}"
    return f"{told} ({label(number.end_reason)})" if number.ended_at else told


def _weights(animal: Animal) -> str:
    found = weighings_of([animal.id])
    return ", ".join(f"{one.kg} kg ({day(one.weighed_at)})" for one in found) or NONE


def _sheets(animal: Animal) -> str:
    listed = [sheet.number for _line, sheet in listings_of([animal.id]) if sheet.number]
    return ", ".join(listed) or NONE


def _vaccinations(animal: Animal) -> str:
    return str(sum(told.kind == "vaccinated" for told in timeline.moments([animal.id])))


def _seen(animal: Animal) -> str:
    return day(animal.seen_at) if animal.seen_at else NONE


PAPERS: dict[str, Callable[[Animal], str]] = {
    N_("Codes and numbers"): _numbers,
    N_("Registered"): lambda animal: day(animal.registered_at),
    N_("Seen"): _seen,
    N_("Weights"): _weights,
    N_("Vaccinations"): _vaccinations,
    N_("SKKT"): _sheets,
    N_("Mutations"): lambda animal: str(len(mutations_of([animal.id]))),
}


def _better_known(animals: Sequence[Animal]) -> Animal:
    """The record that should stand, if nobody knows better: seen, then on a letter, then older."""
    return min(
        animals,
        key=lambda animal: (animal.seen_at is None, not listings_of([animal.id]), animal.id),
    )
