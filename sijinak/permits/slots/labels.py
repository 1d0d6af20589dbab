"""What people call slots, and what they read when one cannot be booked."""

from sijinak.permits.labels import ACTIONS
from sijinak.permits.slots.models import SlotBooking, SlotUnit
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all({SlotUnit.TRUCKS: N_("Trucks"), SlotUnit.HEADS: N_("Heads of animals")})
MESSAGES.update(
    {
        "slot-missing": N_(
            "On %(day)s this port lets only those leave who have booked a place. This permit has"
            " none for that day."
        ),
        "slot-full": N_(
            "On %(day)s %(free)s places are left, and %(wanted)s are needed. Choose another day."
        ),
        "slot-days-wrong": N_(
            "The last day lies before the first, or there are more than %(most)s days."
        ),
        "slot-capacity-wrong": N_("Write a whole number from 0 to %(most)s."),
        "slot-more-booked": N_(
            "On %(count)s days more is booked than this, or it is counted otherwise: %(days)s."
            " Nothing was changed. Move bookings first, or leave these days out."
        ),
        "slot-too-early": N_("A place is booked when the permit is approved, and while it counts."),
        "slot-not-needed": N_("On this day nobody counts at this port: no place is needed."),
        "slot-booked-already": N_("This permit has a place already. Choose another day to move."),
        "slot-none-yet": N_("This permit has no place that can be changed."),
        "slot-day-wrong": N_("Choose a day from today to the last day of the permit."),
        "slot-why-missing": N_("Write why."),
    }
)
FIELD_OF = {
    "slot-full": "day",
    "slot-not-needed": "day",
    "slot-day-wrong": "day",
    "slot-booked-already": "day",
    "slot-why-missing": "why",
    "slot-days-wrong": "last_day",
    "slot-capacity-wrong": "capacity",
    "slot-more-booked": "capacity",
}


def why_ended(booking: SlotBooking) -> str:
    """A step of the permit in its words, or what somebody wrote."""
    known = ACTIONS.get(booking.ended_why)
    return _(known) if known else booking.ended_why
