"""The auditor's desk: one box that finds anything, and the money from the month to the paper."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.models import Level
from sijinak.areas.queries import Place, place_name, regions_within
from sijinak.audit.desk import labels as _labels  # noqa: F401 - names our enumerations
from sijinak.audit.desk.links import ASKED, hit_url, in_address, list_url, subject_url
from sijinak.audit.desk.noted import notes_about
from sijinak.audit.desk.queries import (
    bounded,
    cuts_of,
    last_of,
    months_until,
    receipts_wanted,
)
from sijinak.audit.desk.receipt_view import look_at
from sijinak.audit.desk.searching import search
from sijinak.audit.desk.wanted import Standing, Wanted, wanted_of
from sijinak.audit.desk.worded import components, keeper_wanted, name_of_officer
from sijinak.core.clock import today
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper
from sijinak.keepers.showing import shows, shows_list
from sijinak.payments.labels import CHANNELS, channel_name
from sijinak.retribution.checks import public_code
from sijinak.retribution.receipts.queries import voided_among
from sijinak.retribution.receipts.road import road
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, listing, place
from sijinak.web.settings import settings

bp = Blueprint("auditdesk", __name__)
P = Permission
MONTHS = 6
LONGEST = 80


@bp.get("/")
@needs(P.AUDIT_READ)
def index() -> ResponseReturnValue:
    typed = request.args.get("cari", "")[:LONGEST].strip()
    until = _month(request.args.get("sampai", ""))
    found = search(typed, by=actor()) if typed else None
    hits = chain.from_iterable((found or {}).values())
    shows_list(Where.KEEPERS, list(dict.fromkeys(one.keeper_id for one in hits if one.keeper_id)))
    return render_template(
        "auditdesk/index.html",
        form=Form({"cari": typed}),
        found=found,
        months=[] if typed else months_until(until, MONTHS, by=actor()),
        before=_months_before(until, MONTHS),
        hit_url=hit_url,
        list_url=list_url,
        place_name=place_name,
        standing=Standing,
    )


@bp.get("/bulan/<month>")
@needs(P.AUDIT_READ)
def month(month: str) -> ResponseReturnValue:
    """Its days, and who received what by which way."""
    first = _month(month)
    return _period(first, last_of(first))


@bp.get("/hari/<day>")
@needs(P.AUDIT_READ)
def day(day: str) -> ResponseReturnValue:
    found = _day(day)
    return _period(found, found)


@bp.get("/tbp")
@needs(P.AUDIT_READ)
def receipts() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "")[:LONGEST] for name in ASKED}
    wanted = bounded(wanted_of({ASKED[name]: text for name, text in asked.items()}))
    page = receipts_wanted(wanted, by=actor(), place=place())
    kept = in_address(wanted)
    keeper = keeper_wanted(wanted, by=actor())
    named = [*([keeper.id] if keeper else ()), *(one.keeper_id for one in page.items)]
    shows_list(Where.RECEIPTS, named, asked=kept)
    return render_template(
        "auditdesk/receipts.html",
        page=listing(page, ".receipts", **kept),
        kept=kept,
        spelt=wanted.spelt(),
        form=Form({**asked, **kept}),
        voided=voided_among(page.items),
        channel_name=channel_name,
        channels=[(name, channel_name(name)) for name in sorted(CHANNELS)],
        components=[(one, one) for one in components()],
        regions=[(one.code, one.name) for one in _kecamatan()],
        only=_only(wanted, keeper),
        may_work=may(actor(), P.AUDIT_WORK),
    )


@bp.get("/tbp/<uuid:receipt_id>")
@needs(P.AUDIT_READ)
def receipt(receipt_id: UUID) -> ResponseReturnValue:
    """The whole road of one receipt, from the bill to the bank's line and the paper."""
    found = look_at(receipt_id, by=actor())
    shows(found.receipt.keeper_id, found.receipt.region, Where.RECEIPT)
    return render_template(
        "auditdesk/receipt.html",
        found=found,
        roads=[road.of(money, actor()) for _, money in found.moneys],
        notes=notes_about("receipts", receipt_id, by=actor()),
        channel=channel_name(found.receipt.channel),
        proof_code=public_code(found.receipt),
        subject_url=subject_url,
        may_work=may(actor(), P.AUDIT_WORK, region=found.receipt.region),
    )


def tiles(by: Actor) -> Sequence[Tile]:
    """The way to the desk; what the month brought is not asked for each first page."""
    if not by.reaches(P.AUDIT_READ):
        return []
    return [Tile(_("Auditor's desk"), _("Search"), url_for("auditdesk.index"), "search")]


def _period(first: date, last: date) -> str:
    found = cuts_of(first, last, by=actor())
    return render_template(
        "auditdesk/period.html",
        first=first,
        last=last,
        found=found,
        channel_name=channel_name,
        list_url=list_url,
        standing=Standing,
    )


def _only(wanted: Wanted, keeper: Keeper | None) -> list[str]:
    """What the list is narrowed to and the form has no field for."""
    found = []
    if wanted.officer_id:
        found.append(name_of_officer(wanted.officer_id, by=actor()))
    if wanted.keeper_id:
        found.append(keeper.name if keeper else str(wanted.keeper_id))
    return found


def _kecamatan() -> list[Place]:
    found = regions_within(settings().regency)
    seen = [one for one in found if one.level is Level.KECAMATAN]
    return [one for one in seen if may(actor(), P.AUDIT_READ, region=one.code)]


def _month(text: str) -> date:
    """Its first day; of what is no month of ours, this one's."""
    return _day(f"{text}-01").replace(day=1)


def _day(text: str) -> date:
    found = wanted_of({"first": text}).first
    return found or today()


def _months_before(month: date, many: int) -> str:
    months = month.year * 12 + month.month - 1 - many
    return f"{months // 12}-{months % 12 + 1:02}"
