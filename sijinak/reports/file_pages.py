"""A report to take away, and the entries behind a figure of it."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.models import Role
from sijinak.areas.queries import full_name
from sijinak.core.clock import today
from sijinak.core.paging import START, Page
from sijinak.core.permissions import Permission
from sijinak.reports.daily import DayLine, day_lines
from sijinak.reports.files import code_records, day_records, document, table_head, table_rows
from sijinak.reports.labels import component_name, place_label
from sijinak.reports.layout import Layout, cells, heads, layout_at
from sijinak.reports.pages import asked_report, bp, period_at, region_asked, title_of
from sijinak.reports.papers import report_pdf
from sijinak.reports.periods import Period
from sijinak.reports.queries import Report
from sijinak.reports.rows import Entry, Wanted, entries
from sijinak.reports.scoping import scope_of
from sijinak.treasury.desk.labels import way_in
from sijinak.treasury.desk.papers import Signers
from sijinak.treasury.people import holder_of_office
from sijinak.web.access import actor, needs
from sijinak.web.exporting import Export, hand_out, hand_out_text
from sijinak.web.formats import officer
from sijinak.web.i18n import DEFAULT
from sijinak.web.i18n import gettext as _
from sijinak.web.io import listing, place
from sijinak.web.papers import pdf_answer
from sijinak.web.settings import settings

KINDS = "any(csv, xlsx, json, pdf)"


@bp.get(f"/<int:year>/laporan.<{KINDS}:kind>")
@needs(Permission.REPORT_READ)
def file_of_year(year: int, kind: str) -> ResponseReturnValue:
    return _file(period_at(year), kind)


@bp.get(f"/<int:year>/<int:month>/laporan.<{KINDS}:kind>")
@needs(Permission.REPORT_READ)
def file_of_month(year: int, month: int, kind: str) -> ResponseReturnValue:
    return _file(period_at(year, month), kind)


@bp.get("/<int:year>/<int:month>/sipd.<any(csv, xlsx):kind>")
@needs(Permission.REPORT_READ)
def sipd_of_month(year: int, month: int, kind: str) -> ResponseReturnValue:
    """The realisation by kode rekening, in the columns that BPKAD asks for."""
    report, layout = asked_report(period_at(year, month)), _layout()
    rows = (cells(layout.codes, one) for one in code_records(report, layout))
    return hand_out(kind, _export(report, "sipd", heads(layout.codes)), rows)


@bp.get("/<int:year>/<int:month>/harian.<any(csv, xlsx):kind>")
@needs(Permission.REPORT_READ)
def days_of_month(year: int, month: int, kind: str) -> ResponseReturnValue:
    """What is typed into SIPD Penatausahaan day by day."""
    report, layout = asked_report(period_at(year, month)), _layout()
    records = day_records(_days(report), report, layout)
    rows = (cells(layout.days, one) for one in records)
    return hand_out(kind, _export(report, "harian", heads(layout.days)), rows)


@bp.get("/<int:year>/rincian")
@needs(Permission.REPORT_READ)
def entries_of_year(year: int) -> ResponseReturnValue:
    return _entries(period_at(year))


@bp.get("/<int:year>/<int:month>/rincian")
@needs(Permission.REPORT_READ)
def entries_of_month(year: int, month: int) -> ResponseReturnValue:
    return _entries(period_at(year, month))


@bp.get("/<int:year>/rincian.<any(csv, xlsx):kind>")
@needs(Permission.REPORT_READ)
def entry_file_of_year(year: int, kind: str) -> ResponseReturnValue:
    return _entry_file(period_at(year), kind)


@bp.get("/<int:year>/<int:month>/rincian.<any(csv, xlsx):kind>")
@needs(Permission.REPORT_READ)
def entry_file_of_month(year: int, month: int, kind: str) -> ResponseReturnValue:
    return _entry_file(period_at(year, month), kind)


def _file(period: Period, kind: str) -> ResponseReturnValue:
    report = asked_report(period)
    if kind == "pdf":
        g.locale = DEFAULT  # a paper of the office, whoever asks for it
        where = full_name(report.scope.region) if report.scope.region else ""
        pdf = report_pdf(report, _layout(), where, settings(), _signers())
        return pdf_answer(pdf, _name(report, "laporan-retribusi"))
    if kind == "json":
        g.locale = DEFAULT
        days = _days(report) if period.number else []
        text = json.dumps(
            document(report, days, _layout(), settings()), ensure_ascii=False, indent=1
        )
        lines = (f"{line}\n" for line in text.split("\n"))
        export = _export(report, "laporan-retribusi", [])
        return hand_out_text(kind, export, lines, "application/json")
    return hand_out(kind, _export(report, "laporan-retribusi", table_head()), table_rows(report))


def _entries(period: Period) -> str:
    wanted, report_place = _wanted(period), place()
    scope = scope_of(region_asked(), settings().regency, by=actor())
    page = entries(wanted, scope, by=actor(), place=report_place)
    asked: dict[str, Any] = {name: request.args[name] for name in ASKED if request.args.get(name)}
    return render_template(
        "reports/entries.html",
        page=listing(page, request.endpoint or "", **_of(period), **asked),
        title=title_of(period),
        narrowed=_narrowed(wanted, page),
        period=period,
        back=_back(period),
        files=[
            (kind, url_for(f".entry_file_of_{_kind_of(period)}", kind=kind, **_of(period), **asked))
            for kind in ("csv", "xlsx")
        ],
        url_of=_url_of,
        way_in=way_in,
        place_label=place_label,
        officer=officer,
    )


def _entry_file(period: Period, kind: str) -> Response:
    wanted = _wanted(period)
    scope = scope_of(region_asked(), settings().regency, by=actor())
    head = [
        _("Day"), _("Kind"), _("Number"), _("Channel"), _("Officer"), _("Region"), _("Amount"),
    ]  # fmt: skip
    export = Export(
        what="report-entries",
        name=f"rincian-{period.first:%Y-%m}" if period.number else f"rincian-{period.year}",
        head=head,
        asked={"first": wanted.first.isoformat(), "last": wanted.last.isoformat()},
        region=scope.region,
    )
    who = actor()

    def rows() -> Iterator[list[object]]:
        at = START
        while True:
            page = entries(wanted, scope, by=who, place=at)
            yield from (_cells(one) for one in page.items)
            if page.older is None:
                return
            at = page.older

    return hand_out(kind, export, rows())


def _cells(one: Entry) -> list[object]:
    ways = ", ".join(way_in(way) for way in one.channels)
    return [
        one.journal.effective_on, kind_of(one), one.number, ways, officer(one.officer),
        one.journal.region, one.amount,
    ]  # fmt: skip


def kind_of(one: Entry) -> str:
    if one.is_tickets:
        return _("Tickets")
    return _("Void") if one.is_void else _("Receipt (TBP)")


def _url_of(one: Entry) -> str:
    """The paper, for whoever may see it."""
    if one.is_tickets:
        may_see = bool(actor().reaches(Permission.TREASURY_READ))
        return url_for("tickets.sale", sale_id=one.subject) if may_see and one.subject else ""
    may_see = bool(actor().reaches(Permission.SKRD_READ))
    return url_for("receipts.show", receipt_id=one.subject) if may_see and one.subject else ""


ASKED = ("wilayah", "rekening", "komponen", "jenis", "kanal", "petugas", "tempat", "tepat")


def _wanted(period: Period) -> Wanted:
    asked = {name: request.args.get(name, "")[:200] for name in ASKED}
    part = (asked["rekening"], asked["komponen"], asked["jenis"].replace("skrd", ""))
    return Wanted(
        first=period.first,
        last=period.last,
        channel=asked["kanal"],
        officer_id=_id(asked["petugas"]),
        region=asked["tempat"],
        exactly=bool(asked["tepat"]),
        part=part if asked["jenis"] else None,
    )


def _narrowed(wanted: Wanted, page: Page[Entry]) -> list[str]:
    """What the list is narrowed to, in words."""
    found = []
    if wanted.part:
        found.append(f"{component_name(wanted.part)} ({wanted.part[0]})")
    if wanted.channel:
        found.append(way_in(wanted.channel))
    if wanted.officer_id and page.items:
        found.append(officer(page.items[0].officer))
    if wanted.region:
        found.append(place_label(wanted.region))
    return found


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)  # nobody's


def _days(report: Report) -> list[DayLine]:
    """Of the bank accounts, which are those of the whole office."""
    return day_lines(report.period.first, report.period.last) if report.scope.is_whole else []


def _export(report: Report, name: str, head: list[str]) -> Export:
    period = report.period
    asked = {"year": period.year, "month": period.number, "region": report.scope.region}
    region = report.scope.region
    return Export(what="report", name=_name(report, name), head=head, asked=asked, region=region)


def _name(report: Report, name: str) -> str:
    period = report.period
    when = f"{period.first:%Y-%m}" if period.number else str(period.year)
    return f"{name}-{when}-{report.scope.region}" if report.scope.region else f"{name}-{when}"


def _layout() -> Layout:
    return layout_at(settings().report_layout)


def _signers() -> Signers:
    return Signers(
        treasurer=holder_of_office(Role.TREASURER, today(), by=actor()),
        head=holder_of_office(Role.KADIS, today(), by=actor()),
    )


def _back(period: Period) -> str:
    return url_for(f".show_of_{_kind_of(period)}", **_of(period), wilayah=region_asked() or None)


def _of(period: Period) -> dict[str, Any]:
    return {"year": period.year, **({"month": period.number} if period.number else {})}


def _kind_of(period: Period) -> str:
    return "month" if period.number else "year"
