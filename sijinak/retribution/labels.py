"""What people call a bill and its states, and why it may not be changed."""

from sijinak.retribution.models import BillKind, SkrdState
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        SkrdState.OPEN: N_("To be paid"),
        SkrdState.PAID: N_("Paid"),
        SkrdState.CANCELLED: N_("Withdrawn"),
        SkrdState.WRITTEN_OFF: N_("Written off"),
        BillKind.SKRD: N_("SKRD"),
        BillKind.STRD: N_("STRD (interest)"),
    }
)
TONES = {
    SkrdState.OPEN: "warning",
    SkrdState.PAID: "success",
    SkrdState.CANCELLED: "neutral",
    SkrdState.WRITTEN_OFF: "neutral",
}
MESSAGES.update(
    {
        "already-billed": N_("This permit has its SKRD already."),
        "money-in-question": N_(
            "Money came before for %(number)s, and it is not decided yet what becomes of it."
        ),
        "skrd-not-open": N_("%(number)s is paid or withdrawn. No money may be taken for it."),
    }
)
