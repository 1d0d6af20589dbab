"""What is said about the steps of a permit, and about what lies with it."""

from collections.abc import Mapping

from sijinak.permits.models import Arrival, DocumentKind, ExternalKind
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

# What is done beside the steps, for the history.
DEEDS: Mapping[str, str] = {
    "enclose": N_("Document added"),
    "withdraw-document": N_("Document taken out"),
    "check-document": N_("Document checked"),
    "record-paper": N_("Paper of another office recorded"),
    "ask-extension": N_("More days asked for"),
    "refuse-extension": N_("More days refused"),
}
name_all(
    {
        DocumentKind.APPLICATION: N_("Application letter"),
        DocumentKind.DEED: N_("Deed of establishment"),
        DocumentKind.NIB: N_("Business number (NIB)"),
        DocumentKind.NPWP: N_("Tax number (NPWP)"),
        DocumentKind.ENTRY_RECOMMENDATION: N_("Entry recommendation of the destination"),
        DocumentKind.STATEMENT: N_("Signed statement of compliance"),
        DocumentKind.SKLB: N_("Breeding certificate (SKLB)"),
        DocumentKind.ASSOCIATION: N_("Recommendation of the traders' association"),
        DocumentKind.SALE_LETTER: N_("Sale letter of the village"),
        ExternalKind.PROVINCE: N_("Recommendation of the province"),
        ExternalKind.VETERINARY_CERTIFICATE: N_("Veterinary certificate (Sertifikat Veteriner)"),
        ExternalKind.DPMPTSP: N_("Permit of the DPMPTSP"),
        ExternalKind.KH11: N_("Quarantine certificate (KH-11)"),
        ExternalKind.DISINFECTION: N_("Disinfection of the vehicle"),
        Arrival.RECEIVED: N_("Received"),
        Arrival.DEAD: N_("Dead"),
        Arrival.REJECTED: N_("Rejected, comes back"),
    }
)
MESSAGES.update(
    {
        "documents-missing": N_("These documents are still missing: %(kinds)s. Add them first."),
        "documents-not-checked": N_(
            "Not yet found in order: %(kinds)s. Look at each document, or return the application."
        ),
        "note-missing": N_("Write what is wrong with the document, so that it can be put right."),
        "too-many-documents": N_(
            "There are %(most)s documents, and no more are kept. Take one out."
        ),
        "papers-missing": N_(
            "Papers of other offices are missing, or not valid on that day: %(kinds)s. The permit"
            " desk records them."
        ),
        "too-few-days": N_(
            "The animals were %(days)s days on the holding ground; the rule wants %(needed)s."
        ),
        "paper-recorded-already": N_(
            "This paper is recorded already: correct the one that is there."
        ),
        "paper-corrected-already": N_("Somebody corrected this paper meanwhile. Reload the page."),
        "days-missing": N_("Write the holding ground and the days that the animals spent there."),
        "quota-not-reserved": N_(
            "The quota is not reserved yet: the application waits for it, in the order in which"
            " applications came in."
        ),
        "more-than-paid": N_(
            "This costs more than was paid with %(skrd)s. Take animals off, or make a new"
            " application for the rest."
        ),
        "not-certified": N_("The veterinarian has not signed the health letter (SKKH) yet."),
        "already-certified": N_("The health letter %(number)s is signed already."),
        "skkh-after-payment": N_("The health letter is signed when the SKRD is paid."),
        "appeal-too-late": N_("An appeal can be made within %(days)s days of the rejection."),
        "heard-already": N_(
            "An appeal was heard already, and the rejection was upheld. A new application may be"
            " made."
        ),
        "extension-not-asked": N_("Nobody has asked for more days."),
        "extension-asked-already": N_("More days are asked for already. Wait for the answer."),
        "no-more-extensions": N_(
            "A permit is extended %(most)s times at most. Make a new application."
        ),
        "extension-too-long": N_("Choose a day after %(after)s and not after %(latest)s."),
        "permit-used": N_(
            "This permit was used already: on %(when)s at %(where)s, %(heads)s head."
        ),
        "permit-expired": N_("The last day of this permit was %(until)s. Nobody leaves with it."),
        "permit-revoked": N_("This permit was revoked: %(note)s"),
        "too-many-heads": N_(
            "%(heads)s head were counted; the permit is for %(written)s. Take the others off."
        ),
        "not-aboard": N_("An animal is named that did not go with this permit, or named twice."),
    }
)
