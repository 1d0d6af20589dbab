"""What people call the events of the trail."""

from sijinak.core.codes import spaced
from sijinak.core.events import Event
from sijinak.core.money import rupiah_text
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _

EVENTS = {
    "animal.demo-loaded": N_("Demo animals loaded"),
    "animal.list-imported": N_("Village list taken in"),
    "animal.registered": N_("Animal registered"),
    "animal.seen": N_("Animal seen"),
    "keeper.registered": N_("Keeper registered"),
    "keeper.revealed": N_("NIK shown in full"),
    "money.received": N_("Money received"),
    "payment.started": N_("Payment begun"),
    "payment.submit": N_("Payment sent to the bank"),
    "payment.accept": N_("Payment accepted by the bank"),
    "payment.lose": N_("Answer of the bank lost"),
    "payment.reject": N_("Payment refused by the bank"),
    "payment.expire": N_("Payment expired"),
    "payment.cancel": N_("Payment called back"),
    "payment.succeed": N_("Payment arrived"),
    "permit.draft": N_("Application written"),
    "permit.save": N_("Application changed"),
    "permit.submit": N_("Application submitted"),
    "permit.return": N_("Application returned"),
    "permit.accept": N_("Papers accepted"),
    "permit.inspect": N_("Animals inspected"),
    "permit.bill": N_("Bill asked for"),
    "permit.settle": N_("Permit paid"),
    "permit.withdraw": N_("Permit ended with its bill"),
    "permit.approve": N_("Permit approved"),
    "permit.reject": N_("Permit rejected"),
    "permit.issue": N_("Permit issued"),
    "permit.cancel": N_("Application cancelled"),
    "receipt.issued": N_("Receipt issued"),
    "skrd.issued": N_("SKRD issued"),
    "skrd.paid": N_("SKRD paid"),
    "skrd.cancelled": N_("SKRD cancelled"),
    "tag.printed": N_("Labels printed"),
    "user.added": N_("Account opened"),
    "user.activated": N_("Account made active"),
    "user.deactivated": N_("Account closed"),
    "user.appointed": N_("Officer appointed"),
    "user.appointment-ended": N_("Appointment ended"),
    "user.password-changed": N_("Password changed"),
    "user.password-reset": N_("Password reset"),
    "user.recovery-code-used": N_("Recovery code used"),
    "user.second-factor-begun": N_("Second factor begun"),
    "user.second-factor-confirmed": N_("Second factor set up"),
    "user.second-factor-removed": N_("Second factor removed"),
    "user.sessions-ended": N_("Signed out everywhere"),
    "user.signed-in": N_("Sign-in"),
    "user.signed-out": N_("Sign-out"),
    "vaccination.recorded": N_("Vaccination recorded"),
}


def event_name(name: str) -> str:
    """What people call it; an event that a newer version wrote keeps its code."""
    return _(EVENTS[name]) if name in EVENTS else name


# What a fact is called; what is not here (ids, the trust of a bank) is for machines.
FACTS = {
    "number": N_("number"),
    "amount": N_("amount"),
    "total": N_("total"),
    "receipt": N_("receipt"),
    "note": N_("note"),
    "reason": N_("reason"),
    "role": N_("role"),
    "decree": N_("decree"),
    "animals": N_("animals"),
    "labels": N_("labels"),
    "tag": N_("tag"),
    "channel": N_("channel"),
    "adapter": N_("channel"),
    "username": N_("user name"),
}
_MONEY = frozenset({"amount", "total"})


def facts_of(event: Event) -> list[str]:
    """The facts of an event that people read, named and formatted; empty ones are left out."""
    known = ((name, event.facts[name]) for name in FACTS if event.facts.get(name) not in (None, ""))
    return [f"{_(FACTS[name])} {_shown(name, value)}" for name, value in known]


def _shown(name: str, value: object) -> str:
    if name in _MONEY and isinstance(value, int):
        return rupiah_text(value)
    return spaced(value) if name == "tag" and isinstance(value, str) else str(value)
