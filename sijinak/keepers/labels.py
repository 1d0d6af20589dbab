"""What people call keepers, and what is said when one cannot be registered."""

from sijinak.keepers.models import BrandPlace, KeeperKind, LegalForm
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        KeeperKind.PERSON: N_("Person"),
        KeeperKind.FIRM: N_("Firm"),
        KeeperKind.GROUP: N_("Farmers' group"),
        LegalForm.PT: N_("PT (limited company)"),
        LegalForm.CV: N_("CV (partnership)"),
        LegalForm.UD: N_("UD (own business)"),
        LegalForm.COOPERATIVE: N_("Cooperative"),
        LegalForm.BUMDES: N_("BUMDes (village enterprise)"),
        LegalForm.FOUNDATION: N_("Foundation"),
        LegalForm.OTHER: N_("Other form"),
    }
)
name_all(
    {
        BrandPlace.LEFT_THIGH: N_("Left thigh"),
        BrandPlace.RIGHT_THIGH: N_("Right thigh"),
        BrandPlace.LEFT_SHOULDER: N_("Left shoulder"),
        BrandPlace.RIGHT_SHOULDER: N_("Right shoulder"),
        BrandPlace.LEFT_CHEEK: N_("Left cheek"),
        BrandPlace.RIGHT_CHEEK: N_("Right cheek"),
        BrandPlace.NECK: N_("Neck"),
        BrandPlace.OTHER: N_("Another place"),
    }
)
MESSAGES.update(
    {
        "nik-taken": N_("This NIK is registered already. Search for the owner instead."),
        "nib-taken": N_("This NIB is registered already. Search for the firm instead."),
        "group-no-taken": N_("This number is registered already. Search for the group instead."),
        "nik-taken-elsewhere": N_("This NIK is registered at another UPT. Ask the office there."),
        "nib-taken-elsewhere": N_("This NIB is registered at another UPT. Ask the office there."),
        "group-no-taken-elsewhere": N_(
            "This number is registered at another UPT. Ask the office there."
        ),
        "not-a-nib": N_("A NIB has 13 digits."),
        "not-an-npwp": N_("An NPWP has 15 or 16 digits."),
        "not-a-nik-digits": N_("A NIK has digits only. Type it as it stands on the identity card."),
        "not-a-nik-length": N_("A NIK has 16 digits; this one has %(length)s."),
        "not-a-nik-day": N_("The day of birth in this NIK does not exist. Check digits 7 to 12."),
        "not-a-nik-serial": N_("A NIK does not end with 0000. Check the last digits."),
        "not-withdrawn": N_("This registration is not withdrawn. Reload the page."),
        "not-a-firm": N_("Only a firm can be suspended."),
        "ends-before-it-begins": N_("The last day is before the first."),
        "suspended-already": N_(
            "Decree %(decree)s suspends the firm on some of these days. Lift it first, or choose"
            " other days."
        ),
        "lifted-already": N_("Somebody else lifted this suspension before. Reload the page."),
        "not-a-group": N_("Only a group has members."),
        "group-in-a-group": N_("A group cannot be a member of a group. Choose a person."),
        "member-already": N_("This keeper is a member already."),
        "member-no-more": N_("This membership has ended before. Reload the page."),
        "day-to-come": N_("This day is still to come. Choose today or an earlier day."),
        "left-before-joining": N_("The last day is before the first day of the membership."),
        "brand-ended": N_("Somebody else ended this brand before. Reload the page."),
    }
)
