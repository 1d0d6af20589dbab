"""The claims of permits: asked for, waited for, shrunk, used or given back.

Called by the steps of a permit, which have asked who may and have locked the permit. Whoever
moves a claim has locked its account, and never a second permit: nobody waits in a circle.
"""

from uuid import UUID

from sqlalchemy import func, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.permissions import Actor
from sijinak.permits.models import Permit
from sijinak.permits.quota.books import QuotaShort, Why, lock, move, open_account
from sijinak.permits.quota.lines import line_of
from sijinak.permits.quota.models import ClaimState, EntryKind, QuotaAccount, QuotaClaim
from sijinak.permits.quota.queries import claim_of, first_waiting, is_open

S = ClaimState


class QuotaNotReserved(Conflict):
    """Nobody leaves on quota that is still waited for. Facts: ``heads``."""

    code = "quota-not-reserved"


class MoreThanReserved(Conflict):
    """Facts: ``heads``, ``reserved``."""

    code = "more-than-reserved"


def claim_quota(permit: Permit, heads: int, *, by: Actor) -> QuotaClaim:
    """Reserve quota, or wait for it in the order of application.

    Asking again for as many or fewer keeps reservation and place. A waiting claim that asks for
    more, or on another line, goes to the end. Raises QuotaShort when a reserved one asks for more
    than is free.
    """
    claim, account_id = claim_of(permit.id), open_account(line_of(permit))
    if claim is None:
        account = lock([account_id])[account_id]
        return _enter(_new_claim(permit, account, heads), account, by=by)
    accounts = lock({account_id, claim.account_id})
    db.session.refresh(claim)
    if claim.state is S.CONSUMED:
        return claim
    if claim.account_id != account_id:
        _give_back(claim, accounts[claim.account_id], by=by)
        return _enter(
            _moved(claim, permit, accounts[account_id], heads), accounts[account_id], by=by
        )
    return _asked_again(claim, accounts[account_id], heads, by=by)


def shrink_quota(permit: Permit, heads: int, *, by: Actor) -> QuotaClaim | None:
    """Animals fell out: what they held is free. To none at all gives the claim back."""
    claim, account = _locked(permit)
    if claim is None or account is None or claim.state not in (S.RESERVED, S.WAITING):
        return claim
    if heads <= 0:
        _give_back(claim, account, by=by)
    elif heads < claim.heads:
        _shrink(claim, account, heads, by=by)
    return claim


def consume_quota(permit: Permit, heads: int, *, by: Actor) -> QuotaClaim | None:
    """The animals left: so many are used up, the rest is free. Twice is as once.

    Raises QuotaNotReserved, MoreThanReserved.
    """
    claim, account = _locked(permit)
    if claim is None or account is None or claim.state is S.CONSUMED:
        return claim
    if claim.state is not S.RESERVED:
        raise QuotaNotReserved(heads=claim.heads)
    if heads > claim.heads:
        raise MoreThanReserved(heads=heads, reserved=claim.heads)
    if heads <= 0:
        _give_back(claim, account, by=by)
        return claim
    rest, claim.heads, claim.state = claim.heads - heads, heads, S.CONSUMED
    _must(move(account, EntryKind.CONSUME, heads, Why(claim=claim), by=by))
    if rest:
        _must(move(account, EntryKind.RELEASE, rest, Why(claim=claim), by=by))
    feed(account, by=by)
    return claim


def release_quota(permit: Permit, *, by: Actor) -> QuotaClaim | None:
    """The permit ends before departure. What is used stays used; twice is as once."""
    claim, account = _locked(permit)
    if claim is not None and account is not None:
        _give_back(claim, account, by=by)
    return claim


def feed(account: QuotaAccount, *, by: Actor) -> None:
    """Give what is free to those who wait, in their order: who does not fit stops those behind."""
    while is_open(account) and (first := first_waiting(account.id)):
        if not reserve(first, account, by=by):
            return


def reserve(claim: QuotaClaim, account: QuotaAccount, *, by: Actor, note: str = "") -> bool:
    """Out of the queue, when it fits. The account is locked."""
    if not move(account, EntryKind.RESERVE, claim.heads, Why(claim=claim, note=note), by=by):
        return False
    claim.state, claim.settled_at = S.RESERVED, now()
    db.session.flush()
    _tell("quota.reserved", claim, by=by)
    return True


