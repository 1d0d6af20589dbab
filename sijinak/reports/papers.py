"""The report as a paper of the office: always in Indonesian, with the charts of the page."""

from babel.dates import format_date

from sijinak.config import Settings
from sijinak.core.clock import now, today
from sijinak.core.documents import render_pdf
from sijinak.core.money import thousands
from sijinak.reports.files import code_records
from sijinak.reports.labels import line_name
from sijinak.reports.layout import Layout, Record
from sijinak.reports.pictures import pictures_of
from sijinak.reports.queries import Line, MonthLine, Report
from sijinak.treasury.desk.papers import NOBODY, Signers
from sijinak.web.papers import office_facts

MONTH_COLUMNS = ("received", "target", "before", "levied", "banked", "owed")
CODE_COLUMNS = (
    "kode_rekening", "uraian", "anggaran", "realisasi_sd_bulan_lalu", "realisasi_bulan_ini",
    "realisasi_sd_bulan_ini",
)  # fmt: skip


def report_pdf(
    report: Report, layout: Layout, place: str, settings: Settings, signers: Signers
) -> bytes:
    """Signed on the day on which it is made. ``place`` is the part of the land, or empty."""
    facts = {
        "office": office_facts(settings),
        "period": _period(report),
        "of_year": not report.period.number,
        "place": place,
        "sums": _sums(report),
        "codes": [_code(record) for record in code_records(report, layout)],
        "months": [_month(one) for one in report.months if not one.is_to_come],
        "components": [[one.key[0], *_line("components", one)] for one in report.components],
        "channels": [_line("channels", one) for one in report.channels],
        "places": [_line("places", one) for one in report.places],
        "officers": [_line("officers", one) for one in report.officers],
        "pictures": [{"title": one.title, "svg": one.svg} for one in pictures_of(report)],
        "agrees": report.agrees,
        "head": {"role": "Kepala Dinas", "name": signers.head or NOBODY},
        "treasurer": {"role": "Bendahara Penerimaan", "name": signers.treasurer or NOBODY},
        "signed": f"{settings.agency_address.rpartition(', ')[2]}, {_long()}",
        "stamp": "" if report.is_closed else "SEMENTARA",
    }
    return render_pdf("report", facts, at=now())


def _period(report: Report) -> str:
    if not report.period.number:
        return f"Tahun {report.period.year}"
    return f"Bulan {format_date(report.period.first, 'MMMM y', locale='id')}"


def _long() -> str:
    return format_date(today(), "d MMMM y", locale="id")


def _sums(report: Report) -> list[list[str]]:
    voided = report.sum("voided")
    rows = [
        ("Ditetapkan (SKRD, STRD, karcis), dikurangi yang ditarik", report.sum("levied")),
        ("Diterima menurut TBP dan karcis", report.total.amount + voided),
        ("Dikurangi TBP yang dibatalkan", -voided),
        ("Penerimaan bersih", report.total.amount),
        ("Tahun lalu, masa yang sama", report.total.before),
        ("Dikembalikan kepada wajib retribusi (dari titipan)", report.sum("back")),
        ("Tunggakan pada akhir masa", report.owed),
    ]
    if report.scope.is_whole:
        rows.insert(6, ("Masuk rekening menurut rekening koran", report.sum("banked")))
        rows.insert(4, ("Target", report.sum("target")))
    return [[name, thousands(amount)] for name, amount in rows]


def _code(record: Record) -> list[str]:
    cells = [record[name] for name in CODE_COLUMNS]
    percent = f"{record['persentase']:.2f}".replace(".", ",")
    return [*(thousands(one) if isinstance(one, int) else str(one) for one in cells), percent]


def _month(one: MonthLine) -> list[str]:
    name = format_date(one.month, "MMMM", locale="id")
    return [name, *(thousands(getattr(one, column)) for column in MONTH_COLUMNS)]


def _line(cut: str, one: Line) -> list[str]:
    return [
        line_name(cut, one),
        thousands(one.amount),
        thousands(one.so_far),
        thousands(one.before),
    ]
