"""Owners are asked when doses arrive."""

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.vaccinations.confirming.services import ask_owners


def ask_after_doses(event: Event) -> None:
    """Again for each batch of an act: those who were asked are not asked twice."""
    with transaction():
        ask_owners(event.subject_id)
