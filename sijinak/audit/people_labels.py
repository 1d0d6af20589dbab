"""What people call the events about looking at people, and about doors that stay shut."""

from sijinak.web.i18n import N_

PEOPLE_EVENTS = {
    "keeper.listed": N_("List of keepers shown"),
    "keeper.viewed": N_("Data of a keeper seen"),
    "privacy.answered": N_("Request about data answered"),
    "privacy.asked": N_("Request about data"),
    "privacy.copy-made": N_("Copy of all about a person made"),
    "privacy.erased": N_("Person erased"),
    "privacy.erasure-dropped": N_("Erasure not agreed to"),
    "privacy.erasure-proposed": N_("Erasure proposed"),
    "privacy.refused": N_("Request about data refused"),
    "user.second-factor-failed": N_("Second factor wrong"),
    "user.sign-in-failed": N_("Sign-in refused"),
}
