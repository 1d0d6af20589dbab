"""What people call the events of the trail."""

from sijinak.core.codes import spaced
from sijinak.core.events import Event
from sijinak.core.money import rupiah_text
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _

EVENTS = {
    "animal.demo-loaded": N_("Demo animals loaded"),
    "animal.list-begun": N_("Village list begun"),
    "animal.list-imported": N_("Village list taken in"),
    "animal.list-undone": N_("Village list undone"),
    "animal.merged": N_("Two records merged"),
    "animal.registered": N_("Animal registered"),
    "field.asked-again": N_("Phone asked for its records again"),
    "field.device-enrolled": N_("Phone enrolled"),
    "field.device-rekeyed": N_("New signing key of a phone"),
    "field.device-renewed": N_("Phone renewed"),
    "field.device-revoked": N_("Phone revoked"),
    "field.device-wiped": N_("Phone has forgotten everything"),
    "field.pack-taken": N_("Work pack taken to a phone"),
    "field.recovery-handed-out": N_("Recovery key of a phone handed out"),
    "animal.seen": N_("Animal seen"),
    "animal.number-ended": N_("Number of an animal ended"),
    "animal.number-linked": N_("Number linked to an animal"),
    "animal.photo-added": N_("Photo of an animal added"),
    "animal.photo-removed": N_("Photo of an animal removed"),
    "animal.weighed": N_("Animal weighed"),
    "animal.told-apart": N_("Two records told apart"),
    "animal.unmerged": N_("Merge taken back"),
    "animal.withdrawn": N_("Registration of an animal withdrawn"),
    "keeper.amended": N_("Keeper changed"),
    "keeper.brand-ended": N_("Brand ended"),
    "keeper.brand-registered": N_("Brand registered"),
    "keeper.member-added": N_("Member added to a group"),
    "keeper.member-ended": N_("Membership in a group ended"),
    "duplicates.rule-switched": N_("Rule for double records switched"),
    "keeper.registered": N_("Keeper registered"),
    "keeper.restored": N_("Registration of a keeper put back"),
    "keeper.suspended": N_("Firm suspended"),
    "keeper.suspension-lifted": N_("Suspension of a firm lifted"),
    "keeper.revealed": N_("NIK shown in full"),
    "money.received": N_("Money received"),
    "mutation.recorded": N_("Mutation recorded"),
    "mutation.proposed": N_("Transfer proposed"),
    "mutation.answered": N_("Transfer answered by a side"),
    "mutation.acknowledged": N_("Transfer acknowledged by the village head"),
    "mutation.refused": N_("Transfer refused"),
    "mutation.cancelled": N_("Transfer cancelled"),
    "mutation.expired": N_("Transfer ran out"),
    "mutation.link-made": N_("Link to answer made"),
    "mutation.undone": N_("Mutation undone"),
    "confirmation.answered": N_("Owner answered whether it was done"),
    "confirmation.link-made": N_("Link for an owner's answer made"),
    "finding.settled": N_("Finding settled"),
    "revisit.announced": N_("Draw of second visits announced"),
    "revisit.drawn": N_("Second visits drawn"),
    "revisit.recorded": N_("Second visit recorded"),
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
    "population.corrected": N_("Kept totals of animals were wrong, and corrected"),
    "population.recounted": N_("Animals recounted"),
    "receipt.issued": N_("Receipt issued"),
    "sheet.discarded": N_("SKKT draft discarded"),
    "sheet.lines-restored": N_("Lines of an SKKT stand again"),
    "sheet.lines-struck": N_("Lines of an SKKT struck"),
    "sheet.prepared": N_("SKKT prepared"),
    "sheet.signed": N_("SKKT signed"),
    "sheet.superseded": N_("SKKT replaced by a newer one"),
    "sheet.voided": N_("SKKT made void"),
    "skrd.issued": N_("SKRD issued"),
    "skrd.paid": N_("SKRD paid"),
    "skrd.cancelled": N_("SKRD cancelled"),
    "stocktake.begun": N_("Stock-take begun"),
    "stocktake.closed": N_("Stock-take closed"),
    "stocktake.compared": N_("Stock-take compared with the register"),
    "stocktake.confirmed": N_("Animals seen at a stock-take"),
    "stocktake.line-removed": N_("Line of a stock-take removed"),
    "stocktake.line-settled": N_("Line of a stock-take settled"),
    "stocktake.scanned": N_("Codes scanned at a stock-take"),
    "tag.alarm-closed": N_("Alarm about a tag closed"),
    "tag.alarm-raised": N_("Alarm about a tag raised"),
    "tag.applied": N_("Stock tag put on"),
    "tag.broken": N_("Stock tags reported broken"),
    "tag.found": N_("Stock tags found again"),
    "tag.issued": N_("Stock tags issued"),
    "tag.lost": N_("Stock tags reported lost"),
    "tag.printed": N_("Labels printed"),
    "tag.printer-measured": N_("Printer measured"),
    "tag.received": N_("Stock tags received"),
    "tag.retired": N_("Stock tags retired"),
    "tag.returned": N_("Stock tags handed back"),
    "tag.run-printed": N_("Blank tags printed"),
    "tag.sheet-opened": N_("Sheet of labels opened"),
    "tag.stolen": N_("Stock tags reported stolen"),
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
    "corrected": N_("heads corrected"),
    "heads": N_("heads"),
    "labels": N_("labels"),
    "replaced": N_("new codes"),
    "tags": N_("tags"),
    "brand": N_("brand"),
    "fields": N_("changed:"),
    "tag": N_("tag"),
    "channel": N_("channel"),
    "adapter": N_("channel"),
    "username": N_("user name"),
}
FIELDS = {
    "name": N_("Name"),
    "village": N_("Village"),
    "hamlet": N_("Hamlet"),
    "nik": N_("NIK"),
    "nib": N_("NIB"),
    "phone": N_("Mobile number"),
    "npwp": N_("NPWP"),
    "legal_form": N_("Legal form"),
    "licence": N_("Trading licence"),
    "licence_until": N_("Last day of the licence"),
    "group_no": N_("Register number"),
}
_MONEY = frozenset({"amount", "total"})


def facts_of(event: Event) -> list[str]:
    """The facts of an event that people read, named and formatted; empty ones are left out."""
    known = ((name, event.facts[name]) for name in FACTS if event.facts.get(name) not in (None, ""))
    return [f"{_(FACTS[name])} {_shown(name, value)}" for name, value in known]


def _shown(name: str, value: object) -> str:
    if name in _MONEY and isinstance(value, int):
        return rupiah_text(value)
    if name == "fields" and isinstance(value, list):
        return ", ".join(_(FIELDS.get(str(field), str(field))) for field in value)
    return spaced(value) if name == "tag" and isinstance(value, str) else str(value)
