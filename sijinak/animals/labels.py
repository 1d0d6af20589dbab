"""What people call species, sexes and the like."""

from sijinak.animals.hanging import Tie
from sijinak.animals.models import (
    AnimalState,
    EndReason,
    IdentifierKind,
    Origin,
    Precision,
    Sex,
    Species,
    Use,
    Verification,
    WeighingMethod,
)
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
        Precision.ESTIMATED: N_("Estimated"),
        Verification.SEEN: N_("Seen"),
        Verification.DECLARED: N_("Declared only"),
        IdentifierKind.TAG: N_("QR tag"),
        IdentifierKind.EARTAG: N_("National ear tag"),
        IdentifierKind.RFID: N_("RFID number"),
        IdentifierKind.OLD_CARD: N_("Old livestock card"),
        AnimalState.PRESENT: N_("Present"),
        AnimalState.STOLEN: N_("Reported stolen"),
        AnimalState.DEAD: N_("Dead"),
        AnimalState.SLAUGHTERED: N_("Slaughtered"),
        AnimalState.SHIPPED: N_("Shipped out of the regency"),
        AnimalState.MERGED: N_("Registered twice, merged"),
        AnimalState.WITHDRAWN: N_("Registration withdrawn"),
        Origin.BORN_HERE: N_("Born here"),
        Origin.BOUGHT: N_("Bought"),
        Origin.AID: N_("Government aid"),
        Origin.OTHER: N_("Another way"),
        Use.BREEDING: N_("Breeding"),
        Use.SLAUGHTER: N_("Slaughter"),
        Use.WORK: N_("Work"),
        Use.RACING: N_("Racing"),
        WeighingMethod.SCALE: N_("Scale"),
        WeighingMethod.TAPE: N_("Tape around the chest"),
        WeighingMethod.ESTIMATE: N_("Estimated by eye"),
    }
)
# Apart: members of two enumerations with one value are one key of a dict.
name_all(
    {
        EndReason.LOST: N_("Lost"),
        EndReason.BROKEN: N_("Broken"),
        EndReason.STOLEN: N_("Stolen"),
        EndReason.REPRINTED: N_("Printed anew"),
        EndReason.MERGED: N_("Registered twice, merged"),
        EndReason.WITHDRAWN: N_("Registration withdrawn"),
        EndReason.MISTAKE: N_("By mistake"),
    }
)
name_all(
    {
        Tie.CHANGE: N_("a change of the record"),
        Tie.CALF: N_("a calf"),
        Tie.NUMBER: N_("a number that was linked"),
        Tie.PHOTO: N_("a photo"),
        Tie.VACCINATION: N_("a vaccination"),
        Tie.PERMIT: N_("a permit"),
        Tie.MUTATION: N_("a mutation"),
        Tie.SHEET: N_("an SKKT"),
        Tie.LABEL: N_("a new label"),
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
        "rfid-taken": N_("The RFID number %(tag)s already belongs to another animal."),
        "old-card-taken": N_("The card number %(tag)s already belongs to another animal."),
        "not-an-rfid": N_(
            "An RFID number has 15 digits: three of the country, twelve of the animal."
        ),
        "number-missing": N_("Type the number."),
        "wears-one-already": N_("It has the number %(number)s already. End that one first."),
        "tag-by-retagging": N_("A QR tag is replaced on the animal's record, not linked or ended."),
        "not-a-weight": N_("A weight is 1 to 2000 kg."),
        "not-a-girth": N_("The girth of the chest is 20 to 300 cm."),
        "girth-missing": N_("Write down the girth that you measured."),
        "tag-not-usable": N_(
            "The tag %(tag)s is %(state)s in the stock: it cannot be used. Take another one."
        ),
        "not-the-dam": N_("The mother is an older female of the same species. Check her code."),
        "not-the-sire": N_("The father is an older male of the same species. Check his code."),
        "animal-not-present": N_("The register says that this animal is not there any more."),
        "keeper-withdrawn": N_(
            "The registration of this keeper was taken back. Restore it on the keeper's page, or"
            " choose another keeper."
        ),
        "raiser-unknown": N_(
            "No keeper in your working area has this name. Register the keeper first."
        ),
        "changed-since": N_("It was changed again since: undo the later change first."),
        "things-hang-on-it": N_(
            "This cannot be undone: %(count)s animals have something newer (%(kinds)s). Undo that"
            " first, or correct the mistake."
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
