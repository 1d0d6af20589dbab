"""Measuring printers."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.tagstock.printers.models import Printer

LENGTHS = ("left_mm", "top_mm", "across_mm", "down_mm")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePrinter:
    """What was read off the calibration page. The same name in an office is the same printer."""

    id: UUID = field(default_factory=uuid7)
    region: str
    name: str
    left_mm: float
    top_mm: float
    across_mm: float
    down_mm: float


def measure_printer(command: MeasurePrinter, *, by: Actor) -> Printer:
    if not may(by, Permission.TAG_STOCK, region=command.region):
        require(by, Permission.TAG_PRINT, region=command.region)
    is_new = first_time(command, by=by)
    printer = _named(command.region, command.name)
    if printer is not None and not is_new:
        return printer
    if printer is None:
        printer = Printer(id=command.id, region=command.region, name=command.name)
        db.session.add(printer)
    lengths = {name: getattr(command, name) for name in LENGTHS}
    for name, length in lengths.items():
        setattr(printer, name, length)
    printer.measured_at, printer.measured_by, printer.measured_by_name = now(), by.id, by.name
    events.record("tag.printer-measured", printer, by=by, region=printer.region, **lengths)
    return printer


def _named(region: str, name: str) -> Printer | None:
    asked = select(Printer).where(Printer.region == region, Printer.name == name)
    return db.session.scalar(asked.with_for_update().execution_options(populate_existing=True))
