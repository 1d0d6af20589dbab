"""What people call requests about data, and sentences about who looked."""

from collections.abc import Sequence

from sijinak.areas.queries import full_name, place_name
from sijinak.core.events import Event
from sijinak.keepers.looking import LISTED, VIEWED, Page
from sijinak.privacy.models import ErasureState, LegalReason, RequestKind, RequestState
from sijinak.privacy.obstacles import Obstacle
from sijinak.privacy.queries import Office
from sijinak.web.formats import officer
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label, name_all
from sijinak.web.messages import MESSAGES

name_all(
    {
        RequestKind.ACCESS: N_("A copy of my data"),
        RequestKind.CORRECTION: N_("Correct my data"),
        RequestKind.ERASURE: N_("Erase my data"),
        RequestKind.OBJECTION: N_("Object to how my data are used"),
    }
)
name_all(
    {
        RequestState.OPEN: N_("Waits for an answer"),
        RequestState.ANSWERED: N_("Answered"),
        RequestState.REFUSED: N_("Refused"),
    }
)
name_all(
    {
        ErasureState.PROPOSED: N_("Waits for the second person"),
        ErasureState.DONE: N_("Erased"),
        ErasureState.DROPPED: N_("Not agreed to"),
    }
)
name_all(
    {
        LegalReason.PUBLIC_TASK: N_("A public task still needs the data (UU 27/2022, art. 15)"),
        LegalReason.RETENTION: N_("Papers about public money are kept by law (UU 43/2009)"),
        LegalReason.PROCEEDINGS: N_("A claim or an inspection is not over"),
        LegalReason.DISEASE: N_("Disease control must be able to trace the animals"),
        LegalReason.NOT_PROVEN: N_("Nobody has shown that they are this person"),
        LegalReason.UNFOUNDED: N_("The data are right, or we have none"),
    }
)
name_all(
    {
        Obstacle.NOT_A_PERSON: N_("This is a firm or a group; the law protects persons"),
        Obstacle.ANIMALS: N_("Living animals in this name"),
        Obstacle.MUTATIONS: N_("Transfers that are not finished"),
        Obstacle.PERMITS: N_("Permits that are not finished"),
        Obstacle.BILLS: N_("Bills that are not paid"),
        Obstacle.QUESTIONS: N_("Money that does not match yet"),
        Obstacle.WALLET: N_("A wallet that is not closed"),
        Obstacle.RECEIPTS: N_("Receipts that the law still keeps"),
        Obstacle.OFFICE: N_("Offices that the same account held: who signed stays named"),
        Obstacle.FINDINGS: N_("Findings of auditors that are not closed"),
    }
)
name_all(
    {
        Page.KEEPER: N_("your page in the register"),
        Page.FORM: N_("the form to change your data"),
        Page.ANIMAL: N_("the page of an animal of yours"),
        Page.SHEET: N_("your letter of ownership (SKKT)"),
        Page.MUTATION: N_("a transfer with your name"),
        Page.PERMIT: N_("an application of yours"),
        Page.BILL: N_("a bill of yours"),
        Page.RECEIPT: N_("a receipt of yours"),
        Page.PAPER: N_("a paper with your name (PDF)"),
        Page.REQUEST: N_("your request about your data"),
        Page.KEEPERS: N_("a list of keepers"),
        Page.ANIMALS: N_("a list of animals"),
        Page.SHEETS: N_("a list of letters of ownership (SKKT)"),
        Page.MUTATIONS: N_("a list of transfers"),
        Page.PERMITS: N_("a list of applications"),
        Page.BILLS: N_("a list of bills"),
        Page.RECEIPTS: N_("a list of receipts"),
        Page.DUE: N_("a list of owners whose animals are vaccinated"),
        Page.TRACE: N_("a trace of animals"),
        Page.STOCKTAKES: N_("a list of stock-takes"),
        Page.WALLETS: N_("a list of wallets"),
        Page.REQUESTS: N_("a list of requests about data"),
    }
)
TONES = {"open": "warning", "answered": "success", "refused": "neutral"}
MESSAGES.update(
    {
        "identity-missing": N_("Say by what you knew who asks, such as the identity card."),
        "erasure-by-two": N_("Propose the erasure, or refuse it with a reason of the law."),
        "erasure-held": N_("Something still runs in this name. End it first, or refuse."),
        "erasure-proposed": N_(
            "An erasure is proposed. First a second person confirms it, or does not agree."
        ),
        "not-an-erasure": N_("Nobody asked to be erased here."),
        "same-erasor": N_("You proposed it. A second person must confirm."),
        "nobody-left": N_("This person was erased before."),
    }
)
CHANGES = {
    "keeper.registered": N_("%(who)s registered you."),
    "keeper.restored": N_("%(who)s put your registration back."),
    "keeper.brand-registered": N_("%(who)s registered a brand of yours."),
    "keeper.brand-ended": N_("%(who)s ended a brand of yours."),
    "keeper.suspended": N_("%(who)s suspended your trading."),
    "keeper.suspension-lifted": N_("%(who)s lifted the suspension of your trading."),
    "keeper.member-added": N_("%(who)s added a member to your group."),
    "keeper.member-ended": N_("%(who)s ended a membership in your group."),
}
FIELDS = {
    "name": N_("Name"), "village": N_("Village"), "hamlet": N_("Hamlet"), "nik": N_("NIK"),
    "nib": N_("NIB"), "phone": N_("Mobile number"), "npwp": N_("NPWP"),
    "legal_form": N_("Legal form"), "licence": N_("Trading licence"),
    "licence_until": N_("Last day of the licence"), "group_no": N_("Register number"),
}  # fmt: skip


