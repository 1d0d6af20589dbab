"""What people call the states and steps of tags, and what they read when something is wrong."""

from sijinak.tagstock.models import TagState
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

S = TagState
name_all(
    {
        S.PRINTED: N_("Printed, not received yet"),
        S.RECEIVED: N_("In the cupboard"),
        S.ISSUED: N_("In an officer's bag"),
        S.APPLIED: N_("On an animal"),
        S.REPLACED: N_("Replaced by another tag"),
        S.LOST: N_("Lost"),
        S.BROKEN: N_("Broken"),
        S.RETIRED: N_("Retired"),
        S.STOLEN: N_("Stolen"),
    }
)
MESSAGES.update(
    {
        "not-that-many-tags": N_("Choose 1 to %(most)s tags at once."),
        "unknown-layout": N_("Choose one of the sheets."),
        "no-tags-chosen": N_("Say which tags: type or scan their codes, or give a number."),
        "unknown-tags": N_(
            "%(count)s of these codes are no tags of your stock: %(codes)s. Compare them with the"
            " tags, letter by letter. Nothing was changed."
        ),
        "not-in-this-run": N_(
            "This print run has no tags with these numbers for this step. Look at its page for"
            " what became of them."
        ),
        "not-enough-tags": N_("Only %(there)s tags are in this cupboard. Nothing was changed."),
        "tags-not-ready": N_(
            "This step cannot be taken with %(count)s of the tags: %(codes)s. Look each of them up"
            " to see where it is. Nothing was changed."
        ),
        "tags-were-worn": N_(
            "%(count)s of the tags were on an animal once: %(codes)s. Their codes lead to that"
            " animal for ever. Take them back and retire them. Nothing was changed."
        ),
        "not-an-officer": N_("Choose an officer who works in the area of this office today."),
        "tag-note-missing": N_("Write what happened: when, where, and who knows of it."),
        "tag-not-usable": N_(
            "This tag can no longer be put on: it is listed as replaced, lost, broken, stolen or"
            " retired. Take another one."
        ),
    }
)
# The steps that people take with tags, as buttons and in a history.
ACTIONS = {
    "print": N_("Printed"),
    "receive": N_("Received into the cupboard"),
    "issue": N_("Issued to an officer"),
    "return": N_("Handed back to the cupboard"),
    "apply": N_("Put on an animal"),
    "take off": N_("Taken off: the registration was undone"),
    "replace": N_("Replaced by another tag"),
    "put back": N_("Counts again: its replacement was undone"),
    "lose": N_("Reported lost"),
    "break": N_("Reported broken"),
    "steal": N_("Reported stolen"),
    "retire": N_("Retired"),
    "find": N_("Found again"),
}
LAYOUT_NAMES = {
    "24": N_("24 labels of 48 × 45 mm, for ear tags and neck tags"),
    "15": N_("15 labels of 62 × 54 mm, for large tags that get dirty"),
    "35": N_("35 labels of 38 × 39 mm, for cards"),
    "88": N_("88 small labels of 24 × 25 mm, the code alone, for goats and sheep"),
}


def action_name(action: str) -> str:
    return _(ACTIONS[action])


def layout_name(name: str) -> str:
    return _(LAYOUT_NAMES[name])


def layout_options() -> list[tuple[str, str]]:
    return [(name, _(shown)) for name, shown in LAYOUT_NAMES.items()]
