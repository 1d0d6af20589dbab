"""What is done about lists without anybody waiting: taking them in, and sweeping what was left."""

import logging
import time

from sijinak.animals.imports.bringing import chunks_of
from sijinak.animals.imports.people import importer
from sijinak.animals.imports.queries import batches_being_taken
from sijinak.animals.imports.uploads import Uploads
from sijinak.web.settings import settings

SLICE_SECONDS = 5.0  # then the worker looks after payments and the rest

log = logging.getLogger(__name__)


def take_waiting() -> None:
    """Go on with the lists that are being taken in; where another worker is at it, they share."""
    uploads = Uploads(settings().data_dir)
    until = time.monotonic() + SLICE_SECONDS
    for batch in batches_being_taken():
        try:
            for _ in chunks_of(batch.id, uploads, by=importer(batch.imported_by)):
                if time.monotonic() > until:
                    return
        except Exception:
            log.exception("list %s cannot be taken in", batch.id)


def sweep_uploads() -> None:
    """Remove lists that wait for longer than a day: they hold NIKs."""
    Uploads(settings().data_dir).sweep({batch.id for batch in batches_being_taken()})
