"""What people call the moves of the quota, and what they read when one cannot be made."""

from sijinak.permits import labels as _labels  # noqa: F401 - names purposes and scopes
from sijinak.permits.quota.ledger import Move
from sijinak.permits.quota.models import ClaimState, EntryKind
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        EntryKind.GRANT: N_("Granted"),
        EntryKind.ADJUST: N_("Changed by decree"),
        EntryKind.TRANSFER_IN: N_("Transferred in"),
        EntryKind.TRANSFER_OUT: N_("Transferred out"),
        EntryKind.FREEZE: N_("Frozen by decree"),
        EntryKind.THAW: N_("No longer frozen"),
        EntryKind.RESERVE: N_("Reserved"),
        EntryKind.CONSUME: N_("Used: departed"),
        EntryKind.RELEASE: N_("Free again"),
    }
)
name_all(
    {
        ClaimState.WAITING: N_("Waits for quota"),
        ClaimState.RESERVED: N_("Quota reserved"),
        ClaimState.CONSUMED: N_("Quota used"),
        ClaimState.RELEASED: N_("Quota given back"),
    }
)
TONES = {
    ClaimState.WAITING: "warning",
    ClaimState.RESERVED: "success",
    ClaimState.CONSUMED: "info",
    ClaimState.RELEASED: "neutral",
}
MESSAGES.update(
    {
        "quota-short": N_(
            "%(heads)s heads are asked for, and %(left)s are free. Take animals off the list, or"
            " apply for the rest separately."
        ),
        "quota-held": N_(
            "This cannot be taken away: the quota is %(cap)s heads, %(held)s of them are reserved"
            " or used. At most %(left)s can be taken."
        ),
        "more-than-reserved": N_("%(heads)s heads are more than the %(reserved)s reserved ones."),
        "decree-says-otherwise": N_(
            "The decree %(number)s is written down with another day. Compare it with the paper."
        ),
        "decree-incomplete": N_("Write the number of the decree and its legal basis."),
        "decree-ahead": N_("This day has not come yet. Compare it with the decree."),
        "nothing-granted": N_("Write the heads beside at least one line."),
        "quota-heads-wrong": N_("Write a whole number of heads from 1 to %(most)s."),
        "quota-same-line": N_("Choose another line of the same year than the one that gives."),
        "quota-is-that": N_("It is so already: nothing was changed."),
        "claim-not-waiting": N_("This application does not wait any more."),
        "quota-closed": N_("This quota is frozen, or its year is over. Nobody gets any of it."),
        "quota-why-missing": N_("Write why it goes before the others. Everybody can read it."),
    }
)
FIELD_OF = {
    "quota-held": "heads",
    "decree-says-otherwise": "number",
    "decree-incomplete": "number",
    "decree-ahead": "dated_on",
    "nothing-granted": "heads",
    "quota-heads-wrong": "heads",
    "quota-same-line": "purpose",
    "quota-why-missing": "why",
}


def signed_heads(move: Move) -> int:
    """What it changed of what is left; nothing for a use, which was reserved before."""
    entry = move.entry
    return entry.cap_change - entry.reserved_change - entry.used_change
