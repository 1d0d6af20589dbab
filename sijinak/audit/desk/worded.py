"""Words for what a list of receipts is narrowed to."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.models import User
from sijinak.areas.queries import place_name
from sijinak.audit.desk.wanted import Wanted
from sijinak.core.db import db
from sijinak.core.money import rupiah_text
from sijinak.keepers.queries import keeper_facts
from sijinak.payments.labels import channel_name
from sijinak.retribution.tariffs.models import Tariff
from sijinak.web.formats import day, officer
from sijinak.web.i18n import gettext as _


def components() -> list[str]:
    """What tariffs were ever asked for."""
    asked = select(Tariff.component).distinct().order_by(Tariff.component)
    return list(db.session.scalars(asked))


def name_of_officer(user_id: UUID) -> str:
    """Receipts without a person are the machine's."""
    user = db.session.get(User, user_id)
    return officer(user.name) if user else _("System (automatic)")


def wanted_in_words(wanted: Wanted) -> list[tuple[str, str]]:
    """Each filter and what it says."""
    found = [(_("Period"), f"{_date(wanted.first)} – {_date(wanted.last)}")]
    if wanted.channel:
        found.append((_("Way to pay"), channel_name(wanted.channel)))
    if wanted.officer_id:
        found.append((_("Officer"), name_of_officer(wanted.officer_id)))
    if wanted.region:
        found.append((_("Kecamatan"), place_name(wanted.region)))
    if wanted.component:
        found.append((_("Component"), wanted.component))
    if wanted.least is not None:
        found.append((_("Amount from"), rupiah_text(wanted.least)))
    if wanted.most is not None:
        found.append((_("Amount to"), rupiah_text(wanted.most)))
    if wanted.keeper_id:
        facts = keeper_facts([wanted.keeper_id]).get(wanted.keeper_id)
        found.append((_("Keeper"), facts.name if facts else str(wanted.keeper_id)))
    return found


def _date(found: date | None) -> str:
    return day(found) if found else "…"
