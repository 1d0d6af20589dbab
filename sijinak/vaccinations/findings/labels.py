"""What people read about findings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sijinak.areas.queries import full_name
from sijinak.core.money import thousands
from sijinak.vaccinations.findings.models import Finding, FindingKind, Outcome
from sijinak.web.formats import moment
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

K = FindingKind
name_all(
    {
        K.DOUBLE: N_("Two doses on one day"),
        K.LOT_UNKNOWN: N_("A lot that is not in the books"),
        K.LOT_EXPIRED: N_("A lot that had expired"),
        K.STOCK_SHORT: N_("More doses given than were in the bag"),
        K.TOO_YOUNG: N_("Animal too young by the label"),
        K.PREGNANT: N_("Pregnant, and the label warns"),
        K.TOO_FAST: N_("Too many animals in ten minutes"),
        K.ELSEWHERE: N_("Recorded far from the place it names"),
        K.ONLY_TYPED: N_("Most codes typed, not scanned"),
        K.NOT_PRESENT: N_("The animal was not there any more"),
        K.OWNER_DENIES: N_("The owner says it was not done"),
        K.NOT_FOUND_AGAIN: N_("A second visit did not confirm it"),
        K.CLOCK: N_("The clock of the phone was wrong"),
        K.LATE: N_("Sent long after it was done"),
        K.CHAIN: N_("Records of the phone do not follow each other"),
    }
)
name_all(
    {
        Outcome.EXPLAINED: N_("There is a good reason"),
        Outcome.MENDED: N_("It was a mistake and has been put right"),
        Outcome.PROVEN: N_("It is as it looks; the superior has been told"),
        Outcome.OTHER_COUNTS: N_("Another dose counts"),
        Outcome.TAKEN_BACK: N_("One dose was a mistake and is taken back"),
    }
)
MESSAGES.update(
    {
        "finding-settled": N_("%(name)s has settled this already."),
        "own-finding": N_(
            "This is about what you recorded yourself. Another officer has to settle it."
        ),
        "finding-words-missing": N_("Write what you found out, and how."),
        "not-this-outcome": N_("This decision does not fit this finding. Choose another one."),
        "no-such-dose": N_("This dose was changed meanwhile. Reload the page and choose again."),
    }
)

# What to do, in a word, for who looks into it.
ADVICE: Mapping[FindingKind, str] = {
    K.DOUBLE: N_("Ask both vaccinators. Then say which dose counts, or take one back."),
    K.LOT_UNKNOWN: N_("Look at the bottle. Put the lot into the books, or correct its number."),
    K.LOT_EXPIRED: N_("Ask where the bottle came from. Decide whether to vaccinate again."),
    K.STOCK_SHORT: N_("Count the bag together with the officer."),
    K.TOO_YOUNG: N_("Check the day of birth. Decide whether to vaccinate again."),
    K.PREGNANT: N_("Tell the owner what to watch for."),
    K.TOO_FAST: N_("Ask how many helped, and whether there was a crush. Visit some owners."),
    K.ELSEWHERE: N_("Ask where the work was done. Visit some owners."),
    K.ONLY_TYPED: N_("Ask why the tags could not be scanned. Visit some owners."),
    K.NOT_PRESENT: N_("Correct the register, or the dose, whichever is wrong."),
    K.OWNER_DENIES: N_("Hear the owner and the officer, each alone."),
    K.NOT_FOUND_AGAIN: N_("Hear the officer, and who made the second visit."),
    K.CLOCK: N_("Help the officer to set the clock of the phone to automatic."),
    K.LATE: N_("Ask why the phone could not send earlier."),
    K.CHAIN: N_("Ask the officer to bring the phone: records may still be on it."),
}


def finding_lines(finding: Finding) -> list[str]:
    """What is known, one sentence each; nothing that nobody wrote down."""
    known = _spelt(finding.facts)
    lines = [_(text, **known) for names, text in _KNOWN if names <= known.keys()]
    told = SECOND_VISIT.get(known.get("result", "")) or PHONE.get(known.get("why", ""))
    return [*lines, _(told, **known)] if told else lines


SECOND_VISIT = {
    "not-vaccinated": N_("The second visit found an animal that was not vaccinated"),
    "not-found": N_("The second visit did not find the animal"),
}
PHONE = {
    "number-again": N_("Record %(seq)s came twice with other content"),
    "broken": N_("Record %(seq)s does not follow the one before it"),
    "backwards": N_("The clock went back by %(minutes)s minutes"),
    "ahead": N_("The clock was ahead of the time"),
    "off": N_("The clock was %(minutes)s minutes off"),
}
_KNOWN: tuple[tuple[set[str], str], ...] = (
    ({"lot"}, N_("Lot %(lot)s")),
    ({"device_at"}, N_("By the clock of the phone it was done on %(device_at)s")),
    ({"most", "allowed"}, N_("%(most)s animals in ten minutes; usual are up to %(allowed)s")),
    (
        {"counted", "usual"},
        N_("%(counted)s animals counted on one day; usual are up to %(usual)s"),
    ),
    ({"typed", "of"}, N_("%(typed)s of %(of)s codes were typed")),
    ({"village", "home"}, N_("The dose names %(village)s, the animal belongs to %(home)s")),
    ({"km", "village"}, N_("%(km)s km from where doses in %(village)s are usually given")),
    (
        {"km", "villages", "minutes"},
        N_("%(villages)s: %(km)s km apart within %(minutes)s minutes"),
    ),
)


def _spelt(facts: Mapping[str, Any]) -> dict[str, Any]:
    known = dict(facts)
    known |= {name: full_name(known[name]) for name in ("village", "home") if name in known}
    if "device_at" in known:
        known["device_at"] = moment(datetime.fromisoformat(known["device_at"]))
    if "villages" in known:
        known["villages"] = " – ".join(full_name(code) for code in known["villages"])
    return {name: thousands(v) if isinstance(v, int) else v for name, v in known.items()}
