"""Villages by the names that stand in lists."""

import re
from collections import defaultdict
from functools import cached_property

from rapidfuzz import fuzz, process

from sijinak.animals.imports.problems import BadCell
from sijinak.areas.queries import VILLAGES, Place, place_name, places
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.queries import name_key

_ALIKE = 75


def _key(name: str) -> str:
    return re.sub(r"^(desa|kelurahan|kecamatan|kec) ", "", name_key(name))


class Villages:
    """Every village; those in the actor's reach are accepted."""

    def __init__(self, by: Actor) -> None:
        self._named: dict[str, list[Place]] = defaultdict(list)
        self._reached: set[str] = set()
        for place in places().values():
            if place.level not in VILLAGES:
                continue
            self._named[_key(place.name)].append(place)
            self._named[place.code].append(place)
            if may(by, Permission.ANIMAL_IMPORT, region=place.code):
                self._reached.add(place.code)

    def find(self, text: str, kecamatan: str) -> str:
        """The code of a village. Raises BadCell."""
        known = self._named.get(text) or self._named.get(_key(text), [])
        there = [p for p in known if p.code in self._reached]
        if kecamatan:
            there = [p for p in there if _key(kecamatan) == _key(place_name(p.parent))]
        if len(there) == 1:
            return there[0].code
        if there:
            raise BadCell("list-village-several", count=len(there))
        if any(p.code in self._reached for p in known):
            raise BadCell("list-village-not-there", kecamatan=kecamatan)
        raise BadCell("list-village-out-of-reach") if known else self._unknown(text)

    def is_reached(self, code: str) -> bool:
        return code in self._reached

    def _unknown(self, text: str) -> BadCell:
        near = process.extractOne(_key(text), self._spelt, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if near:
            return BadCell("list-village-perhaps", name=near[2].name, village=near[2].code)
        return BadCell("list-village-unknown")

    @cached_property
    def _spelt(self) -> "dict[Place, str]":
        """Villages in reach by their names, as they are compared."""
        return {
            place: key
            for key, found in self._named.items()
            for place in found
            if place.code in self._reached and key != place.code
        }
