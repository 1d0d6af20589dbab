"""What people call the events of the auditor's desk."""

from sijinak.web.i18n import N_

DESK_EVENTS = {
    "audit.exported": N_("Log exported for auditors"),
    "audit.sample-planned": N_("Sample planned"),
    "audit.sample-drawn": N_("Sample drawn"),
    "audit.sample-ticked": N_("Drawn receipt looked at"),
    "audit.note-written": N_("Note of an auditor written"),
    "audit.file-opened": N_("Audit opened"),
    "audit.file-filled": N_("Put into the file of an audit"),
    "audit.file-closed": N_("Audit closed"),
}
