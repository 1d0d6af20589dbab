"""Reconciliation: each line of the bank and its fate, and what two people decide."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import now, today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.payments.labels import channel_name
from sijinak.treasury.matching import labels as _labels  # noqa: F401 - names methods and errors
from sijinak.treasury.matching.models import PartKind
from sijinak.treasury.matching.odd import odd_line
from sijinak.treasury.matching.queries import (
    bill_of,
    history_of,
    match_by_id,
    match_of,
    matches_of,
    open_proposal_of,
    open_proposals,
    proposal_by_id,
    waiting_lines,
    waiting_sums,
)
from sijinak.treasury.matching.schemas import (
    NOT_RUPIAH,
    DecideProposalSchema,
    ProposeMatchSchema,
    ProposeMoneySchema,
    ProposeUnmatchSchema,
    fee_in,
)
from sijinak.treasury.matching.services import (
    decide_proposal,
    propose_match,
    propose_money,
    propose_unmatch,
)
from sijinak.treasury.matching.showing import candidates, shown, tally_of
from sijinak.treasury.matching.threeway import Day, three_ways
from sijinak.treasury.naming import only_bill_in
from sijinak.treasury.statements.labels import TONES
from sijinak.treasury.statements.models import BankLine, FileState
from sijinak.treasury.statements.queries import (
    last_days,
    line_by_id,
    lines_of,
    notes_of,
    statement_by_id,
    statements,
    states_of,
    waiting_files,
)
from sijinak.web.access import actor, needs
from sijinak.web.exporting import Export, hand_out
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, day_in_address, listing, place, read_form
from sijinak.web.labels import label

bp = Blueprint("reconciliation", __name__)
LOOK_AGAIN = "3"  # seconds, while the worker matches a new statement
JUST_NOW = timedelta(seconds=20)
MANY = frozenset({"parts"})


@bp.get("/")
@needs(Permission.TREASURY_READ)
def index() -> ResponseReturnValue:
    count, total = waiting_sums(by=actor())
    return render_template(
        "treasury/matching/index.html",
        page=listing(waiting_lines(by=actor(), place=place()), ".index"),
        count=count,
        total=total,
        proposals=open_proposals(by=actor()),
        files=waiting_files(by=actor()),
        until=last_days(),
        may_keep=may(actor(), Permission.TREASURY_KEEP),
    )


@bp.get("/koran")
@needs(Permission.TREASURY_READ)
def taken() -> ResponseReturnValue:
    page = listing(statements(by=actor(), place=place()), ".taken")
    return render_template("treasury/matching/statements.html", page=page)


@bp.get("/koran/<uuid:statement_id>")
@needs(Permission.TREASURY_READ)
def statement(statement_id: UUID) -> ResponseReturnValue:
    one = statement_by_id(statement_id, by=actor())
    lines = lines_of(one.id)
    ids = [line.id for line in lines]
    matches = matches_of(ids)
    drawn = render_template(
        "treasury/matching/statement.html",
        statement=one,
        lines=lines,
        matches=matches,
        notes=notes_of(ids),
        tones=TONES,
    )
    page = make_response(drawn)
    if now() - (one.file.decided_at or one.file.taken_at) < JUST_NOW and len(matches) < len(lines):
        page.headers["Refresh"] = LOOK_AGAIN
    return page


@bp.get("/baris/<uuid:line_id>")
@needs(Permission.TREASURY_READ)
def line(line_id: UUID) -> ResponseReturnValue:
    one = line_by_id(line_id, by=actor())
    return _line(one, blank(fee="0", bill=only_bill_in([one.remark, *one.refs])))


@bp.get("/pasangan/<uuid:match_id>")
@needs(Permission.TREASURY_READ)
def match(match_id: UUID) -> ResponseReturnValue:
    """Shown with its first line."""
    parts = match_by_id(match_id).parts
    first = next(part.thing_id for part in parts if part.kind is PartKind.LINE)
    return redirect(url_for(".line", line_id=line_by_id(first, by=actor()).id))


@bp.post("/baris/<uuid:line_id>/cocokkan")
@needs(Permission.MONEY_RESOLVE)
def propose(line_id: UUID) -> ResponseReturnValue:
    if "count" in request.form:
        one = line_by_id(line_id, by=actor())
        return _line(one, _as_typed(bill=only_bill_in([one.remark, *one.refs])))
    return _propose(line_id, read_form(ProposeMatchSchema(line_id), many=MANY), propose_match)


@bp.post("/baris/<uuid:line_id>/terima")
@needs(Permission.MONEY_RESOLVE)
def take_as_money(line_id: UUID) -> ResponseReturnValue:
    return _propose(line_id, read_form(ProposeMoneySchema(line_id)), propose_money)


@bp.post("/baris/<uuid:line_id>/lepas")
@needs(Permission.MONEY_RESOLVE)
def undo(line_id: UUID) -> ResponseReturnValue:
    return _propose(line_id, read_form(ProposeUnmatchSchema(line_id)), propose_unmatch)


@bp.get("/usulan/<uuid:proposal_id>")
@needs(Permission.TREASURY_READ)
def proposal(proposal_id: UUID) -> ResponseReturnValue:
    return _proposal(proposal_id, blank())


@bp.post("/usulan/<uuid:proposal_id>")
@needs(Permission.MONEY_RESOLVE)
def decide(proposal_id: UUID) -> ResponseReturnValue:
    one = proposal_by_id(proposal_id, by=actor())
    form = read_form(DecideProposalSchema(one.id))
    if form.value is None:
        return _proposal(proposal_id, form), 422
    try:
        with transaction():
            decide_proposal(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _proposal(proposal_id, form.refuse(error)), 422
    flash(_("Decided."), "success")
    return redirect(url_for(".line", line_id=one.line_id))


@bp.get("/harian")
@needs(Permission.TREASURY_READ)
def days() -> ResponseReturnValue:
    first, last = _asked()
    return render_template(
        "treasury/matching/days.html",
        rows=three_ways(first, last, by=actor()),
        first=first,
        last=last,
        channel_name=channel_name,
    )


@bp.get("/harian.<any(csv, xlsx):kind>")
@needs(Permission.TREASURY_READ)
def days_file(kind: str) -> ResponseReturnValue:
    first, last = _asked()
    head = [
        _("Day"), _("SKRD"), _("TBP"), _("Tickets"), _("From balances"), _("Play money"),
        _("STS and settlement"), _("Bank"), _("Under way"), _("State"),
    ]  # fmt: skip
    rows = [_cells(one) for one in three_ways(first, last, by=actor())]
    asked = {"first": first.isoformat(), "last": last.isoformat()}
    name = f"rekonsiliasi-{first}-{last}"
    return hand_out(kind, Export(what="three-ways", name=name, head=head, asked=asked), rows)


def _cells(one: Day) -> list[object]:
    state = _("Agrees") if one.agrees else _("Does not match")
    return [
        one.day, one.bills, one.receipts, one.tickets, one.inside, one.play, one.sent, one.banked,
        one.under_way, state,
    ]  # fmt: skip


def _asked() -> tuple[date, date]:
    """The days in the address; this month without one, and never more than a year."""
    last = day_in_address("sampai", today())
    first = day_in_address("dari", last.replace(day=1))
    return max(min(first, last), last - timedelta(days=366)), last


def _propose(line_id: UUID, form: Form[Any], service: Callable[..., object]) -> ResponseReturnValue:
    one = line_by_id(line_id, by=actor())
    if form.value is None:
        return _line(one, form), 422
    try:
        with transaction():
            service(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _line(one, form.refuse(error)), 422
    flash(_("Proposed. A second person decides."), "success")
    return redirect(url_for(".line", line_id=line_id))


def _as_typed(**beside: str) -> Form[Any]:
    """To be looked at once more, and not sent yet."""
    form = blank(**{**beside, **request.form.to_dict()})
    if fee_in(form.raw.get("fee", "")) is None:
        form.errors["fee"] = [NOT_RUPIAH]
    return form


def _line(one: BankLine, form: Form[Any]) -> str:
    match = match_of(one.id)
    waiting = open_proposal_of(one.id)
    decides = may(actor(), Permission.MONEY_RESOLVE, region=one.region)
    state = states_of([one.id])[one.id]
    near = None if match or waiting else candidates(one, by=actor())
    ticked = request.form.getlist("parts")
    chosen = [thing for thing in near.near if f"{thing.kind}:{thing.id}" in ticked] if near else []
    counts = bool(chosen) or "count" in request.form
    form.raw.pop("parts", None)  # of those that were ticked it has the last one only
    return render_template(
        "treasury/matching/line.html",
        line=one,
        form=form,
        match=match,
        things=shown(match.parts) if match else [],
        proposal=waiting,
        history=history_of(one.id),
        notes=notes_of([one.id]).get(one.id, []),
        candidates=near,
        ticked=ticked,
        tally=tally_of(one, chosen, fee_in(form.raw.get("fee", "")) or 0) if counts else None,
        may_propose=decides and waiting is None and state is not FileState.REJECTED,
        state=state,
        odd=None if match else odd_line(one),
        what=_what,
    )


def _proposal(proposal_id: UUID, form: Form[Any]) -> str:
    one = proposal_by_id(proposal_id, by=actor())
    return render_template(
        "treasury/matching/proposal.html",
        proposal=one,
        line=line_by_id(one.line_id, by=actor()),
        bill=bill_of(one),
        things=shown([(part.kind, part.thing_id) for part in one.parts]),
        form=form,
        may_decide=may(actor(), Permission.MONEY_RESOLVE, region=one.region)
        and one.proposed_by != actor().id,
        what=_what,
    )


def _what(thing: Any) -> str:
    name = channel_name(thing.what) if thing.kind.value == "collection" else thing.what
    return f"{label(thing.kind)}: {name}"
