"""What people call the rules, what they ask for, and what became of a pair."""

from sijinak.animals.duplicates.models import PairState
from sijinak.animals.duplicates.services import BY_HAND
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

RULES = {
    "same-number": N_("Ear tag or card number spelt alike"),
    "same-dam": N_("Same mother, births less than 270 days apart"),
    "replaced-tag": N_("Registered within 60 days of a lost or replaced tag, marks alike"),
    "registered-twice": N_("Registered twice within 60 days, three marks alike"),
    "same-owner": N_("Same owner and colour, births at most 30 days apart"),
    BY_HAND: N_("Compared by an officer"),
}
SOURCES = {
    "same-number": N_("Numbers typed with other blanks, dashes, O for 0 or I for 1."),
    "same-dam": N_(
        "A mother cannot calve twice so soon: cattle carry 279 to 290 days. So do registers of"
        " births (OpenCRVS) look for doubles."
    ),
    "replaced-tag": N_("An animal without its tag that is registered as a new one."),
    "registered-twice": N_("Two officers, or two visits, at the yearly registration."),
    "same-owner": N_("The double cards of before 2020: one owner, one animal, two cards."),
}
NOT_OF_THE_PROGRAM = N_("Rule %(code)s")

name_all(
    {
        PairState.OPEN: N_("To be decided"),
        PairState.DIFFERENT: N_("Two animals"),
        PairState.MERGED: N_("One animal, merged"),
    }
)
MESSAGES.update(
    {
        "same-record": N_("Both codes lead to the same record. There is nothing to compare."),
        "not-both-present": N_(
            "One of the two is not present any more (dead, stolen, slaughtered, merged or"
            " withdrawn). Records are merged only while both are present."
        ),
        "owners-differ": N_(
            "The two have different owners. Record the sale first, or correct the owner; then"
            " merge them."
        ),
        "kinds-differ": N_("Species or sex differ. Correct the wrong one first; then merge them."),
        "pair-decided": N_(
            "Somebody decided about these two meanwhile. Look at the decision before you change it."
        ),
        "merge-lived-on": N_(
            "Since the merge this animal was sold, lent, reported stolen, died or left the"
            " register otherwise. Undo that mutation first; then take the merge back."
        ),
        "already-unmerged": N_("This merge was taken back already."),
    }
)


def rule_name(code: str) -> str:
    """An office may add rules of its own; those are known by their code."""
    return _(RULES[code]) if code in RULES else _(NOT_OF_THE_PROGRAM, code=code)


def rule_source(code: str, told: str) -> str:
    """Where a rule comes from; of a rule of the office, what the office wrote."""
    return _(SOURCES[code]) if code in SOURCES else told


def why(rule: str) -> list[str]:
    """The rules of a pair, the strongest first."""
    return [rule_name(code) for code in rule.split()]
