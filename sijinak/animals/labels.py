"""What people call species, sexes and the like."""

from sijinak.animals.models import IdentifierKind, Precision, Sex, Species, Verification
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Species.CATTLE: N_("Cattle"),
        Species.BUFFALO: N_("Buffalo"),
        Species.HORSE: N_("Horse"),
        Species.GOAT: N_("Goat"),
        Species.SHEEP: N_("Sheep"),
        Species.PIG: N_("Pig"),
        Sex.MALE: N_("Male"),
        Sex.FEMALE: N_("Female"),
        Precision.EXACT: N_("Exact day"),
        Precision.MONTH: N_("Month known"),
        Precision.ESTIMATED: N_("Estimated from the teeth"),
        Verification.SEEN: N_("Seen"),
        Verification.DECLARED: N_("Declared only"),
        IdentifierKind.TAG: N_("QR tag"),
        IdentifierKind.EARTAG: N_("National ear tag"),
    }
)
MESSAGES.update(
    {
        "tag-taken": N_("The tag %(tag)s already names another animal. Check the code on the tag."),
        "eartag-taken": N_("The ear tag number %(tag)s already belongs to another animal."),
        "born-in-the-future": N_("The day of birth has not come yet. Check the year."),
        "seen-without-marks": N_(
            "An animal that was seen needs its colour, or another mark, so that it is known again."
        ),
        "male-is-pregnant": N_("A male cannot be pregnant. Check the sex."),
        "male-has-calved": N_("A male has no calvings. Check the sex."),
        "already-seen": N_(
            "Another officer has seen this animal meanwhile. Compare the marks and send them again."
        ),
        "seen-in-the-future": N_(
            "The animal cannot have been seen in the future. Check the clock."
        ),
    }
)