def who_text(event: Event, offices: Sequence[Office]) -> str:
    """The officer with role and place, as they were then."""
    name = officer(event.actor_name)
    held = "; ".join(f"{label(one.role)}, {place_name(one.region)}" for one in offices)
    return f"{name} ({held})" if held else name


def look_sentence(event: Event, who: str) -> str:
    """One line that the person understands."""
    if event.name == "keeper.revealed":
        return _("%(who)s saw your whole NIK: %(why)s", who=who, why=event.facts["reason"])
    if event.name == LISTED:
        where = page_text(event.facts["page"])
        return _("%(who)s saw your name in %(where)s.", who=who, where=where)
    if event.name != VIEWED:
        return _("%(who)s made a copy of all your data.", who=who)
    return _("%(who)s looked at %(where)s.", who=who, where=page_text(event.facts["page"]))


def change_sentence(event: Event, who: str) -> str:
    if event.name == "keeper.amended":
        named = (_(FIELDS[one]) for one in event.facts["fields"] if one in FIELDS)
        changed = ", ".join(named) or "–"
        why = event.facts["reason"]
        return _("%(who)s changed: %(changed)s (%(why)s)", who=who, changed=changed, why=why)
    if event.name in CHANGES:
        said, because = _(CHANGES[event.name], who=who), event.facts.get("reason")
        return f"{said} ({because})" if because else said
    return f"{who}: {event.name}"


def taken_text(event: Event) -> str:
    """A file or a work pack that was taken away as a whole, and which part of it was asked for."""
    told = event.facts
    if event.name == "field.pack-taken":
        villages = "; ".join(full_name(code) for code in told["villages"])
        count = told["animals"]
        return _("Work pack: %(villages)s (%(count)s animals)", villages=villages, count=count)
    chosen = {name: asked for name, asked in told.items() if name not in {"export", "format"}}
    words = [f"{name} {place_name(str(asked))}" for name, asked in chosen.items() if asked]
    kind, part = f"{told['export']} ({told['format']})", ", ".join(words) or _("all of it")
    return _("File %(kind)s: %(part)s", kind=kind, part=part)


def page_text(page: str) -> str:
    """Pages that a newer version wrote keep their code."""
    return label(Page(page)) if page in set(Page) else page
