"""The queue of what does not match, and one page for each case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.queries import holders_of
from sijinak.core.clock import local, now
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may, region_lies_in
from sijinak.payments.adapters.base import number_of
from sijinak.payments.discrepancies import labels
from sijinak.payments.discrepancies.beside import Named, beside_cases
from sijinak.payments.discrepancies.effects import effects, plan_of
from sijinak.payments.discrepancies.legal import NEED_DECREE, sla
from sijinak.payments.discrepancies.queries import (
    STANDING,
    View,
    attempts_of_case,
    case_by_id,
    cases,
    cases_to_join,
    count_cases,
    every_case,
    history_of,
    joined_cases,
    money_of,
)
from sijinak.payments.discrepancies.resolving import (
    TakeCase,
    answer_resolution,
    propose_resolution,
    take_case,
)
from sijinak.payments.discrepancies.schemas import AnswerSchema, ProposeSchema, TakeSchema
from sijinak.payments.discrepancies.told import Told, told_of_cases
from sijinak.payments.labels import channel_name
from sijinak.payments.models import Discrepancy, DiscrepancyKind, DiscrepancyState, Resolution
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.labels import label

bp = Blueprint("discrepancies", __name__)
P = Permission
MANY = frozenset({"bills", "cases"})
AT_ONCE = 500  # of a file
# Where the thing itself is shown, by its table: pages of features above.
ABOUT = {"bank_lines": ("reconciliation.line", "line_id")}


@dataclass(frozen=True, slots=True)
class Age:
    days: int
    is_late: bool


def age_of(case: Discrepancy) -> Age:
    """In calendar days of the office, until it ended."""
    until = local(case.ended_at or now()).date()
    days = (until - local(case.opened_at).date()) // timedelta(days=1)
    return Age(days, days > sla.days[case.kind])


@bp.get("/")
@needs(P.TREASURY_READ)
def index() -> ResponseReturnValue:
    kind, view = _asked()
    page = cases(by=actor(), kind=kind, view=view, place=place())
    filters = {"jenis": kind or "", "tampil": view}
    return render_template(
        "discrepancies/index.html",
        page=listing(page, ".index", jenis=kind, tampil=view),
        form=Form(filters),
        filters=filters,
        kinds=DiscrepancyKind,
        views=View,
        tones=labels.TONES,
        age_of=age_of,
        told=told_of_cases(page.items),
        channel_name=channel_name,
    )


@bp.get("/selisih.csv")
@needs(P.TREASURY_READ)
def file() -> ResponseReturnValue:
    kind, view = _asked()
    head = [
        _("Found"), _("What"), _("Amount"), _("Payer"), _("Bills"), _("Channel"), _("State"),
        _("Days"), _("Late"), _("Owner"),
        _("Resolution"), _("Reason"), _("Decree"), _("Proposed by"), _("Approved by"), _("Ended"),
    ]  # fmt: skip
    rows = _rows(every_case(by=actor(), kind=kind, view=view))
    asked = {"kind": kind or "", "view": view}
    return hand_out(CSV, Export(what="cases", name="selisih", head=head, asked=asked), rows)


@bp.get("/<uuid:case_id>")
@needs(P.TREASURY_READ)
def show(case_id: UUID) -> ResponseReturnValue:
    return _page(case_by_id(case_id, by=actor()), blank())


@bp.post("/<uuid:case_id>/usul")
@needs(P.MONEY_RESOLVE)
def propose(case_id: UUID) -> ResponseReturnValue:
    case = case_by_id(case_id, by=actor())
    form = read_form(ProposeSchema(case_id), many=MANY)
    if form.value is None:
        return _page(case, form), 422
    try:
        with transaction():
            propose_resolution(form.value, by=actor())
    except (Conflict, Invalid) as error:
        field = "decree" if error.code == "resolution-needs-decree" else "resolution"
        return _page(case_by_id(case_id, by=actor()), form.refuse(error, field)), 422
    flash(_("It is proposed. A second person must approve it."), "success")
    return redirect(url_for(".show", case_id=case_id))


@bp.post("/<uuid:case_id>/putus")
@needs(P.MONEY_RESOLVE)
def answer(case_id: UUID) -> ResponseReturnValue:
    case = case_by_id(case_id, by=actor())
    form = read_form(AnswerSchema(case_id))
    if form.value is None:
        return _page(case, form), 422
    try:
        with transaction():
            case = answer_resolution(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(case_by_id(case_id, by=actor()), form.refuse(error)), 422
    ended = case.state is DiscrepancyState.RESOLVED
    flash(_("It is done.") if ended else _("It is open again."), "success")
    return redirect(url_for(".show", case_id=case_id))


@bp.post("/<uuid:case_id>/ambil")
@needs(P.MONEY_RESOLVE)
def take(case_id: UUID) -> ResponseReturnValue:
    case = case_by_id(case_id, by=actor())
    form = read_form(TakeSchema())
    owners = dict(_owners(case))
    if form.value is None or (name := owners.get(form.value["owner"])) is None:
        return _page(case, form), 422
    command = TakeCase(
        id=form.value["id"], case_id=case.id, owner_id=form.value["owner"], owner_name=name
    )
    with transaction():
        take_case(command, by=actor())
    return redirect(url_for(".show", case_id=case_id))


def tiles(by: Actor) -> Sequence[Tile]:
    """What does not match, and what waits for this person's approval."""
    found = []
    if by.reaches(P.TREASURY_READ):
        count = count_cases(by=by, permission=P.TREASURY_READ, view=View.OPEN)
        tone = "warning" if count else "neutral"
        name = _("Money that does not match")
        found.append(
            Tile(name, thousands(count), url_for("discrepancies.index"), "alert-triangle", tone)
        )
    if by.reaches(P.MONEY_RESOLVE):
        count = count_cases(by=by, permission=P.MONEY_RESOLVE, view=View.TO_APPROVE)
        url = url_for("discrepancies.index", tampil=View.TO_APPROVE)
        if count:
            found.append(Tile(_("For you to approve"), thousands(count), url, "check", "warning"))
    return found


