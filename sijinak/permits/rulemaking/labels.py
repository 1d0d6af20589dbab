"""What people read when a rule cannot be written, and how a version stands."""

from sijinak.permits.rulemaking.queries import Standing
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

TONES = {
    Standing.IN_FORCE: "success",
    Standing.COMING: "info",
    Standing.OVER: "neutral",
    Standing.WITHDRAWN: "warning",
}
name_all(
    {
        Standing.IN_FORCE: N_("In force"),
        Standing.COMING: N_("Not in force yet"),
        Standing.OVER: N_("Not in force any more"),
        Standing.WITHDRAWN: N_("Taken back"),
    }
)
MESSAGES.update(
    {
        "rule-starts-too-early": N_("A rule begins today or later. Choose another first day."),
        "rule-ends-before-start": N_(
            "The last day lies before the first one, or is over. Choose a later day."
        ),
        "rule-basis-missing": N_("Write the legal basis, and where it was read."),
        "rule-version-there": N_(
            "A version for the same journey begins on %(day)s. Choose a later first day, or take"
            " that one back."
        ),
        "rule-in-force": N_(
            "This version counts already: applications may rest on it. End it instead."
        ),
        "rule-version-over": N_(
            "This version was taken back, or a later one follows it. Open the latest one."
        ),
    }
)
FIELD_OF = {
    "rule-starts-too-early": "valid_from",
    "rule-version-there": "valid_from",
    "rule-ends-before-start": "valid_until",
    "rule-basis-missing": "legal_basis",
}
