"""Quota in tests: decrees, permits that ask for it, and whether the books agree."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import select

from sijinak.animals.models import Species
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.quota.checking import quota_faults
from sijinak.permits.quota.claiming import claim_quota
from sijinak.permits.quota.commands import GrantQuota, Paper
from sijinak.permits.quota.lines import Line, Share, is_of
from sijinak.permits.quota.models import QuotaAccount, QuotaClaim
from sijinak.permits.quota.services import grant_quota
from sijinak.permits.rules.models import Purpose, Scope
from tests.factories import LUNYUK_REA, REGENCY

YEAR = today().year
BEKASI = "32.75"
_numbers = count(1)


def paper(**fields: Any) -> Paper:
    defaults = {
        "number": f"500.7-{next(_numbers)}/{YEAR}",
        "dated_on": date(2020, 1, 2),
        "legal_basis": "Keputusan Gubernur",
    }
    return Paper(**{**defaults, **fields})


def share(heads: int, **fields: Any) -> Share:
    defaults = {
        "species": Species.CATTLE,
        "purpose": Purpose.SLAUGHTER,
        "scope": Scope.OUT_OF_PROVINCE,
    }
    return Share(heads=heads, **{**defaults, **fields})


def line(**fields: Any) -> Line:
    defaults = {
        "year": YEAR,
        "origin": REGENCY,
        "species": Species.CATTLE,
        "purpose": Purpose.SLAUGHTER,
        "scope": Scope.OUT_OF_PROVINCE,
    }
    return Line(**{**defaults, **fields})


def grant(heads: int, year: int = YEAR, **fields: Any) -> QuotaAccount:
    """Cattle for slaughter out of the province, unless the test says otherwise; committed."""
    command = GrantQuota(year=year, origin=REGENCY, paper=paper(), shares=(share(heads, **fields),))
    with transaction():
        grant_quota(command, by=OPERATOR)
    return account(year=year, **fields)


def account(**fields: Any) -> QuotaAccount:
    asked = select(QuotaAccount).where(is_of(line(**fields)))
    return db.session.scalars(asked.execution_options(populate_existing=True)).one()


def figures(**fields: Any) -> tuple[int, int, int]:
    """Cap, reserved and used."""
    found = account(**fields)
    return found.cap, found.reserved, found.used


def bare_permit(keeper: Keeper, **fields: Any) -> Permit:
    """Submitted, with nothing on it but what quota asks for; committed."""
    defaults: dict[str, Any] = {
        "keeper_id": keeper.id,
        "applied_by": OPERATOR.id,
        "region": LUNYUK_REA,
        "species": Species.CATTLE,
        "purpose": Purpose.SLAUGHTER,
        "destination": BEKASI,
        "port": "badas",
        "planned_on": today(),
        "tags": [],
        "state": PermitState.SUBMITTED,
        "created_at": now(),
        "submitted_at": now(),
        "state_at": now(),
    }
    permit = Permit(**{**defaults, **fields})
    with transaction():
        db.session.add(permit)
    return permit


def ask(permit: Permit, heads: int) -> QuotaClaim:
    with transaction():
        return claim_quota(permit, heads, by=OPERATOR)


def assert_books_agree() -> None:
    assert list(quota_faults()) == []
