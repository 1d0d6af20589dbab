"""Receipts (TBP) and their voids as papers of law, always in Indonesian: A6, and a 58 mm roll."""

from collections.abc import Iterator, Sequence

from sijinak.config import Settings
from sijinak.core.documents import render_pdf
from sijinak.core.money import in_words, rupiah_text
from sijinak.payments.models import Collection
from sijinak.proofs.papers import log_line
from sijinak.proofs.queries import checkpoint_at
from sijinak.retribution.checks import receipt_check_url
from sijinak.retribution.claims.queries import interest_to_come, still_owed
from sijinak.retribution.models import BillKind, Skrd
from sijinak.retribution.papers import MACHINES, long_day, long_moment, purpose
from sijinak.retribution.receipts.issuing import SEVERAL
from sijinak.retribution.receipts.models import Receipt, ReceiptKind
from sijinak.retribution.receipts.queries import (
    moneys_of,
    paid_together,
    receipt_voided_by,
    skrd_of,
    void_of,
)
from sijinak.web.papers import check_facts, office_facts

CHANNELS = {
    "cash": "Tunai",
    "sandbox": "Pembayaran percobaan (bukan uang)",
    "snap": "QRIS/virtual account",
    "midtrans": "QRIS/virtual account",
    "wallet": "Dompet elektronik",
    "statement": "Transfer bank",
    SEVERAL: "Beberapa cara",
}
RAILS = {"qris": "QRIS", "va": "Virtual account", "transfer": "Transfer bank"}
PAID = "LUNAS. Tidak ada pungutan lain."
PAID_IN_PART = "LUNAS untuk {number}."
STILL_OWED = (
    "Masih harus dibayar: {bills}. Bayar lewat e-Money SiJINAK atau di loket bendahara dinas. "
    "Selain itu tidak ada pungutan lain."
)
TO_COME = "bunga karena terlambat {amount}, akan ditagih dengan STRD"
VOIDED = "DIBATALKAN. Bukan bukti pembayaran."
VOID = "Tanda bukti di atas tidak berlaku lagi."
BY_SYSTEM = "Diterbitkan sistem"
MOST_BESIDE = 3  # numbers of other receipts that fit on the paper


def receipt_pdf(receipt: Receipt, settings: Settings) -> bytes:
    return _pdf("receipt", receipt, settings)


def roll_pdf(receipt: Receipt, settings: Settings) -> bytes:
    """58 mm wide and as long as it needs, for a thermal printer."""
    return _pdf("roll", receipt, settings)


def _pdf(template: str, receipt: Receipt, settings: Settings) -> bytes:
    is_void = receipt.kind is ReceiptKind.VOID
    void = None if is_void else void_of(receipt.id)
    skrd = skrd_of(receipt)
    rows = _void_rows(receipt, skrd) if is_void else _rows(receipt, skrd)
    owed = "" if is_void or void else _owed(skrd)
    paid = PAID_IN_PART.format(number=skrd.number) if owed else PAID
    facts = {
        "office": office_facts(settings),
        "check": check_facts(receipt_check_url(settings.public_url, receipt)),
        "title": "Pembatalan Tanda Bukti Pembayaran" if is_void else "Tanda Bukti Pembayaran",
        "name": ("Pembatalan " if is_void else "Tanda bukti ") + receipt.number,
        "number": receipt.number,
        "amount": rupiah_text(receipt.amount),
        "words": in_words(receipt.amount),
        "rows": [list(row) for row in rows],
        "verdict": VOID if is_void else VOIDED if void else paid,
        "owed": owed,
        "void": f"Dibatalkan dengan {void.number}, {long_moment(void.issued_at)}" if void else "",
        "treasurer": _issuer(receipt),
        "stamp": _stamp(receipt, void),
        "log": log_line(checkpoint_at(receipt.issued_at)),
    }
    return render_pdf(template, facts, at=receipt.issued_at)


def _rows(receipt: Receipt, skrd: Skrd) -> Iterator[tuple[str, str]]:
    moneys = [money for _, money in moneys_of(receipt)]
    yield "Diterima dari", receipt.payer_name
    yield "Untuk", _purpose(skrd)
    yield skrd.kind.upper(), skrd.number
    yield "Waktu", long_moment(max(money.happened_at for money in moneys))
    yield "Cara bayar", _channel(receipt, moneys)
    if receipt.channel != "cash":
        yield "Referensi", ", ".join(money.ref for money in moneys)
    others = paid_together(receipt)
    if others:
        total = receipt.amount + sum(one.amount for one in others)
        yield "Bersama", f"{_listed(others)}; seluruhnya {rupiah_text(total)}"


def _void_rows(void: Receipt, skrd: Skrd) -> Iterator[tuple[str, str]]:
    for _, money in moneys_of(void)[:1]:
        yield "Dibayar", long_moment(money.happened_at)
    yield "Membatalkan", receipt_voided_by(void).number
    yield skrd.kind.upper(), skrd.number
    yield "Atas nama", void.payer_name
    yield "Waktu", long_moment(void.issued_at)
    yield "Alasan", void.reason
    yield "Diminta oleh", void.asked_by_name


def _owed(skrd: Skrd) -> str:
    """What is to be paid besides, of the same bill and its interest; empty when nothing is."""
    owed = [
        f"{one.number} {rupiah_text(one.total)}, jatuh tempo {long_day(one.due_on)}"
        for one in still_owed(skrd)
    ]
    if amount := interest_to_come(skrd):
        owed.append(TO_COME.format(amount=rupiah_text(amount)))
    return STILL_OWED.format(bills="; ".join(owed)) if owed else ""


def _listed(others: Sequence[Receipt]) -> str:
    shown = ", ".join(one.number for one in others[:MOST_BESIDE])
    rest = len(others) - MOST_BESIDE
    return f"{shown} dan {rest} TBP lain" if rest > 0 else shown


def _channel(receipt: Receipt, moneys: list[Collection]) -> str:
    rails = {money.channel.lower() for money in moneys}
    if receipt.channel != "cash" and len(rails) == 1 and (rail := rails.pop()) in RAILS:
        return RAILS[rail]
    return CHANNELS.get(receipt.channel, receipt.channel)


def _purpose(skrd: Skrd) -> str:
    if skrd.kind is BillKind.STRD:
        return purpose(skrd)
    return f"Retribusi {purpose(skrd).lower()}"


def _issuer(receipt: Receipt) -> dict[str, str]:
    at_counter = receipt.channel == "cash" or receipt.kind is ReceiptKind.VOID
    is_person = receipt.issued_by.int >= MACHINES
    return {
        "role": "Yang menerbitkan" if receipt.kind is ReceiptKind.VOID else "Yang menerima",
        "name": receipt.issued_by_name if at_counter and is_person else BY_SYSTEM,
        "electronic": f"Diterbitkan secara elektronik, {long_moment(receipt.issued_at)}",
    }


def _stamp(receipt: Receipt, void: Receipt | None) -> str:
    if void or receipt.kind is ReceiptKind.VOID:
        return "DIBATALKAN" if void else "PEMBATALAN"
    return "PERCOBAAN" if receipt.channel == "sandbox" else ""
