"""What people call messages that go out."""

from sijinak.notices.models import NoticeState, Purpose
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        NoticeState.QUEUED: N_("Waits to be sent"),
        NoticeState.SENDING: N_("Being sent"),
        NoticeState.SENT: N_("Sent"),
        NoticeState.KEPT: N_("Kept, not sent"),
        NoticeState.UNKNOWN: N_("May have arrived"),
        NoticeState.FAILED: N_("Not delivered"),
    }
)
name_all({Purpose.CHECKPOINT: N_("Checkpoints of the log")})
TONES = {
    NoticeState.QUEUED: "neutral",
    NoticeState.SENDING: "neutral",
    NoticeState.SENT: "success",
    NoticeState.KEPT: "warning",
    NoticeState.UNKNOWN: "warning",
    NoticeState.FAILED: "danger",
}
MESSAGES.update(
    {
        "notice-not-an-email": N_(
            "This is not an e-mail address. Write it like inspektorat@example.go.id."
        ),
        "notice-address-known": N_("%(who)s is written to at this address already."),
        "notice-address-ended": N_("This address was ended already."),
        "notice-ending-asked": N_("Its end is asked for already. A second person decides."),
        "notice-no-ending-asked": N_("Nobody asks for its end any more."),
        "notice-same-ender": N_("You asked for its end. A second person must agree."),
        "notice-two-lines": N_("Write it on one line, without control characters."),
    }
)
FIELD_OF = {
    "notice-not-an-email": "email",
    "notice-address-known": "email",
    "notice-two-lines": "who",
}
