"""What people call roles, and what they are told when an account refuses something."""

from sijinak.accounts.models import Manner, Role
from sijinak.core.permissions import Permission
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
        Role.COLLECTOR: N_("Collector"),
        Role.AUDITOR: N_("Auditor"),
        Role.CHECKPOINT: N_("Checkpoint officer"),
        Role.LABORATORY: N_("Laboratory officer"),
        Role.PRIVACY_OFFICER: N_("Personal data protection officer"),
        Role.ADMINISTRATOR: N_("Administrator"),
    }
)
name_all(
    {
        Manner.PLH: N_("Plh.: while the holder is away"),
        Manner.PLT: N_("Plt.: while the office has no holder"),
        Manner.ON_BEHALF: N_("On behalf of the holder (a.n.)"),
    }
)
# What may be delegated, and what stops when a mandate runs out.
name_all(
    {
        Permission.PERMIT_DECIDE: N_("Approve, reject and extend permits"),
        Permission.PERMIT_CERTIFY: N_("Sign letters of health (SKKH)"),
        Permission.PERMIT_REVOKE: N_("Revoke permits"),
        Permission.PERMIT_HEAR: N_("Hear appeals"),
        Permission.PERMIT_CANCEL: N_("Cancel applications"),
        Permission.KEEPER_SUSPEND: N_("Suspend firms"),
        Permission.BAN_MANAGE: N_("Ban movements"),
        Permission.SHEET_SIGN: N_("Sign SKKT"),
        Permission.MUTATION_ACKNOWLEDGE: N_("Acknowledge changes of owner"),
    }
)
MESSAGES.update(
    {
        "taker-unfit": N_(
            "Choose an officer with an open account. Traders, auditors and administrators stand in"
            " for nobody."
        ),
        "delegation-to-oneself": N_("This is the same person. Choose another officer."),
        "delegation-not-held": N_(
            "The appointment does not give all of this. Choose only what it gives."
        ),
        "delegation-profession": N_(
            "Only a veterinarian signs letters of health. Choose a veterinarian, or take this away."
        ),
        "delegation-outside": N_(
            "The appointment does not hold there. Choose a region within that of the appointment."
        ),
        "delegation-too-long": N_(
            "The appointment does not hold on all these days. Choose days within it."
        ),
        "office-held": N_(
            "A Plt. stands in where an office has no holder, and an administrator enters it."
            " Choose Plh. or a.n., or end the appointment first."
        ),
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
        "administrator-signs": N_(
            "An administrator gives rights and signs nothing. Ask another officer to sign."
        ),
        "wrong-passkey": N_("The passkey did not fit. Try again, or type the digits."),
        "no-passkeys-here": N_(
            "Passkeys need an address with a name. Open this site under its name, or use digits."
        ),
        "too-many-passkeys": N_("You have %(most)s passkeys already. Remove one first."),
        "proof-missing": N_(
            "Type the six digits from your telephone, or use a passkey, to sign this."
        ),
    }
)
