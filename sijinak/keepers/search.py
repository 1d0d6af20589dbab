"""Who is named so, though it may be spelt otherwise.

Whole words and beginnings of words first, through the index of words and villages; then words
like them from the vocabulary, through the same index. Each question stops when it has enough, and
starts from the rarest word, so that a search does not grow dearer with the number of keepers.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from uuid import UUID

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Engine, Subquery, and_, exists, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper, KeeperWord, NameWord
from sijinak.keepers.queries import name_key
from sijinak.keepers.spelling import MOST_SLIPS, TITLES, allowed, folded

SHOWN = 25
MOST_NAMED = 500
_MOST_WORDS = 6
_LONGEST_WORD = 40
_MOST_ALIKE = 100
_LOOKED_THROUGH = 2000  # holders of the rarest word: of more, the first ones
_SPARE = 4  # so many times as many as are wanted, because some may be withdrawn
_SHORTEST_PART = 3
_FEW = 2  # of fewer words none is left out: too many people have the other one

Column = ColumnElement[str] | InstrumentedAttribute[str]


@dataclass(frozen=True, slots=True)
class Need:
    """A keeper must have one of these words, or one that begins so."""

    words: tuple[str, ...]
    begins: bool = False

    def found_in(self, column: Column) -> ColumnElement[bool]:
        if not self.begins:
            return column.in_(self.words)
        # "{" follows "z" in ASCII: the range holds the word and all that begin with it.
        return and_(column >= self.words[0], column < self.words[0] + "{")

    def met_by(self, keeper_id: ColumnElement[UUID]) -> ColumnElement[bool]:
        also = aliased(KeeperWord)
        # Never a bare column: both databases would now and then look among all holders of a word,
        # for each keeper anew, instead of among the few words of the keeper.
        word = also.word.concat("")
        return exists().where(also.keeper_id == keeper_id, self.found_in(word))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all names by their folded form; ``forms`` are in order."""

    forms: Sequence[str]
    words: dict[str, list[str]]

    def alike(self, word: str, most: int) -> list[str]:
        """Words that may be meant, with so many slips at most, and those that begin alike."""
        form = folded(word)
        found = self._beginning(form) if len(form) >= _SHORTEST_PART else []
        most = min(most, allowed(form))
        near = process.extract(
            form, self.forms, scorer=OSA.distance, score_cutoff=most, limit=_MOST_ALIKE
        )
        forms = dict.fromkeys([*(other for other, _slips, _place in near), *found])
        return [word for other in forms for word in self.words[other]][:_MOST_ALIKE]

    def _beginning(self, form: str) -> list[str]:
        first = bisect_left(self.forms, form)
        there = self.forms[first : first + _MOST_ALIKE]
        return list(takewhile(lambda other: other.startswith(form), there))

    def halves(self, word: str) -> Iterator[tuple[str, str]]:
        """Two words that somebody wrote as one."""
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            if folded(word[:cut]) in self.words and folded(word[cut:]) in self.words:
                yield word[:cut], word[cut:]


def search_keepers(text: str, *, by: Actor, village: str = "") -> list[Keeper]:
    """At most 25, the best first."""
    require(by, Permission.KEEPER_READ)
    where = within_reach(by, Permission.KEEPER_READ, KeeperWord.village, KeeperWord.keeper_id)
    if village:
        where = and_(where, KeeperWord.village == village)
    ids = _Search(where).best(_words(text))
    found = db.session.scalars(select(Keeper).where(Keeper.id.in_(ids)))
    return sorted(found, key=lambda keeper: _unlikeness(name_key(text), keeper))


def keeper_ids_named(text: str, *, by: Actor) -> list[UUID]:
    """Keepers named so, for a list of what is theirs; misspelt only when nobody is named so.

    At most 500, those nearest to the actor first: the list itself shows only what is in reach.
    """
    needs = [Need((word,), begins=True) for word in _words(text)]
    reach = within_reach(by, Permission.ANIMAL_READ, KeeperWord.village, KeeperWord.keeper_id)
    near, anywhere = _Search(reach), _Search(true())
    ids = dict.fromkeys([*near.having(needs, MOST_NAMED), *anywhere.having(needs, MOST_NAMED)])
    return list(ids)[:MOST_NAMED] or near.best(_words(text))


