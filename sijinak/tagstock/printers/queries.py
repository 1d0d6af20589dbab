"""Questions about printers."""

from uuid import UUID

from sqlalchemy import Select, or_, select

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.tagstock.printers.models import TRUE, Fit, Printer

BOTH = (Permission.TAG_PRINT, Permission.TAG_STOCK)


def printers(*, by: Actor) -> list[Printer]:
    """Those of the offices in reach, by name."""
    return list(db.session.scalars(_seen_by(by).order_by(Printer.region, Printer.name)))


def fit_of(printer_id: UUID | None, *, by: Actor) -> Fit:
    """Without a printer the page is drawn as it is. Raises NotFound."""
    if printer_id is None:
        return TRUE
    printer = db.session.scalar(_seen_by(by).where(Printer.id == printer_id))
    if printer is None:
        raise NotFound(printer_id=str(printer_id))
    return printer.fit


def offices(*, by: Actor) -> list[str]:
    """Where the actor may set a printer up."""
    return sorted({reach.region for needed in BOTH for reach in by.reaches(needed) if reach.region})


def _seen_by(by: Actor) -> Select[Printer]:
    return select(Printer).where(or_(*(within_reach(by, p, Printer.region) for p in BOTH)))
