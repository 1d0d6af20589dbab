"""What people call sheets, what differs and what was struck; and the marks of a line in words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sijinak.animals.models import Precision, Sex, Species, Verification
from sijinak.animals.skkt.herd import Change
from sijinak.animals.skkt.models import Sheet, SheetState
from sijinak.areas.queries import full_name
from sijinak.web.formats import day_in
from sijinak.web.i18n import N_, locale, translator
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label_in, name_all
from sijinak.web.messages import MESSAGES

Facts = Mapping[str, Any]
TONES: Mapping[SheetState, str] = {
    SheetState.DRAFT: "warning",
    SheetState.ISSUED: "success",
    SheetState.SUPERSEDED: "neutral",
    SheetState.VOID: "danger",
}
CHANGE_TONES: Mapping[Change, str] = {
    Change.NEW: "success",
    Change.GONE: "danger",
    Change.CHANGED: "warning",
}
# Why a line is struck: the kind of mutation, or what undid the animal's record.
STRUCK: Mapping[str, str] = {
    "sale": N_("sold"),
    "gift": N_("given away"),
    "inheritance": N_("inherited"),
    "death": N_("died"),
    "slaughter": N_("slaughtered"),
    "theft": N_("reported stolen"),
    "move": N_("moved away"),
    "retag": N_("wears a new tag"),
    "correction": N_("corrected"),
    "merged": N_("was registered twice"),
    "withdrawn": N_("registered by mistake"),
}
NAMES: Mapping[str, str] = {
    "tag": N_("Tag"),
    "basis": N_("Seen or declared"),
    "species": N_("Species"),
    "breed": N_("Breed"),
    "sex": N_("Sex"),
    "birth_date": N_("Born"),
    "birth_precision": N_("Born"),
    "teeth": N_("Poel (pairs)"),
    "calvings": N_("Calvings"),
    "colour": N_("Colour"),
    "horns": N_("Horns"),
    "ears": N_("Ears"),
    "whorls": N_("Whorls"),
    "brand": N_("Brand"),
    "special_marks": N_("Special marks"),
    "eartag": N_("Ear tag"),
    "village": N_("Village"),
}
MARKS: Mapping[str, str] = {
    "colour": "",
    "horns": N_("horns"),
    "ears": N_("ears"),
    "whorls": N_("whorls"),
    "brand": N_("brand"),
    "special_marks": "",
    "calvings": N_("calvings"),
    "eartag": N_("ear tag"),
}
POEL = N_("poel %(n)s")
KEPT_IN = N_("kept in %(village)s")

name_all(
    {
        SheetState.DRAFT: N_("Waiting for the signature"),
        SheetState.ISSUED: N_("Valid"),
        SheetState.SUPERSEDED: N_("Replaced by a newer one"),
        SheetState.VOID: N_("Void"),
        Change.NEW: N_("New on the sheet"),
        Change.GONE: N_("No longer listed"),
        Change.CHANGED: N_("Changed"),
    }
)
MESSAGES.update(
    {
        "no-seen-animals": N_(
            "No animal of this owner was seen by an officer. See one of them and take its marks"
            " first: what is only declared gets no SKKT."
        ),
        "sheet-same-hands": N_("You prepared this SKKT yourself. Somebody else must sign it."),
        "own-sheet": N_(
            "This is the SKKT of your own animals. Somebody else must prepare, sign or void it."
        ),
        "herd-changed": N_(
            "The herd has changed since this SKKT was prepared (%(count)s animals: %(tags)s). Have"
            " it prepared anew, then sign."
        ),
        "owner-changed": N_(
            "The owner's name or village has changed since this SKKT was prepared. Have it"
            " prepared anew, then sign."
        ),
    }
)


def struck_because(code: str, language: str = "") -> str:
    return translator(language or locale())(STRUCK.get(code, code))


def sort(facts: Facts, language: str = "") -> str:
    """Sapi Bali, jantan."""
    named = label_in(language or locale())
    kind = facts.get("breed") or named(Species(facts["species"]))
    return f"{kind}, {named(Sex(facts['sex'])).lower()}"


def kind(facts: Facts) -> str:
    """What anybody may see: Sapi, jantan."""
    return sort({"species": facts["species"], "sex": facts["sex"]})


def born(facts: Facts, language: str = "") -> str:
    """As well as it is known; with the teeth."""
    language = language or locale()
    known = [_birth(facts, day_in(language))]
    if "teeth" in facts:
        known.append(translator(language)(POEL, n=facts["teeth"]))
    return ", ".join(filter(None, known)) or "–"


def marks(facts: Facts, home: str, language: str = "") -> str:
    """Every mark in one sentence; the village when it is not the owner's."""
    said = translator(language or locale())
    words = [
        _named(said(word) if word else "", str(facts[name]))
        for name, word in MARKS.items()
        if facts.get(name)  # no calvings are no mark
    ]
    if facts["village"] != home:
        words.append(said(KEPT_IN, village=full_name(facts["village"])))
    return "; ".join(words) or "–"


def names_of(differing: tuple[str, ...]) -> str:
    """What differs, in words; the day of birth and how well it is known are one."""
    return ", ".join(dict.fromkeys(_(NAMES[name]).lower() for name in differing))


def title(sheet: Sheet) -> str:
    return sheet.number or _("SKKT of %(name)s", name=sheet.owner_name)


def part(sheet: Sheet) -> str:
    """Nothing when there is one only."""
    if sheet.parts == 1:
        return ""
    return _("Sheet %(part)s of %(parts)s", part=sheet.part, parts=sheet.parts)


def counted(sheet: Sheet, basis: str) -> int:
    """The lines of this basis that are not struck."""
    wanted = Verification(basis)
    return sum(line.basis is wanted and line.struck_at is None for line in sheet.lines)


def _named(word: str, mark: str) -> str:
    """Most people write the word with the mark; then it is not said twice."""
    return mark if word in mark.lower() else f"{word} {mark}"


def _birth(facts: Facts, day: Callable[[date], str]) -> str:
    if "birth_date" not in facts:
        return ""
    text = day(date.fromisoformat(facts["birth_date"]))
    match facts.get("birth_precision"):
        case Precision.MONTH:
            return text.partition(" ")[2]
        case Precision.ESTIMATED:
            return f"± {text.partition(' ')[2]}"
    return text
