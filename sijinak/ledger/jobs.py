"""The books are added up anew every night."""

import logging

from sijinak.ledger.checking import all_faults

log = logging.getLogger(__name__)


def check() -> None:
    """What is found stands in the log, for whoever watches over the server."""
    for fault in all_faults():
        log.error("the books: %s", fault)
