"""The month's report as a paper of the office: always in Indonesian."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from sijinak.config import Settings
from sijinak.core.clock import now, today
from sijinak.core.documents import render_pdf
from sijinak.core.money import thousands
from sijinak.treasury.desk.report import CASH, TICKETS, MonthReport, Row
from sijinak.web.papers import office_facts

CHANNELS = {
    CASH: "Tunai",
    TICKETS: "Karcis (tunai)",
    "snap": "Bank (QRIS, virtual account)",
    "midtrans": "Midtrans",
    "wallet": "Saldo",
    "statement": "Transfer bank",
    "sandbox": "Pembayaran percobaan (bukan uang)",
}
AGREES = "Buku besar dan tanda bukti pembayaran sama sampai ke rupiah."
DIFFERS = "PERIKSA: buku besar dan tanda bukti pembayaran berbeda Rp {}."
GAP = "PERIKSA: ada bagian yang belum dapat dijelaskan."
NAMES = ("target", "issued", "received", "banked", "arrears")


STEPS = {
    "received": "Diterima dengan TBP dan karcis",
    "before": "Ditambah: masih dalam perjalanan ke bank pada awal bulan",
    "after": "Dikurangi: masih dalam perjalanan ke bank pada akhir bulan",
    "waiting": "Titipan yang belum menjadi penerimaan (bertambah atau berkurang)",
    "back": "Dikembalikan",
    "fees": "Biaya yang dipotong kanal",
    "other": "Saldo dompet, kekurangan, kelebihan, dan lain-lain",
}
PARTS = {
    "banked": "Di bank menurut kode rekening",
    "voided": "Uang dari TBP yang dibatalkan",
    "loose": "Titipan tanpa TBP",
    "back": "Dikembalikan dari rekening",
    "fees": "Biaya yang dipotong kanal",
    "other": "Lain-lain",
}
INTO = "Masuk rekening menurut rekening koran"
NOBODY = "....................................."


@dataclass(frozen=True, slots=True)
class Signers:
    """Names; empty where nobody holds the office."""

    treasurer: str
    head: str


def report_pdf(report: MonthReport, settings: Settings, signers: Signers) -> bytes:
    """Signed on the day on which it is made."""
    regional, bridge = report.regional, report.bridge
    facts = {
        "office": office_facts(settings),
        "month": format_date(report.month, "MMMM y", locale="id"),
        "rows": [_row(row.law_code or "–", row) for row in report.rows],
        "total": _row("Jumlah", report.total),
        "channels": [
            [CHANNELS.get(name, name), thousands(amount)]
            for name, amount in sorted(report.channels.items())
        ],
        "cashless": f"{report.cashless_percent:.1f}".replace(".", ",") + " %",
        "steps": _lines(STEPS, bridge.steps),
        "parts": _lines(PARTS, bridge.parts),
        "into": [INTO, thousands(report.into_bank)],
        "gap": GAP if any(bridge.gaps) else "",
        "play": thousands(report.play) if report.play else "",
        "regional": thousands(regional.amount) if regional else "",
        "regional_gap": thousands(report.into_bank - regional.amount) if regional else "",
        "regional_source": regional.source if regional else "",
        "speeds": [
            [
                one.holder_name,
                f"{one.average:.1f}".replace(".", ","),
                thousands(one.longest),
                thousands(one.late_amount),
            ]
            for one in report.speeds
        ],
        "proof": DIFFERS.format(thousands(report.difference)) if report.difference else AGREES,
        "is_wrong": bool(report.difference),
        "head": {"role": "Kepala Dinas", "name": signers.head or NOBODY},
        "treasurer": {"role": "Bendahara Penerimaan", "name": signers.treasurer or NOBODY},
        "place": f"{_town(settings)}, {_long(today())}",
        "stamp": "" if report.is_closed else "SEMENTARA",
    }
    return render_pdf("monthly", facts, at=now())


def _lines(names: Mapping[str, str], amounts: Sequence[tuple[str, int]]) -> list[list[str]]:
    """The first always, the others when they are not nothing."""
    first = amounts[0][0]
    return [[names[name], thousands(one)] for name, one in amounts if one or name == first]


def _row(name: str, row: Row) -> list[str]:
    return [name, *(thousands(getattr(row, column)) for column in NAMES)]


def _town(settings: Settings) -> str:
    return settings.agency_address.rpartition(", ")[2]


def _long(day: date) -> str:
    return format_date(day, "d MMMM y", locale="id")
