"""What people call the events of findings."""

from sijinak.web.i18n import N_

FINDING_EVENTS = {
    "audit.finding-raised": N_("Finding raised"),
    "audit.finding-note": N_("Note to a finding written"),
    "audit.finding-answer": N_("Finding answered by the office"),
    "audit.finding-sent-back": N_("Finding sent back to the office"),
    "audit.finding-closed": N_("Finding closed"),
    "audit.finding-reopened": N_("Finding opened again"),
    "audit.finding-gone": N_("Finding not seen in the records any more"),
    "audit.finding-seen-again": N_("Finding seen in the records again"),
    "audit.look-asked": N_("Look at everything asked for"),
}
