"""What people call the states of tickets, and why a step is not taken."""

from sijinak.treasury.tickets.models import BlockState, UseKind
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        BlockState.STORED: N_("In the cupboard"),
        BlockState.OFFERED: N_("Waits to be accepted"),
        BlockState.HELD: N_("In hand"),
        BlockState.RETURNING: N_("Is being given back"),
        BlockState.USED_UP: N_("Used up"),
        BlockState.CONDEMNED: N_("Waits for a second person to destroy it"),
        BlockState.DESTROYED: N_("Destroyed by decree"),
    }
)
name_all(
    {
        UseKind.START: N_("Start"),
        UseKind.SOLD: N_("Sold"),
        UseKind.VOID: N_("Spoilt, kept"),
        UseKind.MISSING: N_("Tickets gone"),
    }
)
TONES = {
    BlockState.STORED: "neutral",
    BlockState.OFFERED: "warning",
    BlockState.HELD: "info",
    BlockState.RETURNING: "warning",
    BlockState.USED_UP: "success",
    BlockState.CONDEMNED: "warning",
    BlockState.DESTROYED: "danger",
    UseKind.SOLD: "success",
    UseKind.VOID: "warning",
    UseKind.MISSING: "danger",
}
MESSAGES.update(
    {
        "ticket-wrong-serials": N_("Only serials from %(first)s to %(last)s are possible here."),
        "ticket-serial-twice": N_("A block from %(first)s to %(last)s has such serials already."),
        "ticket-no-tariff": N_("Choose a tariff that is sold by ticket and in force."),
        "ticket-tariff-changed": N_(
            "The law asks another amount now than the %(nominal)s on these tickets."
        ),
        "ticket-not-a-seller": N_("Choose somebody who may sell tickets."),
        "ticket-not-yours": N_("This step belongs to another person."),
        "ticket-wrong-money": N_("%(count)s tickets were sold: that is %(due)s."),
        "ticket-why-missing": N_("Write why. It is kept with the tickets."),
        "ticket-same-person-destroys": N_(
            "Who wrote the block down or proposed it does not approve that it is destroyed."
        ),
    }
)
FIELD_OF = {
    "ticket-wrong-serials": "last",
    "ticket-serial-twice": "first",
    "ticket-no-tariff": "tariff_id",
    "ticket-not-a-seller": "taker_id",
    "ticket-wrong-money": "amount",
    "ticket-why-missing": "why_gone",
}
