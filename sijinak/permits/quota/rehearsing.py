"""What a decree would change, worked out without changing anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.permits.quota.lines import Line, is_of
from sijinak.permits.quota.looking import Waiter, queue_of
from sijinak.permits.quota.models import QuotaAccount
from sijinak.permits.quota.queries import is_current


@dataclass(frozen=True, slots=True)
class Effect:
    """One line before and after. ``served`` stop waiting, ``still`` go on."""

    line: Line
    cap_before: int
    cap_after: int
    held: int
    served: Sequence[Waiter] = ()
    still: Sequence[Waiter] = ()
    is_frozen: bool = False

    @property
    def fits(self) -> bool:
        return self.cap_after >= self.held

    @property
    def left_after(self) -> int:
        """With what those who are served take."""
        return self.cap_after - self.held - sum(waiter.claim.heads for waiter in self.served)


def effect_of(line: Line, more: int, *, freeze: bool | None = None) -> Effect:
    """``freeze``: what becomes of it; None leaves it."""
    account = db.session.scalar(select(QuotaAccount).where(is_of(line)))
    if account is None:
        return Effect(line, 0, more, 0)
    frozen = account.is_frozen if freeze is None else freeze
    queue = queue_of(account)
    served = _served(queue, account.left + more) if is_current(account) and not frozen else []
    return Effect(
        line, account.cap, account.cap + more, account.held, served, queue[len(served) :], frozen
    )


def _served(queue: Sequence[Waiter], free: int) -> list[Waiter]:
    """In order; who does not fit stops those behind."""
    served = []
    for waiter in queue:
        if waiter.claim.heads > free:
            break
        free -= waiter.claim.heads
        served.append(waiter)
    return served
