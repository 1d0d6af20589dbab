"""What every way in has in common: a batch in one transaction, tried again when it must be."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError

from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.field.inbox import Taken, take_in
from sijinak.field.keeping import Brought, Visit
from sijinak.field.models import Way
from sijinak.field.phones import Phone, PhoneState
from sijinak.field.reading import read_all
from sijinak.field.wire import Sent

log = logging.getLogger(__name__)
HELD = {PhoneState.REVOKED: "device-revoked", PhoneState.CLOSED: "account-closed"}
# Of two transactions that wait for each other the database ends one: it is simply done again.
_AGAIN = ("40001", "40P01")


def bring(
    sent: Sequence[Sent],
    phone: Phone,
    *,
    way: Way,
    sent_at: datetime | None = None,
    file: Brought | None = None,
    **seen: Any,
) -> tuple[Taken, Visit]:
    """First as a whole; when that fails for any reason but the database, each record by itself."""
    visit = Visit(
        device_id=phone.id,
        author=phone.officer,
        by=phone.officer,
        way=way,
        received_at=now(),
        sent_at=sent_at,
        brought_by=file.by if file else None,
    )
    hold = (file.hold if file else "") or HELD.get(phone.state, "")
    try:
        return _once(sent, visit, hold, careful=False, seen=seen), visit
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) not in _AGAIN:
            raise
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        log.warning("a batch failed as a whole: %s", type(error.orig).__name__)
    except Exception:
        log.exception("a batch failed as a whole")
    return _once(sent, visit, hold, careful=True, seen=seen), visit


def _once(
    sent: Sequence[Sent], visit: Visit, hold: str, *, careful: bool, seen: dict[str, Any]
) -> Taken:
    records = read_all(sent, visit.device_id, visit.author.id)
    with transaction():
        return take_in(records, visit, hold_all=hold, careful=careful, **seen)
