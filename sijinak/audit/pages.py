"""The trail of events, for those who check it."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.audit.labels import event_name, facts_of
from sijinak.audit.queries import trail
from sijinak.core.permissions import Permission
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, listing, place

bp = Blueprint("audit", __name__)
KINDS = {
    "animal.": N_("Animals"),
    "mutation.": N_("Mutations"),
    "keeper.": N_("Keepers"),
    "privacy.": N_("Personal data"),
    "tag.": N_("QR labels"),
    "vaccination.": N_("Vaccinations"),
    "permit.": N_("Permits"),
    "quota.": N_("Quota"),
    "slot.": N_("Departure slots"),
    "rule.": N_("Rules"),
    "ban.": N_("Movement bans"),
    "lab.": N_("Laboratory"),
    "delegation.": N_("Delegations"),
    "paper.": N_("Signed papers"),
    "checkpoint.": N_("Checkpoint"),
    "arrival.": N_("Arrivals"),
    "skrd.": N_("SKRD"),
    "payment.": N_("Attempts to pay"),
    "money.": N_("Money received"),
    "receipt.": N_("Receipts"),
    "void.": N_("Voids of receipts"),
    "refund.": N_("Refunds"),
    "discrepancy.": N_("Money that does not match"),
    "tariff.": N_("Tariffs"),
    "cash.": N_("Cash"),
    "deposit.": N_("Deposits"),
    "ticket.": N_("Tickets"),
    "statement.": N_("Statements of the bank"),
    "bank.": N_("Lines of the bank"),
    "books.": N_("Books"),
    "wallet.": N_("Wallets"),
    "user.": N_("Accounts"),
    "field.": N_("Phones"),
}


@bp.get("/")
@needs(Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    name, subject, by_whom = (request.args.get(n, "")[:64] for n in ("peristiwa", "hal", "pelaku"))
    page = trail(
        by=actor(),
        name=name,
        subject_id=_uuid(subject),
        actor_id=_uuid(by_whom),
        place=place(),
    )
    return render_template(
        "audit/index.html",
        page=listing(page, ".index", peristiwa=name, hal=subject, pelaku=by_whom),
        names=[(start, _(name)) for start, name in KINDS.items()],
        form=Form({"peristiwa": name, "hal": subject, "pelaku": by_whom}),
        place_name=place_name,
        event_name=event_name,
        facts_of=facts_of,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
