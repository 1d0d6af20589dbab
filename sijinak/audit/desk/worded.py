"""Words for what a list of receipts is narrowed to."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.models import User
from sijinak.areas.queries import place_name
from sijinak.audit.desk.reached import keeper_reached, officer_reached
from sijinak.audit.desk.wanted import Wanted
from sijinak.core.db import db
from sijinak.core.money import rupiah_text
from sijinak.core.permissions import Actor
from sijinak.keepers.models import Keeper
from sijinak.payments.labels import channel_name
from sijinak.retribution.tariffs.models import Tariff
from sijinak.web.formats import day, officer
from sijinak.web.i18n import gettext as _


def components() -> list[str]:
    """What tariffs were ever asked for."""
    asked = select(Tariff.component).distinct().order_by(Tariff.component)
    return list(db.session.scalars(asked))


def name_of_officer(user_id: UUID, *, by: Actor) -> str:
    """Receipts without a person are the machine's. Out of the auditor's reach nobody is named."""
    if user := officer_reached(user_id, by=by):
        return officer(user.name)
    return str(user_id) if db.session.get(User, user_id) else _("System (automatic)")


def keeper_wanted(wanted: Wanted, *, by: Actor) -> Keeper | None:
    """Who is named by what follows: the page says so by ``shows_list``."""
    return keeper_reached(wanted.keeper_id, by=by) if wanted.keeper_id else None


def wanted_in_words(wanted: Wanted, *, by: Actor) -> list[tuple[str, str]]:
    """Each filter and what it says."""
    found = [(_("Period"), f"{_date(wanted.first)} – {_date(wanted.last)}")]
    if wanted.channel:
        found.append((_("Way to pay"), channel_name(wanted.channel)))
    if wanted.officer_id:
        found.append((_("Officer"), name_of_officer(wanted.officer_id, by=by)))
    if wanted.region:
        found.append((_("Kecamatan"), place_name(wanted.region)))
    if wanted.component:
        found.append((_("Component"), wanted.component))
    if wanted.least is not None:
        found.append((_("Amount from"), rupiah_text(wanted.least)))
    if wanted.most is not None:
        found.append((_("Amount to"), rupiah_text(wanted.most)))
    if wanted.keeper_id:
        keeper = keeper_wanted(wanted, by=by)
        found.append((_("Keeper"), keeper.name if keeper else str(wanted.keeper_id)))
    return found


def _date(found: date | None) -> str:
    return day(found) if found else "…"
