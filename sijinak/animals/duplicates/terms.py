"""What a rule asks of two records: its terms, read once and compared often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from rapidfuzz import fuzz

from sijinak.animals.models import Sex, Species

# Two animals can not both be right about these; special marks may be two of one animal.
EXCLUSIVE = ("colour", "horns", "ears", "whorls", "brand")
MARKS = (*EXCLUSIVE, "special_marks")
TWINS = frozenset({"kembar", "twin", "twins"})
SPELT_ALIKE = 80  # percent of a word: one letter wrong in five


class Look(NamedTuple):
    """A record as the rules look at it."""

    id: UUID
    species: Species
    sex: Sex
    keeper_id: UUID
    dam_id: UUID | None
    birth_date: date | None
    registered_at: datetime
    batch_id: UUID | None
    colour: str
    horns: str
    ears: str
    whorls: str
    brand: str
    special_marks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What must hold for two records of one village, species and sex; what is empty asks nothing.

    ``same`` columns are equal and not empty, ``without`` ones empty. ``days`` names a moment and
    how far apart. Of the marks those in ``must`` are known and alike, ``least`` so many are alike,
    and none contradicts. ``number`` lists kinds of identifiers of which one is spelt alike.
    """

    same: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    species: frozenset[str] = frozenset()
    number: tuple[str, ...] = ()
    moment: str = ""
    days: int = 0
    must: tuple[str, ...] = ()
    least: int = 0
    unless_twins: bool = False

    def concern(self, look: Look) -> bool:
        return (not self.species or look.species in self.species) and not any(
            getattr(look, name) for name in self.without
        )

    def agree(self, one: Look, other: Look) -> bool:
        """About the marks; and they are not marked as twins."""
        if self.unless_twins and _is_twin(one.special_marks) and _is_twin(other.special_marks):
            return False
        if not (self.must or self.least):
            return True
        known = {
            mark: alike(getattr(one, mark), getattr(other, mark))
            for mark in MARKS
            if getattr(one, mark) and getattr(other, mark)
        }
        contradicts = any(not known.get(mark, True) for mark in EXCLUSIVE)
        has_all = all(known.get(mark) for mark in self.must)
        return has_all and not contradicts and sum(known.values()) >= self.least


def terms_of(told: Mapping[str, Any]) -> Terms:
    """Out of the JSON of a rule."""
    moment, days = next(iter(told.get("days", {}).items()), ("", 0))
    marks = told.get("marks", {})
    return Terms(
        same=tuple(told.get("same", ())),
        without=tuple(told.get("without", ())),
        species=frozenset(told.get("species", ())),
        number=tuple(told.get("number", ())),
        moment=moment,
        days=days,
        must=tuple(marks.get("must", ())),
        least=marks.get("least", 0),
        unless_twins=told.get("unless") == "twins",
    )


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Each word of the shorter text stands in the longer one, but for a letter or so."""
    fewer, more = sorted((_words(one), _words(other)), key=len)
    return bool(fewer) and all(
        any(fuzz.ratio(word, known) >= SPELT_ALIKE for known in more) for word in fewer
    )


def _is_twin(special_marks: str) -> bool:
    return not TWINS.isdisjoint(_words(special_marks))


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()
