"""What a quota is for, and which one a permit draws on."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_

from sijinak.animals.models import Species
from sijinak.permits.models import Permit
from sijinak.permits.quota.models import QuotaAccount
from sijinak.permits.rulebook import scope_of
from sijinak.permits.rules.models import Purpose, Scope

REGENCY = 5  # letters of a regency in a region's code


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``origin`` is a regency, ``year`` that in which the animals are to leave."""

    year: int
    origin: str
    species: Species
    purpose: Purpose
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a decree gives to a line of its origin and year."""

    species: Species
    purpose: Purpose
    scope: Scope
    heads: int


def regency_of(region: str) -> str:
    return region[:REGENCY]


def line_for(species: Species, purpose: Purpose, scope: Scope, origin: str, on: date) -> Line:
    """Of animals that leave a place on a day; days are those of the office's zone."""
    return Line(
        year=on.year, origin=regency_of(origin), species=species, purpose=purpose, scope=scope
    )


def line_of(permit: Permit) -> Line:
    scope = scope_of(permit.region, permit.destination)
    return line_for(permit.species, permit.purpose, scope, permit.region, permit.planned_on)


def line_at(year: int, origin: str, share: Share) -> Line:
    return Line(
        year=year, origin=origin, species=share.species, purpose=share.purpose, scope=share.scope
    )


def line_of_account(account: QuotaAccount) -> Line:
    return Line(
        year=account.year, origin=account.origin, species=account.species,
        purpose=account.purpose, scope=account.scope,
    )  # fmt: skip


def is_of(line: Line) -> ColumnElement[bool]:
    return and_(
        QuotaAccount.year == line.year,
        QuotaAccount.origin == line.origin,
        QuotaAccount.species == line.species,
        QuotaAccount.purpose == line.purpose,
        QuotaAccount.scope == line.scope,
    )
