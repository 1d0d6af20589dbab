"""The treasurer's desk, on one screen, and the month's report."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.payments.wallet.policy import Mode
from sijinak.payments.wallet.policy import policy as wallet_policy
from sijinak.payments.wallet.queries import float_standing
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.cash.holding import coming_break, everybody
from sijinak.treasury.cash.queries import counts_to_sign, waiting_handovers
from sijinak.treasury.desk.labels import step_name, way_in
from sijinak.treasury.desk.papers import Signers, report_pdf
from sijinak.treasury.desk.queries import (
    STALE_AFTER,
    late_of_month,
    queues,
    taken_on,
    targets_of,
)
from sijinak.treasury.desk.report import MonthReport, month_report
from sijinak.treasury.desk.schemas import RegionalFigureSchema, SetTargetSchema, month_of
from sijinak.treasury.desk.services import enter_regional_figure, set_target
from sijinak.treasury.matching.queries import open_proposals, waiting_sums
from sijinak.treasury.people import holder_of_office
from sijinak.treasury.statements.queries import last_days, waiting_files
from sijinak.web.access import actor, needs
from sijinak.web.exporting import Export, hand_out
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form
from sijinak.web.labels import label
from sijinak.web.settings import settings

bp = Blueprint("desk", __name__)
MANY = frozenset({"months"})
MONTHS_BACK = 12


@bp.get("/")
@needs(Permission.TREASURY_READ)
def index() -> ResponseReturnValue:
    who = actor()
    until = last_days()
    count, total = waiting_sums(by=who)
    return render_template(
        "treasury/desk/index.html",
        taken=taken_on(today(), by=who),
        way_in=way_in,
        coming=coming_break(today()),
        holdings=[one for one in everybody(by=who) if one.held],
        handovers=waiting_handovers(by=who),
        counts=counts_to_sign(by=who),
        late=late_of_month(by=who),
        queues=queues(by=who),
        lines=count,
        lines_total=total,
        proposals=open_proposals(by=who),
        files=waiting_files(by=who),
        stale=[one for one in bank_accounts.all() if _is_stale(until.get(one.code))],
        until=until,
        wallets=float_standing(by=who) if wallet_policy.mode is not Mode.OFF else None,
        today=today(),
        label=label,
        may_keep=may(who, Permission.TREASURY_KEEP),
    )


@bp.get("/laporan")
@needs(Permission.TREASURY_READ)
def report() -> ResponseReturnValue:
    month = _month()
    return _report(month, blank(month=f"{month:%Y-%m}"))


@bp.post("/laporan")
@needs(Permission.TREASURY_KEEP)
def compare() -> ResponseReturnValue:
    form = read_form(RegionalFigureSchema())
    month = form.value.month if form.value else _month()
    return _enter(
        form,
        enter_regional_figure,
        lambda: _report(month, form),
        url_for(".report", bulan=f"{month:%Y-%m}"),
    )


@bp.get("/laporan.<any(csv, xlsx, pdf):kind>")
@needs(Permission.TREASURY_READ)
def report_file(kind: str) -> ResponseReturnValue:
    found = month_report(_month(), by=actor())
    name = f"laporan-penerimaan-{found.month:%Y-%m}"
    if kind == "pdf":
        headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
        pdf = report_pdf(found, settings(), _signers())
        return Response(pdf, mimetype="application/pdf", headers=headers)
    asked = {"month": f"{found.month:%Y-%m}"}
    export = Export(what="month-report", name=name, head=_head(), asked=asked)
    return hand_out(kind, export, _cells(found))


@bp.get("/target")
@needs(Permission.TREASURY_READ)
def targets() -> ResponseReturnValue:
    return _targets(blank(year=str(_year())))


@bp.post("/target")
@needs(Permission.TREASURY_KEEP)
def enter_target() -> ResponseReturnValue:
    form = read_form(SetTargetSchema(), many=MANY)
    year = form.value.year if form.value else _year()
    then = url_for(".targets", tahun=year)
    return _enter(form, set_target, lambda: _targets(form), then)


def _signers() -> Signers:
    return Signers(
        treasurer=holder_of_office(Role.TREASURER, today(), by=actor()),
        head=holder_of_office(Role.KADIS, today(), by=actor()),
    )


def _enter(
    form: Form[Any], service: Callable[..., object], draw: Callable[[], str], then: str
) -> ResponseReturnValue:
    if form.value is None:
        return draw(), 422
    try:
        with transaction():
            service(form.value, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error)
        return draw(), 422
    flash(_("Entered."), "success")
    return redirect(then)


def _report(month: date, form: Form[Any]) -> str:
    return render_template(
        "treasury/desk/report.html",
        report=month_report(month, by=actor()),
        months=_months(),
        way_in=way_in,
        step_name=step_name,
        form=form,
        may_keep=may(actor(), Permission.TREASURY_KEEP),
    )


def _targets(form: Form[Any]) -> str:
    year = int(form.raw["year"]) if form.raw.get("year", "").isdecimal() else _year()
    found = targets_of(year)
    codes = sorted({code for code, _month in found})
    rows = [[found[code, month] for month in range(1, 13)] for code in codes]
    return render_template(
        "treasury/desk/targets.html",
        form=form,
        year=year,
        rows=rows,
        months=request.form.getlist("months") or [""] * 12,
        may_keep=may(actor(), Permission.TREASURY_KEEP),
    )


def _head() -> list[str]:
    return [
        _("Kode rekening"), _("Target"), _("Set"), _("Received"), _("In the bank"), _("Arrears"),
        _("Received this year"), _("Target of the year"),
    ]  # fmt: skip


def _cells(found: MonthReport) -> list[list[object]]:
    rows = [(row.law_code, row) for row in found.rows] + [(_("Total"), found.total)]
    cells: list[list[object]] = [
        [name, row.target, row.issued, row.received, row.banked, row.arrears,
         row.received_this_year, row.year_target]
        for name, row in rows
    ]  # fmt: skip
    bridge, into = found.bridge, (_("Into the bank"), found.into_bank)
    for lines in (bridge.steps, bridge.parts):
        cells.append([])
        cells += [list(one) for one in [*((step_name(n), one) for n, one in lines), into]]
    return cells


def _month() -> date:
    """The month in the address, or this one."""
    return month_of(request.args.get("bulan", "")) or today().replace(day=1)


def _year() -> int:
    text = request.args.get("tahun", "")
    asked = month_of(f"{text}-01")
    return asked.year if asked else today().year


def _months() -> list[date]:
    """The month we are in, and those before it."""
    months = [today().replace(day=1)]
    while len(months) < MONTHS_BACK:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def _is_stale(last: date | None) -> bool:
    return last is None or today() - last > STALE_AFTER
