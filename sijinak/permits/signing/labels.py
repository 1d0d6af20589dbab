"""What people call papers, verdicts and faults, and the sentences of errors."""

from sijinak.permits.signing.models import PaperType
from sijinak.permits.signing.statuslist import PaperStatus
from sijinak.permits.signing.verifying import Verdict
from sijinak.web.i18n import N_
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        PaperType.RECOMMENDATION: N_("Recommendation letter"),
        PaperType.HEALTH_LETTER: N_("Health letter (SKKH)"),
    }
)
name_all(
    {
        Verdict.VALID: N_("Valid, if it fits what you see"),
        Verdict.EXPIRED: N_("Expired"),
        Verdict.REVOKED: N_("Revoked"),
        Verdict.USED: N_("Already used"),
        Verdict.REPLACED: N_("Replaced by a newer paper"),
        Verdict.KEY_OVER: N_("Signed with a key whose time is over"),
        Verdict.KEY_REVOKED: N_("Signed with a revoked key"),
        Verdict.STORE_ALTERED: N_("Altered in the register"),
        Verdict.NOT_KEPT: N_("Not in the register"),
        Verdict.UNKNOWN_KEY: N_("Not signed by this office"),
        Verdict.ALTERED: N_("Altered or forged"),
        Verdict.MALFORMED: N_("Not a code of this office"),
    }
)
# What each verdict means to whoever stands before the truck.
MEANING = {
    Verdict.VALID: N_(
        "The signature is genuine and the permit stands. A copy looks the same: compare the plate,"
        " count the animals and read some tags before you let it pass."
    ),
    Verdict.EXPIRED: N_("Its last day is over. Nobody may leave with it."),
    Verdict.REVOKED: N_("The office took it back. Nobody may leave with it."),
    Verdict.USED: N_("A shipment has left with it already. It is good for one journey only."),
    Verdict.REPLACED: N_("The office issued a newer version. Ask for that one."),
    Verdict.KEY_OVER: N_(
        "The key that signed it is out of date, so the signature proves nothing. Call the office."
    ),
    Verdict.KEY_REVOKED: N_(
        "The key that signed it was revoked: anybody may have made this paper. Call the office."
    ),
    Verdict.STORE_ALTERED: N_(
        "The signature is genuine, but what the office has stored is not what was signed."
        " Do not rely on it: hold the shipment and call the office."
    ),
    Verdict.NOT_KEPT: N_(
        "The signature is genuine, but the office never recorded such a paper."
        " Do not rely on it: hold the shipment and call the office."
    ),
    Verdict.UNKNOWN_KEY: N_("No key of this office signed it. Do not rely on it."),
    Verdict.ALTERED: N_("Its content is not what the office signed. Do not rely on it."),
    Verdict.MALFORMED: N_(
        "Scan the code once more, flat and in good light. If it stays, it is false."
    ),
}
TONES = dict.fromkeys(Verdict, "danger") | {
    Verdict.VALID: "info",  # never a bare green tick
    Verdict.EXPIRED: "warning",
    Verdict.USED: "danger",
    Verdict.REPLACED: "warning",
}
STATUSES = {
    PaperStatus.VALID: N_("Signed"),
    PaperStatus.REVOKED: N_("Revoked"),
    PaperStatus.USED: N_("Already used"),
    PaperStatus.REPLACED: N_("Replaced by a newer paper"),
}
MESSAGES.update(
    {
        "paper-altered": N_(
            "The stored paper is not what was signed, so it is not handed out."
            " The office has been told; call it with the number of the permit."
        ),
        "no-signing-key": N_(
            "No key is there to sign papers with. On the server: sijinak keys make."
        ),
        "key-file-missing": N_(
            "The file of the key %(kid)s is missing, or others can read it (it must be mode 600)."
        ),
        "unfit-key": N_("This is no P-256 key in PEM, or the certificate belongs to another key."),
        "key-not-ours": N_(
            "The row of the key %(kid)s was altered. Revoke it by making a new one."
        ),
        "key-known": N_("The key %(kid)s is there already."),
        "signer-silent": N_("The signing service did not sign: %(said)s. It is tried again."),
        "cose-malformed": N_("This is not a code of this office."),
        "cose-altered": N_("This code is not what the office signed."),
        "cose-unknown-key": N_("No key of this office signed this code."),
        "strange-address": N_("This code leads to another address than the office's."),
        "nothing-to-sign": N_("There is nothing to sign yet."),
    }
)
