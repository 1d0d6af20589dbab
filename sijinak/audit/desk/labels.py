"""What people read at the auditor's desk."""

from sijinak.audit.desk.hits import HitKind
from sijinak.audit.desk.models import AuditFileState, Method, Result
from sijinak.audit.desk.wanted import Standing
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Standing.VALID: N_("Valid"),
        Standing.VOIDS: N_("Voids of receipts"),
        Standing.DEPOSITED: N_("Deposited"),
        Standing.IN_BANK: N_("On the bank's line"),
        Standing.NOT_DEPOSITED: N_("Not deposited in full"),
        Standing.NOT_IN_BANK: N_("Not on the bank's line"),
        Standing.DIFFERS: N_("Differs from bill or money"),
    }
)
name_all(
    {
        Method.SIMPLE: N_("Each receipt has the same chance"),
        Method.BY_AMOUNT: N_("Each rupiah has the same chance"),
    }
)
name_all(
    {
        Result.RIGHT: N_("Right"),
        Result.WRONG: N_("Wrong"),
        Result.NOT_FOUND: N_("Not found"),
    }
)
name_all({AuditFileState.OPEN: N_("Audit underway"), AuditFileState.CLOSED: N_("Audit closed")})
name_all(
    {
        HitKind.RECEIPT: N_("Receipts and their voids"),
        HitKind.BILL: N_("SKRD and STRD"),
        HitKind.DEPOSIT: N_("Deposits (STS)"),
        HitKind.PERMIT: N_("Permits"),
        HitKind.TICKETS: N_("Blocks of tickets"),
        HitKind.ANIMAL: N_("Animals"),
        HitKind.MONEY: N_("Money received"),
        HitKind.LINE: N_("Lines of the bank"),
        HitKind.KEEPER: N_("Keepers"),
        HitKind.OFFICER: N_("Officers"),
        HitKind.EVENT: N_("Events"),
    }
)
TONES = {
    Result.RIGHT: "success",
    Result.WRONG: "danger",
    Result.NOT_FOUND: "danger",
    AuditFileState.OPEN: "info",
    AuditFileState.CLOSED: "neutral",
}
SUBJECTS = {
    "receipts": N_("Receipt (TBP)"),
    "skrd": N_("Bill"),
    "permits": N_("Permit"),
    "animals": N_("Animal"),
    "keepers": N_("Keeper"),
    "users": N_("Officer"),
    "deposits": N_("Deposit (STS)"),
    "collections": N_("Money received"),
    "bank_lines": N_("Line of the bank"),
    "ticket_blocks": N_("Block of tickets"),
    "audit_samples": N_("Audit sample"),
    "audit_findings": N_("Finding"),
    "audit_notes": N_("Working paper"),
}
MESSAGES.update(
    {
        "sample-words-short": N_("Write at least %(least)s characters of your own."),
        "sample-size": N_("Draw at least one receipt and at most %(most)s."),
        "nothing-to-sample": N_("No receipt that stands fits this plan."),
        "too-many-to-sample": N_(
            "More than %(most)s receipts fit this plan. Plan a shorter period or a smaller region."
        ),
        "sample-drawn": N_("This sample was drawn already. The draw stands."),
        "sample-not-drawn": N_("This sample is not drawn yet."),
        "no-checkpoint-yet": N_(
            "No checkpoint of the log was made since the plan. Make one, then draw."
        ),
        "sample-say-what": N_("Write what is wrong, or where you looked."),
        "sample-right-amount": N_("Write the amount that it should have said."),
        "audit-file-days": N_("The last day does not come before the first."),
        "audit-file-closed": N_("This audit is closed. Nothing is added to it any more."),
        "audit-file-conclusion": N_("Write the conclusion first."),
    }
)


def subject_name(kind: str) -> str:
    """What kind of record it is; one that a newer version knows keeps its table's name."""
    return _(SUBJECTS[kind]) if kind in SUBJECTS else kind
