"""SKRD and receipts (TBP) as papers. They are papers of law: always in Indonesian."""

from datetime import date, datetime

from babel.dates import format_date

from sijinak.areas.queries import full_name
from sijinak.config import Settings
from sijinak.core.clock import clock, local
from sijinak.core.documents import render_pdf
from sijinak.core.money import in_words, rupiah_text, thousands
from sijinak.keepers.models import KeeperKind
from sijinak.keepers.queries import keeper_facts
from sijinak.payments.models import Collection
from sijinak.retribution.checks import receipt_check_url, skrd_check_url
from sijinak.retribution.models import Receipt, Skrd, SkrdState
from sijinak.web.papers import check_facts, office_facts

ONLY_THIS = "Tidak ada pungutan selain yang tertulis di sini."
EXAMPLE = "Tarif contoh menurut berita; belum dicocokkan dengan lampiran Perda."
WAYS = [
    {"label": "Nontunai", "text": "Buka tagihan ini di SiJINAK, lalu pilih cara membayar."},
    {
        "label": "Tunai",
        "text": "Kepada bendahara penerimaan dinas, tepat sebesar jumlah ketetapan.",
    },
]
CHANNELS = {"cash": "Tunai", "sandbox": "Pembayaran percobaan (bukan uang)"}
STAMPS = {SkrdState.PAID: "LUNAS", SkrdState.CANCELLED: "DITARIK"}


def skrd_pdf(skrd: Skrd, settings: Settings, *, is_example: bool) -> bytes:
    url = skrd_check_url(settings.public_url, skrd)
    facts = {
        "office": office_facts(settings),
        "check": check_facts(url),
        "number": skrd.number,
        "date": _long_day(skrd.issued_on),
        "due_date": _long_day(skrd.due_on),
        "about": _purpose(skrd),
        "payer": _payer(skrd),
        "basis": list(dict.fromkeys(line.legal_basis for line in skrd.lines)),
        "lines": [
            {
                "component": line.component,
                "note": "",
                "heads": thousands(line.heads),
                "tariff": rupiah_text(line.unit_amount),
                "amount": rupiah_text(line.amount),
            }
            for line in skrd.lines
        ],
        "total": rupiah_text(skrd.total),
        "words": in_words(skrd.total),
        "pay": WAYS,
        "notes": [ONLY_THIS, EXAMPLE] if is_example else [ONLY_THIS],
        "signer": {"role": "Petugas penetapan", "name": skrd.issued_by_name},
        "place": f"{_town(settings)}, {_long_day(skrd.issued_on)}",
        "stamp": STAMPS.get(skrd.state, ""),
    }
    at = datetime.combine(skrd.issued_on, datetime.min.time(), clock.zone)
    return render_pdf("skrd", facts, at=at)


def receipt_pdf(receipt: Receipt, skrd: Skrd, money: Collection, settings: Settings) -> bytes:
    url = receipt_check_url(settings.public_url, receipt)
    facts = {
        "office": office_facts(settings),
        "check": check_facts(url),
        "number": receipt.number,
        "paid_at": _long_moment(money.happened_at),
        "payer": receipt.payer_name,
        "skrd": skrd.number,
        "purpose": f"Retribusi {_purpose(skrd).lower()}",
        "amount": rupiah_text(receipt.amount),
        "words": in_words(receipt.amount),
        "channel": CHANNELS.get(receipt.channel, receipt.channel),
        "reference": "" if receipt.channel == "cash" else money.ref,
        "balance": "",
        "treasurer": {
            "role": "Bendahara Penerimaan",
            "name": receipt.issued_by_name if receipt.channel == "cash" else "Diterbitkan sistem",
            "electronic": f"Diterbitkan secara elektronik, {_long_moment(receipt.issued_at)}",
        },
        "stamp": "PERCOBAAN" if receipt.channel == "sandbox" else "",
    }
    return render_pdf("receipt", facts, at=receipt.issued_at)


def _payer(skrd: Skrd) -> dict[str, str]:
    keeper = keeper_facts([skrd.keeper_id])[skrd.keeper_id]
    return {
        "name": skrd.payer_name,
        "id_label": "NIB" if keeper.kind is KeeperKind.FIRM else "NIK",
        "id": keeper.number_masked,
        "address": full_name(keeper.village),
    }


def _purpose(skrd: Skrd) -> str:
    return f"Pengeluaran {thousands(skrd.lines[0].heads)} ekor ternak"


def _town(settings: Settings) -> str:
    return settings.agency_address.rpartition(", ")[2]


def _long_day(day: date) -> str:
    return format_date(day, "d MMMM y", locale="id")


def _long_moment(moment: datetime) -> str:
    here = local(moment)
    return f"{_long_day(here.date())}, {here:%H.%M} {clock.zone.tzname(None)}"
