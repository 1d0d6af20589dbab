"""Posts and quota: papers used twice, bad papers let through, heads beyond what was decided."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, func, or_, select

from sijinak.audit.findings.checks.rows import on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.models import Severity
from sijinak.permits.checkpoint.models import (
    CheckDecision,
    CheckOutcome,
    CheckpointCheck,
    PaperVerdict,
)
from sijinak.permits.models import Permit
from sijinak.permits.quota.models import (
    ClaimState,
    EntryKind,
    QuotaAccount,
    QuotaClaim,
    QuotaDecree,
    QuotaEntry,
)
from sijinak.web.i18n import N_

V = PaperVerdict
BAD = (V.ALTERED, V.EXPIRED, V.REVOKED, V.WRONG_KEY, V.WRONG_HOST, V.UNREADABLE, V.REPLACED)
BY_DECREE = (
    EntryKind.GRANT, EntryKind.ADJUST, EntryKind.TRANSFER_IN, EntryKind.TRANSFER_OUT,
)  # fmt: skip


def double_use() -> Iterator[Hit]:
    yield from _of_posts(CheckpointCheck.outcome == CheckOutcome.DOUBLE_USE)


def bad_papers() -> Iterator[Hit]:
    """The phone said that the paper is bad, or the office could not read it, and it passed."""
    bad = or_(CheckpointCheck.verdict.in_(BAD), CheckpointCheck.proved.is_(False))
    not_twice = CheckpointCheck.outcome != CheckOutcome.DOUBLE_USE
    yield from _of_posts(and_(bad, not_twice, CheckpointCheck.decision == CheckDecision.PASS))


def passed_not_departed() -> Iterator[Hit]:
    good = and_(CheckpointCheck.proved, CheckpointCheck.verdict.not_in(BAD))
    yield from _of_posts(and_(good, CheckpointCheck.outcome == CheckOutcome.NOT_DEPARTED))


def _of_posts(which: Any) -> Iterator[Hit]:
    asked = select(CheckpointCheck).where(which).order_by(CheckpointCheck.id)
    for (one,) in rows(asked):
        yield Hit(
            subject="checkpoint_checks", subject_id=one.id, region=one.region,
            on=on(one.checked_at), people=(one.officer_id,),
            facts={"verdict": one.verdict.value, "counted": one.counted, "written": one.heads,
                   "port": one.port},
            evidence=(("checkpoint_checks", one.id), ("permits", one.permit_id)),
        )  # fmt: skip


def other_quota() -> Iterator[Hit]:
    """The claim is on an account of another regency, species or purpose."""
    regency = func.substr(Permit.region, 1, 5)
    asked = (
        select(Permit.id, Permit.number, Permit.region, Permit.planned_on, Permit.accepted_by,
               QuotaAccount.id.label("account_id"), QuotaAccount.origin, QuotaClaim.heads)
        .join(QuotaClaim, QuotaClaim.permit_id == Permit.id)
        .join(QuotaAccount, QuotaAccount.id == QuotaClaim.account_id)
        .where(
            QuotaClaim.state != ClaimState.RELEASED,
            or_(
                QuotaAccount.origin != regency, QuotaAccount.species != Permit.species,
                QuotaAccount.purpose != Permit.purpose,
            ),
        )
        .order_by(Permit.id)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="permits", subject_id=row.id, region=row.region, on=row.planned_on,
            people=(row.accepted_by,),
            facts={"number": row.number or "", "heads": row.heads, "origin": row.origin},
            evidence=(("permits", row.id), ("quota_accounts", row.account_id)),
        )  # fmt: skip


def quota_overdrawn() -> Iterator[Hit]:
    """An account is not the sum of its entries, or more was used than its decrees give."""
    cap, used, held = (
        func.coalesce(func.sum(column), 0)
        for column in (
            QuotaEntry.cap_change, QuotaEntry.used_change,
            QuotaEntry.reserved_change + QuotaEntry.used_change,
        )
    )  # fmt: skip
    asked = (
        select(QuotaAccount, cap.label("cap"), used.label("used"), held.label("held"))
        .outerjoin(QuotaEntry, QuotaEntry.account_id == QuotaAccount.id)
        .group_by(QuotaAccount.id)
        .having(or_(cap != QuotaAccount.cap, used != QuotaAccount.used,
                    held != QuotaAccount.held, used > cap))
        .order_by(QuotaAccount.id)
    )  # fmt: skip
    for account, granted, taken, kept in rows(asked):
        yield Hit(
            subject="quota_accounts", subject_id=account.id, region=account.origin,
            facts={"year": account.year, "cap": int(granted), "used": int(taken),
                   "held": int(kept), "account_cap": account.cap, "account_used": account.used,
                   "account_held": account.held},
            evidence=(("quota_accounts", account.id),),
        )  # fmt: skip


def quota_heads() -> Iterator[Hit]:
    """The quota of a journey was used for other heads than left."""
    asked = (
        select(Permit.id, Permit.number, Permit.region, Permit.departed_at, Permit.departed_by,
               Permit.departed_heads, QuotaClaim.heads, QuotaClaim.account_id)
        .join(QuotaClaim, QuotaClaim.permit_id == Permit.id)
        .where(
            Permit.departed_at.is_not(None),
            or_(
                QuotaClaim.state != ClaimState.CONSUMED, QuotaClaim.heads != Permit.departed_heads,
            ),
        )
        .order_by(Permit.id)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="permits", subject_id=row.id, region=row.region, on=on(row.departed_at),
            people=(row.departed_by,),
            facts={"number": row.number or "", "heads": row.heads,
                   "departed": row.departed_heads},
            evidence=(("permits", row.id), ("quota_accounts", row.account_id)),
        )  # fmt: skip


def quota_without_decree() -> Iterator[Hit]:
    """What gives, takes or moves quota without the number of a decree."""
    asked = (
        select(QuotaEntry.id, QuotaEntry.account_id, QuotaEntry.cap_change, QuotaEntry.by_id,
               QuotaEntry.recorded_at, QuotaAccount.origin)
        .join(QuotaAccount, QuotaAccount.id == QuotaEntry.account_id)
        .outerjoin(QuotaDecree, QuotaDecree.id == QuotaEntry.decree_id)
        .where(
            QuotaEntry.kind.in_(BY_DECREE),
            func.trim(func.coalesce(QuotaDecree.number, "")).in_(("", "-")),
        )
        .order_by(QuotaEntry.id)
    )  # fmt: skip
    for row in rows(asked):
        yield Hit(
            subject="quota_entries", subject_id=row.id, region=row.origin,
            on=on(row.recorded_at), people=(row.by_id,), facts={"heads": row.cap_change},
            evidence=(("quota_accounts", row.account_id),),
        )  # fmt: skip


CHECKS = (
    Check(
        code="post-double-use", severity=Severity.HIGH, look=double_use,
        title=N_("A permit was used twice"),
        means=N_("A post let a journey pass with a paper that another one had used up."),
        do=N_("Find the second truck. Hear both posts."),
        false_alarm=N_("Two posts on one road checked the same truck without a network."),
        source="PP 60/2008 (SPIP)",
    ),
    Check(
        code="post-bad-paper", severity=Severity.HIGH, look=bad_papers,
        title=N_("A bad paper was let pass"),
        means=N_("The paper was altered, over, revoked, of a strange key, or not readable."),
        do=N_("Ask the officer why it passed. Ask the sender for the paper."),
        false_alarm=N_("A dirty code, and an officer who asked the office by telephone."),
        source="PP 60/2008 (SPIP)",
    ),
    Check(
        code="post-not-departed", severity=Severity.MIDDLE, look=passed_not_departed,
        title=N_("Let pass, and could not leave"),
        means=N_("The post let a journey pass that the office could not write down."),
        do=N_("Look at the reason that stands there, and ask the post."),
        false_alarm=N_("A paper that was extended while the phone was without a network."),
        source="PP 60/2008 (SPIP)",
    ),
    Check(
        code="quota-other", severity=Severity.HIGH, look=other_quota,
        title=N_("Quota of another regency or species"),
        means=N_("The journey was counted against an account that is not its own."),
        do=N_("Compare the decree. Ask who let it go."),
        false_alarm=N_("None is known: the program finds the account by itself."),
        source="Pergub NTB",
    ),
    Check(
        code="quota-over", severity=Severity.HIGH, look=quota_overdrawn,
        title=N_("A quota account does not add up"),
        means=N_("It is not the sum of its entries, or more was used than was decided."),
        do=N_("Recount it from the decrees and the departures."),
        false_alarm=N_("None is known: the database refuses it. Look who could write past it."),
        source="Pergub NTB",
    ),
    Check(
        code="quota-heads", severity=Severity.MIDDLE, look=quota_heads,
        title=N_("Other heads used quota than left"),
        means=N_("The journey left, and its quota was used for another number, or not at all."),
        do=N_("Compare the count of the post with the account."),
        false_alarm=N_("A destination that asked for no quota on that day."),
        source="Pergub NTB",
    ),
    Check(
        code="quota-decree", severity=Severity.HIGH, look=quota_without_decree,
        title=N_("Quota changed without the number of a decree"),
        means=N_("Quota was given, taken or moved, and no decree is named."),
        do=N_("Ask for the decree. Without one the change has to be taken back."),
        false_alarm=N_("A decree that has no number yet and is written as a dash."),
        source="Pergub NTB",
    ),
)  # fmt: skip
