"""What people call mutations, and what is said when one cannot be."""

from collections.abc import Collection
from uuid import UUID

from sijinak.animals.mutations.acknowledging import GONE
from sijinak.animals.mutations.models import (
    AnswerWay,
    Mutation,
    MutationAnimal,
    MutationKind,
    MutationState,
    Side,
)
from sijinak.core.money import rupiah_text
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label, name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        MutationKind.BIRTH: N_("Birth"),
        MutationKind.PURCHASE: N_("Purchase from outside"),
        MutationKind.SALE: N_("Sale"),
        MutationKind.GIFT: N_("Gift"),
        MutationKind.INHERITANCE: N_("Inheritance"),
        MutationKind.SHARING: N_("Sharing (gaduhan)"),
        MutationKind.SHARING_END: N_("End of sharing (gaduhan)"),
        MutationKind.MOVE: N_("Move"),
        MutationKind.DEATH: N_("Death"),
        MutationKind.SLAUGHTER: N_("Slaughtering"),
        MutationKind.THEFT: N_("Theft"),
        MutationKind.FOUND: N_("Found again"),
        MutationKind.RETAG: N_("New tag"),
        MutationKind.CORRECTION: N_("Correction"),
        MutationState.PROPOSED: N_("Waiting for both sides"),
        MutationState.AGREED: N_("Waiting for the village head"),
        MutationState.DONE: N_("In the register"),
        MutationState.REFUSED: N_("Rejected"),
        MutationState.CANCELLED: N_("Cancelled"),
        MutationState.EXPIRED: N_("Ran out"),
        MutationState.UNDONE: N_("Reversed"),
        Side.GIVER: N_("Giver"),
        Side.RECEIVER: N_("Receiver"),
        Side.VILLAGE: N_("Village head"),
        AnswerWay.ACCOUNT: N_("by their own account"),
        AnswerWay.LINK: N_("on their own phone, by a link"),
        AnswerWay.OFFICE: N_("before an officer"),
    }
)
# What an animal is slaughtered for, as the form sends it.
PURPOSES = {
    "rph": N_("In a slaughterhouse (RPH)"),
    "emergency": N_("Emergency"),
    "religious": N_("For a feast or sacrifice"),
}
TONES = {
    MutationState.PROPOSED: "info",
    MutationState.AGREED: "info",
    MutationState.DONE: "success",
    MutationState.REFUSED: "danger",
    MutationState.CANCELLED: "neutral",
    MutationState.EXPIRED: "neutral",
    MutationState.UNDONE: "warning",
}
MESSAGES.update(
    {
        "in-open-mutation": N_(
            "%(count)s animals are in a transfer that is not finished. Finish or cancel it first."
        ),
        "not-stolen": N_("This animal was not reported stolen, so it cannot be found again."),
        "happened-in-the-future": N_("This day has not come yet. Check the date."),
        "happened-too-long-ago": N_(
            "A transfer is written down within a year. Check the date, or ask the office."
        ),
        "changed-meanwhile": N_(
            "Somebody changed this animal's record while you were writing. What you changed is kept"
            " below, the rest is as it is now. Check it and send it again."
        ),
        "too-many-look-ups": N_(
            "You have looked for too many receivers in the last hour. Try again in an hour, or let"
            " the field office propose the transfer."
        ),
        "happened-before-birth": N_("On this day the animal was not born yet. Check the date."),
        "several-villages": N_(
            "The animals stand in several villages. Record those of each village apart."
        ),
        "no-animals": N_("Choose one animal at least."),
        "needs-reason": N_("Say why."),
        "not-recorded-at-once": N_("This kind is recorded on another form."),
        "needs-police-number": N_("Write the number of the report at the police."),
        "needs-cause": N_("Write the cause of death."),
        "needs-place": N_("Write where it was slaughtered."),
        "moves-nowhere": N_("Choose another village or hamlet than where the animal stands now."),
        "not-a-reason-to-retag": N_("Choose what became of the old tag."),
        "not-correctable": N_("This cannot be corrected here (%(column)s)."),
        "nothing-corrected": N_("Nothing was changed. Correct a field first."),
        "has-offspring": N_(
            "The register names it as mother or father. Correct its young ones first."
        ),
        "calved-too-soon": N_(
            "Another birth of hers is only %(days)s days away. Check the mother and the day. If"
            " both are right, say so below and send it again."
        ),
        "needs-seller": N_("Write who sold the animal and where it came from."),
        "animal-held": N_(
            "%(count)s animals are on an application or a valid permit to leave. They stay where"
            " and whose they are until it ends."
        ),
        "not-a-transfer": N_("Choose sale, gift, inheritance or sharing."),
        "several-owners": N_("The animals have several owners. Make one transfer for each owner."),
        "too-many-animals": N_("At most %(most)s animals go into one transfer."),
        "not-the-receiver": N_(
            "Nobody else with this number is registered. Check the number; who is not registered"
            " yet is registered at the office first."
        ),
        "only-declared": N_(
            "Only animals that an officer has seen can be sold. Have them seen first."
        ),
        "shared-already": N_("Somebody raises some of these animals already. End that first."),
        "not-shared": N_("Choose animals that one and the same person raises for the owner."),
        "answered-already": N_("This side has answered already."),
        "transfer-over": N_("The time for this transfer has run out. Propose it again."),
        "needs-note": N_("Write how you know: who came, and with which paper."),
        "not-in-it": N_("One of the animals is not in this transfer any more. Reload the page."),
        "link-shown-before": N_("A link is shown once only. Make a new one."),
        "link-over": N_(
            "This link is no longer valid: it was used, replaced, or has run out. Ask whoever sent"
            " it for a new one."
        ),
        "no-digits": N_("This side has no NIK or NIB to check. Let them answer before an officer."),
        "own-side": N_(
            "You are one of the two sides. Answer on your own account; another officer writes down"
            " the other side's answer and hands out links."
        ),
        "side-withdrawn": N_(
            "One of the two sides is no longer in the register of keepers. Check who gives and who"
            " receives."
        ),
        "side-suspended": N_(
            "One of the two sides is a firm that may not trade now (decree %(decree)s). Wait until"
            " that ends or is lifted."
        ),
        "another-undoes": N_(
            "You are a side of this transfer or had a hand in it. A second officer undoes it."
        ),
        "had-a-hand": N_(
            "You proposed this transfer, answered for a side, made a link for it, or are a side"
            " yourself. Another official must acknowledge it."
        ),
    }
)


