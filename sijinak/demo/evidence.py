"""What follows from owners and animals: the words of names, and the observation of each animal."""

from collections.abc import Iterator, Mapping
from typing import Any

from sijinak.animals.changing import plain
from sijinak.animals.models import ObservationKind
from sijinak.animals.services import KEPT
from sijinak.core.clock import now
from sijinak.demo.chance import Names

Columns = Mapping[str, list[Any]]
_NOTHING: tuple[object, ...] = (None, "")


def keeper_words(keepers: Columns, names: Names) -> dict[str, list[Any]]:
    """Every word of every name, by which keepers are searched."""
    rows = [
        (keeper_id, word, village, at)
        for keeper_id, key, village, at in zip(
            keepers["id"],
            keepers["name_key"],
            keepers["village"],
            keepers["registered_at"],
            strict=True,
        )
        for word in dict.fromkeys(key.split())
    ]
    return {
        "id": names.at([row[3] for row in rows]),
        "keeper_id": [row[0] for row in rows],
        "word": [row[1] for row in rows],
        "village": [row[2] for row in rows],
    }


def new_words(words: Columns, known: set[str], names: Names) -> dict[str, list[Any]]:
    """The words that no name had before; ``known`` grows by them."""
    fresh = sorted(set(words["word"]) - known)
    known.update(fresh)
    return {"id": names.at([now()] * len(fresh)), "word": fresh}


def observations(animals: Columns, by_name: str, names: Names) -> dict[str, list[Any]]:
    """What the registrar wrote down of each animal."""
    moments = animals["registered_at"]
    count = len(moments)
    return {
        "id": names.at(moments),
        "animal_id": animals["id"],
        "kind": [ObservationKind.REGISTERED] * count,
        "basis": animals["verification"],
        "made_at": moments,
        "recorded_at": moments,
        "by_id": animals["registered_by"],
        "by_name": [by_name] * count,
        "village": animals["village"],
        "before": [{}] * count,
        "after": list(_known(animals)),
        "reason": [""] * count,
    }


def _known(animals: Columns) -> Iterator[dict[str, Any]]:
    columns = [name for name in KEPT if name in animals]
    for row in zip(*(animals[name] for name in columns), strict=True):
        yield {
            name: plain(value)
            for name, value in zip(columns, row, strict=True)
            if value not in _NOTHING
        }
