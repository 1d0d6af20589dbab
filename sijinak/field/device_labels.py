"""What people call the states of phones, and what they read when something is wrong."""

from collections.abc import Sequence

from sijinak.field.devices import RevokeReason
from sijinak.field.models import FieldRecord, Review
from sijinak.field.phones import PhoneState
from sijinak.field.queries import Gap
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES, message_for

SHOWN = 5

name_all(
    {
        PhoneState.OK: N_("Works"),
        PhoneState.REVOKED: N_("Phone revoked"),
        PhoneState.CLOSED: N_("Its user does no field work now"),
        PhoneState.EXPIRED: N_("Its user must sign in again"),
    }
)
name_all(
    {
        RevokeReason.LOST: N_("The phone is lost"),
        RevokeReason.STOLEN: N_("The phone was stolen"),
        RevokeReason.BROKEN: N_("The phone is broken"),
        RevokeReason.HANDED_BACK: N_("The phone was handed back"),
        RevokeReason.LEFT_SERVICE: N_("Its user left the service"),
    }
)
MESSAGES.update(
    {
        "device-unknown": N_("The server does not know this phone. Sign in and enrol it again."),
        "device-revoked": N_(
            "This phone was revoked. What it still holds can be sent and will be looked through by"
            " the office; new work needs another phone."
        ),
        "device-expired": N_("Sign in on this phone again: the last time is too long ago."),
        "account-closed": N_("Your account does no field work now. Ask your office."),
        "other-owner": N_("This phone is enrolled for somebody else."),
        "other-keys": N_(
            "This phone was enrolled before with other keys. Enrol it anew; what the office has"
            " received stays."
        ),
        "sign-in-again": N_(
            "Sign out and in again first: keys are handed out within 15 minutes of a sign-in."
        ),
        "pack-too-large": N_(
            "These villages have %(animals)s animals, and a phone takes %(most)s. Choose fewer"
            " villages."
        ),
    }
)
KINDS = {
    "vaccination": N_("Vaccination"),
    "check": N_("Check at a post"),
    "heads": N_("Heads counted"),
    "result": N_("Not vaccinated"),
    "reaction": N_("Reaction"),
    "undo": N_("Taken back"),
    "unknown": N_("Unknown tag"),
    "link": N_("Tag named"),
    "registration": N_("Registration"),
    "waste": N_("Doses lost"),
    "temperature": N_("Temperature of the box"),
}


def kind_name(kind: str) -> str:
    """What a record is; a kind of a newer app keeps its code."""
    return _(KINDS[kind]) if kind in KINDS else kind


def gaps_text(gaps: Sequence[Gap]) -> str:
    """118–121, 130: the numbers that did not arrive, the first runs of them."""
    runs = [str(first) if first == last else f"{first}–{last}" for first, last in gaps[:SHOWN]]
    return ", ".join(runs) + (" …" if len(gaps) > SHOWN else "")


def reason_text(one: FieldRecord | Review) -> str:
    """Why a record waits or was refused; empty for one that was recorded."""
    return message_for(one.reason, one.facts) if one.reason else ""
