"""What a scanner, a keyboard or a list says, as codes. And whose codes they are."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from sijinak.animals.models import Animal, AnimalState, Identifier, IdentifierKind
from sijinak.animals.queries import live_tags
from sijinak.animals.record import spellings_of
from sijinak.core.codes import LENGTH, NotATagCode, parse_tag_code
from sijinak.core.db import db

LONGEST = 64
_BETWEEN = re.compile(r"[\s,;]+")
_SEPARATORS = str.maketrans("", "", " -.")
_CELLS = re.compile(r"[,;\t]")


@dataclass(frozen=True, slots=True)
class Known:
    """The animal that a code leads to, and the one code under which it is counted."""

    id: UUID
    code: str
    state: AnimalState
    village: str
    keeper_id: UUID
    raiser_id: UUID | None


def codes_in(text: str) -> list[str]:
    """What was typed or scanned one after another. A QR holds an address that ends in the code."""
    return [_code(part) for part in _BETWEEN.split(text) if part]


def codes_in_list(text: str) -> list[str]:
    """The first cell of each line of a file; a first line that is no code is its heading."""
    cells = [_CELLS.split(line)[0].strip().strip('"') for line in text.splitlines()]
    codes = [_code(cell) for cell in cells if cell]
    return codes[1:] if codes and not _is_code(codes[0]) else codes


def spelling(text: str) -> str:
    """The one spelling under which a code that nobody knows is kept."""
    try:
        return parse_tag_code(text)
    except NotATagCode:
        return " ".join(text.upper().split())[:LONGEST]


def is_misread(code: str) -> bool:
    """It has the length and the letters of our codes, but its check characters are wrong.

    Ten digits are rather the number of some other ear tag.
    """
    letters = code.translate(_SEPARATORS)
    if len(letters) != LENGTH or not letters.isascii() or not letters.isalnum():
        return False
    return not letters.isdigit() and not is_tag_code(letters)


def is_tag_code(text: str) -> bool:
    try:
        parse_tag_code(text)
    except NotATagCode:
        return False
    return True


def known_by(codes: Iterable[str]) -> dict[str, Known]:
    """The animals that the codes and numbers lead to; of one that was merged, what stands."""
    asked = {(kind, value): code for code in codes for kind, value in spellings_of(code)}
    entry = aliased(Animal)
    rows = db.session.execute(
        select(Identifier.kind, Identifier.value, Animal)
        .join(entry, entry.id == Identifier.animal_id)
        .join(Animal, Animal.id == func.coalesce(entry.merged_into_id, entry.id))
        .where(Identifier.value.in_({value for _kind, value in asked}))
    ).all()
    tags = live_tags({animal.id for _kind, _value, animal in rows})
    return {
        asked[kind, value]: known(animal, tags)
        for kind, value, animal in sorted(rows, key=lambda row: row[0] is IdentifierKind.TAG)
        if (kind, value) in asked
    }


def known(animal: Animal, tags: Mapping[UUID, Identifier]) -> Known:
    code = tags[animal.id].value if animal.id in tags else str(animal.id)
    return Known(animal.id, code, animal.state, animal.village, animal.keeper_id, animal.raiser_id)


def _code(text: str) -> str:
    return text.rstrip("/").rpartition("/")[2][:LONGEST]


def _is_code(text: str) -> bool:
    return any(c.isdigit() for c in text) or spelling(text) != text.upper()


def without_doubles(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(codes))