class _Search:
    """One search in a part of the land. It counts the holders of a word once."""

    def __init__(self, where: ColumnElement[bool]) -> None:
        self._where = where
        self._counts: dict[Need, int] = {}

    def best(self, words: list[str]) -> list[UUID]:
        """The likeliest first, until there are enough."""
        ids: dict[UUID, None] = {}
        for needs in _ways(words, ids):
            ids.update(dict.fromkeys(self.having(needs, SHOWN)))
            if len(ids) >= SHOWN:
                break
        return list(ids)[:SHOWN]

    def having(self, needs: list[Need], most: int) -> list[UUID]:
        """Keepers who meet every need, looked for among those who meet the rarest."""
        if not needs or not all(map(self._count, needs)):
            return []
        rarest = min(needs, key=lambda need: (self._count(need), -len(need.words[0])))
        holders = self._holders(rarest)
        asked = select(holders.c.keeper_id).where(
            *(need.met_by(holders.c.keeper_id) for need in needs if need is not rarest)
        )
        found = asked.limit(most * _SPARE).subquery()
        standing = select(Keeper.id).join(found, found.c.keeper_id == Keeper.id)
        standing = standing.where(Keeper.withdrawn_at.is_(None))
        return list(db.session.scalars(standing.limit(most)))

    def _count(self, need: Need) -> int:
        if need not in self._counts:
            asked = select(func.count()).select_from(self._holders(need))
            self._counts[need] = db.session.scalar(asked) or 0
        return self._counts[need]

    def _holders(self, need: Need) -> Subquery:
        asked = select(KeeperWord.keeper_id).where(need.found_in(KeeperWord.word), self._where)
        return asked.limit(_LOOKED_THROUGH).subquery()


def _words(text: str) -> list[str]:
    return [word[:_LONGEST_WORD] for word in name_key(text).split()[:_MOST_WORDS]]


def _ways(words: list[str], found: Collection[UUID]) -> Iterator[list[Need]]:
    """What each word may stand for, the likeliest first. The last resort: one word left out."""
    yield [Need((word,)) for word in words]
    yield [Need((word,), begins=True) for word in words]
    vocabulary = _vocabulary(db.engine, db.session.scalar(select(func.count(NameWord.id))) or 0)
    names = [word for word in words if word not in TITLES] or words
    for most in range(MOST_SLIPS + 1):
        yield from _misspelt(names, vocabulary, most)
    for reading in _readings(names, vocabulary):
        yield from _misspelt(reading, vocabulary, MOST_SLIPS)
    if not found and len(names) > _FEW:
        for place in range(len(names)):
            yield from _misspelt([*names[:place], *names[place + 1 :]], vocabulary, MOST_SLIPS)


def _readings(names: list[str], vocabulary: Vocabulary) -> Iterator[list[str]]:
    """Two words that may be one; one that may be two."""
    for place in range(len(names) - 1):
        yield [*names[:place], names[place] + names[place + 1], *names[place + 2 :]]
    for place, name in enumerate(names):
        for halves in vocabulary.halves(name):
            yield [*names[:place], *halves, *names[place + 1 :]]


def _misspelt(names: list[str], vocabulary: Vocabulary, most: int) -> Iterator[list[Need]]:
    """Words with so many slips at most; nothing, when a name is like no word."""
    alike = [vocabulary.alike(name, most) for name in names]
    if all(alike):
        yield [Need(tuple(words)) for words in alike]


def _unlikeness(wanted: str, keeper: Keeper) -> tuple[float, float, str]:
    """Lower is better: by what the names sound like, then by their letters."""
    sounds = [" ".join(map(folded, key.split())) for key in (wanted, keeper.name_key)]
    return (-fuzz.token_set_ratio(*sounds), -fuzz.ratio(wanted, keeper.name_key), keeper.name_key)


def forget_vocabulary() -> None:
    """Words have gone: they leave the memory of this process."""
    _vocabulary.cache_clear()


@lru_cache(maxsize=2)
def _vocabulary(database: Engine, size: int) -> Vocabulary:  # noqa: ARG001 - it only ever grows
    words: dict[str, list[str]] = {}
    for word in db.session.scalars(select(NameWord.word)):
        words.setdefault(folded(word), []).append(word)
    return Vocabulary(sorted(words), words)
