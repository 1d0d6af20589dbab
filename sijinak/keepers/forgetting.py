"""What is emptied of a keeper who is to be forgotten. The row stays: others point at it."""

from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from sijinak.core import personkeys
from sijinak.core.clock import now
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.keepers.models import Brand, ErasedValue, Keeper, KeeperWord, NameWord
from sijinak.keepers.search import forget_vocabulary
from sijinak.keepers.words import write_words

ERASED = "(dihapus)"


class Emptied(NamedTuple):
    """Which fields an erasure emptied, as its event tells the log: their number and digest."""

    fields: int
    lines: str


def emptied_of(keeper_id: UUID) -> Emptied:
    """As the lines say now; no line, none of them."""
    asked = select(ErasedValue.kind, ErasedValue.row_id, ErasedValue.field).where(
        ErasedValue.keeper_id == keeper_id
    )
    lines = sorted("|".join(map(str, line)) for line in db.session.execute(asked))
    return Emptied(len(lines), sha256("\n".join(lines).encode()).hexdigest())


def forget_keeper(keeper: Keeper) -> None:
    """Into the open transaction; first of all the person's key goes, for good."""
    personkeys.destroy(keeper.id)
    words = keeper.name_key.split()
    keeper.name, keeper.name_key, keeper.hamlet = ERASED, "", ""
    keeper.nik_sealed = keeper.phone_sealed = keeper.phone_lookup = None
    # A person must have one; this one finds nobody, for it is of no NIK.
    keeper.nik_lookup, keeper.nik_tail = keyring.lookup("erased", str(keeper.id)), ""
    keeper.birth_date = keeper.is_woman = keeper.npwp = keeper.licence_until = None
    keeper.licence = ""
    keeper.erased_at = now()
    keeper.withdrawn_at = keeper.withdrawn_at or keeper.erased_at
    write_words(keeper)
    _forget_words(words)
    _forget_brands(keeper.id)


def _forget_words(words: list[str]) -> None:
    """Words of nobody else's name leave the vocabulary of the search, too."""
    held = exists().where(KeeperWord.word == NameWord.word)
    db.session.execute(delete(NameWord).where(NameWord.word.in_(words), ~held))
    forget_vocabulary()


def _forget_brands(keeper_id: UUID) -> None:
    gone = update(Brand).where(Brand.keeper_id == keeper_id)
    db.session.execute(gone.values(letters="", file_id=None))
    still = gone.where(Brand.ended_at.is_(None))
    db.session.execute(still.values(ended_at=now()))
