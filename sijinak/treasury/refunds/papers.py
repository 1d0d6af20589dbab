"""The receipt that the payee signs when money goes back. A paper of the office: in Indonesian."""

from sijinak.config import Settings
from sijinak.core.clock import local, now
from sijinak.core.documents import render_pdf
from sijinak.core.money import in_words, rupiah_text
from sijinak.ledger.chart import BANK
from sijinak.ledger.queries import journal_called
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.retribution.papers import long_day, long_moment, town
from sijinak.treasury.accounts import bank_accounts
from sijinak.web.papers import office_facts

LINE = "....................................."
BY_CHANNEL = "Lewat kanal pembayaran asalnya"
BY_HAND = "Tunai atau transfer dari rekening dinas (coret yang tidak perlu)"
STAMPS = {
    RefundState.REQUESTED: "BELUM DISETUJUI",
    RefundState.REFUSED: "DITOLAK",
    RefundState.FAILED: "GAGAL",
}


def refund_pdf(
    refund: Refund, payee: str, source: str, treasurer: str, settings: Settings
) -> bytes:
    """``source`` is what the money came by, ``treasurer`` who gives it back."""
    at = refund.done_at or now()
    facts = {
        "office": office_facts(settings),
        "number": refund.number or "–",
        "amount": rupiah_text(refund.amount),
        "words": in_words(refund.amount),
        "rows": [
            ["Dikembalikan kepada", payee],
            ["Alasan", refund.reason],
            ["Dasar", refund.decree or "–"],
            ["Uang yang diterima", source],
            ["Cara", _way(refund)],
            ["Bukti bayar", refund.proof or LINE],
            ["Disetujui oleh", refund.approved_by_name or "–"],
            ["Dibayar", long_moment(refund.done_at) if refund.done_at else LINE],
        ],
        "giver": {"role": "Bendahara Penerimaan", "name": treasurer or LINE},
        "taker": {"role": "Yang menerima", "name": payee},
        "place": f"{town(settings)}, {long_day(local(at).date())}",
        "stamp": STAMPS.get(refund.state, ""),
    }
    return render_pdf("refund", facts, at=at)


def _way(refund: Refund) -> str:
    """As the books say it; both ways are open before it is paid."""
    if not refund.paid_by_hand:
        return BY_CHANNEL
    journal = journal_called(f"refund:{refund.id}")
    accounts = [one.account for one in journal.postings if one.amount < 0] if journal else []
    if not accounts:
        return BY_HAND
    known = bank_accounts.known(accounts[0].removeprefix(BANK))
    return f"Transfer dari {known.name}, {known.number}" if known else "Tunai"
