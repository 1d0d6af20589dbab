"""What waits for this person as the second one: matches of bank lines, and refunds."""

from collections.abc import Sequence
from uuid import UUID

from flask import url_for

from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.payments.refunds.models import RefundState
from sijinak.payments.refunds.queries import RefundView, every_refund
from sijinak.treasury.matching.queries import open_proposals
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _


def tiles(by: Actor) -> Sequence[Tile]:
    if not by.reaches(Permission.MONEY_RESOLVE) or not by.reaches(Permission.TREASURY_READ):
        return []
    return [*_matches(by), *_refunds(by)]


def _matches(by: Actor) -> list[Tile]:
    waiting = [
        one.id
        for one in open_proposals(by=by)
        if one.proposed_by != by.id and may(by, Permission.MONEY_RESOLVE, region=one.region)
    ]
    one = url_for("reconciliation.proposal", proposal_id=waiting[0]) if waiting else ""
    return _tile(waiting, _("Matches to decide"), one, url_for("reconciliation.index"))


def _refunds(by: Actor) -> list[Tile]:
    waiting = [
        one.id
        for one in every_refund(RefundView.UNDERWAY, by=by)
        if one.state is RefundState.REQUESTED
        and one.requested_by != by.id
        and may(by, Permission.MONEY_RESOLVE, region=one.region)
    ]
    one = url_for("refunds.show", refund_id=waiting[0]) if waiting else ""
    return _tile(waiting, _("Refunds to decide"), one, url_for("refunds.index"))


def _tile(waiting: Sequence[UUID], name: str, one: str, all_of_them: str) -> list[Tile]:
    """Leads to the one that waits, or to the list of several."""
    if not waiting:
        return []
    url = one if len(waiting) == 1 else all_of_them
    return [Tile(name, thousands(len(waiting)), url, "alert-triangle", "warning")]
