"""What people read about findings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sijinak.audit.findings.catalogue import CHECKS
from sijinak.audit.findings.coded import spelt_code
from sijinak.audit.findings.models import (
    BY_HAND,
    AuditFinding,
    FindingState,
    NoteKind,
    Outcome,
    Severity,
)
from sijinak.core.money import rupiah_text, thousands
from sijinak.web.formats import day
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {Severity.HIGH: N_("Serious"), Severity.MIDDLE: N_("Middling"), Severity.LOW: N_("Slight")}
)
name_all(
    {
        FindingState.OPEN: N_("Waits for an answer"),
        FindingState.ANSWERED: N_("Answered by the office"),
        FindingState.CLOSED: N_("Finding closed"),
    }
)
name_all(
    {
        Outcome.EXPLAINED: N_("There is a good reason"),
        Outcome.MENDED: N_("It was wrong and has been put right"),
        Outcome.PROVEN: N_("It is as it looks"),
        Outcome.FALSE_ALARM: N_("False alarm: nothing was wrong"),
    }
)
name_all(
    {
        NoteKind.NOTE: N_("Note"),
        NoteKind.ANSWER: N_("Answer of the office"),
        NoteKind.SENT_BACK: N_("Sent back to the office"),
        NoteKind.CLOSED: N_("Closed by the auditor"),
        NoteKind.REOPENED: N_("Opened again"),
        NoteKind.GONE: N_("The records do not show it any more"),
        NoteKind.SEEN_AGAIN: N_("The records show it again"),
    }
)
MESSAGES.update(
    {
        "audit-own-finding": N_("This is about your own work. Somebody else has to do this."),
        "audit-answered-by-you": N_(
            "You answered for the office. Another auditor has to close it."
        ),
        "audit-answer-missing": N_(
            "It is serious, and the office has not answered. Wait for the answer, or say why not."
        ),
        "audit-words-missing": N_("Write what you found out, and how."),
        "audit-outcome-missing": N_("Choose how it ends."),
        "audit-look-underway": N_("A look is underway already. Reload the page in some minutes."),
    }
)
TONES = {Severity.HIGH: "danger", Severity.MIDDLE: "warning", Severity.LOW: "neutral"}
STATE_TONES = {
    FindingState.OPEN: "warning",
    FindingState.ANSWERED: "info",
    FindingState.CLOSED: "success",
}
MONEY = frozenset(
    {"total", "lines", "each", "tariff", "receipt", "money", "lawful", "was", "again", "came"}
    | {"back", "limit"}
)
PLAIN = frozenset({"year", "line"})
FACTS: Mapping[str, str] = {
    "aboard": N_("On the list of those aboard"),
    "account": N_("Account"),
    "account_cap": N_("Granted, as the account says"),
    "account_held": N_("Held, as the account says"),
    "account_used": N_("Used, as the account says"),
    "after": N_("Number of the receipt after it"),
    "again": N_("Amount after it"),
    "allowed": N_("Days allowed"),
    "approved": N_("Tariff approved"),
    "arrived": N_("Heads arrived"),
    "asked": N_("Owners asked"),
    "back": N_("Given back"),
    "banked": N_("Day in the bank"),
    "billed": N_("Heads billed"),
    "booked": N_("Doses by the moves"),
    "came": N_("Amount that came"),
    "cap": N_("Granted by decrees"),
    "channel": N_("Channel"),
    "counted": N_("Heads counted at the post"),
    "covered": N_("Statements cover the days until"),
    "days": N_("Number of days"),
    "departed": N_("Heads departed"),
    "doses": N_("Doses in the books"),
    "each": N_("Asked for a head"),
    "first": N_("First"),
    "from": N_("Tariff in force from"),
    "given": N_("Given"),
    "heads": N_("Heads"),
    "held": N_("Held, by the entries"),
    "hour": N_("Hour"),
    "keepers": N_("Keepers"),
    "kind": N_("Kind"),
    "last": N_("Last"),
    "lawful": N_("By the law"),
    "limit": N_("Limit"),
    "line": N_("Line"),
    "lines": N_("Sum of the lines"),
    "manner": N_("Manner"),
    "missing": N_("How many are missing"),
    "money": N_("Money"),
    "number": N_("Number"),
    "of": N_("Of how many"),
    "origin": N_("Origin of the quota"),
    "parts": N_("Payments in it"),
    "passed": N_("Heads that passed the inspection"),
    "percent": N_("Percent"),
    "permits": N_("Permits"),
    "port": N_("Port"),
    "proven": N_("Proven"),
    "receipt": N_("Amount on the receipt"),
    "role": N_("Role"),
    "series": N_("Series"),
    "sold": N_("Tickets sold, as the sale says"),
    "state": N_("State"),
    "step": N_("Step"),
    "store": N_("In a store"),
    "strangers": N_("Animals on no list"),
    "sts": N_("STS"),
    "tariff": N_("Amount of the tariff"),
    "times": N_("How often"),
    "to": N_("Destination"),
    "total": N_("Total of the bill"),
    "until": N_("Until"),
    "used": N_("Used"),
    "usual": N_("Percent of the others"),
    "verdict": N_("What the phone said"),
    "voided": N_("Receipts voided"),
    "was": N_("Amount before"),
    "written": N_("Heads on the paper"),
    "year": N_("Year"),
}


def title_of(finding: AuditFinding) -> str:
    """What an auditor called it, or the check."""
    if finding.code == BY_HAND:
        return finding.title
    check = CHECKS.get(finding.code)
    return _(check.title) if check else finding.code


def fact_rows(finding: AuditFinding) -> list[tuple[str, str]]:
    """What was seen, each fact with its name."""
    return [(_(FACTS.get(name, name)), _spelt(name, v)) for name, v in finding.facts.items()]


def fact_line(finding: AuditFinding) -> str:
    return ", ".join(f"{name}: {text}" for name, text in fact_rows(finding)[:4])


def _spelt(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return _number(name, value)
    try:
        return day(date.fromisoformat(value))
    except (TypeError, ValueError):
        return spelt_code(name, str(value)) or "–"


def _number(name: str, value: int) -> str:
    if name == "hour":
        return _("%(first)s to %(last)s", first=f"{value:02}.00", last=f"{value:02}.59")
    if name in MONEY:
        return rupiah_text(value)
    return str(value) if name in PLAIN else thousands(value)