def _asked() -> tuple[DiscrepancyKind | None, View]:
    kind, view = request.args.get("jenis", ""), request.args.get("tampil", "")
    return (
        DiscrepancyKind(kind) if kind in set(DiscrepancyKind) else None,
        View(view) if view in set(View) else View.OPEN,
    )


def _rows(cases: Iterator[Discrepancy]) -> Iterator[tuple[object, ...]]:
    while several := list(islice(cases, AT_ONCE)):
        told = told_of_cases(several)
        yield from (_cells(one, told[one.id]) for one in several)


def _cells(case: Discrepancy, told: Told) -> tuple[object, ...]:
    age = age_of(case)
    return (
        local(case.opened_at).date().isoformat(), label(case.kind), case.amount, told.payer,
        told.bills, channel_name(told.adapter), label(case.state), age.days,
        _("yes") if age.is_late else "", case.owner_name,
        label(case.resolution) if case.resolution else "", case.reason, case.decree,
        case.proposed_by_name, case.approved_by_name,
        local(case.ended_at).date().isoformat() if case.ended_at else "",
    )  # fmt: skip


def _owners(case: Discrepancy) -> list[tuple[UUID, str]]:
    """Who may look after it: people who may resolve it there, each once."""
    holders = holders_of(P.MONEY_RESOLVE)
    found = {one: name for one, name, region in holders if region_lies_in(case.region, region)}
    return list(found.items())


def _page(case: Discrepancy, form: Form[Any]) -> str:
    who, typed = actor(), request.args.get("nomor", "").strip()
    holds = may(who, P.MONEY_RESOLVE, region=case.region)
    is_open = case.state is DiscrepancyState.OPEN
    legal = effects.legal(case.kind)
    chooses = is_open and holds and Resolution.ALLOCATE in legal
    return render_template(
        "discrepancies/show.html",
        case=case,
        form=form,
        age=age_of(case),
        days=sla.days[case.kind],
        explained=_(labels.EXPLAINED[case.kind]),
        tones=labels.TONES,
        money_came=money_of(case),
        attempts=attempts_of_case(case),
        known=beside_cases.known(case, by=who),
        about_url=_about_url(case),
        history=[(_(labels.HAPPENED.get(one.name, one.name)), one) for one in history_of(case)],
        channel_name=channel_name,
        number_of=number_of,
        plan=plan_of(case),
        planned=[one.number for one in _planned(case).values()],
        told=told_of_cases([case])[case.id],
        joins=case.plan.get("joins"),
        joined=joined_cases(plan_of(case).case_ids, by=who),
        fresh=blank(),
        may_allocate=chooses,
        legal=[(one.value, label(one)) for one in legal] if is_open and holds else [],
        needs_decree=bool(NEED_DECREE & set(legal)),
        choices=beside_cases.bills.suggest(case, typed, by=who) if chooses else [],
        to_join=cases_to_join(case, by=who) if chooses else [],
        chosen=set(request.form.getlist("bills")) | set(request.form.getlist("cases")),
        typed=typed,
        owners=[(str(one), name) for one, name in _owners(case)] if _takes(case, who) else [],
        may_answer=_may_answer(case, who) and holds,
        waits_for_other=case.state is DiscrepancyState.PROPOSED and case.proposed_by == who.id,
    )


def _planned(case: Discrepancy) -> dict[UUID, Named]:
    return beside_cases.bills.named(plan_of(case).bill_ids)


def _takes(case: Discrepancy, who: Actor) -> bool:
    return case.state in STANDING and may(who, P.MONEY_RESOLVE, region=case.region)


def _may_answer(case: Discrepancy, who: Actor) -> bool:
    proposed = case.state is DiscrepancyState.PROPOSED and "joins" not in case.plan
    return proposed and case.proposed_by != who.id


def _about_url(case: Discrepancy) -> str:
    endpoint, name = ABOUT.get(case.about_type, ("", ""))
    if endpoint not in current_app.view_functions:
        return ""
    values: dict[str, Any] = {name: case.about_id}
    return url_for(endpoint, **values)
