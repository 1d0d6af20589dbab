"""Which part of the land a report is about, and what of it the actor may see."""

from collections.abc import Callable
from dataclasses import dataclass

from sijinak.core.permissions import Actor, Permission, region_lies_in, require
from sijinak.reports.books import MonthFacts

KECAMATAN = len("52.04.02")
Inside = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the land, of what the actor may see; empty for all of that.

    Targets and bank accounts are those of the whole office: they stand beside nothing less.
    """

    region: str
    is_whole: bool


def scope_of(region: str, office: str, *, by: Actor) -> Scope:
    require(by, Permission.REPORT_READ, region=region or None)
    reaches = [one.region for one in by.reaches(Permission.REPORT_READ)]
    sees_all = any(region_lies_in(office, one) for one in reaches)
    if sees_all and (not region or region_lies_in(office, region)):
        return Scope("", is_whole=True)
    return Scope(region or (reaches[0] if len(reaches) == 1 else ""), is_whole=False)


def place_in(region: str, scope: Scope) -> str:
    """The kecamatan, or the village when one kecamatan is looked at."""
    return region if len(scope.region) >= KECAMATAN else region[:KECAMATAN]


def inside(scope: Scope, by: Actor) -> Inside | None:
    """None for all: the books are one, whatever region an entry names."""
    if scope.is_whole:
        return None
    reaches = [one.region for one in by.reaches(Permission.REPORT_READ)]

    def holds(region: str) -> bool:
        seen = any(region_lies_in(region, one) for one in reaches)
        return seen and region_lies_in(region, scope.region)

    return holds


def within(facts: MonthFacts, holds: Inside | None) -> MonthFacts:
    if holds is None:
        return facts
    return MonthFacts(
        month=facts.month,
        came=tuple(one for one in facts.came if holds(one.region)),
        paid_for=tuple(one for one in facts.paid_for if holds(one.region)),
        levied=tuple(pair for pair in facts.levied if holds(pair[0].region)),
        owed=tuple(one for one in facts.owed if holds(one.region)),
        back=tuple(one for one in facts.back if holds(one.region)),
        banked=0,
    )
