"""What people call keepers, and what is said when one cannot be registered."""

from sijinak.keepers.models import KeeperKind
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all({KeeperKind.PERSON: N_("Person"), KeeperKind.FIRM: N_("Firm")})
MESSAGES.update(
    {
        "nik-taken": N_("This NIK is registered already. Search for the owner instead."),
        "nib-taken": N_("This NIB is registered already. Search for the firm instead."),
        "nik-taken-elsewhere": N_("This NIK is registered at another UPT. Ask the office there."),
        "nib-taken-elsewhere": N_("This NIB is registered at another UPT. Ask the office there."),
        "not-a-nib": N_("A NIB has 13 digits."),
        "not-a-nik-digits": N_("A NIK has digits only. Type it as it stands on the identity card."),
        "not-a-nik-length": N_("A NIK has 16 digits; this one has %(length)s."),
        "not-a-nik-day": N_("The day of birth in this NIK does not exist. Check digits 7 to 12."),
        "not-a-nik-serial": N_("A NIK does not end with 0000. Check the last digits."),
    }
)
