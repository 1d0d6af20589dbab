"""Rows that were there before the log: they are told once, before the first checkpoint."""

from sijinak.core.db import transaction
from sijinak.core.noting import noting
from sijinak.core.permissions import Actor
from sijinak.core.tlog import merge
from sijinak.proofs.models import Why
from sijinak.proofs.queries import latest_checkpoint
from sijinak.proofs.services import make_checkpoint
from sijinak.proofs.untold import untold


def begin_log(*, by: Actor) -> int:
    """Tell what nobody told, and sign it; answers how many rows. An edge: it opens transactions.

    After the first checkpoint it tells nothing: a row without a leaf is a finding then. What was
    interrupted goes on.
    """
    with transaction():
        merge()
    if latest_checkpoint() is not None:
        return 0
    told = 0
    for model, logged in noting.table.items():
        for ids in untold(model, logged):
            with transaction():
                for row_id in ids:
                    noting.note(model, row_id)
            with transaction():
                merge()
            told += len(ids)
    if told:
        with transaction():
            make_checkpoint(Why.BEGINNING, by=by)
    return told