def _locked(permit: Permit) -> tuple[QuotaClaim | None, QuotaAccount | None]:
    claim = claim_of(permit.id)
    if claim is None:
        return None, None
    account = lock([claim.account_id])[claim.account_id]
    db.session.refresh(claim)
    return claim, account


def _new_claim(permit: Permit, account: QuotaAccount, heads: int) -> QuotaClaim:
    claim = QuotaClaim(
        permit_id=permit.id, account_id=account.id, keeper_id=permit.keeper_id,
        region=permit.region, state=S.WAITING, heads=heads, ticket=_next_ticket(account.id),
        asked_at=now(),
    )  # fmt: skip
    db.session.add(claim)
    return claim


def _moved(claim: QuotaClaim, permit: Permit, account: QuotaAccount, heads: int) -> QuotaClaim:
    """A changed journey draws on another line, where it is the last to come."""
    claim.account_id, claim.ticket = account.id, _next_ticket(account.id)
    claim.region, claim.state, claim.heads = permit.region, S.WAITING, heads
    claim.asked_at, claim.settled_at = now(), None
    claim.let_by, claim.let_by_name, claim.let_why = None, "", ""
    return claim


def _asked_again(claim: QuotaClaim, account: QuotaAccount, heads: int, *, by: Actor) -> QuotaClaim:
    if claim.state is S.RELEASED:  # a rejection that fell on appeal: the place is that of before
        claim.state, claim.heads, claim.settled_at = S.WAITING, heads, None
        return _enter(claim, account, by=by)
    if heads < claim.heads:
        _shrink(claim, account, heads, by=by)
    elif heads > claim.heads and claim.state is S.WAITING:
        claim.heads, claim.ticket, claim.asked_at = heads, _next_ticket(account.id), now()
        db.session.flush()
        feed(account, by=by)
    elif heads > claim.heads:
        _enlarge(claim, account, heads, by=by)
    return claim


def _enter(claim: QuotaClaim, account: QuotaAccount, *, by: Actor) -> QuotaClaim:
    db.session.flush()
    feed(account, by=by)
    if claim.state is S.WAITING:
        _tell("quota.waiting", claim, by=by)
    return claim


def _shrink(claim: QuotaClaim, account: QuotaAccount, heads: int, *, by: Actor) -> None:
    less, claim.heads = claim.heads - heads, heads
    if claim.state is S.RESERVED:
        _must(move(account, EntryKind.RELEASE, less, Why(claim=claim), by=by))
    db.session.flush()
    feed(account, by=by)


def _enlarge(claim: QuotaClaim, account: QuotaAccount, heads: int, *, by: Actor) -> None:
    """More than was reserved goes behind nobody: only what nobody waits for."""
    more = heads - claim.heads
    taken = is_open(account) and first_waiting(account.id) is None
    if not taken or not move(account, EntryKind.RESERVE, more, Why(claim=claim), by=by):
        raise QuotaShort(heads=more, left=account.left if taken else 0)
    claim.heads = heads


def _give_back(claim: QuotaClaim, account: QuotaAccount, *, by: Actor) -> None:
    if claim.state is S.RESERVED:
        _must(move(account, EntryKind.RELEASE, claim.heads, Why(claim=claim), by=by))
    elif claim.state is not S.WAITING:
        return
    claim.state, claim.settled_at = S.RELEASED, now()
    db.session.flush()
    feed(account, by=by)


def _next_ticket(account_id: UUID) -> int:
    """Rising under the lock of the account, whatever the clocks say."""
    asked = select(func.max(QuotaClaim.ticket)).where(QuotaClaim.account_id == account_id)
    return (db.session.scalar(asked) or 0) + 1


def _must(moved: bool) -> None:  # noqa: FBT001
    if not moved:
        raise RuntimeError("the quota's account does not agree with its claims")


def _tell(name: str, claim: QuotaClaim, *, by: Actor) -> None:
    events.record(
        name, claim, by=by, region=claim.region, permit=str(claim.permit_id), heads=claim.heads
    )
