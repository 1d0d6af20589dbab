"""What decrees do to the quota, and whom the office lets go before others."""

from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.permits.quota.books import QuotaHeld, QuotaShort, Why, lock, move, open_account
from sijinak.permits.quota.claiming import feed, reserve
from sijinak.permits.quota.commands import (
    MOST_HEADS,
    AdjustQuota,
    FreezeQuota,
    GrantQuota,
    LetAhead,
    TransferQuota,
)
from sijinak.permits.quota.decrees import decree_numbered, tell_of, write_decree
from sijinak.permits.quota.lines import Share, line_at, line_of_account, regency_of
from sijinak.permits.quota.looking import account_to_change, ahead_of, claim_to_let
from sijinak.permits.quota.models import (
    ClaimState,
    EntryKind,
    QuotaAccount,
    QuotaClaim,
    QuotaDecree,
)
from sijinak.permits.quota.queries import is_open


class NothingGranted(Invalid):
    code = "nothing-granted"


class WrongHeads(Invalid):
    """Facts: ``most``."""

    code = "quota-heads-wrong"


class SameLine(Invalid):
    """To itself, or to another year."""

    code = "quota-same-line"


class IsThatAlready(Conflict):
    """Frozen already, or not frozen."""

    code = "quota-is-that"


class NotWaiting(Conflict):
    code = "claim-not-waiting"


class QuotaClosed(Conflict):
    """Frozen, or of a year that is over."""

    code = "quota-closed"


class WhyMissing(Invalid):
    code = "quota-why-missing"


def grant_quota(command: GrantQuota, *, by: Actor) -> QuotaDecree:
    """A decree gives quota to lines of a regency; the first that wait get it at once."""
    require(by, Permission.QUOTA_MANAGE, region=command.origin)
    if not first_time(command, by=by):
        return decree_numbered(command.paper.number, command.year)
    if not command.shares:
        raise NothingGranted
    for share in command.shares:
        _check_heads(share.heads)
    decree = write_decree(command.paper, command.year, command.origin, by=by)
    wanted = [
        (open_account(line_at(command.year, regency_of(command.origin), share)), share.heads)
        for share in sorted(command.shares, key=_order)
    ]
    accounts = lock([account_id for account_id, _ in wanted])
    for account_id, heads in wanted:
        move(accounts[account_id], EntryKind.GRANT, heads, Why(decree=decree), by=by)
    tell_of("quota.granted", decree, command.origin, by=by, heads=sum(h for _, h in wanted))
    for account in accounts.values():
        feed(account, by=by)
    return decree


def adjust_quota(command: AdjustQuota, *, by: Actor) -> QuotaAccount:
    """Raises QuotaHeld when fewer would be left than permits hold."""
    account = account_to_change(command.account_id, by=by)
    require(by, Permission.QUOTA_MANAGE, region=account.origin)
    if not first_time(command, by=by):
        return account
    _check_heads(abs(command.heads))
    decree = write_decree(command.paper, account.year, account.origin, by=by)
    account = lock([account.id])[account.id]
    why = Why(decree=decree, note=command.note)
    if not move(account, EntryKind.ADJUST, command.heads, why, by=by):
        raise _held(account)
    facts = {"account": str(account.id), "heads": command.heads}
    tell_of("quota.adjusted", decree, account.origin, by=by, **facts)
    feed(account, by=by)
    return account


def transfer_quota(command: TransferQuota, *, by: Actor) -> QuotaAccount:
    """Each regency that the actor looks after has its entry. Raises QuotaHeld, SameLine."""
    source = account_to_change(command.account_id, by=by)
    require(by, Permission.QUOTA_MANAGE, region=source.origin)
    if not first_time(command, by=by):
        return source
    _check_heads(command.heads)
    if command.to == line_of_account(source) or command.to.year != source.year:
        raise SameLine
    decree = write_decree(command.paper, source.year, source.origin, by=by)
    here = may(by, Permission.QUOTA_MANAGE, region=command.to.origin)
    target_id = open_account(command.to) if here else None
    accounts = lock([source.id, *([target_id] if target_id else [])])
    out = Why(decree=decree, other_origin=command.to.origin, note=command.note)
    if not move(accounts[source.id], EntryKind.TRANSFER_OUT, command.heads, out, by=by):
        raise _held(accounts[source.id])
    tell_of(
        "quota.transferred", decree, source.origin, by=by, account=str(source.id),
        heads=command.heads, to=command.to.origin,
    )  # fmt: skip
    if target_id:
        into = Why(decree=decree, other_origin=source.origin, note=command.note)
        move(accounts[target_id], EntryKind.TRANSFER_IN, command.heads, into, by=by)
        feed(accounts[target_id], by=by)
    return accounts[source.id]


def freeze_quota(command: FreezeQuota, *, by: Actor) -> QuotaAccount:
    account = account_to_change(command.account_id, by=by)
    require(by, Permission.QUOTA_MANAGE, region=account.origin)
    if not first_time(command, by=by):
        return account
    account = lock([account.id])[account.id]
    if account.is_frozen is command.is_frozen:
        raise IsThatAlready
    decree = write_decree(command.paper, account.year, account.origin, by=by)
    kind = EntryKind.FREEZE if command.is_frozen else EntryKind.THAW
    move(account, kind, 0, Why(decree=decree, note=command.note), by=by)
    name = "quota.frozen" if command.is_frozen else "quota.thawed"
    tell_of(name, decree, account.origin, by=by, account=str(account.id))
    feed(account, by=by)
    return account


def let_ahead(command: LetAhead, *, by: Actor) -> QuotaClaim:
    """One that fits goes before those ahead of it, for all to see: who let it, and why.

    Raises NotWaiting, QuotaClosed, QuotaShort.
    """
    claim, account_id = claim_to_let(command.claim_id, by=by)
    require(by, Permission.QUOTA_MANAGE)
    if not first_time(command, by=by):
        return claim
    if not command.why:
        raise WhyMissing
    account = lock([account_id])[account_id]
    db.session.refresh(claim)
    if claim.state is not ClaimState.WAITING or claim.account_id != account_id:
        raise NotWaiting
    if not is_open(account):
        raise QuotaClosed
    passed = ahead_of(claim)
    if not reserve(claim, account, by=by, note=command.why):
        raise QuotaShort(heads=claim.heads, left=account.left)
    claim.let_by, claim.let_by_name, claim.let_why = by.id, by.name, command.why
    events.record(
        "quota.let-ahead", claim, by=by, region=claim.region, permit=str(claim.permit_id),
        heads=claim.heads, passed=passed, reason=command.why,
    )  # fmt: skip
    feed(account, by=by)
    return claim


def _check_heads(heads: int) -> None:
    if not 1 <= heads <= MOST_HEADS:
        raise WrongHeads(most=MOST_HEADS)


def _held(account: QuotaAccount) -> QuotaHeld:
    return QuotaHeld(cap=account.cap, held=account.held, left=account.left)


def _order(share: Share) -> tuple[str, str, str]:
    """Always the same, so that two decrees never wait for each other."""
    return share.species, share.purpose, share.scope
