"""What people call verdicts, decisions and findings of checks at posts."""

from collections.abc import Mapping

from sijinak.permits.checkpoint.models import CheckDecision, CheckOutcome, PaperVerdict
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all

name_all(
    {
        PaperVerdict.VALID: N_("Signed by the office"),
        PaperVerdict.ALTERED: N_("Forged or altered"),
        PaperVerdict.EXPIRED: N_("Expired"),
        PaperVerdict.REVOKED: N_("Revoked"),
        PaperVerdict.USED: N_("Used before"),
        PaperVerdict.REPLACED: N_("Replaced by a newer paper"),
        PaperVerdict.WRONG_KEY: N_("Not a key of the office"),
        PaperVerdict.WRONG_HOST: N_("Not a code of this office"),
        PaperVerdict.UNREADABLE: N_("No readable code"),
        CheckDecision.PASS: N_("Passed"),
        CheckDecision.HOLD: N_("Held"),
        CheckDecision.REFUSE: N_("Refused"),
        CheckOutcome.DEPARTED: N_("Departed"),
        CheckOutcome.DOUBLE_USE: N_("Double use"),
        CheckOutcome.NOT_DEPARTED: N_("Passed, but no departure"),
        CheckOutcome.STOPPED: N_("Not let through"),
    }
)
TONES: Mapping[CheckOutcome, str] = {
    CheckOutcome.DEPARTED: "success",
    CheckOutcome.DOUBLE_USE: "danger",
    CheckOutcome.NOT_DEPARTED: "danger",
    CheckOutcome.STOPPED: "warning",
}
# What the phone found, as it says so itself (sijinak/static/field/checkpoint/judging.js).
FINDINGS: Mapping[str, str] = {
    "altered": N_("The paper is forged or altered."),
    "expired": N_("The permit has expired."),
    "revoked": N_("The permit is revoked."),
    "used": N_("The permit was used before."),
    "replaced": N_("A newer paper replaces this one."),
    "wrong-key": N_("The paper is not signed with a key of the office."),
    "wrong-host": N_("The code is not one of this office."),
    "unreadable": N_("The paper has no readable code."),
    "not-a-permit": N_("The SKKH was shown in place of the recommendation."),
    "more-heads": N_("More heads on the truck than on the permit."),
    "other-species": N_("Animals of another species are on the truck."),
    "not-on-permit": N_("An animal on the truck is not on the permit."),
    "no-tag": N_("An animal that was drawn has no readable tag."),
    "not-scanned": N_("Not every animal that was drawn was scanned."),
    "not-counted": N_("The heads were not counted."),
    "no-plate": N_("The plate was not written down."),
    "plate-differs": N_("The plate on the truck is not the one on the permit."),
    "fewer-heads": N_("Fewer heads on the truck than on the permit."),
    "other-port": N_("The permit is for another port."),
    "not-compared": N_("The animals could not be compared with the permit on the phone."),
    "stale-list": N_("The list of revoked and used permits was old."),
    "papers-missing": N_("A paper of another office is missing."),
    "too-few-days": N_("The days in the holding ground are not over."),
    "slot-missing": N_("No departure is booked for today at this port."),
    "may-not-leave": N_("An animal of the permit was banned, sick or stolen."),
    "destination-closed": N_("The destination was closed."),
    "drawn-again": N_("The animals were drawn again, after a check that was not decided."),
    "clock-behind": N_("The clock of the phone was behind."),
    "no-list": N_("There was no list of revoked and used permits on the phone."),
}
# Why a pass was no departure.
WHY: Mapping[str, str] = {
    "permit-used": N_("The permit was used up before."),
    "permit-expired": N_("The permit had expired."),
    "permit-revoked": N_("The permit had been revoked."),
    "too-many-heads": N_("More heads were counted than the permit is for."),
    "no-permit": N_("The paper names no permit of ours."),
    "paper-not-proved": N_("What the code said is not what the office signed."),
    "papers-missing": N_("A paper of another office is missing."),
    "too-few-days": N_("The days in the holding ground are not over."),
    "slot-missing": N_("No departure is booked for today at this port."),
    "other": N_("The office could not take the departure in (%(code)s)."),
}
ANIMALS: Mapping[str, str] = {
    "on": N_("on the permit"),
    "off": N_("not on the permit"),
    "unknown": N_("could not be compared"),
    "no-tag": N_("no readable tag"),
}
