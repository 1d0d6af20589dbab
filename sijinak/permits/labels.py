"""What people call the states and steps of a permit, and the sentence for every finding."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sijinak.core.codes import spaced
from sijinak.core.errors import SijinakError
from sijinak.permits.checks import Finding, Verdict
from sijinak.permits.finding_words import FINDINGS
from sijinak.permits.models import Permit, PermitState, RbtResult
from sijinak.permits.queries import is_expired
from sijinak.permits.rules.models import Purpose, Scope
from sijinak.permits.step_words import DEEDS
from sijinak.web.formats import day, moment
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label, name_all
from sijinak.web.messages import MESSAGES, message_for

S = PermitState
TONES: Mapping[PermitState, str] = {
    S.RETURNED: "warning",
    S.BILLED: "warning",
    S.PAID: "success",
    S.APPROVED: "success",
    S.ISSUED: "success",
    S.REJECTED: "danger",
    S.DEPARTED: "info",
    S.ARRIVED: "success",
    S.APPEALED: "warning",
    S.CANCELLED: "neutral",
    S.CLOSED: "neutral",
    S.EXPIRED: "neutral",
    S.REVOKED: "danger",
}
VERDICT_TONES = {Verdict.PASS: "success", Verdict.ASK: "info", Verdict.REFUSE: "danger"}
# What happens next, and who must act.
NEXT: Mapping[PermitState, str] = {
    S.DRAFT: N_("The applicant submits the application."),
    S.SUBMITTED: N_("The permit desk checks the papers and accepts or returns them."),
    S.RETURNED: N_("The applicant puts right what the note says and submits again."),
    S.ACCEPTED: N_("A veterinarian weighs and examines each animal."),
    S.INSPECTED: N_("The permit desk writes the SKRD for the animals that passed."),
    S.BILLED: N_("The applicant pays the SKRD. The payment is matched by the system."),
    S.PAID: N_("The head of the Dinas approves or rejects."),
    S.APPROVED: N_("The permit desk issues the recommendation letter."),
    S.ISSUED: N_("The animals may leave until the last day of validity, once."),
    S.REJECTED: N_("The application was rejected. A new one may be made."),
    S.CANCELLED: N_("The application was cancelled. A new one may be made."),
    S.IN_LAB: N_("The laboratory tests the samples; an animal with a bad result is taken off."),
    S.DEPARTED: N_("The animals are on the way. The receiver says what arrived."),
    S.ARRIVED: N_("The permit desk closes the permit."),
    S.CLOSED: N_("The journey is over and every animal is accounted for."),
    S.APPEALED: N_("The appeal is heard by somebody who did not decide before."),
    S.EXPIRED: N_("The last day of validity is over. The quota is free again."),
    S.REVOKED: N_("The permit was revoked. Nobody may leave with it."),
}
ACTIONS: Mapping[str, str] = {
    "draft": N_("Application written"),
    "save": N_("Application changed"),
    "submit": N_("Application submitted"),
    "return": N_("Application returned"),
    "accept": N_("Papers accepted"),
    "inspect": N_("Animals inspected"),
    "bill": N_("SKRD issued"),
    "settle": N_("SKRD paid"),
    "reopen": N_("The payment was taken back"),
    "miss-money": N_("The payment was taken back after the letter was issued"),
    "find-money": N_("SKRD paid again"),
    "approve": N_("Application approved"),
    "reject": N_("Application rejected"),
    "issue": N_("Recommendation letter issued"),
    "cancel": N_("Application cancelled"),
    "withdraw": N_("SKRD cancelled, application ended"),
    "sample": N_("Animals inspected, samples taken"),
    "clear": N_("Laboratory results complete"),
    "certify": N_("Health letter signed"),
    "extend": N_("Validity extended"),
    "depart": N_("Departed"),
    "arrive": N_("Arrived"),
    "close": N_("Permit closed"),
    "appeal": N_("Appeal made"),
    "uphold": N_("Rejection upheld"),
    "grant": N_("Appeal granted"),
    "expire": N_("Validity over"),
    "revoke": N_("Permit revoked"),
    **DEEDS,
}
name_all(
    {
        Purpose.SLAUGHTER: N_("Slaughter"),
        Purpose.BREEDING: N_("Breeding"),
        Scope.IN_PROVINCE: N_("Inside the province"),
        Scope.OUT_OF_PROVINCE: N_("Out of the province"),
        S.DRAFT: N_("Draft"),
        S.SUBMITTED: N_("Submitted"),
        S.RETURNED: N_("Returned"),
        S.ACCEPTED: N_("Papers accepted"),
        S.INSPECTED: N_("Inspected"),
        S.BILLED: N_("SKRD to be paid"),
        S.PAID: N_("Paid"),
        S.APPROVED: N_("Approved"),
        S.ISSUED: N_("Issued"),
        S.REJECTED: N_("Rejected"),
        S.CANCELLED: N_("Cancelled"),
        S.IN_LAB: N_("At the laboratory"),
        S.DEPARTED: N_("Departed"),
        S.ARRIVED: N_("Arrived"),
        S.CLOSED: N_("Journey over"),
        S.APPEALED: N_("Appealed"),
        S.EXPIRED: N_("Expired"),
        S.REVOKED: N_("Revoked"),
        RbtResult.NEGATIVE: N_("Negative"),
        RbtResult.POSITIVE: N_("Positive"),
        RbtResult.NOT_TESTED: N_("Not tested"),
        Verdict.PASS: N_("Passes"),
        Verdict.ASK: N_("To be asked"),
        Verdict.REFUSE: N_("Refused"),
    }
)
MESSAGES.update(
    {
        "permit-not-ready": N_(
            "The application cannot be submitted yet: put right what is marked as refused below."
        ),
        "animal-taken": N_(
            "Another application was faster with these animals: %(tags)s. Take them off the list."
        ),
        "firm-suspended": N_(
            "The firm is suspended by decree %(decree)s. This step can be taken when that has ended"
            " or is lifted."
        ),
        "same-person": N_(
            "You took part in this application before. Who inspects, who signs the health letter,"
            " who bills and who decides are four different people, and none of them the applicant."
        ),
        "inspection-incomplete": N_("Say for each animal whether it passed."),
        "nobody-passed": N_(
            "No animal passed, so there is nothing to bill. The applicant or the Kabid cancels the"
            " application."
        ),
        "not-weighed": N_("Every animal that passes must be weighed, with a scale or by tape."),
        "sample-missing": N_(
            "Take a sample of %(tag)s for %(disease)s, or write the result that is there already."
        ),
        "not-on-permit": N_("This animal is not among those that passed."),
        "too-many-inspection-photos": N_("At most %(most)s photos are kept here."),
        "rbt-not-recorded": N_(
            "Choose the result of the brucellosis test for every animal, and write its number."
        ),
        "reason-missing": N_("Write the reason of the refusal."),
        "may-not-leave": N_(
            "The animal %(tag)s may not leave now. %(sentence)s This step can be taken when that is"
            " over; or reject, revoke or cancel the application."
        ),
        "destination-closed": N_(
            "The destination is closed since %(since)s (%(reason)s). This step can be taken when it"
            " is open again; or reject, revoke or cancel the application."
        ),
        "may-not-pass": N_("The animal %(tag)s may not pass. %(sentence)s"),
        "skrd-says-otherwise": N_("The SKRD of this application is in another state."),
    }
)


def standing(permit: Permit) -> tuple[str, str]:
    """What its state is called today, and in which tone."""
    if is_expired(permit):
        return _("Expired"), "neutral"
    return label(permit.state), TONES.get(permit.state, "info")


def what_next(permit: Permit) -> str:
    if is_expired(permit):
        return _("The last day of validity is over. A new application may be made.")
    return _(NEXT[permit.state])


def sentence(finding: Finding) -> str:
    """What was found, and what to do about it."""
    facts = {name: _spelt(value) for name, value in finding.facts.items()}
    text = _(FINDINGS[finding.code], **facts)
    return text[:1].upper() + text[1:]


def _spelt(value: object) -> str:
    match value:
        case StrEnum():
            return _inside(label(value))
        case tuple() | list():
            return ", ".join(map(_spelt, value))
        case date():
            return moment(value) if isinstance(value, datetime) else day(value)
        case _:
            return str(value)


def _inside(name: str) -> str:
    """A name in the midst of a sentence; an abbreviation keeps its letters."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def message_of(error: SijinakError) -> str:
    """What a service refuses, in words."""
    return message_for(error.code, facts_of(error))


def facts_of(error: SijinakError) -> dict[str, object]:
    """The facts of an error, the finding, days, kinds and tags among them spelt out."""
    facts = dict(error.facts)
    if isinstance(finding := facts.get("finding"), Finding):
        facts["sentence"] = sentence(finding)
    for name, value in facts.items():
        if name in ("tag", "tags"):
            facts[name] = ", ".join(spaced(tag) for tag in str(value).split(", "))
        elif isinstance(value, list | datetime | date):
            facts[name] = _spelt(value)
    return facts
