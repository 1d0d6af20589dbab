"""What the channels say they paid into the bank: kept as they say it, for the reconciliation."""

from collections.abc import Iterable

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.adapters.base import SettlementLine
from sijinak.payments.billing import billing
from sijinak.payments.discrepancies.services import Found, open_discrepancy
from sijinak.payments.models import DiscrepancyKind, SettlementRow


def keep_settlements(adapter: str, lines: Iterable[SettlementLine], *, by: Actor) -> int:
    """Add what is new; a line that says something else than before stays as it was first."""
    require(by, Permission.PAYMENT_SETTLE)
    new = [one for line in lines if (one := _kept(adapter, line, by=by)) is not None]
    if new:
        events.record(
            "settlements.fetched",
            new[-1],
            by=by,
            region=billing.region,
            adapter=adapter,
            lines=len(new),
            gross=sum(row.gross for row in new),
            fee=sum(row.fee for row in new),
        )
    return len(new)


def settlement_of(adapter: str, money_id: str, batch: str) -> SettlementRow | None:
    asked = select(SettlementRow).where(
        SettlementRow.adapter == adapter,
        SettlementRow.money_id == money_id,
        SettlementRow.batch == batch,
    )
    return db.session.scalar(asked)


def _kept(adapter: str, line: SettlementLine, *, by: Actor) -> SettlementRow | None:
    known = settlement_of(adapter, line.money_id, line.batch)
    if known is not None:
        said = (line.gross, line.fee, line.settled_on)
        if said != (known.gross, known.fee, known.settled_on):
            _differs(known, line, by=by)
        return None
    row = SettlementRow(
        adapter=adapter,
        money_id=line.money_id,
        gross=line.gross,
        fee=line.fee,
        settled_on=line.settled_on,
        batch=line.batch,
        fetched_at=now(),
    )
    db.session.add(row)
    db.session.flush()  # the same list may name it twice
    return row


def _differs(known: SettlementRow, line: SettlementLine, *, by: Actor) -> None:
    facts = {"adapter": known.adapter, "batch": known.batch, "gross": str(line.gross)}
    found = Found(
        kind=DiscrepancyKind.CONFLICTING,
        about=known,
        region=billing.region,
        amount=line.gross - known.gross,
        facts=facts | {"fee": str(line.fee), "settled_on": line.settled_on.isoformat()},
    )
    open_discrepancy(found, by=by)
