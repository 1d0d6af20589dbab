"""Money that came by itself looks for its SKRD."""

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.retribution.services import allocate_money
from sijinak.web.settings import settings


def allocate(event: Event) -> None:
    """Exact money for an open SKRD pays it; the rest is listed as money without a receipt."""
    series = settings().receipt_series
    with transaction():
        allocate_money(event.subject_id, series=series, by=WORKER)
