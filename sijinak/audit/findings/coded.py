"""What the codes among the facts of a finding are called."""

from collections.abc import Mapping
from enum import StrEnum

from sijinak.accounts.models import Manner, Role
from sijinak.areas.queries import place_name
from sijinak.payments.labels import CHANNELS, channel_name
from sijinak.payments.models import DiscrepancyKind
from sijinak.permits.checkpoint.models import PaperVerdict
from sijinak.permits.models import PermitState
from sijinak.vaccinations.findings.models import FindingKind
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

ENUMS: Mapping[str, tuple[type[StrEnum], ...]] = {
    "kind": (DiscrepancyKind, FindingKind),
    "role": (Role,),
    "manner": (Manner,),
    "state": (PermitState,),
    "verdict": (PaperVerdict,),
}
# What two people did together.
PAIRED: Mapping[str, str] = {
    "handovers": N_("Hand-overs"),
    "voids": N_("Voids of receipts"),
    "cases": N_("Money that does not fit"),
    "bank-files": N_("Files of the bank"),
    "matches": N_("Matches by hand"),
    "closings": N_("Counts of cash"),
    "refunds": N_("Refunds"),
}


def spelt_code(name: str, code: str) -> str:
    """The code in people's words; itself if nobody has named it."""
    if name == "to":
        return place_name(code) or code
    if name == "channel" and code in CHANNELS:
        return channel_name(code)
    for kind in ENUMS.get(name, ()):
        if code in set(kind):
            return label(kind(code))
    return _(PAIRED[code]) if code in PAIRED else code
