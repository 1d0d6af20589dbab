"""What people call the moves of doses, and what they read when one cannot be made."""

from sijinak.core.money import thousands
from sijinak.vaccinations.stock.ledger import Line
from sijinak.vaccinations.stock.models import MoveKind, WasteReason
from sijinak.vaccinations.stock.shelves import Lying
from sijinak.web.formats import day
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label, name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        MoveKind.RECEIVED: N_("Received"),
        MoveKind.TRANSFERRED: N_("Sent to another store"),
        MoveKind.ISSUED: N_("Issued to an officer"),
        MoveKind.RETURNED: N_("Handed back"),
        MoveKind.USED: N_("Used"),
        MoveKind.WASTED: N_("Spoilt"),
        MoveKind.DESTROYED: N_("Destroyed"),
        MoveKind.COUNTED: N_("Counted: difference"),
    }
)
name_all(
    {
        WasteReason.BROKEN: N_("Bottle broken or leaked"),
        WasteReason.ANIMAL_FOUGHT: N_("The animal fought, the dose was lost"),
        WasteReason.OPENED_TOO_LONG: N_("Bottle was open too long"),
        WasteReason.TOO_WARM: N_("Too warm"),
        WasteReason.FROZEN: N_("Frozen"),
        WasteReason.EXPIRED: N_("Past its expiry day"),
        WasteReason.OTHER: N_("Another reason"),
    }
)
MESSAGES.update(
    {
        "not-that-many-doses": N_("This is a number of doses from 1 to %(most)s."),
        "not-enough-doses": N_("Only %(there)s doses are there. Nothing was changed."),
        "unknown-lot": N_("Choose a lot from the list."),
        "unknown-store": N_("Choose a store that is in use."),
        "same-store": N_("Choose another store than the one that gives."),
        "store-not-empty": N_("%(doses)s doses are in this store. Send them elsewhere first."),
        "store-name-taken": N_("Another store of this office has this name."),
        "lot-expires-otherwise": N_(
            "This lot is in the books with the expiry day %(day)s. Compare it with the bottle; if"
            " the books are wrong, ask the head of section to correct the day on the page of the"
            " lot."
        ),
        "lot-came-expired": N_(
            "This lot expired on %(day)s. Compare the day with the bottle; if it is so, do not take"
            " the delivery in and write it on the delivery note."
        ),
        "lot-day-changed-meanwhile": N_(
            "Somebody corrected this day meanwhile: the books say %(day)s now. Compare it with the"
            " bottle."
        ),
        "lot-day-is-that": N_("The books say this day already: there is nothing to correct."),
        "lot-day-reason-missing": N_("Write how you know the right day."),
        "lot-has-expired": N_(
            "Lot %(lot)s expired on %(day)s. It is no longer given out: leave it in the store and"
            " destroy it with minutes."
        ),
        "older-lot-first": N_(
            "Lot %(lot)s expires first, on %(day)s. Take that one, or write why not."
        ),
        "not-a-vaccinator": N_("Choose an officer who vaccinates in the area of this store today."),
        "stock-note-missing": N_("Write how the difference came about, as far as you know."),
        "counted-meanwhile": N_(
            "Doses moved while you counted: the books say %(there)s now. Count again."
        ),
        "nothing-to-count": N_("The books say the same: there is nothing to write down."),
        "nothing-to-destroy": N_("Write the doses beside at least one lot."),
        "no-reason-to-destroy": N_("Choose why. For another reason, write it in words."),
        "minutes-number-taken": N_("There are minutes with this number already."),
        "stock-day-ahead": N_("This day has not come yet."),
    }
)
LOT = N_("%(vaccine)s, lot %(lot)s, until %(day)s: %(n)s doses")
TAKEN_BACK = N_("Back in the bag: the vaccination was undone")


def what(line: Line) -> str:
    """What happened, in words."""
    return _(TAKEN_BACK) if line.is_taken_back else label(line.move.kind)


def why(line: Line) -> str:
    """Reason, note and paper."""
    reason = label(line.move.reason) if line.move.reason else ""
    return ", ".join(filter(None, (reason, line.move.paper, line.move.note)))


def lot_name(lying: Lying) -> str:
    """A lot in a list of choices."""
    facts = {"vaccine": lying.product, "lot": lying.number, "day": day(lying.expires_on)}
    return _(LOT, n=thousands(lying.doses), **facts)
