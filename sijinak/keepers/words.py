"""The words of a keeper's name, kept apart so that a search finds them."""

from sqlalchemy import delete, insert
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.keepers.models import Keeper, KeeperWord, NameWord


def write_words(keeper: Keeper) -> None:
    """Write them anew: whoever sets the name or the village calls this."""
    words = sorted(set(keeper.name_key.split()))  # in one order, so that two never wait in a ring
    db.session.flush()
    db.session.execute(delete(KeeperWord).where(KeeperWord.keeper_id == keeper.id))
    if not words:
        return
    theirs = {"keeper_id": keeper.id, "village": keeper.village}
    rows = [{"id": uuid7(), "word": word, **theirs} for word in words]
    db.session.execute(insert(KeeperWord), rows)
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    fresh = dialect.insert(NameWord).values([{"id": uuid7(), "word": word} for word in words])
    db.session.execute(fresh.on_conflict_do_nothing())
