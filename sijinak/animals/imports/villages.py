"""Villages by the names that stand in lists."""

import re
from collections import defaultdict
from difflib import get_close_matches

from sijinak.animals.imports.problems import BadCell
from sijinak.areas.queries import VILLAGES, Place, place_name, places
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.queries import name_key

_ALIKE = 0.75


def _key(name: str) -> str:
    return re.sub(r"^(desa|kelurahan|kecamatan|kec) ", "", name_key(name))


class Villages:
    """Every village; those in the actor's reach are accepted."""

    def __init__(self, by: Actor) -> None:
        self._named: dict[str, list[Place]] = defaultdict(list)
        for place in places().values():
            if place.level in VILLAGES:
                self._named[_key(place.name)].append(place)
                self._named[place.code].append(place)
        self._by = by

    def find(self, text: str, kecamatan: str) -> str:
        """The code of a village. Raises BadCell."""
        known = self._named.get(text) or self._named.get(_key(text), [])
        there = [p for p in known if self._reaches(p)]
        if kecamatan:
            there = [p for p in there if _key(kecamatan) == _key(place_name(p.parent))]
        if len(there) == 1:
            return there[0].code
        if there:
            raise BadCell("list-village-several", count=len(there))
        if any(self._reaches(p) for p in known):
            raise BadCell("list-village-not-there", kecamatan=kecamatan)
        raise BadCell("list-village-out-of-reach") if known else self._unknown(text)

    def _reaches(self, place: Place) -> bool:
        return may(self._by, Permission.ANIMAL_IMPORT, region=place.code)

    def _unknown(self, text: str) -> BadCell:
        names = {key: found[0] for key, found in self._named.items() if self._reaches(found[0])}
        near = get_close_matches(_key(text), names, n=1, cutoff=_ALIKE)
        if near:
            return BadCell("list-village-perhaps", name=names[near[0]].name)
        return BadCell("list-village-unknown")
