"""Receipts as the office looks for them, and any money that came."""

from datetime import date
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from sijinak.core.permissions import Permission
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows_list
from sijinak.payments.labels import channel_name
from sijinak.retribution.receipts.pages import bp
from sijinak.retribution.receipts.queries import Wanted, money_by_id, receipts, voided_among
from sijinak.retribution.receipts.road import road
from sijinak.web.access import actor, needs
from sijinak.web.io import Form, listing, place

LONGEST = 80


@bp.get("/tbp")
@needs(Permission.SKRD_READ)
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "")[:LONGEST] for name in ("cari", "hari", "cara")}
    day = _day(asked["hari"])
    wanted = Wanted(text=asked["cari"], day=day, channel=asked["cara"])
    page = receipts(wanted, by=actor(), place=place())
    asked["hari"] = day.isoformat() if day else ""
    shows_list(Where.RECEIPTS, (one.keeper_id for one in page.items), asked=asked)
    return render_template(
        "receipts/index.html",
        page=listing(page, ".index", **asked),
        voided=voided_among(page.items),
        form=Form(asked),
        channel_name=channel_name,
    )


@bp.get("/uang/<uuid:collection_id>")
@needs(Permission.TREASURY_READ)
def money(collection_id: UUID) -> ResponseReturnValue:
    """With a receipt or without, and how far it has got."""
    found = money_by_id(collection_id, by=actor())
    return render_template(
        "receipts/money.html",
        money_in=found,
        roads=[road.of(found, actor())],
        channel=channel_name(found.adapter),
    )


def _day(text: str) -> date | None:
    """None for any day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None  # noqa: PLR2004 - the last day has no next
