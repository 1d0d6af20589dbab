"""What people call roles, and what they are told when an account refuses something."""

from sijinak.accounts.models import Role
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        Role.TRADER: N_("Livestock owner or trader"),
        Role.VET: N_("Veterinarian"),
        Role.PARAMEDIC: N_("Veterinary paramedic"),
        Role.CLERK: N_("Field office clerk"),
        Role.UPT_HEAD: N_("Head of field office"),
        Role.VILLAGE_HEAD: N_("Village head"),
        Role.PERMIT_DESK: N_("Permit desk officer"),
        Role.KABID: N_("Head of division"),
        Role.KADIS: N_("Head of agency"),
        Role.TREASURER: N_("Treasurer"),
        Role.AUDITOR: N_("Auditor"),
        Role.CHECKPOINT: N_("Checkpoint officer"),
        Role.ADMINISTRATOR: N_("Administrator"),
    }
)
MESSAGES.update(
    {
        "username-taken": N_("The user name %(username)s is taken. Choose another one."),
        "wrong-password": N_("This is not your password."),
        "same-password": N_("This is your old password. Choose another one."),
        "spent-password": N_("This one-time password was used before. Ask for a new one."),
        "not-your-own": N_("Nobody changes their own rights. Ask another administrator."),
        "weak-password-short": N_("The password is too short: 12 characters or more."),
        "weak-password-long": N_("The password is too long: 128 characters at most."),
        "weak-password-common": N_(
            "This password is easily guessed. Take three or four words that do not belong together."
        ),
        "weak-password-name": N_("The password is little more than your user name."),
        "weak-password-kinds": N_(
            "The password needs small letters, capital letters, digits and other characters."
        ),
        "too-many-tries": N_("Too many tries. Try again in %(minutes)s minutes."),
        "wrong-code": N_("This code is not right, or was used before. Wait for the next one."),
        "second-factor-on": N_("The second factor is on already."),
        "second-factor-off": N_("The second factor is not set up. Begin again."),
        "no-mandate": N_(
            "You have no appointment that is valid here today, so you cannot sign. Ask the"
            " administrator to enter the decree."
        ),
    }
)
