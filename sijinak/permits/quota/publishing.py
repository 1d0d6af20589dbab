"""What anybody may read of the quota: figures, and firms by name. Natural persons have none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.keepers.models import KeeperKind
from sijinak.permits.quota.looking import FirmShare, Standing, firm_shares, standings_of
from sijinak.permits.quota.models import QuotaAccount


@dataclass(frozen=True, slots=True)
class Published:
    """A line with the shares of its firms, which add up to it."""

    standing: Standing
    shares: Sequence[FirmShare]


def published_years() -> list[int]:
    return sorted(db.session.scalars(select(QuotaAccount.year).distinct()), reverse=True)


def published(year: int) -> list[Published]:
    found = standings_of(QuotaAccount.year == year)
    return [Published(one, _without_persons(firm_shares(one.account))) for one in found]


def _without_persons(shares: Sequence[FirmShare]) -> list[FirmShare]:
    """Firms, and all others together as one without a name."""
    firms = [share for share in shares if share.kind is KeeperKind.FIRM]
    others = [share for share in shares if share.kind is not KeeperKind.FIRM]
    if not others:
        return firms
    together = replace(
        others[0], name="",
        **{n: sum(getattr(one, n) for one in others) for n in ("used", "reserved", "waiting")},
    )  # fmt: skip
    return [*firms, together]
