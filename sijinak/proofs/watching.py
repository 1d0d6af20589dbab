"""Who finds the log broken rings the alarm, whatever he wanted of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sijinak.core.db import transaction
from sijinak.core.permissions import WORKER
from sijinak.proofs.queries import LogBroken
from sijinak.proofs.services import note_mismatch

log = logging.getLogger(__name__)


@contextmanager
def watched() -> Iterator[None]:
    """Around a transaction, never inside one. The error goes on: nobody gets such a proof."""
    try:
        yield
    except LogBroken as broken:
        size, why = int(str(broken.facts["size"])), str(broken.facts["why"])
        log.critical("the log does not match its checkpoint of %s leaves: %s", size, why)
        with transaction():
            note_mismatch(size, why, by=WORKER)
        raise
