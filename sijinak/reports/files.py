"""A report as tables and as one JSON document: docs/report-format.md says what is in it."""

from collections.abc import Sequence
from typing import Any

from sijinak.areas.queries import place_name
from sijinak.config import Settings
from sijinak.reports.daily import DayLine
from sijinak.reports.labels import component_name, line_name
from sijinak.reports.layout import Layout, Record
from sijinak.reports.queries import CodeLine, Line, Report
from sijinak.treasury.desk.labels import way_in
from sijinak.web.i18n import gettext as _

FORMAT = "sijinak-report/1"
CASH, NOT_CASH = "tunai", "nontunai"


def code_records(report: Report, layout: Layout) -> list[Record]:
    """One for each kode rekening, and the sum of all."""
    records = [_of_code(one, meaning_of(one.law_code, report, layout)) for one in report.codes]
    whole = CodeLine(
        law_code="",
        **{
            name: sum(getattr(one, name) for one in report.codes)
            for name in ("budget", "target", "received", "so_far", "before_it", "levied")
        },
    )
    return [*records, _of_code(whole, "Jumlah")]


def day_records(lines: Sequence[DayLine], report: Report, layout: Layout) -> list[Record]:
    return [
        {
            "tanggal": one.day,
            "nomor_sts": one.sts,
            "kode_rekening": one.law_code,
            "uraian": meaning_of(one.law_code, report, layout),
            "jumlah": one.amount,
            "referensi_bank": one.reference,
            "cara": CASH if one.is_cash else NOT_CASH,
        }
        for one in lines
    ]


def meaning_of(law_code: str, report: Report, layout: Layout) -> str:
    """As the file of columns has it, else what was sold under it."""
    if law_code in layout.meanings:
        return layout.meanings[law_code]
    named = sorted({component_name(one.key) for one in report.components if one.key[0] == law_code})
    return ", ".join(named)


def table_head() -> list[str]:
    return [
        _("By"), _("Code"), _("Name"), _("In the period"), _("In the year so far"),
        _("A year before"),
    ]  # fmt: skip


def table_rows(report: Report) -> list[list[object]]:
    """Every cut below the other, as a spreadsheet sorts and filters it."""
    cuts = (
        (_("Component"), "components", report.components),
        (_("Channel"), "channels", report.channels),
        (_("Officer"), "officers", report.officers),
        (_("Place"), "places", report.places),
    )
    return [
        [name, "" if cut == "officers" else one.key[0], line_name(cut, one), one.amount, one.so_far,
         one.before]
        for name, cut, found in cuts
        for one in found
    ]  # fmt: skip


def document(
    report: Report, days: Sequence[DayLine], layout: Layout, settings: Settings
) -> dict[str, Any]:
    """For machines. No person is named in it."""
    period = report.period
    return {
        "format": FORMAT,
        "instansi": settings.agency,
        "pemerintah": settings.government,
        "wilayah": report.scope.region or settings.regency,
        "mata_uang": "IDR",
        "tahun": period.year,
        "bulan": period.number or None,
        "dari": period.first.isoformat(),
        "sampai": period.last.isoformat(),
        "buku_ditutup": report.is_closed,
        "jumlah": {
            "ketetapan": report.sum("levied"),
            "diterima": report.total.amount,
            "dibatalkan": report.sum("voided"),
            "dikembalikan": report.sum("back"),
            "masuk_bank": report.sum("banked") if report.scope.is_whole else None,
            "tunggakan": report.owed,
        },
        "kode_rekening": code_records(report, layout)[:-1],
        **_cuts(report),
        "bulanan": _months(report),
        "harian": [
            {**record, "tanggal": str(record["tanggal"])}
            for record in day_records(days, report, layout)
        ],
    }


def _cuts(report: Report) -> dict[str, Any]:
    return {
        "komponen": [
            {
                "kode_rekening": one.key[0],
                "komponen": component_name(one.key),
                "karcis": bool(one.key[2]),
                **_amounts(one),
            }
            for one in report.components
        ],
        "kanal": [
            {"kanal": one.key[0], "nama": way_in(one.key[0]), **_amounts(one)}
            for one in report.channels
        ],
        "kecamatan": [
            {"kode": one.key[0], "nama": place_name(one.key[0]), **_amounts(one)}
            for one in report.places
        ],
    }


def _months(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "bulan": one.month.month,
            "ketetapan": one.levied,
            "diterima": one.received,
            "target": one.target if report.scope.is_whole else None,
            "tunggakan": one.owed,
            "tahun_lalu": one.before,
        }
        for one in report.months
        if not one.is_to_come
    ]


def _amounts(line: Line) -> dict[str, int]:
    return {"jumlah": line.amount, "tahun_berjalan": line.so_far, "tahun_lalu": line.before}


def _of_code(one: CodeLine, meaning: str) -> Record:
    return {
        "kode_rekening": one.law_code,
        "uraian": meaning,
        "anggaran": one.budget,
        "target_bulan_ini": one.target,
        "ketetapan_bulan_ini": one.levied,
        "realisasi_bulan_ini": one.received,
        "realisasi_sd_bulan_lalu": one.before_it,
        "realisasi_sd_bulan_ini": one.so_far,
        "sisa": one.budget - one.so_far,
        "persentase": round(100 * one.so_far / one.budget, 2) if one.budget else 0.0,
    }
