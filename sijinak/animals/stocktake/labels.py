"""What people call the findings of a stock-take, and what is done about them."""

from sijinak.animals.models import AnimalState
from sijinak.animals.queries import AnimalFacts
from sijinak.animals.stocktake.models import Finding, LineAction
from sijinak.animals.stocktake.services import Verdict
from sijinak.core.permissions import Permission, may
from sijinak.tagstock import labels as _labels  # noqa: F401 - names the states of tags
from sijinak.tagstock.queries import BLANK
from sijinak.web.access import actor
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label, name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Finding.HERE: N_("Here and known"),
        Finding.MISSING: N_("Known, not here"),
        Finding.UNKNOWN: N_("Here, not known"),
        Finding.ELSEWHERE: N_("Here, registered elsewhere or gone"),
        LineAction.CONFIRMED: N_("Seen here"),
        LineAction.STILL_THERE: N_("Still there, says the owner"),
        LineAction.SOLD: N_("Sold or handed over"),
        LineAction.DEAD: N_("Died"),
        LineAction.STOLEN: N_("Was stolen"),
        LineAction.SLAUGHTERED: N_("Was slaughtered"),
        LineAction.MOVED: N_("Moved"),
        LineAction.TAG_LOST: N_("New tag"),
        LineAction.REGISTERED: N_("Registered now"),
        LineAction.NOTHING: N_("Nothing to do"),
    }
)
MESSAGES.update(
    {
        "stock-take-closed": N_("This stock-take is closed. Begin a new one."),
        "lines-open": N_(
            "%(count)s lines would stay open for ever. Settle them, or tick that they stay open."
        ),
        "stock-take-full": N_(
            "A stock-take holds at most %(most)s scanned codes, and this one has %(there)s."
            " Close it and begin another one."
        ),
        "not-compared": N_("Compare with the register first; then close."),
        "too-many-codes": N_("At most %(most)s codes at once. Send the list in parts."),
        "no-codes": N_("Scan or type a code first."),
        "line-done": N_("Somebody did something about this line already. Reload the list."),
        "not-for-this-line": N_("This cannot be done about this line. Choose another action."),
        "transfer-missing": N_(
            "Propose the transfer first (both sides and the village head agree). Then come back"
            " and choose this again."
        ),
        "code-not-registered": N_(
            "No animal has this code yet. Register the animal with it, or say whose tag it is."
        ),
    }
)
TONES = {
    Finding.HERE: "success",
    Finding.MISSING: "warning",
    Finding.UNKNOWN: "warning",
    Finding.ELSEWHERE: "warning",
}
SAID = {
    Finding.HERE: N_("Here"),
    Finding.MISSING: N_("Not scanned yet"),
    Finding.UNKNOWN: N_("Nobody knows this code"),
    Finding.ELSEWHERE: N_("Registered elsewhere"),
}
GONE = (
    AnimalState.DEAD,
    AnimalState.SLAUGHTERED,
    AnimalState.SHIPPED,
    AnimalState.WITHDRAWN,
)


def owner_shown(animal: AnimalFacts) -> str:
    """Names are for those who may read the animal itself."""
    if may(actor(), Permission.ANIMAL_READ, region=animal.village):
        return animal.keeper_name
    return _("in another area")


def verdict_of(verdict: Verdict) -> tuple[str, str]:
    """What is said about a scan, and how loud."""
    if loud := _alarming(verdict):
        return loud, "danger"
    if verdict.stock:
        return _("A blank tag of the stock: no animal wears it yet"), "warning"
    if verdict.is_again:
        return _("Scanned before"), "neutral"
    return _(SAID[verdict.finding]), TONES[verdict.finding]


def _alarming(verdict: Verdict) -> str:
    """What must not be passed over; nothing of an ordinary scan."""
    said = ""
    if verdict.is_misread:
        said = _("Not a tag code: check the letters. It was not counted")
    elif verdict.state is AnimalState.STOLEN:
        said = _("Reported stolen: keep the animal here and call the office")
    elif verdict.state in GONE:
        said = _("Not alive in the register: %(state)s", state=label(verdict.state))
    elif verdict.stock and verdict.stock not in BLANK:
        state = label(verdict.stock)
        said = _("A tag of the stock: %(state)s. Hand it to the office", state=state)
    return said
