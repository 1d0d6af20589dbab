"""What people call the states and steps of a permit, and the sentence for every finding."""

from collections.abc import Mapping
from enum import StrEnum

from sijinak.core.codes import spaced
from sijinak.core.errors import SijinakError
from sijinak.permits.checks import Finding, Verdict
from sijinak.permits.models import Permit, PermitState, Purpose, RbtResult, Scope
from sijinak.permits.queries import is_expired
from sijinak.web.formats import day
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label, name_all
from sijinak.web.messages import MESSAGES, message_for

S = PermitState
NOT_STATED = N_("Not stated: ask the Dinas")
DAY_OVER = N_("The planned day is over. Choose today or a later day.")
TONES: Mapping[PermitState, str] = {
    S.RETURNED: "warning",
    S.BILLED: "warning",
    S.PAID: "success",
    S.APPROVED: "success",
    S.ISSUED: "success",
    S.REJECTED: "danger",
    S.CANCELLED: "neutral",
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
    "approve": N_("Application approved"),
    "reject": N_("Application rejected"),
    "issue": N_("Recommendation letter issued"),
    "cancel": N_("Application cancelled"),
    "withdraw": N_("SKRD cancelled, application ended"),
}
FINDINGS: Mapping[str, str] = {
    "REGISTERED": N_("Registered."),
    "NOT_REGISTERED": N_("No animal has this tag. Check the code, or have the animal registered."),
    "SEEN": N_("An officer has seen the animal."),
    "PRESENT": N_("It is alive, and not reported stolen."),
    "REPORTED_STOLEN": N_("It is reported stolen. Tell the police and the field office at once."),
    "NOT_PRESENT": N_("The register says that it is not there any more: %(state)s."),
    "CHANGING_HANDS": N_(
        "A change of its owner, keeper or place is not finished. Finish or cancel that first."
    ),
    "DATA2_ONLY": N_(
        "The animal is only declared. Ask the UPT to see it and take its marks, then submit."
    ),
    "WRONG_SPECIES": N_(
        "This is %(found)s, the application is for %(wanted)s. Take it off the list."
    ),
    "SEX": N_("The sex fits the rule."),
    "SEX_NOT_STATED": N_("Rule %(rule)s does not state the sex: ask the Dinas before the journey."),
    "FEMALE_PRODUCTIVE": N_(
        "Females may not leave (rule %(rule)s). Put a male on the list instead."
    ),
    "WRONG_SEX": N_("Males are not for this purpose (rule %(rule)s). Take it off the list."),
    "DOSES": N_("%(disease)s: %(have)s of %(need)s doses."),
    "DOSE_MISSING": N_(
        "%(disease)s: %(have)s of %(need)s doses. Ask the UPT for the vaccination, then submit."
    ),
    "DOSES_NOT_STATED": N_("Rule %(rule)s does not state the vaccinations: ask the Dinas."),
    "OWNED": N_("The animal is the applicant's own."),
    "SOLD": N_("Registered to somebody else: the permit desk checks sale letter %(letter)s."),
    "NO_TRANSFER": N_(
        "The animal belongs to somebody else. Enter the number of the village's sale letter."
    ),
    "FREE": N_("On no other application."),
    "IN_OTHER_APPLICATION": N_(
        "The animal is on another open application. That one must be finished or cancelled first."
    ),
    "ON_VALID_PERMIT": N_("The animal is on an issued permit, valid until %(until)s."),
    "WEIGHT": N_("%(weight)s kg; at least %(least)s kg."),
    "UNDERWEIGHT": N_("%(weight)s kg is too light: at least %(least)s kg."),
    "WEIGHT_LATER": N_("Weighed at the inspection: at least %(least)s kg."),
    "WEIGHT_NOT_STATED": N_("Rule %(rule)s does not state a least weight: ask the Dinas."),
    "RBT_LATER": N_(
        "The destination asks for the brucellosis test; its result is needed at the inspection."
    ),
    "RBT_NEGATIVE": N_("The brucellosis test is negative."),
    "RBT_POSITIVE": N_("The brucellosis test is positive."),
    "RBT_MISSING": N_("The destination asks for the brucellosis test: not tested."),
    "RULE": N_("Rule %(rule)s: %(basis)s."),
    "NO_RULE": N_(
        "No rule is known for %(species)s, %(purpose)s, %(scope)s. Ask the Dinas before you apply."
    ),
    "DEST_OPEN": N_("The destination is not closed."),
    "DEST_CLOSED": N_(
        "The destination is closed since %(since)s (%(reason)s). Choose another destination."
    ),
    "APPLICANT": N_("The applicant may apply for this way."),
    "FIRM_SUSPENDED": N_(
        "The firm is suspended by decree %(decree)s: no application until that ends. Ask the Dinas."
    ),
    "NOT_A_FIRM": N_("Out of the province only a firm with a NIB may ship. Apply through a firm."),
    "DAY": N_("The planned day is still to come."),
    "DAY_OVER": DAY_OVER,
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
            "You took part in this application before. The inspector, the one who bills and the one"
            " who decides must be three different people, and none of them the applicant."
        ),
        "inspection-incomplete": N_("Say for each animal whether it passed."),
        "nobody-passed": N_(
            "No animal passed, so there is nothing to bill. The applicant or the Kabid cancels the"
            " application."
        ),
        "not-weighed": N_("Every animal that passes must be weighed."),
        "rbt-not-recorded": N_(
            "Choose the result of the brucellosis test for every animal, and write its number."
        ),
        "reason-missing": N_("Write the reason of the refusal."),
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
    return _(FINDINGS[finding.code], **facts)


def _spelt(value: object) -> str:
    match value:
        case StrEnum():
            return label(value).lower()
        case _ if hasattr(value, "isoformat"):
            return day(value)  # type: ignore[arg-type]
        case _:
            return str(value)


def message_of(error: SijinakError) -> str:
    """What a service refuses, in words; the finding and the tags inside are spelt out."""
    facts = dict(error.facts)
    if isinstance(finding := facts.get("finding"), Finding):
        facts["sentence"] = sentence(finding)
    for name in ("tag", "tags"):
        if name in facts:
            facts[name] = ", ".join(spaced(tag) for tag in str(facts[name]).split(", "))
    return message_for(error.code, facts)