def why_refused(line: MutationAnimal) -> str:
    """In people's own words, or ours when the register dropped it by itself."""
    if line.refused_because == GONE:
        return _("not present any more, or no longer this owner's")
    return line.refused_because


def outcome(mutation: Mutation, animal_ids: Collection[UUID]) -> tuple[str, str]:
    """What came of it for these animals, and its tone: one that dropped out was refused."""
    lines = [line for line in mutation.animals if line.animal_id in animal_ids]
    if lines and all(line.refused_by for line in lines):
        return label(MutationState.REFUSED), TONES[MutationState.REFUSED]
    return label(mutation.state), TONES[mutation.state]


def heads_of(mutation: Mutation) -> int:
    """How many it is about: without those that were refused, and of a birth the calf."""
    if mutation.kind is MutationKind.BIRTH:
        return 1
    return sum(line.refused_by is None for line in mutation.animals)


def price_told(mutation: Mutation) -> str:
    """Both sides read it, officers and the village head. It was agreed for all that were offered.

    Empty when no price was named.
    """
    price = mutation.details.get("price")
    if not price:
        return ""
    count = mutation.details.get("price_heads", len(mutation.animals))
    told = _("%(price)s for %(count)s animals proposed", price=rupiah_text(price), count=count)
    refused = len(mutation.animals) - heads_of(mutation)
    return told + ("; " + _("%(count)s of them were refused", count=refused) if refused else "")
