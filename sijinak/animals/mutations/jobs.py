"""What is done about transfers that nobody finished."""

from sijinak.animals.mutations.transfers import expire_transfers
from sijinak.core.db import transaction
from sijinak.core.permissions import WORKER


def expire() -> None:
    with transaction():
        expire_transfers(by=WORKER)
