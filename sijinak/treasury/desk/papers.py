"""The month's report as a paper of the office: always in Indonesian."""

from datetime import date, datetime, time

from babel.dates import format_date

from sijinak.config import Settings
from sijinak.core.clock import clock
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
NAMES = ("target", "issued", "received", "banked", "arrears")


def report_pdf(report: MonthReport, settings: Settings, by_name: str) -> bytes:
    last = datetime.combine(report.last, time.min, clock.zone)
    regional = report.regional
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
        "into_bank": thousands(report.into_bank),
        "fees": thousands(report.fees),
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
        "treasurer": {"role": "Bendahara Penerimaan", "name": by_name},
        "place": f"{_town(settings)}, {_long(report.last)}",
        "stamp": "" if report.is_closed else "SEMENTARA",
    }
    return render_pdf("monthly", facts, at=last)


def _row(name: str, row: Row) -> list[str]:
    return [name, *(thousands(getattr(row, column)) for column in NAMES)]


def _town(settings: Settings) -> str:
    return settings.agency_address.rpartition(", ")[2]


def _long(day: date) -> str:
    return format_date(day, "d MMMM y", locale="id")
